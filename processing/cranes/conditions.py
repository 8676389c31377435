"""Levels of cranes that alarms are made from: a fault, switched off, wind near and above the limit."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from processing.cranes.crane_columns import STATE_FAULT, CarriedSignals
from processing.cranes.parameter_intervals import ParameterIntervals, in_force
from processing.cranes.parameters import CraneParameters, ParameterHistory
from processing.cranes.signals import CRANE
from processing.model.carry import FloatArray, shifted
from processing.model.level import LevelChange, level_changes
from processing.model.samples import Samples

STATE_OFF = CRANE.by_name["state"].values.index("off")
WELL = 0.85
"""Wind below this share of the limit is no danger any more: from there on the level is 1, beyond the limit 2."""


def conditions(
    samples: Samples,
    signals: CarriedSignals,
    before: CarriedSignals,
    starts: NDArray[np.intp],
    intervals: ParameterIntervals,
    limits_before_mps: FloatArray,
) -> list[LevelChange]:
    """Changes of the levels `fault`, `switched_off` and `windy`.

    Args:
        samples: n of them, in order.
        signals: their signals, carried forward, each of shape (n,).
        before: last known values before them, each of shape (d,).
        starts: first row of each crane, shape (d,).
        intervals: of the parameters.
        limits_before_mps: the limit of wind that held at the sample before, shape (d,). [m/s]
    """
    found: list[LevelChange] = []
    if _changes(signals.state, before.state, starts):
        for name, code in (("fault", STATE_FAULT), ("switched_off", STATE_OFF)):
            found += level_changes(samples, name, _is(signals.state, code), starts, _is(before.state, code))
    limits_mps = intervals.by_row([one.stop_wind_mps for one in intervals.parameters])
    if not (_calm(signals.wind_speed_mps, limits_mps) and _calm(before.wind_speed_mps, limits_before_mps)):
        windy, calm = _windy(signals.wind_speed_mps, limits_mps), _windy(before.wind_speed_mps, limits_before_mps)
        found += level_changes(samples, "windy", windy, starts, calm)
    return found


def limits_before(histories: Sequence[tuple[CraneParameters, ParameterHistory]], times_us: Sequence[int]) -> FloatArray:
    """The limit of wind of each crane at a time of each, shape (d,). [m/s; µs since 1970 UTC]."""
    pairs = zip(histories, times_us, strict=True)
    return np.array([in_force(history, time_us).stop_wind_mps for history, time_us in pairs])


def _changes(state: FloatArray, before: FloatArray, starts: NDArray[np.intp]) -> bool:
    """Whether a state changes anywhere, or becomes known."""
    return bool(((state != shifted(state, before, starts)) & ~np.isnan(state)).any())


def _calm(wind_mps: FloatArray, limit_mps: FloatArray | float) -> bool:
    """Whether the wind is known everywhere, and the level 0."""
    return bool((wind_mps < np.multiply(limit_mps, WELL)).all())


def _is(state: FloatArray, code: int) -> FloatArray:
    return np.where(np.isnan(state), np.nan, state == code)


def _windy(wind_mps: FloatArray, limit_mps: FloatArray | float) -> FloatArray:
    level = (wind_mps >= np.multiply(limit_mps, WELL)) * 1.0 + (wind_mps >= limit_mps)
    return np.where(np.isnan(wind_mps), np.nan, level)
