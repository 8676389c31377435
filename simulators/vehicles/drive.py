"""A drive from rest to rest, with stops on its way: where the vehicle is, how fast, and what it takes."""

from dataclasses import dataclass

import numpy as np

from simulators.motion import FloatArray, duration_s, travelled
from simulators.vehicles.layout import Path
from simulators.vehicles.parameters import VehicleParameters

GRAVITY = 9.81


@dataclass(frozen=True, slots=True)
class Stop:
    """A halt in traffic, or a breakdown: how far along the way, and how long. [m; s]."""

    along_m: float
    length_s: float
    fault: bool = False


@dataclass(frozen=True, slots=True)
class _Leg:
    """From rest to rest. Times since the start of the drive. [s; m]."""

    begin_s: float
    end_s: float
    way_m: float


class Drive:
    """One drive.

    Args:
        path: its way, longer than nothing.
        speed_mps: highest speed. [m/s]
        p: of the vehicle.
        stops: in order along the way.
    """

    def __init__(self, path: Path, speed_mps: float, p: VehicleParameters, stops: tuple[Stop, ...] = ()) -> None:
        self.path = path
        self._speed, self._p, self._stops = speed_mps, p, stops
        self._legs: list[_Leg] = []
        self.faults_s: list[tuple[float, float]] = []
        clock = at = 0.0
        for stop in (*stops, Stop(path.length_m, 0.0)):
            end = clock + duration_s(stop.along_m - at, speed_mps, p.acceleration_mps2)
            self._legs.append(_Leg(clock, end, stop.along_m - at))
            if stop.fault:
                self.faults_s.append((end, end + stop.length_s))
            clock, at = end + stop.length_s, stop.along_m
        self.length_s = clock

    def along_m(self, t_s: FloatArray) -> FloatArray:
        """How far it has come at times since its start, shape of `t_s`. [m]."""
        way = np.zeros_like(t_s)
        for leg in self._legs:
            way += travelled(t_s - leg.begin_s, leg.way_m, self._speed, self._p.acceleration_mps2)
        return way

    def speed_and_acceleration(self, t_s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """At times since its start, both of shape of `t_s`. [m/s; m/s²]."""
        speed, acceleration = np.zeros_like(t_s), np.zeros_like(t_s)
        a = self._p.acceleration_mps2
        for leg in self._legs:
            inside = (t_s > leg.begin_s) & (t_s < leg.end_s)
            up, down = a * (t_s - leg.begin_s), a * (leg.end_s - t_s)
            top = min(self._speed, a * (leg.end_s - leg.begin_s) / 2)
            speed = np.where(inside, np.minimum(np.minimum(up, down), top), speed)
            acceleration = np.where(inside & (up < top), a, np.where(inside & (down < top), -a, acceleration))
        return speed, acceleration

    def power_kw(self, t_s: FloatArray, *, laden: bool) -> FloatArray:
        """What it takes at times since its start, shape of `t_s`; braking gives nothing back. [kW]."""
        p, (speed, acceleration) = self._p, self.speed_and_acceleration(t_s)
        force_kn = (p.empty_t + p.box_t * laden) * (GRAVITY * p.rolling + acceleration)
        return np.asarray(p.aux_kw + np.maximum(force_kn, 0) * speed / p.efficiency)

    def broken(self, t_s: FloatArray) -> FloatArray:
        """Whether it has broken down at times since its start, shape of `t_s`."""
        found = np.zeros(len(t_s), bool)
        for begin, end in self.faults_s:
            found |= (t_s >= begin) & (t_s < end)
        return np.asarray(found)
