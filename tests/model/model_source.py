"""What the sources of the models have in common: a receiver, a connection that may be away, reading on and off."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ingest.source.protocol import Receiver


class ModelSource(ABC):
    """A source whose connection the test cuts and makes.

    Attributes:
        receiver: gets what it reports.
        on: whether the worker reads.
    """

    receiver: Receiver
    on: bool

    @property
    def problem(self) -> str | None:
        """Whether there is a connection."""
        return None if self.is_up() else "no connection"

    @asynccontextmanager
    async def receive(self, receiver: Receiver) -> AsyncIterator[None]:
        """Deliver to a receiver."""
        self.receiver = receiver
        self.connect()
        yield
        self.cut()

    def reading(self, on: bool) -> None:
        """Deliver, or stop."""
        self.on = on

    @abstractmethod
    def is_up(self) -> bool:
        """Whether there is a connection."""

    @abstractmethod
    def connect(self) -> None:
        """The worker connects."""

    @abstractmethod
    def cut(self) -> None:
        """The connection breaks."""
