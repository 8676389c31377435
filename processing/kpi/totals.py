"""What terms about cranes are made of: totals of what some cranes did in a window."""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

HUNDREDTHS: Final = 100
"""Of a TEU: sums are whole numbers, which no order of summing changes, divided once at the end."""
WH_PER_KWH: Final = 1_000
"""Energy is summed in watt-hours for the same reason."""


class Totals(Protocol):
    """Totals of some cranes in a window, summed at each look (`Activity`) or kept up to date (`RunningTotals`)."""

    @property
    def crane_count(self) -> int:
        """How many cranes had been heard of."""

    @property
    def busy(self) -> bool:
        """Whether a crane moved anything or had a delay."""

    @property
    def lifts(self) -> int:
        """Box moves."""

    @property
    def boxes(self) -> int:
        """Boxes of the box moves."""

    @property
    def teu(self) -> float:
        """TEU of the box moves."""

    @property
    def twin_lifts(self) -> int:
        """Box moves of two 20 ft boxes at once."""

    @property
    def moves(self) -> int:
        """Moves of all kinds."""

    @property
    def allocated_us(self) -> int:
        """Allocated crane time. [µs]."""

    @property
    def logged_on_us(self) -> int:
        """Crane time with an operator logged on. [µs]."""

    @property
    def excluded_us(self) -> int:
        """Allocated crane time that net rates leave out. [µs]."""

    @property
    def delay_us(self) -> Mapping[str, int]:
        """Allocated crane time in delays, by cause. [µs]."""

    @property
    def failures(self) -> int:
        """Breakdowns that began in the window, in allocated time."""

    @property
    def cycles_us(self) -> Sequence[int]:
        """From one delivery to the next, pauses left out, shortest first. Source: TIC4.0 cycle. [µs]."""

    @property
    def parts_us(self) -> Mapping[str, Sequence[int]]:
        """Of each part of a cycle, how long it was in the cycles of all moves, shortest first. [µs]."""

    @property
    def dual_pairs(self) -> int:
        """Pairs of a load and a discharge that share a cycle."""

    @property
    def energy_kwh(self) -> float:
        """What the cycles of box moves took, of those where that is known. [kWh]."""

    @property
    def energy_moves(self) -> int:
        """Of how many box moves it is known."""

    @property
    def final(self) -> bool:
        """Whether no cause is left that a person may yet state."""
