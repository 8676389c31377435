"""Crane samples as the detectors see them: carried forward, and cut into segments in which nothing switches."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
UNLOCKED, LOCKED, BETWEEN, UNKNOWN, BOTH = 0, 1, 2, 3, 4
"""Twistlock codes; BETWEEN is neither of the two, a partial lock; BOTH cannot be: a contact lies."""
FAULT, WIND, LOGGED_OFF, BOOM_UP, NO_SPREADER = 1, 2, 4, 8, 16
"""Bits of the context: what may keep a crane from working."""
BARE_T = -3.0
"""Without a spreader on the ropes the load cell tells less than this. [t] Assumed."""
NO_LOAD_MT = 2**40
"""Further off than any load. [1e-3 t]"""
MOTION_M = 0.03
"""Hoist or trolley that go further from one sample to the next are moving. [m]"""


def twistlock_code(locked: FloatArray, unlocked: FloatArray) -> NDArray[np.int8]:
    """Twistlock code per sample from the two booleans; without an `unlocked` signal it is "not locked"."""
    is_locked, is_unlocked = locked == 1, unlocked == 1
    code = np.full(locked.shape, BETWEEN, dtype=np.int8)
    silent = np.isnan(unlocked)
    free = np.where(silent, locked == 0, is_unlocked) if silent.any() else is_unlocked
    code[is_locked & ~is_unlocked] = LOCKED
    code[free & ~is_locked] = UNLOCKED
    code[free & is_locked] = BOTH
    if silent.any():
        code[np.isnan(locked) & silent] = UNKNOWN
    return code


@dataclass(frozen=True, slots=True)
class CraneColumns:
    """Samples of cranes, those of each together and in time order, absent values carried forward. All of shape (n,).

    Attributes:
        time_us: event time.
        code: twistlock code.
        landed: 1, 0, or 2 where never known.
        context: bits of what may keep a crane from working.
        load_t, height_m, trolley_m, gantry_m, size_ft, twin, energy_kwh: NaN where never known.
        moving: whether hoist or trolley moved since the sample before.
        ids: row and the containers that the crane's OCR told in it, in order.
    """

    time_us: NDArray[np.int64]
    code: NDArray[np.int8]
    landed: NDArray[np.int8]
    context: NDArray[np.int8]
    load_t: FloatArray
    height_m: FloatArray
    trolley_m: FloatArray
    gantry_m: FloatArray
    size_ft: FloatArray
    twin: FloatArray
    energy_kwh: FloatArray
    moving: NDArray[np.bool_]
    ids: list[tuple[int, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Segments:
    """Stretches of rows in which nothing switches; lists of one length, in row order.

    Attributes:
        row: first row of each.
        time_us: its event time. [µs since 1970 UTC]
        code, landed, context: which hold in it.
        flight_mt: sum of the load of its rows in the air. [1e-3 t]
        flight_rows: how many those are.
        flight_low_mt, flight_high_mt: least and largest of those loads; far off where there are none. [1e-3 t]
        still_us: how long hoist and trolley stood still in the air before its rows. [µs]
        moved: the last row at which they moved, -1 where there is none.
    """

    row: list[int]
    time_us: list[int]
    code: list[int]
    landed: list[int]
    context: list[int]
    flight_mt: list[int]
    flight_rows: list[int]
    flight_low_mt: list[int]
    flight_high_mt: list[int]
    still_us: list[int]
    moved: list[int]


def cut(
    c: CraneColumns, starts: NDArray[np.intp], before_us: NDArray[np.int64], gap_us: NDArray[np.int64], idle_us: int
) -> tuple[Segments, list[int]]:
    """Cut columns into segments.

    Args:
        c: the columns.
        starts: first row of each crane, shape (d,).
        before_us: event time of each crane's last sample before, its first one's where there is none, shape (d,).
        gap_us: from which silence on a crane counts as having been away, shape (d,).
        idle_us: a motion after standing still for so long begins a segment.

    Returns: the segments, and for each crane its first one, followed by their number.
    """
    n = len(c.time_us)
    step_us = np.empty(n, np.int64)
    step_us[1:] = c.time_us[1:] - c.time_us[:-1]
    step_us[starts] = c.time_us[starts] - before_us
    gaps = step_us > np.repeat(gap_us, np.diff(np.append(starts, n)))
    first = gaps.copy()
    for column in (c.code, c.landed, c.context):
        first[1:] |= column[1:] != column[:-1]
    first[starts] = True
    motions = np.flatnonzero(c.moving)
    if len(motions):
        late = np.ones(len(motions), bool)  # the first of a crane is always cut: how long it stood is not known here
        late[1:] = c.time_us[motions[1:]] - c.time_us[motions[:-1]] >= idle_us
        crane = np.searchsorted(starts, motions, side="right")
        late[1:] |= crane[1:] != crane[:-1]
        first[motions[late]] = True
    rows = np.flatnonzero(first)
    air = c.landed != 1
    flying = air & ~np.isnan(c.load_t)
    load_mt = np.zeros(n, np.int64)
    np.rint(c.load_t * 1000, out=load_mt, where=flying, casting="unsafe")
    still = air & ~c.moving & ~gaps
    segments = Segments(
        rows.tolist(),
        c.time_us[rows].tolist(),
        c.code[rows].tolist(),
        c.landed[rows].tolist(),
        c.context[rows].tolist(),
        np.add.reduceat(load_mt, rows).tolist(),
        np.add.reduceat(flying.astype(np.int64), rows).tolist(),
        np.minimum.reduceat(np.where(flying, load_mt, NO_LOAD_MT), rows).tolist(),
        np.maximum.reduceat(np.where(flying, load_mt, -NO_LOAD_MT), rows).tolist(),
        np.add.reduceat(np.where(still, step_us, 0), rows).tolist(),
        np.maximum.reduceat(np.where(c.moving, np.arange(n), -1), rows).tolist(),
    )
    return segments, [*np.searchsorted(rows, starts).tolist(), len(rows)]
