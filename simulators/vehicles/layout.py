"""Where vehicles drive: the quay below the cranes, lanes, blocks of the yard, chargers and parking places.

`x` runs along the quay as the cranes' gantries do, `y` landwards from the waterside rail. [m] Block by block landwards,
each parallel to the quay with a transfer lane on both sides; a road at either end. All of it is assumed.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from simulators.motion import FloatArray
from simulators.parameters import Preset

Point = tuple[float, float]
ZONES = ("quay", "lane", "block", "charger", "parking")
QUAY_DEPTH_M = 40.0
ROADS_M = (5.0, 305.0)
BLOCK_ENDS_M = (20.0, 290.0)
BLOCK_PLACES_M = (40.0, 270.0)
BLOCKS_FROM_M, FIRST_BLOCK_M, BLOCK_PITCH_M = 75.0, 82.0, 44.0
TRANSFER_LANES_M = (-5.0, 31.0)
"""From the first rail of a block; yard cranes reach them. See `simulators.cranes.lifts.yard_lift`."""
AREAS_FROM_M = 45.0
CHARGERS_TO_M, PARKING_FROM_M = -8.0, 315.0
QUEUE_M = 26.0
"""From a crane to where vehicles queue for it, at most: half of the way to its neighbour."""
QUEUE_LANES_M = (6.0, 10.0, 14.0, 18.0)
TURN_M, TURN_POINTS = 12.0, 8
"""How far before a corner a turn begins, and how many points it is made of."""
CRAB_M = 12.0
"""Moves up to this length are made sideways if need be: all wheels steer. [m]"""


@dataclass(frozen=True, slots=True)
class Path:
    """Corners of a way, and how far each is along it. Shapes (n,). [m]."""

    x_m: FloatArray
    y_m: FloatArray
    along_m: FloatArray

    @property
    def length_m(self) -> float:
        """From its beginning to its end. [m]."""
        return float(self.along_m[-1])

    def at(self, along_m: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Positions so far along the way, shape of `along_m`. [m]."""
        return np.interp(along_m, self.along_m, self.x_m), np.interp(along_m, self.along_m, self.y_m)

    def headings_deg(self, along_m: FloatArray, before_deg: float) -> FloatArray:
        """Directions of travel, shape of `along_m`: 0 along the quay, 90 landwards. [deg]."""
        if self.length_m <= CRAB_M:
            return np.full(len(along_m), before_deg)
        leg = np.clip(np.searchsorted(self.along_m, along_m, side="right") - 1, 0, len(self.along_m) - 2)
        turned = np.degrees(np.arctan2(np.diff(self.y_m), np.diff(self.x_m))) % 360
        return np.asarray(turned[leg])


def path(begin: Point, end: Point) -> Path:
    """The way from one place to another: along the quay, or over the nearer road."""
    corners = [begin, end]
    if begin[1] >= QUAY_DEPTH_M or end[1] >= QUAY_DEPTH_M:
        road = min(ROADS_M, key=lambda x: abs(begin[0] - x) + abs(end[0] - x))
        corners = [begin, (road, begin[1]), (road, end[1]), end]
    corners = [corners[0]] + [there for here, there in pairwise(corners) if here != there]
    x, y = _rounded(np.array(corners)).T
    return Path(x, y, np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))]))


def _rounded(corners_m: FloatArray) -> FloatArray:
    """Corners cut by curves that touch both legs, shape (m, 2). [m]."""
    if len(corners_m) < 3:
        return corners_m
    legs_m = np.hypot(*np.diff(corners_m, axis=0).T)
    points = [corners_m[0]]
    for at in range(1, len(corners_m) - 1):
        before, corner, after = corners_m[at - 1 : at + 2]
        cut_m = min(TURN_M, legs_m[at - 1] / 2, legs_m[at] / 2)
        begin = corner + (before - corner) * cut_m / legs_m[at - 1]
        end = corner + (after - corner) * cut_m / legs_m[at]
        share = np.linspace(0, 1, TURN_POINTS)[:, None]
        points += list((1 - share) ** 2 * begin + 2 * share * (1 - share) * corner + share**2 * end)
    return np.array([*points, corners_m[-1]])


def zones(x_m: FloatArray, y_m: FloatArray) -> NDArray[np.intp]:
    """Which of `ZONES` places are in, shape of both. Positions in m."""
    areas = y_m >= AREAS_FROM_M
    block = (x_m >= BLOCK_ENDS_M[0]) & (x_m <= BLOCK_ENDS_M[1]) & (y_m >= BLOCKS_FROM_M)
    return np.select(
        [y_m < QUAY_DEPTH_M, areas & (x_m <= CHARGERS_TO_M), areas & (x_m >= PARKING_FROM_M), block], [0, 3, 4, 2], 1
    )


@lru_cache(maxsize=4096)
def zone(place: Point) -> str:
    """Which zone a place is in."""
    return ZONES[int(zones(np.array([place[0]]), np.array([place[1]]))[0])]


class Layout:
    """The places of a terminal.

    Args:
        preset: its yard cranes have a block each.
    """

    def __init__(self, preset: Preset) -> None:
        self.blocks = max(1, preset.armg + preset.rtg)

    def transfer(self, block: int, lane: int, x_m: float) -> Point:
        """Where a vehicle is served at a block."""
        return x_m, FIRST_BLOCK_M + BLOCK_PITCH_M * block + TRANSFER_LANES_M[lane]

    def queue(self, crane_m: float, next_m: float, slot: int) -> Point:
        """Where a vehicle waits for a crane that stands there, and its neighbour so far along the quay."""
        return crane_m + min(QUEUE_M, max(0.0, next_m - crane_m) / 2), QUEUE_LANES_M[slot]

    def charger(self, number: int) -> Point:
        """Where a charger is."""
        return -20.0 - 15.0 * (number % 4), 62.0 + 10.0 * (number // 4)

    def parking(self, number: int) -> Point:
        """A vehicle's own parking place."""
        return 325.0 + 18.0 * (number % 5), 62.0 + 8.0 * (number // 5)
