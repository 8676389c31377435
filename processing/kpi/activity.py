"""What cranes did in a window: moves, hours, stops, and the time that net rates leave out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from processing.cranes.cycles import LONGEST_CYCLE_US, PARTS
from processing.cranes.facts import CraneMove
from processing.facts.cranes import CraneFacts
from processing.facts.store import FactStore

Span = tuple[int, int]
"""Begin, end. [µs since 1970 UTC]"""


@dataclass(frozen=True, slots=True)
class DelayPart:
    """A stop, or a cycle that is no cargo work, as far as it lies in a window. Times in µs since 1970 UTC.

    Attributes:
        crane: its name.
        began_us, ended_us: the part in the window.
        cause: the one that counts: what people say goes before what signals tell.
        lasts: whether it has not ended yet.
        said: whether a person has said the cause.
        begun: whether it began in the window.
    """

    crane: str
    began_us: int
    ended_us: int
    cause: str
    lasts: bool = False
    said: bool = False
    begun: bool = True

    @property
    def length_us(self) -> int:
        """How long it is. [µs]."""
        return self.ended_us - self.began_us


@dataclass(frozen=True)
class CraneActivity:
    """A crane's part in a window. Times in µs since 1970 UTC.

    Attributes:
        name, crane: which crane.
        begin_us, end_us: the window, for this crane.
        logged: when an operator was logged on.
        allocated: when it was allocated: assigned to a vessel, or else logged on.
        moves: those that ended in it, of all kinds, in order.
        counted: kinds that are box moves, None: all are, as those of a yard crane.
        deducted: causes whose time net rates leave out.
    """

    name: str
    crane: CraneFacts
    begin_us: int
    end_us: int
    logged: tuple[Span, ...]
    allocated: tuple[Span, ...]
    moves: list[CraneMove]
    counted_kinds: frozenset[str] | None
    deducted: frozenset[str]

    @cached_property
    def counted(self) -> list[CraneMove]:
        """Box moves."""
        kinds = self.counted_kinds
        return self.moves if kinds is None else [move for move in self.moves if move.kind in kinds]

    @cached_property
    def stops(self) -> list[DelayPart]:
        """Stops, in order."""
        found = []
        for delay in self.crane.stops_between(self.begin_us, self.end_us):
            ended_us = self.end_us if delay.ended_us is None else min(delay.ended_us, self.end_us)
            began_us = max(delay.began_us, self.begin_us)
            if began_us < ended_us:
                said = self.crane.edits.get(delay.began_us)
                lasts = delay.ended_us is None or delay.ended_us > self.end_us
                begun = began_us == delay.began_us
                cause = said or delay.cause
                found.append(DelayPart(self.name, began_us, ended_us, cause, lasts, said is not None, begun))
        return found

    @cached_property
    def other_work(self) -> list[DelayPart]:
        """Cycles that carry hatch covers or gear."""
        cycles = []
        for move in self.moves:
            if move.kind in ("hatch_cover", "gear"):
                began_us = move.locked_us if move.began_us is None else move.began_us
                began_us = max(began_us, self.begin_us, move.unlocked_us - LONGEST_CYCLE_US)
                cycles.append(DelayPart(self.name, began_us, move.unlocked_us, move.kind, said=False))
        return cycles

    @cached_property
    def excluded(self) -> list[DelayPart]:
        """What net rates leave out of the allocated time: parts that do not overlap, in order."""
        found: list[DelayPart] = []
        until_us = 0
        wanted = [stop for stop in (*self.stops, *self.other_work) if stop.cause in self.deducted]
        for stop in sorted(wanted, key=lambda one: (one.began_us, one.ended_us)):
            for begin, end in self.allocated:
                first, last = max(stop.began_us, begin, until_us), min(stop.ended_us, end)
                if first < last:
                    found.append(DelayPart(self.name, first, last, stop.cause, stop.lasts, stop.said, stop.begun))
            until_us = max(until_us, stop.ended_us)
        return found

    @cached_property
    def idle(self) -> list[DelayPart]:
        """Stops as far as they lie in the allocated time."""
        return [
            DelayPart(self.name, first, last, stop.cause, stop.lasts, stop.said, stop.begun and first == stop.began_us)
            for stop in self.stops
            for begin, end in self.allocated
            if (first := max(stop.began_us, begin)) < (last := min(stop.ended_us, end))
        ]


class Activity:
    """What some cranes did, each in its part of a window.

    Args:
        shares: the parts.
    """

    def __init__(self, shares: Iterable[CraneActivity]) -> None:
        self.shares = list(shares)

    @cached_property
    def counted(self) -> list[CraneMove]:
        """Box moves."""
        return [move for one in self.shares for move in one.counted]

    @cached_property
    def boxes(self) -> int:
        """Boxes of the box moves."""
        return sum(move.boxes for move in self.counted)

    @cached_property
    def allocated_us(self) -> int:
        """Allocated crane time. [µs]."""
        return sum(end - begin for one in self.shares for begin, end in one.allocated)

    @cached_property
    def logged_us(self) -> int:
        """Crane time with an operator logged on. [µs]."""
        return sum(end - begin for one in self.shares for begin, end in one.logged)

    @cached_property
    def excluded(self) -> list[DelayPart]:
        """What net rates leave out."""
        return [stop for one in self.shares for stop in one.excluded]

    @cached_property
    def idle_us(self) -> Mapping[str, int]:
        """Allocated crane time in which cranes stood still, by cause. [µs]."""
        found: dict[str, int] = {}
        for one in self.shares:
            for stop in one.idle:
                found[stop.cause] = found.get(stop.cause, 0) + stop.length_us
        return found

    @cached_property
    def failures(self) -> int:
        """Breakdowns that began in the window, in allocated time."""
        return sum(stop.begun for one in self.shares for stop in one.idle if stop.cause == "breakdown")

    @cached_property
    def cycles_us(self) -> list[int]:
        """From one delivery to the next, pauses left out, shortest first. Source: TIC4.0 cycle. [µs]."""
        spans = [b.unlocked_us - a.unlocked_us for one in self.shares for a, b in pairwise(one.moves)]
        return sorted(span for span in spans if span <= LONGEST_CYCLE_US)

    @cached_property
    def parts_us(self) -> Mapping[str, list[int]]:
        """Of each part of a cycle, how long it was in the cycles of all moves, shortest first. [µs].

        Travel is without the time in which the crane stood still in the air; positioning is from lock to lift and from
        landing to unlock. Source: the active and inactive intervals of the ECT study (docs/sources.md).
        """
        known = [one.crane.parts[move.locked_us] for one in self.shares for move in one.moves]
        return {
            part: sorted(span for span in column if span is not None)
            for part, column in zip(PARTS, zip(*known, strict=True) if known else ((),) * len(PARTS), strict=True)
        }

    @cached_property
    def dual_pairs(self) -> int:
        """Pairs of a load and a discharge, one right after the other, that share a cycle; each move in one pair."""
        pairs = 0
        for one in self.shares:
            before: CraneMove | None = None
            for move in one.moves:
                if (
                    before is not None
                    and {before.kind, move.kind} == {"load", "discharge"}
                    and move.unlocked_us - before.unlocked_us <= LONGEST_CYCLE_US
                ):
                    pairs, before = pairs + 1, None
                else:
                    before = move
        return pairs

    @cached_property
    def energy(self) -> tuple[float, int]:
        """What the cycles of box moves took, and of how many that is known. [kWh]."""
        known = [move.energy_kwh for move in self.counted if move.energy_kwh is not None]
        return sum(known), len(known)

    @cached_property
    def settled(self) -> bool:
        """Whether nothing is left that a person may yet say of its stops."""
        return all(stop.said and not stop.lasts for one in self.shares for stop in one.idle)


def share(store: FactStore, name: str, begin_us: int, end_us: int, call_id: str | None = None) -> CraneActivity | None:
    """A crane's part in a window, or in what it did of it for a call; None: it had not been heard of by then.

    Where it is assigned to no vessel in the window, it counts as allocated while somebody is logged on; where it has
    not told log-ons by then, since it was first heard of: what it says later changes no earlier window.
    """
    crane = store.cranes[name]
    if crane.first_seen_us > end_us:
        return None
    seen_us = max(begin_us, crane.first_seen_us)
    line = store.levels["logged_on"].get(crane.device_id)
    told = line is not None and line.at(end_us) is not None
    logged = line.held(seen_us, end_us) if line is not None and told else [(seen_us, end_us)] * (seen_us < end_us)
    attribution = store.attribution
    assigned = attribution.assigned(name, seen_us, end_us, call_id)
    if call_id is None:
        moves = crane.between(begin_us, end_us)
    else:
        logged = _both(logged, assigned)
        moves = [
            move
            for first_us, last_us in attribution.spans(name, call_id)
            for move in crane.between(max(begin_us, first_us - 1), min(end_us, last_us))
        ]
    return CraneActivity(
        name,
        crane,
        begin_us,
        end_us,
        tuple(logged),
        tuple(assigned if assigned or call_id is not None else logged),
        moves,
        None if crane.yard else store.site.counted,
        store.site.deducted,
    )


def _both(some: list[Span], others: list[Span]) -> list[Span]:
    """What lies in spans of either list, in order."""
    both = [(max(a, c), min(b, d)) for a, b in some for c, d in others]
    return [span for span in both if span[0] < span[1]]
