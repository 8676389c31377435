"""What cranes did in a window: moves, hours, and the time that net rates leave out."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from processing.causes import BY_ID
from processing.factbook import CraneBook, Factbook
from processing.facts import CraneMove

HOUR_US = 3_600_000_000
MINUTE_US = 60_000_000
LONGEST_CYCLE_US = 30 * MINUTE_US
"""Longer than this between two deliveries is a pause, not a cycle. Assumed."""
Span = tuple[int, int]
"""Begin, end. [µs since 1970 UTC]"""


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop, or a cycle that is no cargo work, as far as it lies in a window. Times in µs since 1970 UTC."""

    crane: str
    began_us: int
    ended_us: int
    cause: str
    lasts: bool = False

    @property
    def minutes(self) -> float:
        """How long it is. [min]."""
        return (self.ended_us - self.began_us) / MINUTE_US


@dataclass(frozen=True)
class Share:
    """A crane's part in a window: which crane, from when until when. Times in µs since 1970 UTC."""

    name: str
    crane: CraneBook
    begin_us: int
    end_us: int
    logged: tuple[Span, ...]

    @cached_property
    def moves(self) -> list[CraneMove]:
        """Moves that ended in it, of all kinds, in order."""
        return self.crane.between(self.begin_us, self.end_us)

    @cached_property
    def counted(self) -> list[CraneMove]:
        """Those that count as box moves of this crane."""
        return self.crane.counted(self.begin_us, self.end_us)

    @property
    def allocated_us(self) -> int:
        """How long the crane was allocated: an operator was logged on. [µs]."""
        return sum(end - begin for begin, end in self.logged)

    @cached_property
    def stops(self) -> list[Stop]:
        """Stops, in order, with the cause that counts: what people say goes before what signals tell."""
        found = []
        for delay in sorted(self.crane.delays.values(), key=lambda one: one.began_us):
            ended_us = self.end_us if delay.ended_us is None else min(delay.ended_us, self.end_us)
            began_us = max(delay.began_us, self.begin_us)
            if began_us < ended_us:
                cause = self.crane.edits.get(delay.began_us, delay.cause)
                found.append(Stop(self.name, began_us, ended_us, cause, delay.ended_us is None))
        return found

    @cached_property
    def other_work(self) -> list[Stop]:
        """Cycles that carry hatch covers or gear."""
        cycles = []
        for move in self.moves:
            if move.kind in ("hatch_cover", "gear"):
                began_us = move.locked_us if move.began_us is None else move.began_us
                began_us = max(began_us, self.begin_us, move.unlocked_us - LONGEST_CYCLE_US)
                cycles.append(Stop(self.name, began_us, move.unlocked_us, move.kind))
        return cycles

    @cached_property
    def excluded(self) -> list[Stop]:
        """What net rates leave out of the allocated time: parts that do not overlap, in order."""
        found: list[Stop] = []
        until_us = 0
        wanted = [stop for stop in (*self.stops, *self.other_work) if BY_ID[stop.cause].deduct]
        for stop in sorted(wanted, key=lambda one: (one.began_us, one.ended_us)):
            for begin, end in self.logged:
                first, last = max(stop.began_us, begin, until_us), min(stop.ended_us, end)
                if first < last:
                    found.append(Stop(self.name, first, last, stop.cause, stop.lasts))
            until_us = max(until_us, stop.ended_us)
        return found


class Work:
    """What some cranes did, each in its part of a window.

    Args:
        shares: the parts.
    """

    def __init__(self, shares: Iterable[Share]) -> None:
        self.shares = list(shares)

    @classmethod
    def of(cls, book: Factbook, subject: str, begin_us: int, end_us: int) -> "Work":
        """Of a crane, or of all that work ships, as far as they had been heard of by then."""
        chosen = [subject] if subject != book.terminal else [name for name, c in book.cranes.items() if not c.yard]
        return cls(
            share(book, name, begin_us, end_us)
            for name in chosen
            if name in book.cranes and book.cranes[name].first_seen_us <= end_us
        )

    @property
    def moves(self) -> list[CraneMove]:
        """Moves of all kinds."""
        return [move for one in self.shares for move in one.moves]

    @property
    def counted(self) -> list[CraneMove]:
        """Box moves."""
        return [move for one in self.shares for move in one.counted]

    @property
    def boxes(self) -> int:
        """Boxes of the box moves."""
        return sum(move.boxes for move in self.counted)

    @property
    def allocated_h(self) -> float:
        """Allocated crane hours. [h]."""
        return sum(one.allocated_us for one in self.shares) / HOUR_US

    @property
    def stops(self) -> list[Stop]:
        """All stops."""
        return [stop for one in self.shares for stop in one.stops]

    @property
    def excluded(self) -> list[Stop]:
        """What net rates leave out."""
        return [stop for one in self.shares for stop in one.excluded]

    @property
    def excluded_h(self) -> float:
        """The same in crane hours. [h]."""
        return sum(stop.ended_us - stop.began_us for stop in self.excluded) / HOUR_US

    @property
    def stopped_h(self) -> float:
        """Allocated crane hours in which hoist and trolley stood still for long. [h]."""
        total = 0
        for one in self.shares:
            for stop in one.stops:
                total += sum(max(0, min(stop.ended_us, e) - max(stop.began_us, b)) for b, e in one.logged)
        return total / HOUR_US

    @property
    def cycles_us(self) -> list[int]:
        """From one delivery to the next, pauses left out, shortest first. Source: TIC4.0 cycle. [µs]."""
        spans = [b.unlocked_us - a.unlocked_us for one in self.shares for a, b in pairwise(one.moves)]
        return sorted(span for span in spans if span <= LONGEST_CYCLE_US)


def share(book: Factbook, name: str, begin_us: int, end_us: int) -> Share:
    """A crane's part in a window; it begins when the crane was first heard of."""
    crane = book.cranes[name]
    begin_us = max(begin_us, min(crane.first_seen_us, end_us))
    line = book.levels["logged_on"].get(crane.device_id)
    told = line is not None and line.at(end_us) is not None  # what it says later changes no earlier window
    logged = line.held(begin_us, end_us) if line is not None and told else [(begin_us, end_us)]
    return Share(name, crane, begin_us, end_us, tuple(span for span in logged if span[0] < span[1]))
