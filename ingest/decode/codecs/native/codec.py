"""The native JSON encoding as a codec."""

from collections.abc import Sequence
from functools import partial

from ingest.decode.address import Address
from ingest.decode.codecs.native import fast, topics
from ingest.decode.codecs.native.documents import decode_document
from ingest.decode.codecs.native.statuses import decode_status
from ingest.decode.protocol import Decoder
from processing.documents import BY_NAME


class NativeCodec:
    """Topics `port/…`, payloads of JSON."""

    filters: Sequence[str] = (topics.INPUT_FILTER,)

    def address(self, topic: str) -> Address:
        """Where a message with this topic comes from.

        Raises:
            InputTopicError: the topic is of no known form.
        """
        return topics.parse(topic)

    def decoder(self, address: Address) -> Decoder:
        """What reads the messages of a topic."""
        if address.kind == "telemetry":
            return fast.decoder(address)
        if address.kind == "status":
            return partial(decode_status, address=address)
        return partial(decode_document, address=address, kind=BY_NAME[address.kind])
