"""What facts of devices, runs of treatments and messages show of boxes: one row a type of fact."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from processing.containers.facts import EventName
from processing.containers.tos_report import TOS_REPORT, TosReport
from processing.cranes.facts import MOVE, CraneMove
from processing.gates.facts import TRANSACTION, GateTransaction
from processing.model.fact_type import FactType
from processing.reefers.facts import EXCURSION, PLUG_CHANGE, PlugChange, ReeferExcursion
from processing.treatments.facts import COLD_TREATMENT, ColdTreatment
from processing.vehicles.facts import TRIP, VehicleTrip

PROBES = ("supply", "return", "both")
ABOARD = "vessel"
"""The place of a box on a ship."""


@dataclass(frozen=True, slots=True)
class Happening:
    """What a fact shows of boxes at one time; `read` are their numbers as they were read. [µs since 1970 UTC].

    `first` is the ordinal of the first of them, where other facts with the same time may show such a thing too.
    """

    event: EventName
    time_us: int
    place: str | None
    read: tuple[str, ...]
    confidence: float = 1.0
    first: int = 0


Show = Callable[[str, Any], Iterable[Happening]]
"""From the name of the device and a fact."""


@dataclass(frozen=True, slots=True)
class Source:
    """A type of fact that shows something of boxes.

    Attributes:
        of: the type.
        show: what one of them shows.
    """

    of: FactType[Any]
    show: Show


def _move(crane: str, move: CraneMove) -> Iterable[Happening]:
    """A lift: the end at the quay or on the ship is where the box was or is."""
    if move.kind in ("hatch_cover", "gear"):
        return
    if move.kind in ("discharge", "load"):
        event: EventName = "discharged" if move.kind == "discharge" else "loaded"
        place = crane if move.kind == "discharge" else ABOARD
        yield Happening(event, move.landed_us, place, move.container_ids, move.confidence)
        return
    place = ABOARD if move.kind == "shift" else crane if move.gantry_m is None else f"{crane} {move.gantry_m:.0f} m"
    yield Happening("picked", move.locked_us, crane, move.container_ids, move.confidence)
    yield Happening("placed", move.landed_us, place, move.container_ids, move.confidence)


def _transaction(lane: str, transaction: GateTransaction) -> Iterable[Happening]:
    """A truck with boxes that was through a lane."""
    passed_us = transaction.passed_us
    if passed_us is not None and transaction.direction is not None:
        event: EventName = "gate_in" if transaction.direction == "in" else "gate_out"
        yield Happening(event, passed_us, lane, transaction.container_ids)


def _trip(vehicle: str, trip: VehicleTrip) -> Iterable[Happening]:
    """A laden way: from its departure the box is on the vehicle, from its arrival where that stands."""
    if trip.laden is False:
        return
    yield Happening("picked", trip.began_us, vehicle, trip.container_ids)
    words = (trip.to_zone, None if trip.to_x_m is None else f"{trip.to_x_m:.0f} m")
    yield Happening("placed", trip.ended_us, " ".join(filter(None, words)) or vehicle, trip.container_ids)


def _plug_change(plug: str, change: PlugChange) -> Iterable[Happening]:
    yield Happening("plugged" if change.plugged else "unplugged", change.time_us, plug, (change.container_id,))


def _excursion(plug: str, excursion: ReeferExcursion) -> Iterable[Happening]:
    """Of each probe one may begin at the same time."""
    read = () if excursion.container_id is None else (excursion.container_id,)
    first = PROBES.index(excursion.probe) if excursion.probe in PROBES else len(PROBES)
    yield Happening("excursion_began", excursion.began_us, plug, read, first=first)
    if excursion.ended_us is not None:
        yield Happening("excursion_ended", excursion.ended_us, plug, read, first=first)


def _treatment(container: str, run: ColdTreatment) -> Iterable[Happening]:
    yield Happening("treatment_began", run.began_us, None, (container,))
    if run.ended_us is not None:
        event: EventName = "treatment_done" if run.verdict == "done" else "treatment_failed"
        yield Happening(event, run.ended_us, None, (container,))


def _report(_container: str, report: TosReport) -> Iterable[Happening]:
    """What the terminal operating system states; where the box is in the terminal, it mostly does not."""
    stated = None if report.place == ABOARD else report.place  # where it came from or goes to: it is not on board
    place = ABOARD if report.event == "loaded" else stated
    yield Happening(report.event, report.time_us, place, (report.container_raw,))


ROWS = (
    Source(MOVE, _move),
    Source(TRANSACTION, _transaction),
    Source(TRIP, _trip),
    Source(PLUG_CHANGE, _plug_change),
    Source(EXCURSION, _excursion),
    Source(COLD_TREATMENT, _treatment),
    Source(TOS_REPORT, _report),
)
SOURCES: dict[type[Any], Source] = {row.of.record: row for row in ROWS}
"""By the record."""
