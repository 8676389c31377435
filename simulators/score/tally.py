"""What days add up to: moves found and missed by kind and by fault, times, boxes and rates of calls, delays."""

from collections import Counter
from dataclasses import dataclass, field

from processing.cranes.facts import CraneDelay, CraneMove
from simulators.cranes import TrueDelay
from simulators.score.day import CraneDay, Day
from simulators.score.match import PHASES, Pair, match
from simulators.spoiling import PARTIAL_LOCK

COUNTED = ("load", "discharge", "shift")
SETTLED_US = 2_000_000
"""What ends within the last seconds of a day may not be reported yet."""
NEAR_US = 30_000_000
"""A fault that ends so long before a move, or begins so long after it, is not blamed."""
CLEARLY_US = 150_000_000
"""A delay that is clearly longer than the least one: where it was found, there was one."""
LEAST_FOUND = 0.5
"""Of a partial lock this share must have been found."""
LEAST_TRUE = 0.3
"""Of one that was found this share must be true."""
HOUR_US = 3_600_000_000


@dataclass(slots=True)
class Count:
    """Moves of one kind, or near one fault."""

    true: int = 0
    missed: int = 0
    invented: int = 0
    kind_wrong: int = 0
    boxes_wrong: int = 0

    @property
    def recall(self) -> float:
        """Share of what happened that was found."""
        return 1 - self.missed / self.true if self.true else 1.0

    @property
    def precision(self) -> float:
        """Share of what was found that happened."""
        found = self.true - self.missed
        return found / (found + self.invented) if found + self.invented else 1.0

    @property
    def kind_right(self) -> float:
        """Share of the found moves whose kind is right."""
        found = self.true - self.missed
        return 1 - self.kind_wrong / found if found else 1.0


@dataclass(slots=True)
class Score:
    """Of days under one condition.

    Attributes:
        all, by_kind, by_lift, by_fault: moves.
        errors_ms: by phase, how much later than it was, of each move found. [ms]
        off_by_more: by phase, moves whose phase is more than a sample off.
        boxes: of each call, or part of one that fell into the day: true and found.
        rates: of each quay crane and day: true and found gross crane rate, and true boxes. [boxes/h; boxes]
        delays: by cause, true delays, those found, and those whose cause is right.
        invented_delays: by cause, delays found that were none, nor nearly one.
        partial_locks: true ones, those found, and those found that were none.
        samples: read.
    """

    all: Count = field(default_factory=Count)
    by_kind: dict[str, Count] = field(default_factory=dict)
    by_lift: dict[str, Count] = field(default_factory=dict)
    by_fault: dict[str, Count] = field(default_factory=dict)
    errors_ms: dict[str, list[float]] = field(default_factory=lambda: {phase: [] for phase in PHASES})
    off_by_more: Counter[str] = field(default_factory=Counter)
    boxes: list[tuple[str, int, int]] = field(default_factory=list)
    rates: list[tuple[str, float, float, int]] = field(default_factory=list)
    delays: dict[str, list[int]] = field(default_factory=dict)
    invented_delays: Counter[str] = field(default_factory=Counter)
    partial_locks: list[int] = field(default_factory=lambda: [0, 0, 0])
    samples: int = 0

    def add(self, day: Day, name: str) -> None:
        """Take in a day; `name` identifies it."""
        for crane in day.cranes:
            self.samples += crane.samples
            pairs, extra = match(crane.moves, crane.found_moves)
            for pair in pairs:
                self._pair(crane, pair)
            for move in extra:
                if move.unlocked_us < crane.end_us - SETTLED_US:
                    self._invented(crane, move)
            self._delays(crane)
            self._partial_locks(crane)
            if crane.type == "STS":
                self._rate(crane, name)
        self._calls(day, name)

    def _counts(self, kind: str, lift: str, faults: set[str]) -> list[Count]:
        counts = [self.all, self.by_kind.setdefault(kind, Count()), self.by_lift.setdefault(lift, Count())]
        return counts + [self.by_fault.setdefault(fault, Count()) for fault in sorted(faults)]

    def _pair(self, crane: CraneDay, pair: Pair) -> None:
        near = _near(crane, pair.true.locked_ms * 1000, pair.true.unlocked_ms * 1000)
        for count in self._counts(pair.true.kind, pair.true.lift, near):
            count.true += 1
            count.missed += pair.found is None
            count.kind_wrong += pair.found is not None and not pair.kind_right
            count.boxes_wrong += pair.found is not None and not pair.boxes_right
        if pair.found is not None:
            for phase in PHASES:
                error_ms = pair.error_ms(phase)
                self.errors_ms[phase].append(error_ms)
                self.off_by_more[phase] += abs(error_ms) > crane.period_ms

    def _invented(self, crane: CraneDay, move: CraneMove) -> None:
        for count in self._counts(move.kind, lift_of(move), _near(crane, move.locked_us, move.unlocked_us)):
            count.invented += 1

    def _delays(self, crane: CraneDay) -> None:
        for true in crane.delays:
            row = self.delays.setdefault(true.cause, [0, 0, 0])
            row[0] += 1
            found = max(crane.found_delays, key=lambda one: _shared_us(true, one, crane.end_us), default=None)
            if found is not None and _shared_us(true, found, crane.end_us) >= 0.5 * 1000 * (
                true.ended_ms - true.began_ms
            ):
                row[1] += 1
                row[2] += found.cause == true.cause
        for delay in crane.found_delays:
            length_us = (crane.end_us if delay.ended_us is None else delay.ended_us) - delay.began_us
            shared_us = max((_shared_us(true, delay, crane.end_us) for true in crane.delays), default=0)
            if delay.cause != "not_assigned" and length_us > CLEARLY_US and shared_us < 0.3 * length_us:
                self.invented_delays[delay.cause] += delay.ended_us is not None

    def _partial_locks(self, crane: CraneDay) -> None:
        """Each is found where half of it was, and invented where less than a third of it was true."""
        true = [(begin_us, end_us) for fault, begin_us, end_us in crane.spoilt if fault == PARTIAL_LOCK]
        found = [(o.began_us, crane.end_us if o.ended_us is None else o.ended_us) for o in crane.found_partial_locks]
        self.partial_locks[0] += len(true)
        self.partial_locks[1] += sum(_share(one, found) >= LEAST_FOUND for one in true)
        self.partial_locks[2] += sum(_share(one, true) < LEAST_TRUE for one in found)

    def _rate(self, crane: CraneDay, name: str) -> None:
        true_h = _logged_h([(t.at_ms * 1000, t.logged_on) for t in crane.log_ons], crane)
        changes = [(level.time_us, level.value == 1) for level in crane.found_levels if level.name == "logged_on"]
        found_h = _logged_h(changes, crane)
        if true_h < 1 or not found_h:
            return
        true = sum(m.boxes for m in crane.moves if m.kind in COUNTED)
        until_us = crane.end_us - SETTLED_US
        found = sum(m.boxes for m in crane.found_moves if m.kind in COUNTED and m.unlocked_us < until_us)
        self.rates.append((f"{name}/{crane.crane}", true / true_h, found / found_h, true))

    def _calls(self, day: Day, name: str) -> None:
        cranes = {crane.crane: crane for crane in day.cranes}
        for call in day.calls:
            true = found = 0
            for crane_name, from_ms, until_ms in call.cranes:
                crane = cranes[crane_name]
                begin, end = from_ms * 1000, min(until_ms * 1000 + 600_000_000, crane.end_us - SETTLED_US)
                true += sum(m.boxes for m in crane.moves if m.kind in COUNTED and begin <= m.unlocked_ms * 1000 < end)
                found += sum(m.boxes for m in crane.found_moves if m.kind in COUNTED and begin <= m.unlocked_us < end)
            if true:
                self.boxes.append((f"{name}/{call.call_id}", true, found))


def lift_of(move: CraneMove) -> str:
    """What a lift that was found is called."""
    both = move.boxes > (2 if move.twin else 1)
    return ("quad" if both else "twin") if move.twin else "tandem" if both else "single"


def _near(crane: CraneDay, begin_us: int, end_us: int) -> set[str]:
    return {fault for fault, begin, end in crane.spoilt if begin < end_us + NEAR_US and end > begin_us - NEAR_US}


def _share(one: tuple[int, int], others: list[tuple[int, int]]) -> float:
    """Which share of a span the others have together; they do not overlap."""
    shared_us = sum(max(0, min(one[1], end_us) - max(one[0], begin_us)) for begin_us, end_us in others)
    return shared_us / (one[1] - one[0])


def _shared_us(true: TrueDelay, found: CraneDelay, end_us: int) -> int:
    ended_us = end_us if found.ended_us is None else found.ended_us
    return min(true.ended_ms * 1000, ended_us) - max(true.began_ms * 1000, found.began_us)


def _logged_h(changes: list[tuple[int, bool]], crane: CraneDay) -> float:
    """Hours logged on in the day; before the first change somebody was. [h]."""
    total, since, logged = 0, crane.begin_us, True
    for at_us, now in sorted(changes):
        total += (at_us - since) * logged
        since, logged = at_us, now
    return (total + (crane.end_us - since) * logged) / HOUR_US
