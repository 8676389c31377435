"""What can be scored: days of cranes, of vehicles, of reefers, of cold treatments, of a gate, of boxes, or alarms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from processing.model.device import Device
from processing.model.samples import Samples
from simulators.reefer_faults import REEFER_FAULTS
from simulators.score import (
    alarm_day,
    alarm_table,
    container_day,
    container_table,
    gates,
    reefer_table,
    treatments,
    trip_table,
)
from simulators.score import bars as crane_bars
from simulators.score import table as crane_table
from simulators.score.bars import Bar
from simulators.score.day import CraneDay, simulate
from simulators.score.gate_day import simulate as simulate_gate
from simulators.score.reefer_day import simulate as simulate_reefers
from simulators.score.reefers import ReeferScore
from simulators.score.tally import Count, Score
from simulators.score.treatment_day import simulate as simulate_treatments
from simulators.score.trips import TripScore
from simulators.score.vehicle_day import simulate as simulate_vehicles
from simulators.spoiling import FAULTS, spoil
from simulators.treatments.faults import TREATMENT_FAULTS

SPOIL_SEED = 77


class Sum(Protocol):
    """What days add up to."""

    @property
    def all(self) -> Count:
        """What is found and missed, of all kinds."""
        ...

    def add(self, day: Any, name: str) -> None:
        """Take in a day; `name` identifies it."""
        ...


@dataclass(frozen=True, slots=True)
class Subject:
    """One of them.

    Attributes:
        report: name of the file in bench/results, and of the document in docs/, that have its score.
        hours: length of each day of the report.
        counted: what is found and missed.
        faults: that its samples can have.
        day: simulates one, by preset, seed, hours and names of faults.
        score: adds days up.
        bars, table, as_json: of scores.
    """

    report: str
    hours: float
    counted: str
    faults: tuple[str, ...]
    day: Callable[[str, int, float, tuple[str, ...]], Any]
    score: Callable[[], Sum]
    bars: Callable[..., list[Bar]]
    table: Callable[..., str]
    as_json: Callable[..., Mapping[str, Any]]


def _crane_day(preset: str, seed: int, hours: float, faults: tuple[str, ...]) -> Any:
    def spoiler(samples: Samples, device: Device, day: CraneDay) -> Samples:
        spoilt, day.spoilt = spoil(samples, faults, np.random.default_rng([SPOIL_SEED, seed, device.device_id]))
        return spoilt

    return simulate(preset, seed, hours, spoiler if faults else None)


def _vehicle_day(preset: str, seed: int, hours: float, faults: tuple[str, ...]) -> Any:
    def spoiler(samples: Samples, device_id: int) -> tuple[Samples, list[tuple[str, int, int]]]:
        return spoil(samples, faults, np.random.default_rng([SPOIL_SEED, seed, device_id]))

    return simulate_vehicles(preset, seed, hours, spoiler if faults else None)


def _reefer_day(preset: str, seed: int, hours: float, faults: tuple[str, ...]) -> Any:
    def spoiler(samples: Samples, device_id: int) -> tuple[Samples, list[tuple[str, int, int]]]:
        return spoil(samples, faults, np.random.default_rng([SPOIL_SEED, seed, device_id]), faults=REEFER_FAULTS)

    return simulate_reefers(preset, seed, hours, spoiler if faults else None)


def _gate_day(preset: str, seed: int, hours: float, faults: tuple[str, ...]) -> Any:
    def spoiler(samples: Samples, device_id: int) -> Samples:
        return spoil(samples, faults, np.random.default_rng([SPOIL_SEED, seed, device_id]))[0]

    return simulate_gate(preset, seed, hours, spoiler if faults else None)


def _treatment_day(preset: str, seed: int, hours: float, faults: tuple[str, ...]) -> Any:
    def spoiler(samples: Samples, device_id: int) -> tuple[Samples, list[tuple[str, int, int]]]:
        return spoil(samples, faults, np.random.default_rng([SPOIL_SEED, seed, device_id]), faults=TREATMENT_FAULTS)

    return simulate_treatments(preset, seed, hours, spoiler if faults else None)


SUBJECTS = {
    "cranes": Subject(
        "score",
        24.0,
        "moves",
        tuple(fault.name for fault in FAULTS),
        _crane_day,
        Score,
        crane_bars.bars,
        crane_table.table,
        crane_table.as_json,
    ),
    "vehicles": Subject(
        "vehicles",
        6.0,
        "trips",
        tuple(fault.name for fault in FAULTS if fault.any_stream),
        _vehicle_day,
        TripScore,
        trip_table.bars,
        trip_table.table,
        trip_table.as_json,
    ),
    "reefers": Subject(
        "reefers",
        24.0,
        "excursions",
        tuple(fault.name for fault in REEFER_FAULTS),
        _reefer_day,
        ReeferScore,
        reefer_table.bars,
        reefer_table.table,
        reefer_table.as_json,
    ),
    "treatments": Subject(
        "treatments",
        26 * 24.0,
        "runs",
        tuple(fault.name for fault in TREATMENT_FAULTS),
        _treatment_day,
        treatments.TreatmentScore,
        treatments.bars,
        treatments.table,
        treatments.as_json,
    ),
    "gates": Subject(
        "gates",
        24.0,
        "visits",
        tuple(fault.name for fault in FAULTS if fault.any_stream),
        _gate_day,
        gates.GateScore,
        gates.bars,
        gates.table,
        gates.as_json,
    ),
    "containers": Subject(
        "containers",
        24.0,
        "timelines",
        container_day.FAULTS,
        container_day.simulate,
        container_table.ContainerScore,
        container_table.bars,
        container_table.table,
        container_table.as_json,
    ),
    "alarms": Subject(
        "alarms",
        12.0,
        "alarms",
        alarm_day.NAMES,
        alarm_day.simulate,
        alarm_table.AlarmScore,
        alarm_table.bars,
        alarm_table.table,
        alarm_table.as_json,
    ),
}
ALL_FAULTS = tuple(dict.fromkeys(name for subject in SUBJECTS.values() for name in subject.faults))
"""Names of all faults that can be put into samples."""
