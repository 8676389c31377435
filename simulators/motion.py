"""Motion with limited speed and acceleration: the trapezoidal profile in closed form."""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def duration_s(distance_m: float, speed_mps: float, acceleration_mps2: float) -> float:
    """Time to move a distance from rest to rest. [s]."""
    distance = abs(distance_m)
    ramp = speed_mps**2 / acceleration_mps2
    if distance < ramp:  # never reaches full speed
        return float(2 * np.sqrt(distance / acceleration_mps2))
    return distance / speed_mps + speed_mps / acceleration_mps2


def travelled(t_s: FloatArray, distance_m: float, speed_mps: float, acceleration_mps2: float) -> FloatArray:
    """Way covered at times since the start of the motion, shape of `t_s`; 0 before it, all of it after it. [m].

    Args:
        t_s: times since the start. [s]
        distance_m: signed way from rest to rest. [m]
        speed_mps: highest speed, > 0. [m/s]
        acceleration_mps2: of both ramps, > 0. [m/s²]
    """
    total = duration_s(distance_m, speed_mps, acceleration_mps2)
    if total == 0:
        return np.zeros_like(t_s)
    distance = abs(distance_m)
    ramp_s = min(speed_mps / acceleration_mps2, total / 2)
    t = _between(t_s, 0, total)
    up = acceleration_mps2 * np.minimum(t, ramp_s) ** 2 / 2
    steady = acceleration_mps2 * ramp_s * _between(t - ramp_s, 0, total - 2 * ramp_s)
    into = _between(t - (total - ramp_s), 0, ramp_s)
    down = acceleration_mps2 * ramp_s * into - acceleration_mps2 * into**2 / 2
    way = np.minimum(up + steady + down, distance)
    return np.asarray(np.sign(distance_m) * np.where(t_s >= total, distance, way))


def _between(values: FloatArray, low: float, high: float) -> FloatArray:
    """As `np.clip`, which takes several times as long for the few values of a motion."""
    return np.asarray(np.minimum(np.maximum(values, low), high))
