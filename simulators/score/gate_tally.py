"""What days of a gate add up to: transactions and visits found, missed, invented and wrong, and turn times."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from processing.gates.facts import GateTransaction, TruckVisit
from simulators.gates.truth import TrueTransaction, TrueVisit
from simulators.score.gate_day import FoundGate, GateDay
from simulators.score.tally import Count

SAME_US = 5_000_000
"""A passage found within this time of a true one in the same lane is that one."""
SETTLED_US = 300_000_000
"""What ends within the last minutes of a day may not be reported yet."""


@dataclass(slots=True)
class GateTally:
    """Of one way to read trucks.

    Attributes:
        visits: wrong kind: joined wrongly, or an end with the wrong reason; boxes wrong: the plate is.
        transactions: wrong kind: not the reason or the exit that there was; boxes wrong: the plate is.
        by_reason: transactions by how they ended.
        true_us, found_us: turn times. [µs]
    """

    visits: Count = field(default_factory=Count)
    transactions: Count = field(default_factory=Count)
    by_reason: dict[str, Count] = field(default_factory=dict)
    true_us: list[int] = field(default_factory=list)
    found_us: list[int] = field(default_factory=list)

    @property
    def right(self) -> float:
        """Visits that are right, as a share of all that there were or seemed to be."""
        c = self.visits
        return (c.true - c.missed - c.kind_wrong) / (c.true + c.invented) if c.true else 1.0

    def add(self, day: GateDay, found: FoundGate) -> None:
        """Take in a day."""
        for lane, transactions in found.transactions.items():
            self._lane([one for one in day.transactions if one.device == lane], transactions, day)
        self._visits(day, found.visits)

    def _lane(self, true: list[TrueTransaction], found: list[GateTransaction], day: GateDay) -> None:
        partner = _nearest([one.entered_ms * 1000 for one in true], sorted(one.entered_us for one in found))
        by_entry = {one.entered_us: one for one in found}
        for at, one in enumerate(true):
            same = by_entry[partner[at]] if at in partner else None
            for count in (self.transactions, self.by_reason.setdefault(one.reason or "passed", Count())):
                count.true += 1
                count.missed += same is None
                count.kind_wrong += same is not None and not _ended_alike(one, same)
                count.boxes_wrong += same is not None and not _same_plate(one, same)
        taken = set(partner.values())
        for extra in found:
            if extra.entered_us not in taken and extra.entered_us < day.end_us - SETTLED_US:
                self.transactions.invented += 1
                self.by_reason.setdefault(extra.reason or "passed", Count()).invented += 1

    def _visits(self, day: GateDay, found: list[TruckVisit]) -> None:
        entries = _Passages([(one.lane_in, one.entered_us, one) for one in found])
        exits = _Passages([(one.lane_out, one.left_us, one) for one in found])
        for one in day.visits:
            self._visit(one, entries, exits)
            if one.left_ms is not None:
                self.true_us.append((one.left_ms - one.entered_ms) * 1000)
        for transaction in day.transactions:  # of trucks that are inside still, or whose visit is counted already
            if transaction.left_ms is not None:
                passages = entries if transaction.direction == "in" else exits
                passages.take(transaction.device, transaction.left_ms)
        taken = entries.taken | exits.taken
        for extra in found:
            if extra.left_us is not None and extra.entered_us is not None:
                self.found_us.append(extra.left_us - extra.entered_us)
            last_us = max(extra.left_us or 0, extra.entered_us or 0)
            self.visits.invented += id(extra) not in taken and last_us < day.end_us - SETTLED_US

    def _visit(self, true: TrueVisit, entries: "_Passages", exits: "_Passages") -> None:
        count = self.visits
        began, ended = entries.take(true.lane_in, true.entered_ms), exits.take(true.lane_out, true.left_ms)
        count.true += 1
        if began is None and ended is None:
            count.missed += 1
            return
        joined = began is ended if true.left_ms is not None else began is not None and began.left_us is None
        some = began or ended
        count.kind_wrong += not joined or (ended is not None and ended.reason != true.reason)
        count.boxes_wrong += some is not None and not _same_plate(true, some)


class _Passages:
    """Ends of visits that were found, by lane and time."""

    def __init__(self, ends: list[tuple[str | None, int | None, TruckVisit]]) -> None:
        self.taken: set[int] = set()
        self._lanes: dict[str | None, list[tuple[int, int, TruckVisit]]] = {}
        for lane, at_us, visit in ends:
            if at_us is not None:
                self._lanes.setdefault(lane, []).append((at_us, id(visit), visit))
        for found in self._lanes.values():
            found.sort()

    def take(self, lane: str | None, at_ms: int | None) -> TruckVisit | None:
        """The visit that has an end in a lane at a time, the nearest one."""
        found = self._lanes.get(lane, [])
        if at_ms is None:
            return None
        low = bisect_left(found, (at_ms * 1000 - SAME_US,))
        high = bisect_right(found, (at_ms * 1000 + SAME_US + 1,))
        near = min(found[low:high], key=lambda one: abs(one[0] - at_ms * 1000), default=None)
        if near is None:
            return None
        self.taken.add(near[1])
        return near[2]


def _nearest(true_us: Sequence[int], found_us: Sequence[int]) -> dict[int, int]:
    """Which true times were found as which, each once, the nearest first."""
    candidates = []
    for at, time_us in enumerate(true_us):
        low, high = bisect_left(found_us, time_us - SAME_US), bisect_right(found_us, time_us + SAME_US)
        candidates += [(abs(other - time_us), at, other) for other in found_us[low:high]]
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for _, at, other in sorted(candidates):
        if at not in partner and other not in taken:
            partner[at] = other
            taken.add(other)
    return partner


class _Plated(Protocol):
    @property
    def plate(self) -> str | None: ...


def _same_plate(true: _Plated, found: _Plated) -> bool:
    return _plain(true.plate) == _plain(found.plate)


def _plain(plate: str | None) -> str:
    return "" if plate is None else plate.upper().replace("-", "").replace(" ", "")


def _ended_alike(true: TrueTransaction, found: GateTransaction) -> bool:
    if found.reason != true.reason:
        return False
    if true.left_ms is None or found.left_us is None:
        return true.left_ms is found.left_us
    return abs(true.left_ms * 1000 - found.left_us) <= SAME_US
