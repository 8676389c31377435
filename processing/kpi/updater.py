"""Enters facts and calls into a terminal's fact store, and notes whose KPIs change by it, and from when on."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from processing.calls.attribution import Attribution
from processing.calls.call import VesselCall
from processing.cranes.facts import CraneDelay, CraneMove
from processing.energy.facts import PER_BOX, EnergyUse
from processing.facts.cranes import CraneFacts
from processing.gates.facts import ENTERED_AGAIN, GateTransaction, TruckVisit
from processing.gates.visits import VisitChange
from processing.kpi.definition import KpiValue
from processing.kpi.evaluator import KpiEvaluator
from processing.kpi.subjects import kind_of
from processing.model.facts import DeviceFact, FactKind, Retracted
from processing.model.level import OF_ALARMS, LevelChange
from processing.model.times import QUARTER_US
from processing.reefers.facts import REEFER_TIME

WORK: tuple[FactKind, ...] = ("move", "stop")
FOLLOWING: dict[FactKind, tuple[FactKind, ...]] = {
    "plugged": ("plugged", "excursion", REEFER_TIME),  # whether plugs are known at all decides about excursions too
    "excursion": ("excursion", REEFER_TIME),
    "silence": ("silence", REEFER_TIME),
}
"""Kinds of facts whose KPIs change with one, where those are more than the kind itself."""


class FactStoreUpdater:
    """Of one terminal.

    Args:
        evaluator: its KPIs, with its fact store.
    """

    def __init__(self, evaluator: KpiEvaluator) -> None:
        self.evaluator = evaluator
        self.store = evaluator.store

    def apply(self, device: str, fact: DeviceFact, *, retracted: bool) -> list[TruckVisit | Retracted]:
        """Enter a fact, or remove a retracted one.

        Args:
            device: name of its device.
            fact: of any type that a stream of the registry has.
            retracted: whether it does not hold.

        Returns: facts of the terminal that follow from it, and those that do not any more.
        """
        enter = ENTER.get(type(fact))
        if enter is not None:
            return list(enter(self, device, fact, retracted) or ())
        if fact.seen is not None:
            self._span(device, fact, retracted)
        return []

    def _move(self, crane: str, fact: CraneMove, retracted: bool) -> None:
        """A crane's move."""
        store = self.store.cranes[crane]
        old = store.by_lock.get(fact.locked_us)
        if old == fact and not retracted:
            return
        if retracted:
            store.drop(fact.locked_us)
        else:
            store.put(fact)
        for version in (old, fact):
            if version is not None:
                self.touch_crane(crane, version.unlocked_us)

    def _delay(self, crane: str, fact: CraneDelay, retracted: bool) -> None:
        """A crane's delay."""
        store = self.store.cranes[crane]
        old = store.delays.get(fact.began_us)
        if old == fact and not retracted:
            return
        since_us, trips = fact.began_us, self.store.trips
        before = None if old is None else store.found_cause(old, trips)
        # Where its span changes, so may whether the crane was busy: no KPI of its work has samples where it was not.
        kinds: tuple[FactKind, ...] = WORK if retracted or old is None or old.ended_us != fact.ended_us else ("stop",)
        if retracted:
            store.drop_delay(fact.began_us)
        else:
            store.put_delay(fact)
            if old is not None and before == store.found_cause(fact, trips):
                if old.ended_us == fact.ended_us:
                    return  # signals show another cause than they did; vehicles show the one that signals did
                # Windows that end earlier saw no end, and see none.
                since_us = min(end for end in (old.ended_us, fact.ended_us) if end is not None)
        self.touch_crane(crane, since_us, kinds)

    def edit(self, crane: str, began_us: int, cause: str) -> None:
        """The cause that a person stated of a crane's delay; of one that is not in memory any more nothing is kept."""
        store = self.store.cranes[crane]
        known = began_us >= store.since_us or began_us in store.delays
        if known and store.edits.get(began_us) != cause:
            store.state_cause(began_us, cause)
            self.touch_crane(crane, began_us, ("stop",))

    def touch_crane(self, crane: str, since_us: int, kinds: Iterable[FactKind] = WORK) -> None:
        """What a crane did changed from a time on: its own KPIs, those of its calls, and the terminal's."""
        store: CraneFacts = self.store.cranes[crane]
        subjects = [crane]
        if not store.yard:
            subjects.append(self.store.terminal)
        for call in self.store.calls_of(crane):
            span = call.span_us
            if span is not None and span[1] + QUARTER_US >= since_us:  # its last sample comes after its end
                subjects += [call.call_id] if call.berth is None else [call.call_id, call.berth]
        for subject in subjects:
            for kind in kinds:
                self.evaluator.touch(kind, subject, since_us)
            if subject != crane and "move" in kinds:
                self.evaluator.touch("call", subject, since_us)
            if subject == self.store.terminal and "move" in kinds:
                self.evaluator.touch(PER_BOX, subject, since_us)

    def change_crane_type(self, crane: str) -> None:
        """A crane turned out to work ships, or not to: all that follows from its moves, and the terminal's, changes."""
        since_us = self.store.cranes[crane].first_seen_us
        self.touch_crane(crane, since_us)
        for kind in (*WORK, "call", PER_BOX):
            self.evaluator.touch(kind, self.store.terminal, since_us)

    def announce_call(self, call: VesselCall) -> list[KpiValue]:
        """Enter a vessel call as it is announced now; returns tombstones of a berth that no call names any more."""
        if self.store.calls.get(call.call_id) == call:
            return []
        before = self.evaluator.removable()
        self._calls_change(call.call_id, call)
        return self.evaluator.tombstones(before)

    def withdraw_call(self, call_id: str) -> list[KpiValue]:
        """Remove a call; returns its tombstones, and those of its berth where no other call names that."""
        if call_id not in self.store.calls:
            return []
        before = self.evaluator.removable()
        self._calls_change(call_id, None)
        return self.evaluator.tombstones(before)

    def _calls_change(self, call_id: str, call: VesselCall | None) -> None:
        before, old = self.store.calls.get(call_id), self.store.attribution
        if call is None:
            self.store.drop_call(call_id)
        else:
            self.store.put_call(call)
        versions = [one for one in (before, call) if one is not None]
        spans = [span for one in versions if (span := one.span_us) is not None]
        if not spans:
            return
        since_us = {min(bounds) for bounds in zip(*spans, strict=True) if len(set(bounds)) != 1 or len(spans) == 1}
        for crane in {one.crane for version in versions for one in version.assignments}:
            changed_us = _first_difference(old, self.store.attribution, crane)
            if changed_us is not None and crane in self.store.cranes:
                since_us.add(changed_us)
                self.touch_crane(crane, changed_us)
        if len({one.berth for one in versions}) > 1:
            since_us.add(min(begin for begin, _ in spans))
        subjects = {call_id, *(one.berth for one in versions if one.berth is not None)}
        for subject in (*sorted(subjects), self.store.terminal):
            self.evaluator.touch("call", subject, min(begin for begin, _ in spans))
        # The terminal counts as busy while a call is there, whatever its cranes do.
        for subject in (*sorted(subjects), self.store.terminal) if since_us else ():
            for kind in WORK:
                self.evaluator.touch(kind, subject, min(since_us))

    def listed(self, call_id: str, boxes: int | None) -> None:
        """How many boxes the terminal operating system's list of a call has, None: there is no list any more."""
        if self.store.listed.get(call_id) == boxes:
            return
        if boxes is None:
            del self.store.listed[call_id]
        else:
            self.store.listed[call_id] = boxes
        call = self.store.calls.get(call_id)
        if call is not None and call.begin_us is not None:
            for subject in (call_id, call.berth):
                if subject is not None:
                    self.evaluator.touch("call", subject, call.begin_us)

    def _level(self, device: str, level: LevelChange, retracted: bool) -> None:
        """A level of a device."""
        if level.name in OF_ALARMS:
            return
        if retracted:
            self.store.drop_level(level)
        else:
            self.store.put_level(level)
        if level.name == "logged_on":
            self.touch_crane(device, level.time_us)
            return
        rack = self.store.rack_of.get(level.device_id)
        for subject in (self.store.terminal, *(() if rack is None else (rack,))):
            for kind in FOLLOWING.get(level.name, (level.name,)):
                self.evaluator.touch(kind, subject, level.time_us)

    def _energy(self, device: str, fact: EnergyUse, retracted: bool) -> None:
        """What a device took in a quarter of an hour."""
        energy, known = self.store.energy, self.store.energy.get(fact)
        if retracted:
            energy.drop(fact)
        else:
            energy.put(fact)
        if energy.get(fact) == known:
            return
        self.evaluator.touch(PER_BOX, self.store.terminal, fact.ended_us)
        group = self.store.rack_of.get(fact.device_id, device)
        for subject in (self.store.terminal, *([group] if kind_of(self.store, group) is not None else ())):
            self.evaluator.touch("energy", subject, fact.ended_us)

    def _transaction(self, lane: str, fact: GateTransaction, retracted: bool) -> list[TruckVisit | Retracted]:
        """A transaction of a lane, and visits that follow from it: others of the terminal may too."""
        counted = self.store.transactions
        before = counted.drop(fact) if retracted else counted.put(fact)
        after = None if retracted else fact
        times_us = [at for one in (before, after) if one is not None and (at := one.counted_us) is not None]
        if before != after and times_us:
            for subject in (self.store.terminal, lane):
                self.evaluator.touch("transaction", subject, min(times_us))
        return self._visits_change(self.store.visits.apply(lane, fact, retracted=retracted))

    def pass_time(self, event_us: int) -> list[TruckVisit | Retracted]:
        """Let the event time of the terminal go on: facts that follow from that alone. [µs since 1970 UTC]."""
        return self._visits_change(self.store.visits.advance(event_us))

    def repair_visits(self, changes: list[VisitChange]) -> list[TruckVisit | Retracted]:
        """Enter visits that were made again, where they are others than were stored."""
        for change in changes:
            self.store.visits.replace(change)
        return self._visits_change(changes)

    def _visits_change(self, changes: list[VisitChange]) -> list[TruckVisit | Retracted]:
        for before, after in changes:
            self._touch_visit(before, after)
        return [change.fact for change in changes]

    def visit(self, visit: TruckVisit) -> None:
        """Enter a visit that is stored."""
        self.store.visits.put(visit)
        self._touch_visit(None, visit)

    def _touch_visit(self, before: TruckVisit | None, after: TruckVisit | None) -> None:
        if _counted(before) != _counted(after):
            versions = [one for one in (before, after) if one is not None]
            times_us = [at for one in versions for at in (one.entered_us, one.left_us, one.passed_us) if at is not None]
            self.evaluator.touch("visit", self.store.terminal, min(times_us))

    def _span(self, device: str, fact: DeviceFact, retracted: bool) -> None:
        """A fact that lasts: KPIs of the terminal and of the device change, of cranes where their spans know that."""
        spans = self.store.spans(type(fact))
        known = spans.get(fact)
        if known == fact and not retracted:
            return
        for crane, from_us in spans.change(fact, retracted=retracted):
            self.touch_crane(crane, from_us, ("stop",))
        since_us = spans.bounds_us(fact)[0] if retracted or known is None else spans.changed_us(known, fact)
        if since_us is not None:
            group = self.store.rack_of.get(fact.device_id, device)
            for subject in (self.store.terminal, *([group] if kind_of(self.store, group) is not None else ())):
                for kind in FOLLOWING.get(spans.kind, (spans.kind,)):
                    self.evaluator.touch(kind, subject, since_us)


ENTER: dict[type[DeviceFact], Callable[[FactStoreUpdater, str, Any, bool], Sequence[TruckVisit | Retracted] | None]] = {
    CraneMove: FactStoreUpdater._move,
    CraneDelay: FactStoreUpdater._delay,
    GateTransaction: FactStoreUpdater._transaction,
    LevelChange: FactStoreUpdater._level,
    EnergyUse: FactStoreUpdater._energy,
}
"""How types of facts are entered that KPIs are about and that are no plain spans; a test holds that none is missing."""


def _counted(visit: TruckVisit | None) -> tuple[object, ...] | None:
    """What KPIs are made from."""
    if visit is None:
        return None
    again, loads = visit.reason == ENTERED_AGAIN, (visit.brought, visit.taken)
    return visit.entered_us, visit.left_us, again, visit.queued_us, loads


def _first_difference(old: Attribution, new: Attribution, crane: str) -> int | None:
    """From when on a crane works other calls than it did; None: it does not. [µs since 1970 UTC]."""
    before, after = old.intervals(crane), new.intervals(crane)
    for one, other in zip(before, after, strict=False):
        if one != other:
            if (one.begin_us, one.call_id) == (other.begin_us, other.call_id):
                return min(one.end_us, other.end_us)
            return min(one.begin_us, other.begin_us)
    rest = before[len(after) :] or after[len(before) :]
    return rest[0].begin_us if rest else None
