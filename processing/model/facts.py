"""What a fact is: something that happened, derived from samples. The facts of a stream stand in its room.

Each fact has a natural key; a fact with the same key replaces the one before.
"""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any


class DeviceFact:
    """A fact that one device's samples decide over; the last part of its key is its time. [µs since 1970 UTC]."""

    __slots__ = ()
    device_id: int

    @property
    @abstractmethod
    def key(self) -> tuple[Any, ...]:
        """Natural key: device id first, time last. [µs since 1970 UTC]."""


class TerminalFact:
    """A fact that follows from facts of several devices of one terminal."""

    __slots__ = ()
    terminal: str

    @property
    @abstractmethod
    def key(self) -> tuple[Any, ...]:
        """Natural key: terminal first."""


@dataclass(frozen=True, slots=True)
class Retracted:
    """A fact that was reported and does not hold: reported early, or before a late sample arrived."""

    fact: DeviceFact


Fact = DeviceFact | TerminalFact | Retracted


def time_of(fact: DeviceFact) -> int:
    """The time in a fact's key. [µs since 1970 UTC]."""
    time_us: int = fact.key[-1]
    return time_us


def fact_key(fact: DeviceFact) -> tuple[str, tuple[object, ...]]:
    """Kind and natural key of a fact."""
    return type(fact).__name__, fact.key
