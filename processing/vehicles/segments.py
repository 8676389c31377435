"""Vehicle columns cut into segments in which nothing switches, so that detectors take few steps."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processing.model.tracker import or_none
from processing.vehicles.vehicle_columns import VehicleColumns


@dataclass(frozen=True, slots=True)
class Place:
    """Where a vehicle is at a sample; None where never known."""

    x_m: float | None
    y_m: float | None
    zone: int
    energy_kwh: float | None


@dataclass(frozen=True, slots=True)
class Segment:
    """Rows of a vehicle in which nothing switches; what the columns have, of its first row or summed over all.

    Attributes:
        time_us, last_us: of its first and its last row. [µs since 1970 UTC]
        gap: whether there was silence before it.
        moving, laden, charging, zone: hold in all of it.
        first, last: places at its first and its last row.
        way_mm, first_way_mm: way to its last row, and of that the way to its first one. [1e-3 m]
        lost, first_lost: whether part of that way is unknown.
        fell, first_fell: whether the energy counter fell.
        charge_mj: what was charged up to its last row. [1e-3 J]
        dark: whether part of that is unknown.
        battery_pct: charge of the battery at its first and its last row.
        ids: containers reported last in it, and in its first row; None where none were reported.
    """

    time_us: int
    last_us: int
    gap: bool
    moving: bool
    laden: int
    charging: int
    zone: int
    first: Place
    last: Place
    way_mm: int
    first_way_mm: int
    lost: bool
    first_lost: bool
    fell: bool
    first_fell: bool
    charge_mj: int
    dark: bool
    battery_pct: tuple[float | None, float | None]
    ids: tuple[str, ...] | None
    first_ids: tuple[str, ...] | None


def cut(c: VehicleColumns, starts: NDArray[np.intp]) -> Iterator[tuple[int, Segment]]:
    """Cut columns into segments, in order, each with the place of its vehicle in `starts`.

    Args:
        c: the columns.
        starts: first row of each vehicle, shape (d,).
    """
    n = len(c.time_us)
    begins = c.gap.copy()
    begins[starts] = True
    for column in (c.moving, c.laden, c.charging, c.zone):
        begins[1:] |= column[1:] != column[:-1]
    rows = np.flatnonzero(begins)
    ends = np.append(rows[1:], n) - 1
    vehicles = np.searchsorted(starts, rows, side="right") - 1
    firsts, lasts = _places(c, rows), _places(c, ends)
    ids, first_ids = _ids(c, rows)
    listed = (
        c.time_us[rows].tolist(),
        c.time_us[ends].tolist(),
        c.gap[rows].tolist(),
        c.moving[rows].tolist(),
        c.laden[rows].tolist(),
        c.charging[rows].tolist(),
        c.zone[rows].tolist(),
        firsts,
        lasts,
        np.add.reduceat(c.way_mm, rows).tolist(),
        c.way_mm[rows].tolist(),
        np.logical_or.reduceat(c.lost, rows).tolist(),
        c.lost[rows].tolist(),
        np.logical_or.reduceat(c.fell, rows).tolist(),
        c.fell[rows].tolist(),
        np.add.reduceat(c.charge_mj, rows).tolist(),
        np.logical_or.reduceat(c.dark, rows).tolist(),
        zip(or_none(c.battery_pct[rows]), or_none(c.battery_pct[ends]), strict=True),
        [ids.get(at) for at in range(len(rows))],
        [first_ids.get(at) for at in range(len(rows))],
    )
    return zip(vehicles.tolist(), map(Segment, *listed), strict=True)


def _places(c: VehicleColumns, rows: NDArray[np.intp]) -> list[Place]:
    columns = or_none(c.x_m[rows]), or_none(c.y_m[rows]), c.zone[rows].tolist(), or_none(c.energy_kwh[rows])
    return list(map(Place, *columns))


def _ids(c: VehicleColumns, rows: NDArray[np.intp]) -> tuple[dict[int, tuple[str, ...]], dict[int, tuple[str, ...]]]:
    """Containers reported last in each segment, and those reported in its first row, by segment."""
    last, first = dict[int, tuple[str, ...]](), dict[int, tuple[str, ...]]()
    if c.ids:
        segments = np.searchsorted(rows, [row for row, _ in c.ids], side="right") - 1
        for at, (row, ids) in zip(segments.tolist(), c.ids, strict=True):
            last[at] = ids
            if row == rows[at]:
                first[at] = ids
    return last, first
