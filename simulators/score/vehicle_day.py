"""One simulated day of the vehicles of a terminal: the trips that really happened, and what the detector found."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from processing.model.device import NEVER_US, Device
from processing.model.samples import Samples, groups, joined
from processing.vehicles.facts import VehicleTrip
from processing.vehicles.signals import VEHICLE
from processing.vehicles.tracker import VehicleTracker
from simulators.cranes import Crane
from simulators.cranes.jobs import CraneJob
from simulators.fleet import Fleet as CraneFleet
from simulators.parameters import PRESETS
from simulators.score.day import START_MS
from simulators.vehicles.columns import to_samples
from simulators.vehicles.group import Fleet
from simulators.vehicles.parameters import TRUCK
from simulators.vehicles.truth import TrueTrip

HOUR_MS = 3_600_000
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
    samples: int = 0
    spoilt: list[tuple[str, int, int]] = field(default_factory=list)


Spoiler = Callable[[Samples, int], tuple[Samples, list[tuple[str, int, int]]]]
"""Spoils the samples of a vehicle, by its device id."""


def simulate(preset: str, seed: int, hours: float, spoil: Spoiler | None = None) -> list[VehicleDay]:
    """Simulate a span and find the trips, a day of each vehicle.

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
    fleet = Fleet(PRESETS[preset], np.random.SeedSequence((seed, OWN_SEED)), START_MS, cranes)
    days = [VehicleDay(vehicle.name, TRUCK.period_ms, end_ms * 1000) for vehicle in fleet.vehicles]
    parts: list[list[Samples]] = [[] for _ in days]
    for until_ms in (*range(START_MS + HOUR_MS, end_ms, HOUR_MS), end_ms):
        fleet.advance(jobs, until_ms)
        jobs = []
        for n, (vehicle, day) in enumerate(zip(fleet.vehicles, days, strict=True)):
            parts[n].append(to_samples(n + 1, vehicle.until(until_ms), day.samples + 1))
            day.samples += len(parts[n][-1])
            day.trips += vehicle.trips.until(until_ms)
    for n, day in enumerate(days):
        samples, parts[n] = joined(VEHICLE, parts[n]), []
        if spoil is not None:
            samples, day.spoilt = spoil(samples, n + 1)
        day.found = detect(samples, Device(n + 1, preset, "vehicle", day.vehicle, "AGV", NEVER_US))
    return days


def _jobs(crane: Crane, end_ms: int) -> list[CraneJob]:
    jobs: list[CraneJob] = []
    while not jobs or jobs[-1].begin_ms < end_ms:
        job = crane.work().job
        jobs += [job] if job is not None else []
    return jobs


def detect(samples: Samples, device: Device) -> list[VehicleTrip]:
    """Find the trips of a vehicle, as the engine does, from what the hypertable would hold."""
    stored = samples.in_order()
    found: dict[int, VehicleTrip] = {}
    for fact in VehicleTracker(lambda _device_id: device).feed(stored, *groups(stored)):
        if isinstance(fact, VehicleTrip):
            found[fact.began_us] = fact
    return list(found.values())
