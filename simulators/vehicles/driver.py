"""Makes vehicles drive, and wakes whoever planned it when something is over."""

import heapq
from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from simulators.vehicles.drive import Drive, Stop
from simulators.vehicles.layout import Path, Point, path, zones
from simulators.vehicles.parameters import VehicleParameters
from simulators.vehicles.pieces import Load
from simulators.vehicles.vehicle import Vehicle

NEAR_M = 40.0
"""Ways up to this length are driven slowly, and without a stop. [m]"""
TRIED_STOPS = 12
Action = Callable[[int, int], None]
"""What happens to a vehicle at a time: its number; ms since 1970 UTC."""


class Driver:
    """Time, and motion in it.

    Args:
        vehicles: by number.
        p: of them.
        rng: draws in order of time.
    """

    def __init__(self, vehicles: list[Vehicle], p: VehicleParameters, rng: Generator) -> None:
        self.vehicles, self.p, self.rng = vehicles, p, rng
        self._heap: list[tuple[int, int, int, Action]] = []
        self._events = 0

    def advance(self, until_ms: int) -> None:
        """Let everything happen that happens before a time."""
        while self._heap and self._heap[0][0] < until_ms:
            time_ms, v, _, action = heapq.heappop(self._heap)
            action(v, time_ms)

    def later(self, v: int, at_ms: int, action: Action) -> None:
        """Something happens to a vehicle at a time; what happens at the same time does in order of their numbers."""
        self._events += 1
        heapq.heappush(self._heap, (at_ms, v, self._events, action))

    def draw_ms(self, limits_s: tuple[float, float]) -> int:
        """How long something takes. [ms]."""
        return int(self.rng.uniform(*limits_s) * 1000)

    def way_ms(self, v: int, goal: Point) -> int:
        """How long a short way takes. [ms]."""
        way = path(self.vehicles[v].place, goal)
        return int(Drive(way, self.p.near_mps, self.p).length_s * 1000) if way.length_m else 0

    def drive(self, v: int, now_ms: int, goal: Point, then: Action, load: Load | None = None) -> None:
        """A vehicle drives somewhere; what happens when it is there."""
        vehicle = self.vehicles[v]
        way = path(vehicle.place, goal)
        if not way.length_m:
            self.later(v, now_ms, then)
            return
        near = way.length_m <= NEAR_M
        speed = self.p.near_mps if near else float(self.rng.uniform(*self.p.cruise_mps))
        stops = () if near else self._stops(way)
        self.later(v, vehicle.drive(now_ms, Drive(way, speed, self.p, stops), goal, load), then)

    def _stops(self, way: Path) -> tuple[Stop, ...]:
        """Stops in traffic and breakdowns, in the lanes only."""
        p, chance = self.p, self.rng.random(2)
        along = self.rng.uniform(0, way.length_m, TRIED_STOPS)
        in_lane = along[zones(*way.at(along)) == 1]
        if not len(in_lane):
            return ()
        if chance[0] < p.fault_share:
            length_s = float(self.rng.lognormal(np.log(p.fault_median_s), 0.5))
            return (Stop(float(in_lane[0]), length_s, fault=True),)
        return (Stop(float(in_lane[0]), float(self.rng.uniform(*p.stop_s))),) if chance[1] < p.stop_share else ()
