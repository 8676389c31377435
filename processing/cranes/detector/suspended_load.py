"""What hangs on the ropes since the spreader left the ground: how long there has been a load, or none."""

import math

import numpy as np
from msgspec import Struct

from processing.cranes.crane_columns import CraneColumns
from processing.cranes.parameters import CraneParameters


class SuspendedLoad(Struct, array_like=True, gc=False):
    """Watches the load of one crane in the air. A value holds until the next sample.

    Attributes:
        first_us: when there was first a load. [µs since 1970 UTC]
        since_us: since when there has been one, None where there is none now. [µs since 1970 UTC]
        light_us: since when there has been none, None where there is one now. [µs since 1970 UTC]
        heavy: whether one has hung for long enough.
        heavy_us: since when that one had. [µs since 1970 UTC]
        light: whether none has for long enough.
        peak_t: the largest load, the tare not taken off. [t]
        farthest_m: trolley position furthest towards the sea. [m]
    """

    first_us: int | None = None
    since_us: int | None = None
    light_us: int | None = None
    heavy: bool = False
    heavy_us: int | None = None
    light: bool = False
    peak_t: float = -math.inf
    farthest_m: float = -math.inf

    def restart(self) -> None:
        """The spreader has landed, or left the ground, or something has been delivered."""
        self.first_us = self.since_us = self.light_us = self.heavy_us = None
        self.heavy = self.light = False
        self.peak_t = self.farthest_m = -math.inf

    def settle(self, now_us: int, parameters: CraneParameters) -> None:
        """The last reading has held until now."""
        if not self.heavy and self.since_us is not None and now_us - self.since_us >= parameters.hold_us:
            self.heavy, self.heavy_us = True, self.since_us
        if self.light_us is not None and now_us - self.light_us >= parameters.lost_us:
            self.light = True

    def watch(self, columns: CraneColumns, row: int, end: int, least_t: float, parameters: CraneParameters) -> None:
        """Take in rows in the air, in order.

        Args:
            columns: of the batch; loads with the tare, NaN until first known.
            row: the first one.
            end: the row after the last one.
            least_t: from which reading on it is a load. [t]
            parameters: of the crane.
        """
        if math.isnan(float(columns.load_t[row])):
            row += int(np.append(~np.isnan(columns.load_t[row:end]), True).argmax())
            if row == end:
                return
        load_t, time_us = columns.load_t[row:end], columns.time_us[row:end]
        loaded = load_t >= least_t
        self.settle(int(time_us[0]), parameters)
        if loaded.all():
            self._change(int(time_us[0]), loaded=True)
        elif not loaded.any():
            self._change(int(time_us[0]), loaded=False)
        else:
            changes = [0, *(np.flatnonzero(loaded[1:] != loaded[:-1]) + 1).tolist()]
            for at in changes:
                self.settle(int(time_us[at]), parameters)
                self._change(int(time_us[at]), loaded=bool(loaded[at]))
        self.settle(int(time_us[-1]), parameters)
        self.farthest_m = max(self.farthest_m, float(np.fmax.reduce(columns.trolley_m[row:end])))
        self.peak_t = max(self.peak_t, float(np.fmax.reduce(load_t)))

    def _change(self, at_us: int, *, loaded: bool) -> None:
        if loaded:
            self.since_us = at_us if self.since_us is None else self.since_us
            self.first_us = at_us if self.first_us is None else self.first_us
            self.light_us = None
        else:
            self.light_us = at_us if self.light_us is None else self.light_us
            self.since_us = None
