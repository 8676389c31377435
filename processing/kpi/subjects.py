"""The kinds of subjects that KPIs are about, one row each: a new kind is a row, with terms and KPIs of its own."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from processing.calls.call import VesselCall
from processing.facts.cranes import CraneFacts
from processing.facts.store import FactStore
from processing.gates.signals import GATE
from processing.model.device import NEVER_US
from processing.model.facts import DeviceFact
from processing.model.stream import Stream
from processing.model.times import QUARTER_US
from processing.vehicles.facts import VehicleCharge, VehicleTrip
from processing.vehicles.signals import VEHICLE as VEHICLE_STREAM

CraneWork = tuple[str, str | None]
"""A crane, and the call for which its work counts; None: all of its work counts."""


def _no_calls(_store: FactStore, _name: str, *_times_us: int) -> list[VesselCall]:
    return []


def _no_cranes(_store: FactStore, _name: str, _calls: list[VesselCall]) -> list[CraneWork]:
    return []


@dataclass(frozen=True, slots=True, eq=False)
class SubjectKind:
    """One kind of subjects. Times in µs since 1970 UTC.

    Attributes:
        name: as in scopes of KPIs and in answers.
        names: the subjects that a fact store has.
        calls_in: the vessel calls that a subject is about in a window from one time to another.
        calls_at: those over which its window of kind "call" runs at a time.
        after_call_us: how long after the end of a call that window is still there. [µs]
        cranes: whose work belongs to it, given the calls that it is about.
        all_cranes: of a kind with the work of all cranes for which this holds; its totals are kept up to date.
        inactive_since: whether nothing has happened to it after a time: its longer windows need no new look.
        unknown_by: whether a store that was read for windows up to a time has nothing of it: then it has no KPI sample.
        tombstones: whether subjects are removed: the retained values of a removed one are emptied.
        keeps_last: whether its last values stay when its window has closed.
        plugs: of which a subject consists, where it is a group of plugs; None: it is none.
        stream: whose devices they are, where they are those of one stream that the store knows by name.
    """

    name: str
    names: Callable[[FactStore], Collection[str]]
    calls_in: Callable[[FactStore, str, int, int], list[VesselCall]] = _no_calls
    calls_at: Callable[[FactStore, str, int], list[VesselCall]] = _no_calls
    after_call_us: int = QUARTER_US  # one sample of the whole call
    cranes: Callable[[FactStore, str, list[VesselCall]], list[CraneWork]] = _no_cranes
    all_cranes: Callable[[CraneFacts], bool] | None = None
    inactive_since: Callable[[FactStore, str, int], bool] = lambda _store, _name, _since_us: False
    unknown_by: Callable[[FactStore, str, int], bool] = lambda _store, _name, _until_us: False
    tombstones: bool = False
    keeps_last: bool = False
    plugs: Callable[[FactStore, str], Collection[int] | None] = lambda _store, _name: None
    stream: Stream | None = None


def _call_of_crane(store: FactStore, crane: str, time_us: int) -> list[VesselCall]:
    call_id = store.attribution.call_at(crane, time_us)
    return [] if call_id is None else [store.calls[call_id]]


def _cranes_of_calls(store: FactStore, _name: str, calls: list[VesselCall]) -> list[CraneWork]:
    return [part for call in calls for part in cranes_of_call(store, call)]


def cranes_of_call(store: FactStore, call: VesselCall) -> list[CraneWork]:
    """Cranes that are assigned to a call, as far as they are known."""
    return [
        (name, call.call_id)
        for name in dict.fromkeys(one.crane for one in call.assignments if one.crane in store.cranes)
    ]


def _works_ships(crane: CraneFacts) -> bool:
    return not crane.yard


def _crane_unknown_by(store: FactStore, name: str, until_us: int) -> bool:
    crane = store.cranes[name]
    return crane.first_seen_us > until_us and crane.device_id not in store.entered_devices


def _terminal_unknown_by(store: FactStore, _name: str, until_us: int) -> bool:
    """Nothing is counted from facts, and nothing from the time since which devices are there."""
    counted = store.visits.known, store.stays.between(0, until_us), store.appointments.between(0, until_us)
    if store.calls or store.entered_devices or any(counted):
        return False
    gates_us = NEVER_US if store.gates_since_us is None else store.gates_since_us
    return min([gates_us, *(crane.first_seen_us for crane in store.cranes.values())]) > until_us


def devices_of(name: str, stream: Stream, *records: type[DeviceFact]) -> SubjectKind:
    """The kind of subjects that are devices of a stream whose `presence` is `NamedDevices`.

    Args:
        name: of the kind.
        stream: of the devices.
        records: facts that last, which KPIs of the devices are made from.
    """

    def inactive_since(store: FactStore, device: str, since_us: int) -> bool:
        device_id = store.devices[stream.name][device]
        return not any(any(store.spans(record).after(since_us, device_id)) for record in records)

    return SubjectKind(
        name,
        names=lambda store: store.devices[stream.name],
        inactive_since=inactive_since,
        unknown_by=_device_unknown_by(stream),
        stream=stream,
    )


def _device_unknown_by(stream: Stream) -> Callable[[FactStore, str, int], bool]:
    return lambda store, name, _until_us: store.devices[stream.name][name] not in store.entered_devices


TERMINAL = SubjectKind(
    "terminal",
    names=lambda store: (store.terminal,),
    calls_in=lambda store, _name, begin_us, end_us: store.calls_between(begin_us, end_us),
    calls_at=lambda store, _name, time_us: store.calls_between(time_us - 1, time_us + 1),  # all that are there
    after_call_us=0,  # and none that has left
    cranes=lambda store, _name, _calls: [(name, None) for name, crane in store.cranes.items() if _works_ships(crane)],
    all_cranes=_works_ships,
    unknown_by=_terminal_unknown_by,
)
CRANE = SubjectKind(
    "crane",
    names=lambda store: store.cranes,
    calls_at=_call_of_crane,
    cranes=lambda _store, name, calls: [(name, calls[0].call_id if calls else None)],
    inactive_since=lambda store, name, since_us: store.cranes[name].inactive_since(since_us),
    unknown_by=_crane_unknown_by,
)
BERTH = SubjectKind(
    "berth",
    names=lambda store: store.berths,
    calls_in=lambda store, name, begin_us, end_us: store.calls_between(begin_us, end_us, name),
    calls_at=lambda store, name, time_us: store.calls_between(time_us - QUARTER_US, time_us, name)[-1:],
    cranes=_cranes_of_calls,
    tombstones=True,
)
VESSEL_CALL = SubjectKind(
    "call",
    names=lambda store: store.calls,
    calls_at=lambda store, name, _time_us: [store.calls[name]],
    cranes=_cranes_of_calls,
    tombstones=True,
    keeps_last=True,
)
VEHICLE = devices_of("vehicle", VEHICLE_STREAM, VehicleTrip, VehicleCharge)


def _no_truck_since(store: FactStore, lane: str, since_us: int) -> bool:
    return not any(store.transactions.between(since_us, 2**62, store.devices[GATE.name][lane]))


LANE = SubjectKind(
    "lane",
    names=lambda store: store.devices[GATE.name],
    inactive_since=_no_truck_since,
    unknown_by=_device_unknown_by(GATE),
    stream=GATE,
)
RACK = SubjectKind(
    "rack",
    names=lambda store: store.racks,
    unknown_by=lambda store, name, _until_us: store.entered_devices.isdisjoint(store.racks[name]),
    plugs=lambda store, name: store.racks[name],
)
KINDS = (TERMINAL, CRANE, BERTH, VESSEL_CALL, VEHICLE, RACK, LANE)
"""In order of precedence: of subjects with the same name the first one counts."""


def kind_of(store: FactStore, name: str) -> SubjectKind | None:
    """What kind of subject a name means; None where there is no such subject."""
    return next((kind for kind in KINDS if name in kind.names(store)), None)


def subjects(store: FactStore) -> dict[str, SubjectKind]:
    """All subjects of a fact store, by kind in order of precedence."""
    found: dict[str, SubjectKind] = {}
    for kind in KINDS:
        for name in kind.names(store):
            found.setdefault(name, kind)
    return found


def subjects_of(store: FactStore, kind: SubjectKind) -> list[str]:
    """Subjects of one kind."""
    before = [other.names(store) for other in KINDS[: KINDS.index(kind)]]
    return [name for name in kind.names(store) if not any(name in names for names in before)]
