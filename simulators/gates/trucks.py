"""Trucks: a fleet of plates that come again and again, and what each brings and takes."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from simulators.containers import container_id
from simulators.gates.parameters import GateParameters
from simulators.yard import Box

ISO_CODES = ("22G1", "42G1", "45G1", "45R1", "L5G1")
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
EMPTY_KG, BOX_KG = 14_500, (3_500.0, 30_000.0)


@dataclass(frozen=True, slots=True)
class Truck:
    """One truck on one visit.

    Attributes:
        visit, plate: names.
        brought, taken: boxes; weights are of truck and load. [kg]
        appointment: its number, None: it has none.
        in_window: whether it comes in the time of its appointment.
        previous: number of the visit before, which a stale controller reports.
        lane_in, entered_ms: where and when it came in, once it has. [ms since 1970 UTC]
    """

    visit: str
    plate: str
    brought: tuple[Box, ...]
    taken: tuple[Box, ...]
    brought_kg: float
    taken_kg: float
    appointment: str | None
    in_window: bool
    previous: str | None
    lane_in: str = ""
    entered_ms: int = 0

    def load(self, direction: str) -> tuple[Box, ...]:
        """What it carries through a lane."""
        return self.brought if direction == "in" else self.taken

    def weight_kg(self, direction: str) -> float:
        """Truck and load in a lane. [kg]."""
        return self.brought_kg if direction == "in" else self.taken_kg


class Fleet:
    """Makes trucks.

    Args:
        p: parameters of the gate.
        size: how many plates there are.
        series: that begins the numbers of visits.
        rng: of the gate.
    """

    def __init__(self, p: GateParameters, size: int, series: str, rng: Generator) -> None:
        self._p, self._rng, self._series = p, rng, series
        self._outside = list(dict.fromkeys(_plates(rng, size)))
        self._number = 0

    def arrives(self) -> Truck:
        """The next truck that comes, none that is here already."""
        rng, p = self._rng, self._p
        self._number += 1
        plate = self._outside.pop(int(rng.integers(len(self._outside)))) if self._outside else _plates(rng, 1)[0]
        drops, picks = ((True, True), (True, False), (False, True))[self._errand()]
        brought = self._boxes(export=True) if drops else ()
        taken = self._boxes(export=False) if picks else ()
        if drops and rng.random() < p.returned_share:
            taken = brought
        return Truck(
            f"V{self._series}-{self._number}",
            plate,
            brought,
            taken,
            self._weight_kg(brought),
            self._weight_kg(taken),
            f"A{self._series}-{self._number}" if rng.random() < p.appointment_share else None,
            bool(rng.random() < p.in_window_share),
            f"V{self._series}-{self._number - 1}" if self._number > 1 else None,
        )

    def leaves(self, truck: Truck) -> None:
        """A truck is outside, and may come again."""
        self._outside.append(truck.plate)

    def _errand(self) -> int:
        drawn = self._rng.random()
        return 0 if drawn < self._p.dual_share else 1 if drawn < (1 + self._p.dual_share) / 2 else 2

    def _boxes(self, *, export: bool) -> tuple[Box, ...]:
        rng = self._rng
        if rng.random() < self._p.two_box_share:
            return Box(container_id(rng), "22G1", 0.0, export), Box(container_id(rng), "22G1", 0.0, export)
        return (Box(container_id(rng), str(rng.choice(ISO_CODES)), 0.0, export),)

    def _weight_kg(self, boxes: tuple[Box, ...]) -> float:
        return round(EMPTY_KG + sum(float(self._rng.uniform(*BOX_KG)) for _ in boxes), -1)


def _plates(rng: Generator, count: int) -> list[str]:
    """Three letters and a number each; drawn at once, which gives what one after the other gives."""
    letters = len(LETTERS)
    drawn = rng.integers(np.tile([0, 0, 0, 100], count), np.tile([letters, letters, letters, 1000], count))
    return [f"{LETTERS[a]}{LETTERS[b]}{LETTERS[c]}-{number}" for a, b, c, number in drawn.reshape(-1, 4).tolist()]
