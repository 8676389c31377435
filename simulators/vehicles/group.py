"""All vehicles of a terminal over time, working with its cranes."""

from collections.abc import Iterable, Sequence
from functools import partial

import numpy as np
from numpy.random import Generator, SeedSequence

from processing.vehicles.signals import VEHICLE
from simulators.cranes import Crane
from simulators.cranes.group import Cranes
from simulators.cranes.jobs import CraneJob
from simulators.devices import Device, Rows, Slice
from simulators.parameters import Preset
from simulators.vehicles.dispatcher import Brings, Dispatcher
from simulators.vehicles.driver import Driver
from simulators.vehicles.layout import Layout
from simulators.vehicles.line import Line
from simulators.vehicles.parameters import TRUCK
from simulators.vehicles.vehicle import Vehicle
from simulators.yard import Yard

SIGNALS = tuple(signal.name for signal in VEHICLE.signals)
STARTS_AFTER_MS = 15_000
"""Vehicles stand that long at first, so that where they come from is known. [ms]"""
FIRST_BATTERY = (0.35, 0.95)
FIRST_ENERGY_KWH = (1e3, 2e5)


class Fleet:
    """All vehicles of a preset.

    Args:
        preset: what to simulate.
        seed: the same seed, cranes and start give the same vehicles.
        start_ms: when they begin. [ms since 1970 UTC]
        cranes: of the terminal.
        yard: of the terminal.
        brings: notes which boxes come to cranes.

    Attributes:
        vehicles: by number.
        dispatcher: of them.
    """

    def __init__(
        self,
        preset: Preset,
        seed: SeedSequence,
        start_ms: int,
        cranes: Sequence[Crane],
        yard: Yard,
        brings: Brings,
    ) -> None:
        rng, layout = np.random.default_rng(seed), Layout(preset)
        self.vehicles = [_vehicle(n, preset.vehicles, layout, rng, start_ms) for n in range(preset.vehicles)]
        served = [crane for crane in cranes if crane.parameters.serves_vehicles]
        lines = {crane.name: Line(crane.name, crane.parameters.portal) for crane in served}
        self._driver = Driver(self.vehicles, TRUCK, rng)
        self.dispatcher = Dispatcher(self._driver, lines, layout, yard, brings)
        for number in range(preset.vehicles):
            self._driver.later(number, start_ms + STARTS_AFTER_MS, self.dispatcher.free)
        self._numbers = {name: number for number, name in enumerate(lines, -len(lines))}

    def advance(self, jobs: Iterable[CraneJob], until_ms: int) -> None:
        """Let everything happen that happens before a time.

        Args:
            jobs: of the cranes, each once; at least those that begin before the time, and were not given before.
            until_ms: [ms since 1970 UTC]
        """
        for job in jobs:
            begins = partial(self.dispatcher.begins, job)
            self._driver.later(self._numbers[job.crane], job.begin_ms, begins)
        self._driver.advance(until_ms)


class Vehicles:
    """All vehicles of a preset as a group of devices.

    Args:
        preset: what to simulate.
        seed: the same seed, cranes and start give the same vehicles.
        start_ms: when they begin. [ms since 1970 UTC]
        boot: name of this generation of their counters.
        cranes: that they serve; advanced after them, and to the same time: vehicles bring what they load.
        yard: of the terminal.
    """

    def __init__(
        self, preset: Preset, seed: SeedSequence, start_ms: int, boot: str, cranes: Cranes, yard: Yard
    ) -> None:
        self.fleet = Fleet(preset, seed, start_ms, cranes.fleet.cranes, yard, cranes.brings)
        self.devices = [Device("vehicle", vehicle.name, "AGV") for vehicle in self.fleet.vehicles]
        self._cranes, self._row = cranes, Rows(VEHICLE, boot)

    def advance(self, until_ms: int, made: Slice) -> None:
        """Put everything with a time before `until_ms` into a slice, each once."""
        self.fleet.advance(self._cranes.take_jobs(until_ms), until_ms)
        for vehicle in self.fleet.vehicles:
            if vehicle.next_ms < until_ms:
                rows = made.rows.setdefault(("vehicle", vehicle.name), [])
                for times, columns in vehicle.until(until_ms):
                    rows += self._row.many(vehicle.name, times, [columns[name] for name in SIGNALS])
            if vehicle.trips.pending:
                made.truth += vehicle.trips.until(until_ms)
            made.truth += vehicle.charges.until(until_ms)


def _vehicle(number: int, count: int, layout: Layout, rng: Generator, start_ms: int) -> Vehicle:
    return Vehicle(
        f"agv{number + 1:02d}",
        TRUCK,
        layout.parking(number),
        start_ms,
        rng,
        battery_share=float(rng.uniform(*FIRST_BATTERY)),
        energy_kwh=float(rng.uniform(*FIRST_ENERGY_KWH)),
        phase_ms=number * TRUCK.period_ms // count,
    )
