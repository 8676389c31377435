"""Figures of a box over a span, from the readings of its plug: how warm it was, for how long, and how steadily.

A reading stands until the next one, at most as long as two report intervals; the rest of a longer gap is unknown, and
counts neither as in range nor as out of it. Source: docs/sources.md, Reefers.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from processing.model.times import HOUR_US, MINUTE_US
from processing.reefers.intervals import GAP_INTERVALS, LEAST_GAP_US
from processing.reefers.profiles import FROZEN_SETPOINT_DEGC, ReeferProfiles

ACTIVATION_K = 10_000.0
"""Activation energy over the gas constant, of mean kinetic temperature: 83.144 kJ/mol. [K] Source: USP 1079."""
ZERO_DEGC_K = 273.15
SWING_K = 0.8
"""Air that turns by more has swung. [K]"""
CYCLE_US = (60 * MINUTE_US, 120 * MINUTE_US)
"""A cycle from one high to the next that takes between these times is one of a unit that starts and stops. [µs]"""


@dataclass(frozen=True, slots=True)
class BoxReading:
    """What a plug reported at a time. [µs since 1970 UTC, °C, kW]; None: not known."""

    time_us: int
    container_id: str | None
    setpoint_degc: float | None
    supply_degc: float | None
    return_degc: float | None
    power_kw: float | None
    there: bool = True
    """Whether the box is on the plug: else the reading only ends the one before."""


@dataclass(frozen=True, slots=True)
class BoxFigures:
    """Of a span; None where nothing is known.

    Attributes:
        known_us: for so long the air is known. [µs]
        unknown_us: for so long it is not, from the first reading on. [µs]
        out_us: for so long it was further from its setpoint than its profile allows, suspended or not. [µs]
        mean_degc, kinetic_degc: mean and mean kinetic temperature of the controlled air. [°C]
        cycles: swings of the air of a unit that starts and stops.
        energy_kwh, powered_us: energy taken while power is known, and for how long it is. [kWh, µs]
    """

    known_us: int
    unknown_us: int
    out_us: int
    mean_degc: float | None
    kinetic_degc: float | None
    cycles: int
    energy_kwh: float
    powered_us: int

    @property
    def out_share(self) -> float | None:
        """Share of the known time that was out of range."""
        return self.out_us / self.known_us if self.known_us else None


def figures(readings: Sequence[BoxReading], end_us: int, profiles: ReeferProfiles) -> BoxFigures:
    """Figures of a box.

    Args:
        readings: of its plug, in order of time.
        end_us: end of the span. [µs since 1970 UTC]
        profiles: of the terminal.
    """
    longest_us = _longest_us([one.time_us for one in readings])
    weighed: list[tuple[float, int]] = []
    air: list[tuple[int, float]] = []
    known_us = unknown_us = out_us = powered_us = 0
    energy_kwh = 0.0
    setpoint_degc: float | None = None
    container: str | None = None
    ends = [*(one.time_us for one in readings[1:]), end_us]
    for one, until_us in zip(readings, ends, strict=False):
        if not one.there:
            continue
        container = one.container_id or container
        setpoint_degc = setpoint_degc if one.setpoint_degc is None else one.setpoint_degc
        gap_us = max(0, until_us - one.time_us)
        weight_us = min(gap_us, longest_us)
        if one.power_kw is not None:
            powered_us += weight_us
            energy_kwh += one.power_kw * weight_us / HOUR_US
        degc = controlled_degc(setpoint_degc, one)
        if setpoint_degc is None or degc is None:
            unknown_us += gap_us
            continue
        known_us, unknown_us = known_us + weight_us, unknown_us + gap_us - weight_us
        weighed.append((degc, weight_us))
        air.append((one.time_us, degc))
        profile = profiles.of(container, setpoint_degc)
        off_k = profile.deviation_k(setpoint_degc, one.supply_degc, one.return_degc)
        if off_k is not None and profile.distance_k(off_k) > profile.tolerance_k:
            out_us += weight_us
    mean = sum(degc * us for degc, us in weighed) / known_us if known_us else None
    return BoxFigures(known_us, unknown_us, out_us, mean, kinetic_degc(weighed), cycles(air), energy_kwh, powered_us)


def controlled_degc(setpoint_degc: float | None, reading: BoxReading) -> float | None:
    """The air that a unit controls: coming back to it of frozen cargo, leaving it of other cargo. [°C]."""
    if setpoint_degc is None:
        return None
    return reading.return_degc if setpoint_degc <= FROZEN_SETPOINT_DEGC else reading.supply_degc


def kinetic_degc(weighed: Iterable[tuple[float, int]]) -> float | None:
    """Mean kinetic temperature: warm hours count more than cold ones make up for. [°C].

    Args:
        weighed: temperatures and for how long each was. [°C; µs]
    """
    listed = [(degc, us) for degc, us in weighed if us > 0]
    total_us = sum(us for _, us in listed)
    if not total_us:
        return None
    mean = math.fsum(us * math.exp(-ACTIVATION_K / (degc + ZERO_DEGC_K)) for degc, us in listed) / total_us
    return ACTIVATION_K / -math.log(mean) - ZERO_DEGC_K


def cycles(air: Sequence[tuple[int, float]]) -> int:
    """How often air swung up, down and up again as it does where a unit starts and stops.

    Args:
        air: times and temperatures, in order. [µs since 1970 UTC, °C]
    """
    highs = _highs_us(air)
    return sum(CYCLE_US[0] <= later - earlier <= CYCLE_US[1] for earlier, later in pairwise(highs))


def _highs_us(air: Sequence[tuple[int, float]]) -> list[int]:
    """Highs between which the air fell by more than a swing, and rose again. [µs since 1970 UTC]."""
    highs: list[int] = []
    if not air:
        return highs
    rising = True
    extreme = air[0]
    for now in air[1:]:
        turned_k = extreme[1] - now[1] if rising else now[1] - extreme[1]
        if turned_k > SWING_K:
            if rising:
                highs.append(extreme[0])
            rising, extreme = not rising, now
        elif turned_k <= 0:
            extreme = now
    return highs


def _longest_us(times_us: Sequence[int]) -> int:
    """How long a reading stands at most: two report intervals, the median step. [µs]."""
    steps = sorted(later - earlier for earlier, later in pairwise(times_us))
    return max(round(GAP_INTERVALS * steps[len(steps) // 2]), LEAST_GAP_US) if steps else LEAST_GAP_US
