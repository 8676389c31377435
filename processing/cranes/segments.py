"""Crane columns cut into segments in which nothing switches, so that detectors take few steps."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from processing.cranes.crane_columns import CraneColumns, FloatArray

NO_LOAD_MT = 2**40
"""Further off than any load. [1e-3 t]"""


@dataclass(frozen=True, slots=True)
class Segments:
    """Runs of rows in which nothing switches; lists of one length, in row order.

    Attributes:
        row: first row of each.
        time_us: its event time. [µs since 1970 UTC]
        code, landed, context, between: which hold in it.
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
    between: list[bool]
    flight_mt: list[int]
    flight_rows: list[int]
    flight_low_mt: list[int]
    flight_high_mt: list[int]
    still_us: list[int]
    moved: list[int]


class CraneBatch(NamedTuple):
    """The part of a batch that is one crane's, or one of its parameter intervals, in time order.

    Attributes:
        columns: of the batch.
        segments: of the batch.
        first: the first segment of the part.
        last: the segment after its last.
        end: the row after its last.
    """

    columns: CraneColumns
    segments: Segments
    first: int
    last: int
    end: int


def cut(
    c: CraneColumns, starts: NDArray[np.intp], before_us: NDArray[np.int64], gap_us: FloatArray | float, idle_us: int
) -> tuple[Segments, list[int]]:
    """Cut columns into segments.

    Args:
        c: the columns.
        starts: first row of each part, shape (d,).
        before_us: event time of each part's last sample before, its first one's where there is none, shape (d,).
        gap_us: from which silence on something may have been missed, shape (n,), or one of all.
        idle_us: a motion after standing still for so long begins a segment.

    Returns: the segments, and for each part its first one, followed by their number.
    """
    n = len(c.time_us)
    step_us = np.empty(n, np.int64)
    step_us[1:] = c.time_us[1:] - c.time_us[:-1]
    step_us[starts] = c.time_us[starts] - before_us
    gaps = step_us > gap_us
    (rows,) = _begins(c, starts, gaps, idle_us).nonzero()
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
        c.between[rows].tolist(),
        np.add.reduceat(load_mt, rows).tolist(),
        np.add.reduceat(flying.astype(np.int64), rows).tolist(),
        np.minimum.reduceat(np.where(flying, load_mt, NO_LOAD_MT), rows).tolist(),
        np.maximum.reduceat(np.where(flying, load_mt, -NO_LOAD_MT), rows).tolist(),
        np.add.reduceat(np.where(still, step_us, 0), rows).tolist(),
        np.maximum.reduceat(np.where(c.moving, np.arange(n), -1), rows).tolist(),
    )
    return segments, [*np.searchsorted(rows, starts).tolist(), len(rows)]


def _begins(c: CraneColumns, starts: NDArray[np.intp], gaps: NDArray[np.bool_], idle_us: int) -> NDArray[np.bool_]:
    """Which rows begin a segment: after a gap, a switch, or a motion after standing still. Shape (n,)."""
    first = gaps.copy()
    columns: tuple[NDArray[np.generic], ...] = (c.code, c.landed, c.context, c.between)
    for column in columns:
        first[1:] |= column[1:] != column[:-1]
    first[starts] = True
    (motions,) = c.moving.nonzero()
    if len(motions):
        late = np.ones(len(motions), bool)  # the first of a crane always: how long it stood is not known here
        late[1:] = c.time_us[motions[1:]] - c.time_us[motions[:-1]] >= idle_us
        part = np.searchsorted(starts, motions, side="right")
        late[1:] |= part[1:] != part[:-1]
        first[motions[late]] = True
    return first
