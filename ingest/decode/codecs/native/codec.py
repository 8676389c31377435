"""The native JSON encoding as a codec."""

from collections.abc import Sequence
from typing import Any

from ingest.decode.address import Address
from ingest.decode.codecs.native import fast, topics
from ingest.decode.codecs.native.calls import decode_call
from ingest.decode.codecs.native.statuses import decode_status
from ingest.source.protocol import Inbound


class NativeCodec:
    """Topics `port/…`, payloads of JSON."""

    filters: Sequence[str] = (topics.INPUT_FILTER,)

    def address(self, topic: str) -> Address:
        """Where a message with this topic comes from.

        Raises:
            InputTopicError: the topic is none of the three forms.
        """
        return topics.parse(topic)

    def decode(self, message: Inbound, address: Address) -> Any:
        """What a message holds."""
        if address.kind == "telemetry":
            return fast.decode(message.payload, address)
        return (decode_status if address.kind == "status" else decode_call)(message, address)
