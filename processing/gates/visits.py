"""Truck visits of a terminal, from completed transactions of its lanes. Source: docs/gates.md."""

from bisect import bisect_left, insort
from collections.abc import Iterable
from operator import attrgetter
from typing import NamedTuple, cast

from processing.gates.facts import ENTERED_AGAIN, GateTransaction, TruckVisit
from processing.gates.likeness import confidence
from processing.gates.passage import Passage, passage_of
from processing.gates.passages import LONGEST_VISIT_US, REACH_US, Passages
from processing.model.facts import Retracted

VisitKey = tuple[str, str, int]
"""Terminal, lane and beginning of the first passage that is known. [µs since 1970 UTC]"""
_order = attrgetter("order")


class VisitChange(NamedTuple):
    """A visit as it was, None: it was none, and as it is, None: it is none any more."""

    before: TruckVisit | None
    after: TruckVisit | None

    @property
    def key(self) -> VisitKey:
        """Of either."""
        key: VisitKey = cast("TruckVisit", self.after or self.before).key
        return key

    @property
    def fact(self) -> TruckVisit | Retracted:
        """What is to be written."""
        return self.after if self.after is not None else Retracted(cast("TruckVisit", self.before))


class Visits:
    """Visits as they follow from the transactions that are known: the same in whatever order these come.

    Args:
        terminal: its id.

    Attributes:
        known: those that windows see, by their key.
        known_since_us: of visits since then none is stored that is not known. [µs since 1970 UTC]
        complete_since_us: nor of passages since then. [µs since 1970 UTC]
        now_us: event time of the terminal; never goes back. [µs since 1970 UTC]
    """

    def __init__(self, terminal: str) -> None:
        self.known: dict[VisitKey, TruckVisit] = {}
        self.known_since_us = self.complete_since_us = self.now_us = 0
        self._terminal = terminal
        self._passages = Passages()
        self._of_transaction: dict[tuple[str, int], Passage] = {}
        self._in_order: list[Passage] = []

    def apply(self, lane: str, transaction: GateTransaction, *, retracted: bool) -> list[VisitChange]:
        """Take in a transaction as it is now, or that it is none; visits that change by it."""
        before = self._of_transaction.get((lane, transaction.entered_us))
        after = None if retracted else passage_of(lane, transaction)
        if before == after:
            return []
        return self._changes(self._replace(before, after))

    def advance(self, now_us: int) -> list[VisitChange]:
        """Let the event time of the terminal go on: visits that become overdue. [µs since 1970 UTC]."""
        if now_us <= self.now_us:
            return []
        first, self.now_us = self._at(self._overdue_us), now_us
        inside = [one for one in self._in_order[first : self._at(self._overdue_us)] if one.direction == "in"]
        return self._changes(inside) if inside else []

    def between(self, begin_us: int, end_us: int) -> dict[VisitKey, TruckVisit]:
        """Visits with a first passage that began in [begin, end), of all passages within two days around that."""
        visits = (self._visit(one) for one in self._in_order)
        return {visit.key: visit for visit in visits if begin_us <= visit.arrived_us < end_us}

    def replace(self, change: VisitChange) -> None:
        """Enter a visit that was made again, or remove one that is none."""
        self.known.pop(change.key, None)
        if change.after is not None:
            self.known[change.key] = change.after

    def put(self, visit: TruckVisit) -> None:
        """Enter a visit that is stored."""
        self.known[visit.key] = visit

    def load(self, transactions: Iterable[tuple[str, GateTransaction]]) -> None:
        """Take in transactions that are stored, with their lanes; their visits are stored too."""
        for lane, transaction in transactions:
            one = passage_of(lane, transaction)
            if one is not None and (lane, one.entered_us) not in self._of_transaction:
                self._enter(one)

    def forget(self, before_us: int, open_before_us: int) -> None:
        """Drop what no window sees. [µs since 1970 UTC].

        Args:
            before_us: visits that ended earlier, and passages of which none since then can be the other one.
            open_before_us: visits that began earlier and have not ended.
        """
        for key in [key for key, visit in self.known.items() if _is_forgotten(visit, before_us, open_before_us)]:
            del self.known[key]
        self.known_since_us = max(self.known_since_us, before_us)
        self.complete_since_us = max(self.complete_since_us, before_us - REACH_US)
        for one in self._in_order[: self._at(self.complete_since_us)]:
            self._leave(one)

    def _replace(self, before: Passage | None, after: Passage | None) -> set[Passage]:
        """Exchange a passage; those whose visits may be others by it, with itself."""
        touched: set[Passage] = set()
        if before is not None:
            touched |= self._passages.around(before) | {before}
            self._leave(before)
        if after is not None:
            self._enter(after)
            touched |= self._passages.around(after) | {after}
        return touched

    def _enter(self, one: Passage) -> None:
        self._of_transaction[one.lane, one.entered_us] = one
        self._passages.add(one)
        insort(self._in_order, one, key=_order)

    def _leave(self, one: Passage) -> None:
        del self._of_transaction[one.lane, one.entered_us]
        self._passages.drop(one)
        del self._in_order[bisect_left(self._in_order, one.order, key=_order)]

    def _at(self, time_us: int) -> int:
        return bisect_left(self._in_order, (time_us, "", 0), key=_order)

    @property
    def _overdue_us(self) -> int:
        """Trucks that came in earlier, and were not seen to leave, have left unseen. [µs since 1970 UTC]."""
        return self.now_us - LONGEST_VISIT_US

    def _changes(self, touched: Iterable[Passage]) -> list[VisitChange]:
        now: dict[VisitKey, TruckVisit] = {}
        for one in touched:
            if self._of_transaction.get((one.lane, one.entered_us)) == one:
                visit = self._visit(one)
                now[visit.key] = visit
        none = [self._none(one) for one in touched if self._key(one) not in now]
        changes = [VisitChange(self.known.get(key), visit) for key, visit in now.items()]
        self.known |= now
        changes = [VisitChange(visit, None) for visit in none if visit is not None] + changes
        return [change for change in changes if change.before != change.after]

    def _none(self, one: Passage) -> TruckVisit | None:
        """What was stored of a passage by itself, where there may be any."""
        known = self.known.pop(self._key(one), None)
        if known is not None or one.passed_us >= self.known_since_us:
            return known
        return TruckVisit(self._terminal, "", None, None, None, None, None, one.lane, one.passed_us, one.entered_us)

    def _key(self, one: Passage) -> VisitKey:
        return self._terminal, one.lane, one.entered_us

    def _visit(self, one: Passage) -> TruckVisit:
        """The visit that a passage is part of."""
        found = self._passages.partner(one)
        other, value = found if found is not None else (None, 0.0)
        inbound, outbound = (one, other) if one.direction == "in" else (other, one)
        first, last = inbound or one, outbound or one
        return TruckVisit(
            self._terminal,
            first.visit or last.visit or first.plate or last.plate or f"{first.lane} {first.passed_us}",
            first.plate or last.plate,
            None if inbound is None else inbound.passed_us,
            None if outbound is None else outbound.passed_us,
            None if inbound is None else inbound.lane,
            None if outbound is None else outbound.lane,
            first.lane,
            first.passed_us,
            first.entered_us,
            None if other is None else confidence(value),
            self._reason(inbound, outbound),
            () if inbound is None else inbound.boxes,
            () if outbound is None else outbound.boxes,
            first.trouble or last.trouble,
            None if inbound is None else inbound.queued_us,
        )

    def _reason(self, inbound: Passage | None, outbound: Passage | None) -> str | None:
        """How a visit ended, where not as it should; None too while it lasts."""
        if inbound is None:
            return "entry_unseen"
        if outbound is not None:
            return outbound.reason
        if self._passages.came_again(inbound):
            return ENTERED_AGAIN
        return "overdue" if inbound.passed_us < self._overdue_us else None


def _is_forgotten(visit: TruckVisit, before_us: int, open_before_us: int) -> bool:
    if visit.left_us is not None:
        return visit.left_us < before_us
    return (visit.entered_us or 0) < open_before_us
