"""What hangs on the ropes since the spreader left the ground: how long there has been a load, or none."""

import math

import numpy as np
from numpy.typing import NDArray

from processing.cranes.columns import FloatArray
from processing.cranes.rules import CraneRules


class Hanging:
    """Watches the load of one crane in the air. A value holds until the next sample.

    Args:
        rules: of the crane.

    Attributes:
        first_us: when there was first a load. [µs since 1970 UTC]
        since_us: since when there has been one, None where there is none now. [µs since 1970 UTC]
        heavy: whether one has hung for long enough.
        light: whether none has for long enough.
        peak_t: the largest load, the tare not taken off. [t]
        farthest_m: trolley position furthest towards the sea under a load. [m]
    """

    __slots__ = ("_light_us", "_rules", "farthest_m", "first_us", "heavy", "light", "peak_t", "since_us")

    def __init__(self, rules: CraneRules) -> None:
        self._rules = rules
        self.restart()

    def restart(self) -> None:
        """The spreader has landed, or left the ground, or something has been delivered."""
        self.first_us: int | None = None
        self.since_us: int | None = None
        self._light_us: int | None = None
        self.heavy = self.light = False
        self.peak_t = self.farthest_m = -math.inf

    def settle(self, now_us: int) -> None:
        """What was told last has held until now."""
        if self.since_us is not None and now_us - self.since_us >= self._rules.hold_us:
            self.heavy = True
        if self._light_us is not None and now_us - self._light_us >= self._rules.lost_us:
            self.light = True

    def watch(self, load_t: FloatArray, trolley_m: FloatArray, time_us: NDArray[np.int64], tare_t: float) -> None:
        """Rows in the air, in order.

        Args:
            load_t: shape (n,), the tare not taken off; NaN tells nothing.
            trolley_m: shape (n,).
            time_us: shape (n,).
            tare_t: of the empty spreader.
        """
        loaded = load_t >= tare_t + self._rules.lift_load_t
        self.settle(int(time_us[0]))
        if loaded.all():
            self._one(int(time_us[0]), loaded=True)
        elif not loaded.any():
            if not math.isnan(float(load_t[-1])):
                self._one(int(time_us[0]), loaded=False)
        else:
            changes = [0, *(np.flatnonzero(loaded[1:] != loaded[:-1]) + 1).tolist()]
            for row in changes:
                self.settle(int(time_us[row]))
                self._one(int(time_us[row]), loaded=bool(loaded[row]))
        self.settle(int(time_us[-1]))
        if loaded.any():
            self.peak_t = max(self.peak_t, float(np.fmax.reduce(load_t[loaded])))
            self.farthest_m = max(self.farthest_m, float(np.fmax.reduce(trolley_m[loaded])))

    def _one(self, at_us: int, *, loaded: bool) -> None:
        if loaded:
            self.since_us = at_us if self.since_us is None else self.since_us
            self.first_us = at_us if self.first_us is None else self.first_us
            self._light_us = None
        else:
            self._light_us = at_us if self._light_us is None else self._light_us
            self.since_us = None
