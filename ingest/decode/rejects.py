"""What is rejected of the messages, and why."""

from dataclasses import dataclass
from hashlib import sha256

from ingest.decode.address import Address
from ingest.source.protocol import Inbound
from processing.documents import ROWS
from processing.streams import STREAMS


@dataclass(frozen=True, slots=True)
class Reject:
    """What goes to quarantine: a whole message, or one sample of it.

    Attributes:
        message: where it stood.
        payload: the message's payload, or the JSON of the sample.
        reason: code, see docs/quarantine.md.
        detail: what the sender has to change.
        address: where it came from, None where the topic names none.
        place: index of the sample in the message, -1 for the whole.
        seq: of the sample, where it can be read.
        boot: the same.
    """

    message: Inbound
    payload: bytes
    reason: str
    detail: str
    address: Address | None
    place: int = -1
    seq: int | None = None
    boot: str | None = None

    @property
    def digest(self) -> bytes:
        """Names this reject: the same again in a message delivered before is the same reject."""
        return sha256(b"\0".join((self.message.topic.encode(), self.payload, str(self.place).encode()))).digest()


REASONS: dict[str, str] = {
    "unknown_topic": "The topic has another form than port/{terminal}/{stream}/{device}/telemetry.",
    "unknown_stream": f"The stream is none of {', '.join(STREAMS)}.",
    "bad_device_id": "Terminal or device id break the rule [a-z0-9_-]{1,64}, or the id of a document its own.",
    "too_large": "The payload is larger than 1 MiB.",
    "too_deep": "The JSON is nested deeper than 8 levels.",
    "too_many_samples": "The array holds more than 10,000 samples.",
    "not_json": "The payload is no JSON text in UTF-8.",
    "not_object": "The payload, or an element of the array, is no JSON object.",
    "empty": "The payload holds no sample.",
    "ts_missing": "The sample has no ts.",
    "ts_invalid": "ts is neither RFC 3339 with offset nor whole milliseconds since 1970.",
    "ts_future": "ts is further ahead of the clock than allowed.",
    "ts_too_old": "ts is older than the retention of raw samples.",
    "wrong_type": "A signal has a value of another type than its definition.",
    "wrong_device": "The payload claims another device than the topic.",
    "bad_text": "A text is longer than 256 characters, or holds U+0000 or half a surrogate pair.",
    "bad_status": "A status message is no JSON object with online true or false.",
    "unregistered": "The device has no account, and QUAYSTREAM_UNREGISTERED does not accept it: docs/broker.md.",
    **{row.reason: row.refused for row in ROWS},
    "database": "The database refused the row.",
    "internal": "Reading it failed in a way that nobody thought of.",
}
