"""What one crane did in a window: moves, hours, delays, and the time that net rates leave out."""

from dataclasses import dataclass

from processing.cranes.cycles import LONGEST_CYCLE_US
from processing.cranes.facts import CraneMove
from processing.facts.cranes import CraneFacts
from processing.facts.store import FactStore
from processing.facts.trips import Trips
from processing.model.kept import Kept

Span = tuple[int, int]
"""Begin, end. [µs since 1970 UTC]"""


@dataclass(frozen=True, slots=True)
class DelayPart:
    """A delay, or a cycle that is no cargo work, as far as it lies in a window. Times in µs since 1970 UTC.

    Attributes:
        crane: its name.
        began_us, ended_us: the part in the window.
        cause: the one that counts: what a person states goes before what vehicles show, that before signals.
        lasts: whether it has not ended yet.
        stated: whether a person has stated the cause.
        begun: whether it began in the window.
    """

    crane: str
    began_us: int
    ended_us: int
    cause: str
    lasts: bool = False
    stated: bool = False
    begun: bool = True

    @property
    def length_us(self) -> int:
        """How long it is. [µs]."""
        return self.ended_us - self.began_us


@dataclass(frozen=True)
class CraneActivity:
    """What a crane did in a window. Times in µs since 1970 UTC.

    Attributes:
        name, crane: which crane.
        begin_us, end_us: the window.
        logged_on: when an operator was logged on.
        allocated: when it was allocated: assigned to a vessel, or else logged on.
        moves: those that ended in it, of all kinds, in order.
        counted_kinds: kinds that are box moves, None: all are, as those of a yard crane.
        deducted: causes whose time net rates leave out.
        trips: of the terminal's vehicles.
    """

    name: str
    crane: CraneFacts
    begin_us: int
    end_us: int
    logged_on: tuple[Span, ...]
    allocated: tuple[Span, ...]
    moves: list[CraneMove]
    counted_kinds: frozenset[str] | None
    deducted: frozenset[str]
    trips: Trips

    @Kept
    def counted(self) -> list[CraneMove]:
        """Box moves."""
        kinds = self.counted_kinds
        return self.moves if kinds is None else [move for move in self.moves if move.kind in kinds]

    @Kept
    def delays(self) -> list[DelayPart]:
        """Delays, in order."""
        found = []
        for delay in self.crane.delays_between(self.begin_us, self.end_us):
            ended_us = self.end_us if delay.ended_us is None else min(delay.ended_us, self.end_us)
            began_us = max(delay.began_us, self.begin_us)
            if began_us < ended_us:
                stated = self.crane.edits.get(delay.began_us)
                lasts = delay.ended_us is None or delay.ended_us > self.end_us
                begun = began_us == delay.began_us
                cause = stated or self.crane.found_cause(delay, self.trips)
                found.append(DelayPart(self.name, began_us, ended_us, cause, lasts, stated is not None, begun))
        return found

    @Kept
    def other_cycles(self) -> list[DelayPart]:
        """Cycles that carry hatch covers or gear."""
        cycles = []
        for move in self.moves:
            if move.kind in ("hatch_cover", "gear"):
                began_us = move.locked_us if move.began_us is None else move.began_us
                began_us = max(began_us, self.begin_us, move.unlocked_us - LONGEST_CYCLE_US)
                cycles.append(DelayPart(self.name, began_us, move.unlocked_us, move.kind))
        return cycles

    @Kept
    def excluded(self) -> list[DelayPart]:
        """What net rates leave out of the allocated time: parts that do not overlap, in order."""
        found: list[DelayPart] = []
        until_us = 0
        deducted = [part for part in (*self.delays, *self.other_cycles) if part.cause in self.deducted]
        for part in sorted(deducted, key=lambda one: (one.began_us, one.ended_us)):
            for begin, end in self.allocated:
                first, last = max(part.began_us, begin, until_us), min(part.ended_us, end)
                if first < last:
                    found.append(DelayPart(self.name, first, last, part.cause, part.lasts, part.stated, part.begun))
            until_us = max(until_us, part.ended_us)
        return found

    @Kept
    def allocated_delays(self) -> list[DelayPart]:
        """Delays as far as they lie in the allocated time."""
        return [
            DelayPart(self.name, first, last, one.cause, one.lasts, one.stated, one.begun and first == one.began_us)
            for one in self.delays
            for begin, end in self.allocated
            if (first := max(one.began_us, begin)) < (last := min(one.ended_us, end))
        ]


def crane_activity(
    store: FactStore, name: str, begin_us: int, end_us: int, call_id: str | None = None
) -> CraneActivity | None:
    """What a crane did in a window, or of it for a call; None: it had not been heard of by then.

    Where it is assigned to no vessel in the window, it counts as allocated while somebody is logged on; where no
    log-on is known by then, since it was first heard of: a later log-on changes no earlier window.
    """
    crane = store.cranes[name]
    if crane.first_seen_us > end_us:
        return None
    seen_us = max(begin_us, crane.first_seen_us)
    line = store.levels.line("logged_on", crane.device_id)
    if line is not None and line.at(end_us) is not None:
        logged_on = line.held(seen_us, end_us)
    else:
        logged_on = [(seen_us, end_us)] * (seen_us < end_us)
    attribution = store.attribution
    assigned = attribution.assigned(name, seen_us, end_us, call_id)
    if call_id is None:
        moves = crane.between(begin_us, end_us)
    else:
        logged_on = _both(logged_on, assigned)
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
        tuple(logged_on),
        tuple(assigned if assigned or call_id is not None else logged_on),
        moves,
        None if crane.yard else store.site.counted,
        store.site.deducted,
        store.trips,
    )


def _both(some: list[Span], others: list[Span]) -> list[Span]:
    """What lies in spans of either list, in order."""
    both = [(max(a, c), min(b, d)) for a, b in some for c, d in others]
    return [span for span in both if span[0] < span[1]]
