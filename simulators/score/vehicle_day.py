"""One simulated day of a terminal's vehicles: trips and charging sessions that really happened, and those found."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from processing.model.device import NEVER_US, Device
from processing.model.samples import Samples, groups, joined
from processing.vehicles.facts import VehicleCharge, VehicleTrip
from processing.vehicles.signals import VEHICLE
from processing.vehicles.tracker import VehicleTracker
from simulators.cranes import Crane
from simulators.cranes.jobs import CraneJob
from simulators.fleet import Fleet as CraneFleet
from simulators.parameters import PRESETS
from simulators.score.day import START_MS
from simulators.score.tally import NEAR_US
from simulators.vehicles.columns import to_samples
from simulators.vehicles.group import Fleet
from simulators.vehicles.parameters import TRUCK
from simulators.vehicles.truth import TrueCharge, TrueTrip
from simulators.yard import Yard

HOUR_MS = 3_600_000
ENDS = ("began", "ended")
"""Of a trip and of a charging session."""
OWN_SEED = 4
"""Keeps the vehicles' draws apart from those of the cranes."""


@dataclass(slots=True)
class VehicleDay:
    """Truth and facts of one vehicle in a span. `samples` is how many it sent, `spoilt` what was done to them."""

    vehicle: str
    period_ms: int
    end_us: int
    trips: list[TrueTrip] = field(default_factory=list)
    found: list[VehicleTrip] = field(default_factory=list)
    charges: list[TrueCharge] = field(default_factory=list)
    found_charges: list[VehicleCharge] = field(default_factory=list)
    samples: int = 0
    spoilt: list[tuple[str, int, int]] = field(default_factory=list)

    def faults_near(self, begin_us: int, end_us: int) -> list[str]:
        """Names of faults within 30 s of a span. [µs since 1970 UTC]."""
        return sorted(
            {name for name, begin, end in self.spoilt if begin < end_us + NEAR_US and end > begin_us - NEAR_US}
        )


Spoiler = Callable[[Samples, int], tuple[Samples, list[tuple[str, int, int]]]]
"""Spoils the samples of a vehicle, by its device id."""


def simulate(preset: str, seed: int, hours: float, spoil: Spoiler | None = None) -> list[VehicleDay]:
    """Simulate a span and find the trips and charging sessions, a day of each vehicle.

    Args:
        preset: name in `PRESETS`.
        seed: of the simulation.
        hours: how long.
        spoil: what spoils the samples of a vehicle; None: they are clean.
    """
    end_ms = START_MS + round(hours * HOUR_MS)
    cranes = [
        crane
        for crane in CraneFleet(PRESETS[preset], np.random.SeedSequence(seed), START_MS).cranes
        if crane.parameters.serves_vehicles
    ]
    jobs = [job for crane in cranes for job in _jobs(crane, end_ms)]
    own = np.random.SeedSequence((seed, OWN_SEED))
    fleet = Fleet(PRESETS[preset], own, START_MS, cranes, Yard(), lambda _job, _boxes: None)
    days = [VehicleDay(vehicle.name, TRUCK.period_ms, end_ms * 1000) for vehicle in fleet.vehicles]
    parts: list[list[Samples]] = [[] for _ in days]
    for until_ms in (*range(START_MS + HOUR_MS, end_ms, HOUR_MS), end_ms):
        fleet.advance(jobs, until_ms)
        jobs = []
        for n, (vehicle, day) in enumerate(zip(fleet.vehicles, days, strict=True)):
            parts[n].append(to_samples(n + 1, vehicle.until(until_ms), day.samples + 1))
            day.samples += len(parts[n][-1])
            day.trips += vehicle.trips.until(until_ms)
            day.charges += vehicle.charges.until(until_ms)
    for n, day in enumerate(days):
        samples, parts[n] = joined(VEHICLE, parts[n]), []
        if spoil is not None:
            samples, day.spoilt = spoil(samples, n + 1)
        detect(samples, Device(n + 1, preset, "vehicle", day.vehicle, "AGV", NEVER_US), day)
    return days


def _jobs(crane: Crane, end_ms: int) -> list[CraneJob]:
    jobs: list[CraneJob] = []
    while not jobs or jobs[-1].begin_ms < end_ms:
        job = crane.work().job
        jobs += [job] if job is not None else []
    return jobs


def detect(samples: Samples, device: Device, day: VehicleDay) -> None:
    """Find the facts of a vehicle, as the engine does, from what the hypertable would hold."""
    stored = samples.in_order()
    trips: dict[int, VehicleTrip] = {}
    charges: dict[int, VehicleCharge] = {}
    for fact in VehicleTracker(lambda _device_id: device).feed(stored, *groups(stored)):
        match fact:
            case VehicleTrip():
                trips[fact.began_us] = fact
            case VehicleCharge():
                charges[fact.began_us] = fact
    day.found = list(trips.values())
    day.found_charges = [charge for charge in charges.values() if charge.ended_us is not None]
