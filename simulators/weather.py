"""Wind over a terminal: a slow walk, and now and then a storm that stops the cranes."""

import numpy as np
from numpy.random import Generator

from simulators.motion import FloatArray

STORM_EVERY_H = 60.0
STORM_MS = (20 * 60_000, 70 * 60_000)
STORM_MPS = (23.0, 27.0)
RAMP_MS = 5 * 60_000
STEP_MS = 10 * 60_000
STOP_MPS = 20.0
"""Cranes stop work above this. Source: docs/sources.md."""


class Weather:
    """The same for all cranes, in steps from a start; each step is drawn once, in order.

    Args:
        rng: its own generator.
        start_ms: when it begins. [ms since 1970 UTC]
    """

    def __init__(self, rng: Generator, start_ms: int) -> None:
        self._rng = rng
        self._times = [start_ms - STEP_MS]
        self._wind = [float(rng.uniform(3, 9))]
        self._storms: list[tuple[int, int, float]] = []
        self._next_storm_ms = start_ms + int(rng.exponential(STORM_EVERY_H) * 3_600_000)

    def _until(self, time_ms: int) -> None:
        while self._times[-1] <= time_ms:
            self._times.append(self._times[-1] + STEP_MS)
            self._wind.append(float(np.clip(self._wind[-1] + self._rng.normal(0, 0.4), 0.5, 13)))
        while self._next_storm_ms <= time_ms:
            length = int(self._rng.uniform(*STORM_MS))
            self._storms.append(
                (self._next_storm_ms, self._next_storm_ms + length, float(self._rng.uniform(*STORM_MPS)))
            )
            self._next_storm_ms += length + int(self._rng.exponential(STORM_EVERY_H) * 3_600_000)

    def wind_mps(self, time_ms: np.ndarray[tuple[int], np.dtype[np.int64]]) -> FloatArray:
        """Mean wind at times, shape of `time_ms`. [m/s]."""
        self._until(int(time_ms[-1]) + STEP_MS)
        wind = np.interp(time_ms, self._times, self._wind)
        for begin, end, mps in self._storms:
            if begin - RAMP_MS < time_ms[-1] and end + RAMP_MS > time_ms[0]:
                ramp = np.minimum(time_ms - (begin - RAMP_MS), end + RAMP_MS - time_ms) / RAMP_MS
                wind = np.maximum(wind, mps * np.clip(ramp, 0, 1))
        return np.asarray(wind)

    def stopped_until(self, time_ms: int) -> int | None:
        """When a storm that stops the cranes at a time is over; None where there is none. [ms since 1970 UTC]."""
        self._until(time_ms + STEP_MS)
        for begin, end, _ in self._storms:
            if begin <= time_ms < end:
                return end
        return None
