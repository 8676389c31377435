"""The codecs: one row each."""

from collections.abc import Sequence

from ingest.decode.codecs.native.codec import NativeCodec
from ingest.decode.protocol import Codec

CODECS: Sequence[Codec] = (NativeCodec(),)
"""The native one stays last: it gets what matches no filter, and refuses it with a reason."""


def input_filters() -> list[str]:
    """What the worker subscribes to."""
    return [topic_filter for codec in CODECS for topic_filter in codec.filters]
