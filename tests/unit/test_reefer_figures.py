"""Figures of a box over a span; expected values by hand, those of mean kinetic temperature by its definition."""

from dataclasses import replace

import pytest

from processing.model.times import HOUR_US, MINUTE_US
from processing.reefers.figures import BoxFigures, BoxReading, cycles, figures, kinetic_degc
from processing.reefers.profiles import CHILLED, ReeferProfile, ReeferProfiles

NONE = ReeferProfiles()


def reading(minute: float, supply: float | None, setpoint: float | None = 4.0, back: float | None = None) -> BoxReading:
    """A reading of a box; 3 kW."""
    return BoxReading(round(minute * MINUTE_US), "CSQU3054383", setpoint, supply, back, 3.0)


def of(readings: list[BoxReading], end_min: float, *own: ReeferProfile) -> BoxFigures:
    """Figures until a minute."""
    return figures(readings, round(end_min * MINUTE_US), ReeferProfiles(own))


def test_mean_kinetic_temperature() -> None:
    """Of 2, 4, 6 and 8 °C alike, and of a day with one hour at 12 °C: warm hours count more."""
    assert kinetic_degc([(2, 1), (4, 1), (6, 1), (8, 1)]) == pytest.approx(5.302, abs=5e-4)
    assert kinetic_degc([(0.5, 23 * HOUR_US), (12.0, HOUR_US)]) == pytest.approx(1.486, abs=5e-4)
    assert kinetic_degc([(4.0, 0)]) is None


def test_time_out_of_range_is_that_of_the_known_time() -> None:
    """Each minute from 0 to 59, of which 15 min 2 K too warm: a quarter."""
    found = of([reading(m, 6.0 if 20 <= m < 35 else 4.0) for m in range(60)], 60)
    assert (found.known_us, found.unknown_us, found.out_us) == (60 * MINUTE_US, 0, 15 * MINUTE_US)
    assert found.out_share == 0.25
    assert found.mean_degc == pytest.approx(4.5)
    assert found.energy_kwh == pytest.approx(3.0)
    assert found.powered_us == HOUR_US


def test_a_gap_is_unknown_beyond_two_report_intervals() -> None:
    """Each minute until 9, then from 30 on: the reading of minute 9 stands 5 min; air absent is unknown at once."""
    found = of([reading(m, 4.0) for m in (*range(10), *range(30, 40))], 40)
    assert (found.known_us, found.unknown_us) == (24 * MINUTE_US, 16 * MINUTE_US)
    assert of([reading(m, None) for m in range(10)], 10).unknown_us == 10 * MINUTE_US
    assert of([], 10).out_share is None


def test_the_time_without_the_box_is_neither_known_nor_unknown() -> None:
    """On the plug for 10 min, away for two hours, there again for 10 min."""
    away = replace(reading(10, None), there=False)
    found = of([*(reading(m, 4.0) for m in range(10)), away, *(reading(m, 4.0) for m in range(130, 140))], 140)
    assert (found.known_us, found.unknown_us, found.powered_us) == (20 * MINUTE_US, 0, 20 * MINUTE_US)


def test_the_profile_of_the_box_decides_what_is_out_of_range() -> None:
    """Frozen cargo by its return air, too warm only; a box with a tolerance of its own."""
    frozen = [reading(m, -30.0, -20.0, -17.0 if m < 30 else -26.0) for m in range(60)]
    assert of(frozen, 60).out_us == 30 * MINUTE_US
    tight = ReeferProfile("tight", "supply", 0.2, True, 0, 0, hysteresis_k=0.1, containers=frozenset({"CSQU3054383"}))
    assert of([reading(m, 4.5) for m in range(60)], 60, tight).out_us == 60 * MINUTE_US
    assert CHILLED.tolerance_k == 1.0


def test_cycles_are_swings_of_a_unit_that_starts_and_stops() -> None:
    """Up and down by 1 K each 90 min four times: three from high to high. By 0.6 K, or each 30 min, none."""

    def swings(height_k: float, period_min: int) -> list[tuple[int, float]]:
        return [
            (m * MINUTE_US, 4 + height_k * abs(1 - (m % period_min) / (period_min / 2))) for m in range(4 * period_min)
        ]

    assert cycles(swings(1.0, 90)) == 3
    assert cycles(swings(0.6, 90)) == 0
    assert cycles(swings(1.0, 30)) == 0
    assert cycles([]) == 0
