"""Reefers on their plugs: a first-order thermal model of all units at once. Figures: assumed.

`step` is pure except for the generator that it is given; shapes are (n,).
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from processing.reefers.signals import REEFER
from simulators.containers import REEFER_OWNERS, container_id
from simulators.devices import Device, Rows, SampledGroup, text
from simulators.parameters import Preset

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

SETPOINTS_DEGC = np.array([-25.0, -20.0, -18.0, -1.0, 1.0, 4.0, 7.0, 13.3])
AIR_TAU_MIN = 200.0
"""Air of a unit without cooling follows the ambient with this time constant. [min]"""
PULL_TAU_MIN = 45.0
"""Cooling brings it back with this one. [min]"""
EMPTY_SHARE = 0.12
POWER_OFF_PER_H, COOLING_FAILURE_PER_H = 0.006, 0.004
FAULT_MEDIAN_MIN = 85.0
SWAP_PER_H = 0.015
DEFROST_MIN = (15, 40)
DEFROST_EVERY_H = (6, 24)


@dataclass(frozen=True, slots=True)
class Fleet:
    """State of all plugs.

    Attributes:
        setpoint_degc, air_degc: asked for, and inside. [°C]
        plugged, powered, cooling: a box is there; the plug has power; the machinery works.
        defrost_min: minutes left of a defrost, 0 when none. [min]
        next_defrost_min: minutes until the next one. [min]
        fault_min: minutes left of a fault. [min]
        away_min: minutes until the next box is plugged in. [min]
        minute: minutes since 1970 UTC.
    """

    setpoint_degc: FloatArray
    air_degc: FloatArray
    plugged: BoolArray
    powered: BoolArray
    cooling: BoolArray
    defrost_min: FloatArray
    next_defrost_min: FloatArray
    fault_min: FloatArray
    away_min: FloatArray
    minute: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened in a step: indices of the plugs."""

    unplugged: NDArray[np.intp]
    plugged: NDArray[np.intp]
    failed: NDArray[np.intp]
    repaired: NDArray[np.intp]


def fleet(count: int, rng: Generator, minute: int) -> Fleet:
    """A yard of reefers in their usual state."""
    setpoint = rng.choice(SETPOINTS_DEGC, count)
    plugged = rng.random(count) >= EMPTY_SHARE
    return Fleet(
        setpoint,
        setpoint + rng.normal(0, 0.2, count),
        plugged,
        np.ones(count, bool),
        np.ones(count, bool),
        np.zeros(count),
        rng.uniform(0, 60 * DEFROST_EVERY_H[1], count),
        np.zeros(count),
        np.where(plugged, 0.0, rng.uniform(10, 240, count)),
        minute,
    )


def ambient_degc(minute: int, utc_offset_h: float) -> float:
    """Outside air over a day: 17 to 25 °C, warmest at 15 h local time. [°C]."""
    hour = (minute / 60 + utc_offset_h) % 24
    return float(21 + 4 * np.cos((hour - 15) / 24 * 2 * np.pi))


def step(state: Fleet, rng: Generator, outside_degc: float) -> tuple[Fleet, Changes]:
    """Advance every plug by one minute.

    Args:
        state: the plugs.
        rng: draws faults, swaps and noise.
        outside_degc: ambient air. [°C]

    Returns: the new state, and what happened.
    """
    n = len(state.setpoint_degc)
    chance = rng.random((3, n))
    healthy = state.plugged & (state.fault_min <= 0)
    off = healthy & (chance[0] < POWER_OFF_PER_H / 60)
    broken = healthy & ~off & (chance[1] < COOLING_FAILURE_PER_H / 60)
    leaving = healthy & ~off & ~broken & (chance[2] < SWAP_PER_H / 60)
    fault_min = np.where(off | broken, rng.lognormal(np.log(FAULT_MEDIAN_MIN), 0.5, n), state.fault_min - 1)
    repaired = state.plugged & (state.fault_min > 0) & (fault_min <= 0) & ~off & ~broken
    away_min = np.where(leaving, rng.uniform(30, 240, n), state.away_min - 1)
    arriving = ~state.plugged & (away_min <= 0)
    plugged = (state.plugged & ~leaving) | arriving
    powered = (state.powered & ~off) | repaired | arriving
    cooling = (state.cooling & ~broken) | repaired | arriving
    setpoint = np.where(arriving, rng.choice(SETPOINTS_DEGC, n), state.setpoint_degc)
    defrost, due = _defrost(state, rng)
    air = _air(state, setpoint, arriving, powered & cooling & plugged, rng, outside_degc)
    fault_min, away_min = np.maximum(fault_min, 0), np.maximum(away_min, 0)
    new = Fleet(setpoint, air, plugged, powered, cooling, defrost, due, fault_min, away_min, state.minute + 1)
    return new, Changes(
        np.flatnonzero(leaving), np.flatnonzero(arriving), np.flatnonzero(off | broken), np.flatnonzero(repaired)
    )


def _defrost(state: Fleet, rng: Generator) -> tuple[FloatArray, FloatArray]:
    """Minutes left of a defrost, and until the next one. [min]."""
    n, start = len(state.setpoint_degc), state.next_defrost_min <= 0
    left = np.where(start, rng.uniform(*DEFROST_MIN, n), np.maximum(state.defrost_min - 1, 0))
    due = np.where(start, rng.uniform(60 * DEFROST_EVERY_H[0], 60 * DEFROST_EVERY_H[1], n), state.next_defrost_min - 1)
    return left, due


def _air(
    state: Fleet,
    setpoint: FloatArray,
    arriving: NDArray[np.bool_],
    cooled: NDArray[np.bool_],
    rng: Generator,
    outside_degc: float,
) -> FloatArray:
    """Air inside after a minute: towards the setpoint where it is cooled, else towards the ambient. [°C]."""
    air = np.where(arriving, setpoint + rng.uniform(0.5, 8, len(setpoint)), state.air_degc)
    warming = (outside_degc - air) / AIR_TAU_MIN
    pulling = (setpoint - air) / PULL_TAU_MIN
    return np.asarray(air + np.where(cooled, pulling, warming))


def signals(state: Fleet, rng: Generator, outside_degc: float) -> dict[str, NDArray[np.generic]]:
    """Signals that the controllers send, by name; shapes (n,)."""
    n = len(state.setpoint_degc)
    running = state.plugged & state.powered & state.cooling
    defrosting = running & (state.defrost_min > 0)
    frozen = state.setpoint_degc <= -10
    far = np.abs(state.air_degc - state.setpoint_degc) > 1.5
    noise = rng.normal(0, 0.06, (2, n))
    supply = state.air_degc + np.where(running & frozen, -1.2, 0) + np.where(defrosting, 4.0, 0) + noise[0]
    back = state.air_degc + np.where(running & ~frozen, 0.7, 0.2) + np.where(defrosting, 1.2, 0) + noise[1]
    mode = np.select(
        [~(state.plugged & state.powered), ~state.cooling, defrosting, far],
        ["off", "fan", "defrost", "full_cool"],
        "modulated",
    )
    power = np.select(
        [mode == "full_cool", mode == "modulated", mode == "defrost", mode == "fan"], [8.5, 3.2, 2.2, 0.9], 0.0
    )
    return {
        "setpoint_degc": state.setpoint_degc,
        "supply_degc": np.round(supply, 2),
        "return_degc": np.round(back, 2),
        "ambient_degc": np.full(n, round(outside_degc, 1)),
        "plugged": state.plugged,
        "powered": state.powered,
        "compressor_on": running & ~defrosting,
        "mode": mode,
        "power_kw": np.round(power * rng.uniform(0.92, 1.08, n) * state.plugged, 2),
        "humidity_pct": np.round(82 + noise[0] * 20, 0),
    }


@dataclass(frozen=True, slots=True)
class TrueFault:
    """A fault that really happened. [ms since 1970 UTC]."""

    device: str
    cause: str
    began_ms: int
    ended_ms: int
    fact: ClassVar[str] = "reefer_fault"

    def payload(self) -> dict[str, Any]:
        """What is published of it."""
        span = {"began_at": text(self.began_ms), "ended_at": text(self.ended_ms)}
        return {"device": self.device, "cause": self.cause, **span}


class Reefers:
    """All plugs of one terminal over time.

    Args:
        names: device ids.
        rng: their own generator.
        start_ms: when they begin. [ms since 1970 UTC]
        utc_offset_h: local time, for the ambient air.
    """

    def __init__(self, names: list[str], rng: Generator, start_ms: int, utc_offset_h: float) -> None:
        self.names = names
        self._rng, self._offset_h = rng, utc_offset_h
        self._state = fleet(len(names), rng, start_ms // 60_000)
        self._containers = [container_id(rng, REEFER_OWNERS) for _ in names]
        self._phase_ms = (np.arange(len(names)) * 60_000 // max(len(names), 1)).tolist()
        self._began_ms: dict[int, tuple[str, int]] = {}
        self._waiting: list[tuple[int, str, dict[str, object]]] = []

    def until(self, end_ms: int) -> tuple[list[tuple[int, str, dict[str, object]]], list[TrueFault]]:
        """Samples (time, plug, signals) before a time in order, and the faults that ended."""
        faults: list[TrueFault] = []
        while self._state.minute * 60_000 < end_ms:
            faults += self._minute()
        ready = [sample for sample in self._waiting if sample[0] < end_ms]
        self._waiting = [sample for sample in self._waiting if sample[0] >= end_ms]
        return ready, faults

    def _minute(self) -> list[TrueFault]:
        minute_ms = self._state.minute * 60_000
        outside = ambient_degc(self._state.minute, self._offset_h)
        self._state, changes = step(self._state, self._rng, outside)
        faults = self._faults(changes, minute_ms)
        for i in changes.plugged.tolist():
            self._containers[i] = container_id(self._rng, REEFER_OWNERS)
        columns = {name: values.tolist() for name, values in signals(self._state, self._rng, outside).items()}
        names = list(columns)
        for i, row in enumerate(zip(*columns.values(), strict=True)):
            sample: dict[str, object] = dict(zip(names, row, strict=True))
            if sample["plugged"]:
                sample["container_id"] = self._containers[i]
            else:
                sample = {"plugged": False, "powered": sample["powered"], "ambient_degc": sample["ambient_degc"]}
            self._waiting.append((minute_ms + self._phase_ms[i], self.names[i], sample))
        return faults

    def _faults(self, changes: Changes, minute_ms: int) -> list[TrueFault]:
        for i in changes.failed.tolist():
            cause = "cooling_failure" if self._state.powered[i] else "power_off"
            self._began_ms[i] = (cause, minute_ms)
        ended = []
        for i in changes.repaired.tolist():
            cause, began_ms = self._began_ms.pop(i, ("power_off", minute_ms))
            ended.append(TrueFault(self.names[i], cause, began_ms, minute_ms))
        return ended


def reefers(preset: Preset, seed: np.random.SeedSequence, start_ms: int, boot: str) -> SampledGroup:
    """All plugs of a terminal."""
    plugs = [f"r{n:03d}" for n in range(1, preset.reefers + 1)]
    simulator = Reefers(plugs, np.random.default_rng(seed), start_ms, preset.utc_offset_h)
    return SampledGroup([Device("reefer", plug, "PLUG") for plug in plugs], simulator, Rows(REEFER, boot))
