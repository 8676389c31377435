"""A lift while it lasts: where it was locked, and what load and height have shown of it."""

import math

import numpy as np
from msgspec import Struct

from processing.cranes.crane_columns import CraneColumns
from processing.cranes.parameters import CraneParameters


class Place(Struct, frozen=True, array_like=True, gc=False):
    """Where the spreader was, and what else was known then; NaN where never known. [m; ft; kWh; 1 is twin].

    `still_us` counts how long it has stood still in the air so far. [µs]
    """

    time_us: int
    height_m: float
    trolley_m: float
    gantry_m: float
    size_ft: float
    twin: float
    energy_kwh: float
    still_us: int


def place_at(columns: CraneColumns, row: int, now_us: int, still_us: int) -> Place:
    """Where the spreader is in a row."""
    return Place(
        now_us,
        float(columns.height_m[row]),
        float(columns.trolley_m[row]),
        float(columns.gantry_m[row]),
        float(columns.size_ft[row]),
        float(columns.twin[row]),
        float(columns.energy_kwh[row]),
        still_us,
    )


class Lift(Struct, array_like=True, gc=False):
    """What is known of a lift since its lock.

    Attributes:
        locked: where and when; `inferred`: the lock was not seen, and the time is that of the landing before.
        doubtful: the twistlocks are reported open: the load cell may have jumped.
        tare_t: what the load cell read of the empty spreader before. [t]
        trusted: whether that could be a tare; where not, the cell gives no weights.
        rise_us, air_us: when it was first a rise above the lock, and first in the air with a load.
        proven: whether a load hung long enough.
        landing: where it last landed after it was lifted.
        least_t, peak_t: loads in the air, the tare not taken off. [t]
        farthest_m: trolley position furthest towards the sea. [m]
        carried_t: what hung there until it landed last. [t]
        gap: whether the crane was silent meanwhile.
        ids: containers that the OCR read.
        spreaders: as in `CraneColumns`, once all that lock together have locked.
    """

    locked: Place
    tare_t: float
    trusted: bool = True
    inferred: bool = False
    doubtful: bool = False
    rise_us: int | None = None
    air_us: int | None = None
    proven: bool = False
    landing: Place | None = None
    least_t: float = math.inf
    peak_t: float = -math.inf
    farthest_m: float = -math.inf
    carried_t: float = 0.0
    gap: bool = False
    ids: tuple[str, ...] = ()
    spreaders: int = 0

    @property
    def load_t(self) -> float | None:
        """Net load, None where never known. [t]."""
        return None if math.isinf(self.peak_t) else self.peak_t - self.tare_t

    @property
    def lifted_us(self) -> int | None:
        """When it was lifted. [µs since 1970 UTC]."""
        return self.air_us if self.air_us is not None else self.rise_us

    def weight_t(self, parameters: CraneParameters) -> float | None:
        """Net load where it is what hangs there, None where the cell is wrong: another unit, a jump. [t]."""
        load_t, most_t = self.load_t, parameters.most_load_t * max(1, self.spreaders)
        return load_t if self.trusted and load_t is not None and load_t <= most_t else None

    def least_load_t(self, parameters: CraneParameters) -> float:
        """From which reading on something hangs there; after a landing, that it is still the same thing. [t]."""
        left_t = parameters.left_share * self.carried_t if self.landing is not None else 0.0
        return self.tare_t + max(parameters.lift_load_t, left_t)

    def risen(self, parameters: CraneParameters) -> bool:
        """Whether its rise alone shows a lift: the load cell agrees, or reads nothing, or always the same."""
        if self.rise_us is None:
            return False
        load_t = self.load_t
        return load_t is None or load_t >= parameters.lift_load_t or self.least_t == self.peak_t

    def shown(self, parameters: CraneParameters) -> bool:
        """Whether load or rise show that something was lifted."""
        return self.proven or self.risen(parameters)

    def watch_spreaders(self, columns: CraneColumns, row: int, end: int, parameters: CraneParameters) -> None:
        """See by the rows [row, end) which spreaders have locked together: within the skew since the first one."""
        until_us = self.locked.time_us + parameters.tandem_skew_us
        if columns.time_us[row] <= until_us:
            after = int(np.searchsorted(columns.time_us[row:end], until_us, side="right"))
            self.spreaders = int(columns.spreaders[row + after - 1])

    def watch_rise(self, columns: CraneColumns, row: int, end: int, parameters: CraneParameters) -> int | None:
        """Look for the first row in [row, end) that is a rise above the lock; returned, None where there is none."""
        risen = columns.height_m[row:end] >= self.locked.height_m + parameters.lift_rise_m
        first = int(risen.argmax())
        if not risen[first]:
            return None
        self.rise_us = int(columns.time_us[row + first])
        return row + first
