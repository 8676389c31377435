"""The facts of one terminal that open windows need, looked up by event time. In memory, bounded by a horizon."""

from collections.abc import Callable
from typing import Any, Literal

from processing.calls.attribution import GRACE_US, Attribution
from processing.calls.call import VesselCall
from processing.cranes.facts import CraneDelay, CraneMove
from processing.facts.cranes import CraneFacts
from processing.gates.facts import TruckVisit
from processing.gates.visits import merge
from processing.model.facts import DeviceFact, TerminalFact
from processing.model.level import LevelChange, LevelName
from processing.model.timeline import Timeline
from processing.reefers.facts import ReeferExcursion
from processing.site.configuration import Site

SubjectKind = Literal["terminal", "crane", "berth", "call"]


class FactStore:
    """All of one terminal: cranes by device name, calls, visits, excursions, levels by device id.

    Args:
        terminal: its id.
        site: its decisions.
    """

    def __init__(self, terminal: str, site: Site | None = None) -> None:
        self.terminal = terminal
        self.site = Site() if site is None else site
        self.cranes: dict[str, CraneFacts] = {}
        self.calls: dict[str, VesselCall] = {}
        self.listed: dict[str, int] = {}  # boxes in the terminal operating system's list, by call
        self._attribution: Attribution | None = None
        self._calls_of: dict[str, list[VesselCall]] | None = None
        self.visits: dict[str, TruckVisit] = {}
        self.gates_since_us: int | None = None
        self.excursions: dict[tuple[int, str, int], ReeferExcursion] = {}
        self.levels: dict[LevelName, dict[int, Timeline]] = {
            "logged_on": {},
            "plugged": {},
            "unpowered": {},
            "queue_length": {},
        }

    def put(self, device: str, fact: DeviceFact | TerminalFact) -> None:
        """Enter a fact.

        Args:
            device: name of its device; of no meaning for facts of the terminal.
            fact: of any type that windows see.
        """
        PUT[type(fact)](self, device, fact)

    @property
    def attribution(self) -> Attribution:
        """Which call a crane works when."""
        if self._attribution is None:
            self._attribution = Attribution(self.calls.values())
        return self._attribution

    def put_call(self, call: VesselCall) -> VesselCall | None:
        """Note what is told of a call; what was told before is returned."""
        before = self.calls.get(call.call_id)
        self.calls[call.call_id] = call
        self._attribution = self._calls_of = None
        return before

    def drop_call(self, call_id: str) -> VesselCall | None:
        """Forget a call; it is returned."""
        self._attribution = self._calls_of = None
        return self.calls.pop(call_id, None)

    @property
    def berths(self) -> set[str]:
        """Berths that calls name."""
        return {call.berth for call in self.calls.values() if call.berth is not None}

    def kind_of(self, subject: str) -> SubjectKind | None:
        """What a subject is; of things with the same name the first of terminal, crane, berth, call."""
        if subject == self.terminal:
            return "terminal"
        if subject in self.cranes:
            return "crane"
        if subject in self.berths:
            return "berth"
        return "call" if subject in self.calls else None

    def calls_of(self, crane: str) -> list[VesselCall]:
        """Calls that a crane is assigned to."""
        if self._calls_of is None:  # every fact asks, of thousands of cranes
            self._calls_of = {}
            for call in self.calls.values():
                for name in {one.crane for one in call.assignments}:
                    self._calls_of.setdefault(name, []).append(call)
        return self._calls_of.get(crane, [])

    def calls_between(self, begin_us: int, end_us: int, berth: str | None = None) -> list[VesselCall]:
        """Calls, of a berth or of all, that last at some time of [begin, end), in order of beginning."""
        found = []
        for call in self.calls.values():
            span = call.span_us
            if span is not None and span[0] < end_us and span[1] > begin_us and berth in (None, call.berth):
                found.append((span[0], call.call_id, call))
        return [call for _, _, call in sorted(found, key=lambda one: one[:2])]

    def put_visit(self, told: TruckVisit) -> TruckVisit:
        """Note what is told of a visit; the whole of what is known is returned."""
        self.visits[told.visit] = merged = merge(self.visits.get(told.visit), told)
        return merged

    def put_excursion(self, excursion: ReeferExcursion) -> None:
        """Note an excursion, in the place of an earlier telling of it."""
        self.excursions[excursion.device_id, excursion.probe, excursion.began_us] = excursion

    def drop_excursion(self, excursion: ReeferExcursion) -> None:
        """Forget an excursion."""
        self.excursions.pop(excursion.key, None)

    def drop_level(self, level: LevelChange) -> None:
        """Forget a device's level."""
        line = self.levels[level.name].get(level.device_id)
        if line is not None:
            line.drop(level.time_us)

    def put_level(self, level: LevelChange) -> None:
        """Note a device's level."""
        self.levels[level.name].setdefault(level.device_id, Timeline()).put(level.time_us, level.value)

    def level_sum(self, name: LevelName, time_us: int) -> float | None:
        """Sum of a level over the devices that have told theirs by then; None where none has."""
        told = [value for line in self.levels[name].values() if (value := line.at(time_us)) is not None]
        return sum(told) if told else None

    def turn_times_us(self, after_us: int, until_us: int) -> list[int]:
        """Turn times of visits completed in (after, until], shortest first."""
        return sorted(
            visit.left_us - visit.entered_us
            for visit in self.visits.values()
            if visit.left_us is not None and visit.entered_us is not None and after_us < visit.left_us <= until_us
        )

    def forget(self, before_us: int, visits_before_us: int, work_before_us: int) -> None:
        """Drop what no window can see any more.

        Args:
            before_us: no window over gates and reefers begins earlier.
            visits_before_us: open visits are kept until then.
            work_before_us: no window over cranes' work begins earlier, bar those of calls, which are kept whole.
        """
        self._forget_work(work_before_us)
        for name, lines in self.levels.items():
            for line in lines.values() if name != "logged_on" else ():
                line.forget(before_us)
        for visit in [v for v in self.visits.values() if _is_over(v, before_us, visits_before_us)]:
            del self.visits[visit.visit]
        for key in [k for k, e in self.excursions.items() if e.ended_us is not None and e.ended_us < before_us]:
            del self.excursions[key]

    def _forget_work(self, before_us: int) -> None:
        spans = {call.call_id: span for call in self.calls.values() if (span := call.span_us) is not None}
        # A call that is over still says whose the moves within a longer one are not.
        since_us = min([before_us, *(begin_us for begin_us, end_us in spans.values() if end_us >= before_us)])
        for call_id in [c for c in self.calls if c not in spans or spans[c][1] + GRACE_US < since_us]:
            self.drop_call(call_id)
            self.listed.pop(call_id, None)
        keep_us = self._needed_us(before_us)
        for name, crane in self.cranes.items():
            from_us = keep_us.get(name, before_us)
            crane.forget(from_us)
            line = self.levels["logged_on"].get(crane.device_id)
            if line is not None:
                line.forget(from_us)

    @property
    def edits_since_us(self) -> int:
        """No stop began earlier of which it counts here what people said. [µs since 1970 UTC]."""
        return min((crane.first_stop_us for crane in self.cranes.values()), default=0)

    def missing_us(self, before_us: int) -> dict[str, int]:
        """Cranes of which windows of calls need more than is here, as of a call told late; from when on.

        Args:
            before_us: as `work_before_us` of `forget`.
        """
        needed_us = self._needed_us(before_us)
        return {
            name: at_us
            for name, at_us in needed_us.items()
            if name in self.cranes and at_us < self.cranes[name].since_us
        }

    def _needed_us(self, before_us: int) -> dict[str, int]:
        """From when on windows of calls need what cranes did, where that is earlier than windows of others do."""
        needed_us: dict[str, int] = {}
        for call in self.calls.values():
            if call.span_us is not None and call.span_us[1] >= before_us:
                for one in call.assignments:
                    needed_us[one.crane] = min(needed_us.get(one.crane, before_us), one.from_us)
        return needed_us


def _is_over(visit: TruckVisit, before_us: int, open_before_us: int) -> bool:
    if visit.left_us is not None:
        return visit.left_us < before_us
    return (visit.entered_us or 0) < open_before_us


PUT: dict[type[DeviceFact | TerminalFact], Callable[[FactStore, str, Any], object]] = {
    CraneMove: lambda store, crane, move: store.cranes[crane].put(move),
    CraneDelay: lambda store, crane, delay: store.cranes[crane].put_delay(delay),
    TruckVisit: lambda store, _lane, visit: store.put_visit(visit),
    ReeferExcursion: lambda store, _plug, excursion: store.put_excursion(excursion),
    LevelChange: lambda store, _device, level: store.put_level(level),
}
"""How each type of fact that windows see is entered."""
