"""The native JSON encoding as a codec."""

from collections.abc import Sequence
from functools import partial

from ingest.decode.address import Address
from ingest.decode.codecs.native import fast, topics
from ingest.decode.codecs.native.calls import decode_call
from ingest.decode.codecs.native.statuses import decode_status
from ingest.decode.protocol import Decoder


class NativeCodec:
    """Topics `port/…`, payloads of JSON."""

    filters: Sequence[str] = (topics.INPUT_FILTER,)

    def address(self, topic: str) -> Address:
        """Where a message with this topic comes from.

        Raises:
            InputTopicError: the topic is none of the three forms.
        """
        return topics.parse(topic)

    def decoder(self, address: Address) -> Decoder:
        """What reads the messages of a topic."""
        if address.kind == "telemetry":
            return fast.decoder(address)
        return partial(decode_status if address.kind == "status" else decode_call, address=address)
