"""The seam between the worker and an encoding of device messages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from ingest.decode.address import Address
from ingest.source.protocol import Inbound


@dataclass(frozen=True, slots=True)
class Refused:
    """What goes to quarantine.

    Attributes:
        reason: code, a row of `ingest.decode.rejects.REASONS`.
        detail: what the sender has to change.
        sample: JSON of the sample; None: the payload of the message.
        place: index of the sample among all of the message, the good ones too; -1: the whole message.
        seq: of the sample, where it can be read.
        boot: the same.
    """

    reason: str
    detail: str
    sample: bytes | None = None
    place: int = -1
    seq: int | None = None
    boot: str | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """A device's status message. `at` in UTC, None where it carries no time, or none that can be."""

    address: Address
    online: bool
    at: datetime | None
    received_us: int
    type: str | None


@dataclass(frozen=True, slots=True)
class Document:
    """A document as sent: the record that its kind reads, and its JSON; both None where it is withdrawn.

    Attributes:
        topic: where it is retained; its id may be spelt otherwise than in the address.
    """

    address: Address
    content: object | None
    payload: str | None
    received_us: int
    topic: str


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a message holds.

    Attributes:
        rows: samples, of the row type of the address's stream.
        extra: for each row the JSON of the keys that are no signals, or None; empty where no row has any.
        refused: what goes to quarantine.
        statuses: of devices.
        documents: announced or withdrawn.
    """

    rows: list[Any] = field(default_factory=list)
    extra: list[bytes | None] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)


Decoder = Callable[[Inbound], Any]
"""Rows and refusals of one message; never raises for what a device may send.

It gives one row, or a list of rows, where there is nothing else; otherwise `Decoded`.
"""


class Codec(Protocol):
    """One encoding of device messages; a row of `ingest/decode/codecs/registry.py`."""

    @property
    def filters(self) -> Sequence[str]:
        """Topic filters of its messages; those of different codecs do not overlap."""

    def address(self, topic: str) -> Address:
        """Where a message with this topic comes from; `ingest.decode.address.checked` makes it.

        Raises:
            InputTopicError: the topic names no device.
        """

    def decoder(self, address: Address) -> Decoder:
        """What reads the messages from there; asked once a topic, so what an address decides is decided here."""
