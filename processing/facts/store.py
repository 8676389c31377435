"""The facts of one terminal that open windows need, looked up by event time. In memory, bounded by a horizon."""

from collections import defaultdict
from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeVar

from processing.calls.attribution import GRACE_US, Attribution
from processing.calls.call import VesselCall
from processing.containers.stays import ContainerStay
from processing.cranes.facts import CraneDelay, CraneMove
from processing.energy.facts import EnergyUse
from processing.facts.counted import Counted
from processing.facts.cranes import CraneFacts
from processing.facts.deciding_trips import DecidingTrips
from processing.facts.energy import EnergyFacts
from processing.facts.lanes import LaneTransactions
from processing.facts.levels import Levels
from processing.facts.spans import Spans
from processing.gates.appointments import TruckAppointment
from processing.gates.facts import GateTransaction, TruckVisit
from processing.gates.visits import Visits
from processing.model.facts import DeviceFact, TerminalFact
from processing.model.level import OF_ALARMS, LevelChange
from processing.site.configuration import Site
from processing.vehicles.facts import VehicleTrip

F = TypeVar("F", bound=DeviceFact)
LOGGED_ON = "logged_on"


class FactStore:
    """All of one terminal: cranes by device name, calls, visits, levels and other facts that last by device id.

    Args:
        terminal: its id.
        site: its configuration.
    """

    def __init__(self, terminal: str, site: Site | None = None) -> None:
        self.terminal = terminal
        self.site = Site() if site is None else site
        self.cranes: dict[str, CraneFacts] = {}
        self.calls: dict[str, VesselCall] = {}
        self.listed: dict[str, int] = {}  # boxes in the terminal operating system's list, by call
        self.changed_cranes: set[int] = set()  # ids; see `CraneFacts.journal`
        self._attribution: Attribution | None = None
        self._calls_of: dict[str, list[VesselCall]] | None = None
        self._berths: dict[str, None] | None = None
        self.visits = Visits(terminal)
        self.transactions = LaneTransactions()
        self.stays = Counted[ContainerStay](attrgetter("container_id"), attrgetter("left_us"))
        self.appointments = Counted[TruckAppointment](attrgetter("appointment"), attrgetter("settled_us"))
        self.gates_since_us: int | None = None
        self.devices: dict[str, dict[str, int]] = defaultdict(dict)  # ids by stream and name, of streams of subjects
        self.racks: dict[str, dict[int, None]] = {}  # ids of plugs by rack
        self.rack_of: dict[int, str] = {}  # by id of the plug
        self.levels = Levels(self.racks, self.rack_of)
        self.energy = EnergyFacts()
        self.trips = DecidingTrips(self.cranes)
        self.entered_devices: set[int] = set()  # ids of those of which `put` has entered a fact
        self._spans: dict[type[DeviceFact], Spans[Any]] = {VehicleTrip: self.trips}  # others when they are asked for

    def put(self, device: str, fact: DeviceFact | TerminalFact) -> None:
        """Enter a fact.

        Args:
            device: name of its device; of no meaning for facts of the terminal.
            fact: of any type that windows see.
        """
        if isinstance(fact, DeviceFact):
            self.entered_devices.add(fact.device_id)
        enter = PUT.get(type(fact))
        if enter is not None:
            enter(self, device, fact)
        elif isinstance(fact, DeviceFact):
            self.spans(type(fact)).put(fact)
        else:
            raise TypeError(f"no way to enter a {type(fact).__name__}")

    def put_rack(self, rack: str, device_id: int) -> None:
        """Enter the rack that a plug belongs to, and no other."""
        before = self.rack_of.get(device_id)
        if before == rack:
            return
        if before is not None:
            del self.racks[before][device_id]
        self.racks.setdefault(rack, {})[device_id] = None
        self.rack_of[device_id] = rack
        self.levels.regroup()

    def spans(self, record: type[F]) -> Spans[F]:
        """Facts of a type that last, of which the store needs to know no more than that.

        Raises:
            TypeError: it is no such type.
        """
        found = self._spans.get(record)
        if found is None:
            if record.seen is None or record.seen.kind is None:
                raise TypeError(f"no way to enter a {record.__name__}")
            found = self._spans[record] = Spans(record.seen.kind, record.seen)
        return found

    @property
    def attribution(self) -> Attribution:
        """Which call a crane works when."""
        if self._attribution is None:
            self._attribution = Attribution(self.calls.values())
        return self._attribution

    def put_call(self, call: VesselCall) -> VesselCall | None:
        """Enter a call as it is announced now; the announcement before is returned."""
        before = self.calls.get(call.call_id)
        self.calls[call.call_id] = call
        self._attribution = self._calls_of = self._berths = None
        return before

    def drop_call(self, call_id: str) -> VesselCall | None:
        """Remove a call; it is returned."""
        self._attribution = self._calls_of = self._berths = None
        return self.calls.pop(call_id, None)

    @property
    def berths(self) -> dict[str, None]:
        """Berths that calls name, in order."""
        if self._berths is None:
            self._berths = dict.fromkeys(sorted({call.berth for call in self.calls.values() if call.berth is not None}))
        return self._berths

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

    def drop_level(self, level: LevelChange) -> None:
        """Remove a change of a device's level."""
        if self.levels.drop(level):
            self._note_level(level)

    def put_level(self, level: LevelChange) -> None:
        """Enter a change of a device's level, where a KPI is about it."""
        if level.name not in OF_ALARMS:
            self.levels.put(level)
            self._note_level(level)

    def _note_level(self, level: LevelChange) -> None:
        if level.name == LOGGED_ON:
            self.changed_cranes.add(level.device_id)

    def visits_completed(self, after_us: int, until_us: int) -> list[TruckVisit]:
        """Visits completed in (after, until]."""
        visits = self.visits.known.values()
        return [one for one in visits if one.left_us is not None and after_us < one.left_us <= until_us]

    def turn_times_us(self, after_us: int, until_us: int) -> list[int]:
        """Turn times of visits completed in (after, until], shortest first."""
        return sorted(
            one.left_us - one.entered_us
            for one in self.visits_completed(after_us, until_us)
            if one.left_us is not None and one.entered_us is not None
        )

    def forget(self, before_us: int, visits_before_us: int, work_before_us: int) -> None:
        """Drop what no window can see any more.

        Args:
            before_us: no window over gates and levels begins earlier.
            visits_before_us: open visits are kept until then.
            work_before_us: no window over devices' work begins earlier, bar those of calls, which are kept whole.
        """
        self._forget_work(work_before_us)
        since_us = {LOGGED_ON: None, "plugged": work_before_us}  # log-ons: with the work of their crane
        self.levels.forget(lambda name: since_us.get(name, before_us))
        self.visits.forget(before_us, visits_before_us)
        self.transactions.forget(work_before_us)
        self.stays.forget(work_before_us)
        self.appointments.forget(work_before_us)
        self.energy.forget(work_before_us)
        for spans in self._spans.values():
            spans.forget(work_before_us)

    def _forget_work(self, before_us: int) -> None:
        spans = {call.call_id: span for call in self.calls.values() if (span := call.span_us) is not None}
        # A call that has ended still decides which moves within a longer one are not the longer one's.
        since_us = min([before_us, *(begin_us for begin_us, end_us in spans.values() if end_us >= before_us)])
        for call_id in [c for c in self.calls if c not in spans or spans[c][1] + GRACE_US < since_us]:
            self.drop_call(call_id)
            self.listed.pop(call_id, None)
        keep_us = self._needed_us(before_us)
        for name, crane in self.cranes.items():
            from_us = keep_us.get(name, before_us)
            crane.forget(from_us)
            line = self.levels.line(LOGGED_ON, crane.device_id)
            if line is not None:
                line.forget(from_us)

    @property
    def edits_since_us(self) -> int:
        """No delay began earlier of which stated causes count here. [µs since 1970 UTC]."""
        return min((crane.first_delay_us for crane in self.cranes.values()), default=0)

    def missing_us(self, before_us: int) -> dict[str, int]:
        """Cranes of which windows of calls need more than is here, as of a call announced late; from when on.

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


PUT: dict[type[DeviceFact | TerminalFact], Callable[[FactStore, str, Any], object]] = {
    CraneMove: lambda store, crane, move: store.cranes[crane].put(move),
    CraneDelay: lambda store, crane, delay: store.cranes[crane].put_delay(delay),
    GateTransaction: lambda store, _lane, one: store.transactions.put(one),
    TruckVisit: lambda store, _lane, visit: store.visits.put(visit),
    LevelChange: lambda store, _device, level: store.put_level(level),
    EnergyUse: lambda store, _device, energy: store.energy.put(energy),
}
"""How each type of fact that windows see is entered, where it is no plain span."""
