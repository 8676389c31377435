"""The samples of a script: what the sensors of a crane measure of it."""

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from simulators.cranes.script import Script
from simulators.motion import FloatArray
from simulators.parameters import CraneParameters
from simulators.weather import Weather

GRAVITY = 9.81
LOAD_NOISE_T = 0.04
DRIFT_T = 0.03
"""How far the load cell drifts from lift to lift. [t] Assumed."""
DRIFT_LIMIT_T = 0.8
BOOM = (("boom_down", "boom_down"),)
SECOND_SPREADER = (("tandem", "tandem"), ("spreader2_locked", "locked2"), ("spreader2_unlocked", "unlocked2"))
"""Signals that not all cranes have, and what switches them."""
STATES = ("standby", "idle", "working", "fault")


@dataclass(frozen=True, slots=True)
class Times:
    """Sample times of a script, both of shape (n,). [ms since 1970 UTC; s since its start]."""

    time_ms: NDArray[np.int64]
    t_s: FloatArray


@dataclass(slots=True)
class CraneSamples:
    """Samples of one crane: `time_ms` of shape (n,), by signal name arrays of the same shape; ids by row."""

    time_ms: NDArray[np.int64]
    signals: dict[str, NDArray[np.generic]]
    ids: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def split(self, at: int) -> tuple["CraneSamples", "CraneSamples"]:
        """The first so many rows, and the others."""
        first = {name: values[:at] for name, values in self.signals.items()}
        rest = {name: values[at:] for name, values in self.signals.items()}
        return (
            CraneSamples(self.time_ms[:at], first, {row: ids for row, ids in self.ids.items() if row < at}),
            CraneSamples(self.time_ms[at:], rest, {row - at: ids for row, ids in self.ids.items() if row >= at}),
        )


class Signals:
    """The sensors of one crane, between scripts.

    Args:
        parameters: of the crane.
        rng: the crane's generator.
        weather: over the terminal.
    """

    def __init__(self, parameters: CraneParameters, rng: Generator, weather: Weather) -> None:
        self._p = parameters
        self._others = BOOM * parameters.quay + SECOND_SPREADER * (parameters.tandem_share > 0)
        self._rng = rng
        self._weather = weather
        self._energy_kwh = float(rng.uniform(1e5, 9e5))
        self._drift_t = 0.0

    def sample(self, script: Script, times: Times) -> CraneSamples:
        """The samples at these times."""
        n, t = len(times.t_s), times.t_s
        if not n:
            return CraneSamples(times.time_ms, {})
        height, trolley, gantry = (script.position(axis, t) for axis in ("hoist", "trolley", "gantry"))
        true_load = script.value("load", t)
        self._drift_t = float(np.clip(self._drift_t + self._rng.normal(0, DRIFT_T), -DRIFT_LIMIT_T, DRIFT_LIMIT_T))
        load = true_load + self._drift_t + self._rng.normal(0, LOAD_NOISE_T, n)
        power = self._power(height, trolley, gantry, true_load)
        energy = self._energy_kwh + np.cumsum(np.maximum(power, 0)) * self._p.period_ms / 3.6e6
        self._energy_kwh = float(energy[-1])
        wind = self._weather.wind_mps(times.time_ms) + self._rng.normal(0, 0.25, n)
        logged = script.value("logged_on", t) == 1
        fault = script.value("fault", t) == 1
        state = np.where(fault, 3, np.where(~logged, 0, np.where(script.value("idle", t) == 1, 1, 2)))
        signals: dict[str, NDArray[np.generic]] = {
            "hoist_height_m": np.round(height, 2),
            "trolley_position_m": np.round(trolley, 2),
            "gantry_position_m": np.round(gantry, 2),
            "load_t": np.round(load, 2),
            "wind_speed_mps": np.round(np.abs(wind), 1),
            "power_kw": np.round(power, 1),
            "energy_kwh": np.round(energy, 3),
            "twistlock_locked": script.value("locked", t) == 1,
            "twistlock_unlocked": script.value("unlocked", t) == 1,
            "landed": script.value("landed", t) == 1,
            "spreader_size_ft": script.value("size", t).astype(np.int64),
            "twin": script.value("twin", t) == 1,
            "state": np.array(STATES)[state],
            "logged_on": logged,
            "move_count": script.value("count", t).astype(np.int64),
        }
        for name, of in self._others:
            signals[name] = script.value(of, t) == 1
        ids = {row: read for at_s, read in script.ids if (row := int(np.searchsorted(t, at_s))) < n}
        return CraneSamples(times.time_ms, signals, ids)

    def _power(self, height: FloatArray, trolley: FloatArray, gantry: FloatArray, load: FloatArray) -> FloatArray:
        """What the drives take; lowering gives some back. [kW]."""
        period_s = self._p.period_ms / 1000
        hoist_mps, trolley_mps, gantry_mps = (np.diff(a, prepend=a[:1]) / period_s for a in (height, trolley, gantry))
        lifting = (self._p.spreader_t + load) * GRAVITY * hoist_mps
        power = self._p.base_kw + np.where(lifting > 0, lifting / 0.85, lifting * 0.6)
        return np.asarray(power + 22 * np.abs(trolley_mps) + 140 * np.abs(gantry_mps))
