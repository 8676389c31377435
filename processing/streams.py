"""The registry of streams: one row each. What differs from stream to stream derives from its row.

Adding a stream: a room with signals, facts and tracker, a migration, and a row here; see docs/guides/add-a-stream.md.
"""

from dataclasses import dataclass
from typing import Any

from processing.alarms.facts import ALARM
from processing.containers.facts import CONTAINER_EVENT
from processing.containers.stays import STAY
from processing.cranes.facts import DELAY, MOVE, PARTIAL_LOCK
from processing.cranes.signals import CRANE
from processing.cranes.tracker import CraneTracker
from processing.energy.facts import ENERGY
from processing.gates.appointments import APPOINTMENT
from processing.gates.facts import TRANSACTION, VISIT
from processing.gates.signals import GATE
from processing.gates.tracker import GateTracker
from processing.model.fact_type import FactType
from processing.model.facts import FactKind
from processing.model.level import LEVEL_CHANGE
from processing.model.silence import DEVICE_SILENCE
from processing.model.stream import Stream
from processing.model.times import HOUR_US
from processing.model.tracker import CarryForwardTracker, Tracker
from processing.presence import CranePresence, GatePresence, NamedDevices, PlugsOfRacks, Presence
from processing.reefers.facts import EXCURSION, OFF_POWER, PLUG_CHANGE, REEFER_TIME, SILENCE
from processing.reefers.signals import REEFER
from processing.reefers.tracker import ReeferTracker
from processing.treatments.facts import COLD_TREATMENT
from processing.vehicles.facts import CHARGE, TRIP
from processing.vehicles.signals import VEHICLE
from processing.vehicles.tracker import VehicleTracker


@dataclass(frozen=True, slots=True)
class InStep:
    """After so many facts of a type a detector is in the state of one that has seen, or not seen, other samples."""

    of: FactType[Any]
    count: int


@dataclass(frozen=True, slots=True)
class StreamRow:
    """One stream.

    Attributes:
        stream: its name, table and signals.
        tracker: finds its facts.
        facts: types of facts that its devices' samples decide over.
        kpi_facts: kinds of facts, as KPIs name them, that change with its samples.
        look_back_us: where recomputing begins before the first late sample; further back while the detector is not
            synchronised by then. [µs]
        type: type of a device that reports none, where its name does not give one either.
        type_by_prefix: types by the beginning of the device's name.
        terminal_facts: types of facts that follow from those of its devices.
        presence: how KPIs know its devices, and since when they are there; None: no KPI needs that, and the time of a
            device's first sample is not read.
        calibrated: whether its detectors take parameters of a device.
        profiled: whether they take the profiles of its terminal.
        racked: whether its devices are plugs, which belong to racks.
        in_step: when facts found in two states cannot differ any more, beside that they are final; None: at once.
        restored_together_us: at start all its devices are read together from so long ago, which is much faster than one
            by one; most are known then. None: one by one. [µs]
        boxes_stay: whether a box that names itself once is there until its device is free, for days perhaps.
        live_s: how often live clients get its new samples; 1 where the page draws its devices as they move. [s]

    Raises:
        ValueError: parts of the row contradict each other; says which one is to be changed.
    """

    stream: Stream
    tracker: type[Tracker[Any]]
    facts: tuple[FactType[Any], ...]
    kpi_facts: tuple[FactKind, ...]
    look_back_us: tuple[int, ...]
    type: str
    type_by_prefix: tuple[tuple[str, str], ...] = ()
    terminal_facts: tuple[FactType[Any], ...] = ()
    presence: Presence | None = None
    calibrated: bool = False
    profiled: bool = False
    racked: bool = False
    in_step: InStep | None = None
    restored_together_us: int | None = None
    boxes_stay: bool = False
    live_s: int = 5

    def __post_init__(self) -> None:
        """See that its parts fit together: otherwise facts would be wrong, or missing, without a word."""
        name, tracker = self.stream.name, self.tracker.__name__
        carried = self.tracker.CARRIED if issubclass(self.tracker, CarryForwardTracker) else ()
        for where, names in (("CARRIED", carried), ("READ", self.tracker.READ)):
            if unknown := sorted(set(names) - set(self.stream.by_name)):
                raise ValueError(f"{where} of {tracker} names {', '.join(unknown)}: no signal of the stream {name}")
        if unread := sorted(set(carried) - set(self.tracker.READ)):
            raise ValueError(f"READ of {tracker} lacks {', '.join(unread)} of CARRIED: recomputing would not get it")
        for of in self.facts:
            kind = None if of.seen is None else of.seen.kind
            if kind is not None and kind not in self.kpi_facts:
                raise ValueError(f"kpi_facts of the stream {name} lacks {kind}, which {of.record.__name__} is for KPIs")

    def type_of(self, device: str) -> str:
        """Type of a device that reports none, from its name."""
        return next((type_ for prefix, type_ in self.type_by_prefix if device.startswith(prefix)), self.type)

    @property
    def tables(self) -> tuple[str, ...]:
        """Tables of its samples and of its facts."""
        return (self.stream.table, *(of.table for of in (*self.facts, *self.terminal_facts)))

    @property
    def works_calls(self) -> bool:
        """Whether vessel calls have its devices assigned."""
        return "call" in self.kpi_facts


ROWS = (
    StreamRow(
        CRANE,
        CraneTracker,
        facts=(MOVE, DELAY, PARTIAL_LOCK, DEVICE_SILENCE, ENERGY, LEVEL_CHANGE),
        kpi_facts=("move", "stop", "call", "energy", "box_energy", STAY),
        look_back_us=(HOUR_US // 4, 2 * HOUR_US, 12 * HOUR_US, 72 * HOUR_US),
        type="STS",
        terminal_facts=(CONTAINER_EVENT,),
        type_by_prefix=(
            ("sts", "STS"),
            ("qc", "STS"),
            ("armg", "ARMG"),
            ("asc", "ARMG"),
            ("rmg", "ARMG"),
            ("rtg", "RTG"),
        ),
        presence=CranePresence(),
        calibrated=True,
        in_step=InStep(MOVE, 8),
        live_s=1,
    ),
    StreamRow(
        GATE,
        GateTracker,
        facts=(TRANSACTION, LEVEL_CHANGE),
        kpi_facts=("visit", "queue_length", "transaction", STAY, APPOINTMENT),
        look_back_us=(6 * HOUR_US, 24 * HOUR_US, 168 * HOUR_US),
        type="LANE",
        terminal_facts=(VISIT, CONTAINER_EVENT),
        presence=GatePresence(),
    ),
    StreamRow(
        REEFER,
        ReeferTracker,
        facts=(EXCURSION, OFF_POWER, SILENCE, PLUG_CHANGE, ENERGY, LEVEL_CHANGE),
        kpi_facts=(
            "plugged",
            "unpowered",
            "running",
            "wrong_setpoint",
            "excursion",
            "off_power",
            "silence",
            REEFER_TIME,
            "energy",
            "box_energy",
        ),
        look_back_us=(8 * HOUR_US, 24 * HOUR_US, 72 * HOUR_US, 168 * HOUR_US),
        type="PLUG",
        terminal_facts=(COLD_TREATMENT, CONTAINER_EVENT),
        presence=PlugsOfRacks(),
        profiled=True,
        racked=True,
        restored_together_us=8 * HOUR_US,
        boxes_stay=True,
    ),
    StreamRow(
        VEHICLE,
        VehicleTracker,
        facts=(TRIP, CHARGE, DEVICE_SILENCE, ENERGY, LEVEL_CHANGE),
        kpi_facts=("trip", "charge", "charging", "battery_low", "energy", "box_energy"),
        look_back_us=(HOUR_US // 2, 2 * HOUR_US, 12 * HOUR_US, 72 * HOUR_US),
        type="AGV",
        terminal_facts=(CONTAINER_EVENT,),
        type_by_prefix=(("tt", "TT"), ("sc", "SC")),
        presence=NamedDevices(),
        in_step=InStep(TRIP, 6),
        restored_together_us=HOUR_US // 2,
        live_s=1,
    ),
)
BY_NAME: dict[str, StreamRow] = {row.stream.name: row for row in ROWS}
STREAMS: dict[str, Stream] = {row.stream.name: row.stream for row in ROWS}
OF_NO_STREAM: tuple[FactType[Any], ...] = (ALARM,)
"""Types of facts of terminals that follow from facts of any stream."""
FACT_TYPES: dict[type[Any], FactType[Any]] = {
    one.record: one for one in (*(one for row in ROWS for one in (*row.facts, *row.terminal_facts)), *OF_NO_STREAM)
}
"""Every type of fact by its record."""
DEVICE_FACTS = tuple(dict.fromkeys(one for row in ROWS for one in row.facts))
"""Types of facts that devices' samples decide over, each once."""
KPI_FACTS = frozenset(kind for row in ROWS for kind in row.kpi_facts)
"""Kinds of facts that KPIs are made from."""
CALL_KPI_FACTS: tuple[FactKind, ...] = tuple(
    dict.fromkeys(kind for row in ROWS if row.works_calls for kind in row.kpi_facts)
)
"""Kinds of facts whose KPIs change with a vessel call."""
