"""The facts behind a value: what terms were counted from."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from processing.calls.call import VesselCall
from processing.containers.stays import ContainerStay
from processing.cranes.facts import CraneMove
from processing.energy.facts import Equipment
from processing.gates.appointments import TruckAppointment
from processing.gates.facts import TruckVisit
from processing.kpi.crane_activity import DelayPart
from processing.kpi.view import View
from processing.model.facts import DeviceFact
from processing.model.level import LevelChange

F = TypeVar("F", bound=DeviceFact)


@dataclass(frozen=True, slots=True)
class MoveOf:
    """A move and its crane; `reason` is why it was not counted, None where it was."""

    crane: str
    move: CraneMove
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CallOf:
    """A vessel call, the boxes moved for it in the window, and those in the move list of it, None: there is none."""

    call: VesselCall
    boxes: int
    listed: int | None


@dataclass(frozen=True, slots=True)
class QuarterOf:
    """A quarter of an hour of a subject: what it took, of a terminal by kind of equipment too. [1e-3 Wh, mg/kWh].

    Attributes:
        began_us, ended_us: the quarter. [µs since 1970 UTC]
        factor: CO2 for each kilowatt-hour; None: not configured.
    """

    began_us: int
    ended_us: int
    energy_mwh: int
    parts_mwh: Mapping[Equipment, int]
    factor: int | None


@dataclass(frozen=True, slots=True)
class UseOf:
    """What a device took in the window: sums of its facts, and how many there are. [1e-3 Wh, s]."""

    device_id: int
    equipment: Equipment
    quarters: int
    energy_mwh: int
    measured_s: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """Facts, each list in order.

    Attributes:
        moves: in the window: those counted, and the others with the reason.
        excluded: time that net rates leave out.
        delays: those counted, as far as they lie in allocated time.
        visits: those counted: completed, or inside.
        stays: of boxes, those that ended.
        appointments: of trucks, those that were settled.
        levels: of each device the change from which on its level holds, largest level first.
        calls: those that the subject is about.
        quarters: what the subject took in each quarter of an hour, in order.
        uses: what each device took, most first.
        spans: other facts, by type.
    """

    moves: list[MoveOf] = field(default_factory=list)
    excluded: list[DelayPart] = field(default_factory=list)
    delays: list[DelayPart] = field(default_factory=list)
    visits: list[TruckVisit] = field(default_factory=list)
    stays: list[ContainerStay] = field(default_factory=list)
    appointments: list[TruckAppointment] = field(default_factory=list)
    levels: list[LevelChange] = field(default_factory=list)
    calls: list[CallOf] = field(default_factory=list)
    quarters: list[QuarterOf] = field(default_factory=list)
    uses: list[UseOf] = field(default_factory=list)
    spans: dict[type[DeviceFact], list[Any]] = field(default_factory=dict)

    def add(self, record: type[F], facts: Iterable[F]) -> None:
        """Add facts of a type that are in order."""
        self.spans.setdefault(record, []).extend(facts)

    def of(self, record: type[F]) -> list[F]:
        """Those of a type."""
        return self.spans.get(record, [])


Collector = Callable[[View, Evidence], None]
"""Adds the facts that a term was counted from."""
