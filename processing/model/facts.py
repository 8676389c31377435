"""What a fact is: something that happened, derived from samples. The facts of a stream stand in its room.

Each fact has a natural key; a fact with the same key replaces the one before.
"""

from dataclasses import dataclass
from operator import attrgetter
from typing import Any, ClassVar, Literal, overload

FactKind = str
"""What KPIs call the facts that they are made from; a row of the registry lists those of its stream."""


class Key:
    """The natural key of a type of fact: on a fact the values of these attributes, in order.

    Args:
        names: at least two attributes; of a device's fact the device id first and a time last.
    """

    def __init__(self, *names: str) -> None:
        self.names = names
        self._values = attrgetter(*names)

    @overload
    def __get__(self, fact: None, owner: type[Any]) -> "Key": ...
    @overload
    def __get__(self, fact: object, owner: type[Any]) -> tuple[Any, ...]: ...
    def __get__(self, fact: object, owner: type[Any]) -> "Key | tuple[Any, ...]":
        """On the class the key itself, on a fact its values."""
        return self if fact is None else self._values(fact)


@dataclass(frozen=True, slots=True)
class Seen:
    """How windows see a fact.

    Attributes:
        how: `instant`: at one time; `span`: while it lasts, still without an end; `level`: until the next with the same
            key but its time; `passage`: between two times of which only one may be known.
        begin: attribute of the time, or of the first one.
        end: attribute of the second one.
        kind: what KPIs call such spans, where the fact store and its updater enter them like all others.
        aside: attributes of such a span that no KPI is made from.
    """

    how: Literal["instant", "span", "level", "passage"]
    begin: str
    end: str | None = None
    kind: FactKind | None = None
    aside: tuple[str, ...] = ()


class DeviceFact:
    """A fact that one device's samples decide over; the last part of its key is its time. [µs since 1970 UTC].

    Attributes:
        seen: how windows see it; None: they do not.
    """

    __slots__ = ()
    key: Key
    seen: ClassVar[Seen | None] = None
    device_id: int


class TerminalFact:
    """A fact that follows from facts of several devices of one terminal; its key begins with the terminal."""

    __slots__ = ()
    key: Key
    seen: ClassVar[Seen | None] = None
    terminal: str


class Announced:
    """What people or other systems announce, kept in columns as facts are; its key begins with the terminal."""

    __slots__ = ()
    key: Key
    seen: ClassVar[Seen | None] = None
    terminal: str


@dataclass(frozen=True, slots=True)
class Retracted:
    """A fact that was reported and does not hold: reported early, or before a late sample arrived."""

    fact: DeviceFact | TerminalFact


Fact = DeviceFact | TerminalFact | Retracted


def time_of(fact: DeviceFact) -> int:
    """The time in a fact's key. [µs since 1970 UTC]."""
    time_us: int = fact.key[-1]
    return time_us


def fact_key(fact: DeviceFact | TerminalFact) -> tuple[str, tuple[object, ...]]:
    """Kind and natural key of a fact."""
    return type(fact).__name__, fact.key
