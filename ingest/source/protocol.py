"""The seam between the worker and where its messages come from: a broker, a log with positions."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from infra.settings import Settings

Token = Any
"""Names one delivery of one message to the source that gave it; nobody else looks inside."""


class Inbound(msgspec.Struct, frozen=True, gc=False):
    """One message as received.

    Attributes:
        topic: topic, or a readable stand-in where it is no UTF-8.
        payload: as sent.
        received_us: when it was read. [µs since 1970 UTC]
        token: for `Source.acknowledge`; None where the message is not to be acknowledged.
        redelivered: whether the source marked it as delivered before.
    """

    topic: str
    payload: bytes
    received_us: int
    token: Token
    redelivered: bool


@dataclass(frozen=True, slots=True)
class Start:
    """What a source is made from.

    Attributes:
        settings: the settings; `source_url` says where messages are, but for the broker.
        filters: topic filters of the messages that a codec reads.
        ran_before: an earlier run of the worker has stored messages.
    """

    settings: Settings
    filters: Sequence[str]
    ran_before: bool


class Receiver(Protocol):
    """What a source calls; none of it may block or raise."""

    def received(self, messages: list[Inbound]) -> None:
        """Messages came together, in order."""

    def connected(self) -> None:
        """There is a new connection; what it does not carry on from the one before is delivered again."""

    def lost(self) -> None:
        """The source has forgotten what was not acknowledged: messages may be missing."""


class Source(Protocol):
    """Delivers messages, each again and again until it is acknowledged."""

    @property
    def problem(self) -> str | None:
        """What keeps messages from coming, None where nothing does."""

    def receive(self, receiver: Receiver) -> AbstractAsyncContextManager[None]:
        """Deliver messages while the context is open; acknowledgements leave before it closes.

        Raises:
            QuaystreamError: there is no source where it should be.
        """

    def reading(self, on: bool) -> None:
        """Deliver, or stop delivering: what comes waits at the source."""

    def acknowledge(self, tokens: Sequence[Token]) -> None:
        """These messages are stored. Tokens that mean nothing any more, after a reconnect, are left out in here."""
