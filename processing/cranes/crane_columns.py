"""Samples of cranes as columns that the detectors read: carried forward, coded, by each crane's parameters."""

from dataclasses import dataclass, fields
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from processing.cranes.parameter_intervals import ParameterIntervals, calibrated
from processing.cranes.parameters import MOTION_M
from processing.cranes.signals import CRANE
from processing.model.samples import Samples

FloatArray = NDArray[np.float64]
UNLOCKED, LOCKED, BETWEEN, UNKNOWN, BOTH = 0, 1, 2, 3, 4
"""Twistlock codes; BETWEEN is neither of the two, a partial lock; BOTH cannot be: a contact is wrong."""
TWO_SPREADERS = 8
"""Added to a code that two spreaders give together: the polarity of their contacts is not guessed."""
FAULT, WIND, LOGGED_OFF, BOOM_UP, NO_SPREADER = 1, 2, 4, 8, 16
"""Bits of the context: what may keep a crane from working."""
BARE_T = -3.0
"""Without a spreader on the ropes the load cell reads less than this. [t] Assumed."""
STATE_FAULT = CRANE.by_name["state"].values.index("fault")


@dataclass(frozen=True, slots=True)
class CarriedSignals:
    """The signals that are carried forward, by name: each of shape (n,), NaN where never known."""

    twistlock_locked: FloatArray
    twistlock_unlocked: FloatArray
    landed: FloatArray
    load_t: FloatArray
    hoist_height_m: FloatArray
    trolley_position_m: FloatArray
    gantry_position_m: FloatArray
    spreader_size_ft: FloatArray
    twin: FloatArray
    energy_kwh: FloatArray
    wind_speed_mps: FloatArray
    state: FloatArray
    boom_down: FloatArray
    logged_on: FloatArray
    tandem: FloatArray
    spreader2_locked: FloatArray
    spreader2_unlocked: FloatArray


CARRIED = tuple(field.name for field in fields(CarriedSignals))
"""Names of the signals that are carried forward, in the order of rows of an array that holds all of them."""


@dataclass(frozen=True, slots=True)
class CraneColumns:
    """Samples of cranes, those of each together and in time order, absent values carried forward. All of shape (n,).

    Attributes:
        time_us: event time.
        code: twistlock code; of two spreaders together, with `TWO_SPREADERS` added.
        landed: 1, 0, or 2 where never known.
        context: bits of what may keep a crane from working.
        load_t, height_m, trolley_m, gantry_m, size_ft, twin, energy_kwh: NaN where never known.
        moving: whether hoist or trolley moved since the sample before.
        between: whether the twistlocks of a spreader are seen to be neither locked nor unlocked, by both contacts.
        spreaders: 2 where both of two spreaders are locked, 1 where not both are, 0 where there is one only.
        ids: row and the containers that the crane's OCR read in it, in order.
    """

    time_us: NDArray[np.int64]
    code: NDArray[np.int8]
    landed: NDArray[np.int8]
    context: NDArray[np.int8]
    load_t: FloatArray
    height_m: FloatArray
    trolley_m: FloatArray
    gantry_m: FloatArray
    size_ft: FloatArray
    twin: FloatArray
    energy_kwh: FloatArray
    moving: NDArray[np.bool_]
    between: NDArray[np.bool_]
    spreaders: NDArray[np.int8]
    ids: list[tuple[int, tuple[str, ...]]]


def crane_columns(
    samples: Samples,
    signals: CarriedSignals,
    before: CarriedSignals,
    starts: NDArray[np.intp],
    intervals: ParameterIntervals,
) -> CraneColumns:
    """The columns of a batch.

    Args:
        samples: n of them, in order.
        signals: their signals, carried forward, each of shape (n,).
        before: last known values before them, each of shape (number of cranes,).
        starts: first row of each crane.
        intervals: of the parameters.
    """
    code, between, spreaders = _headblock(signals, intervals)
    texts = samples.texts["container_ids"]
    return CraneColumns(
        samples.time_us,
        code,
        np.where(np.isnan(signals.landed), 2, signals.landed).astype(np.int8),
        _context(signals, code, intervals),
        load_t=signals.load_t,
        height_m=signals.hoist_height_m,
        trolley_m=calibrated(signals.trolley_position_m, intervals),
        gantry_m=signals.gantry_position_m,
        size_ft=signals.spreader_size_ft,
        twin=signals.twin,
        energy_kwh=signals.energy_kwh,
        moving=_moving(signals, before, starts),
        between=between,
        spreaders=spreaders,
        ids=[(row, ids) for row, ids in compress(enumerate(texts), texts) if isinstance(ids, tuple)],
    )


def twistlock_code(locked: FloatArray, unlocked: FloatArray) -> NDArray[np.int8]:
    """Twistlock code per sample from the two booleans; without an `unlocked` signal it is "not locked"."""
    is_locked, is_unlocked = locked == 1, unlocked == 1
    code = np.full(locked.shape, BETWEEN, dtype=np.int8)
    absent = np.isnan(unlocked)
    free = np.where(absent, locked == 0, is_unlocked) if absent.any() else is_unlocked
    code[is_locked & ~is_unlocked] = LOCKED
    code[free & ~is_locked] = UNLOCKED
    code[free & is_locked] = BOTH
    if absent.any():
        code[np.isnan(locked) & absent] = UNKNOWN
    return code


def _headblock(
    signals: CarriedSignals, intervals: ParameterIntervals
) -> tuple[NDArray[np.int8], NDArray[np.bool_], NDArray[np.int8]]:
    """Columns `code`, `between` and `spreaders`; a second spreader counts where the crane has one, and it is in use."""
    code = twistlock_code(signals.twistlock_locked, signals.twistlock_unlocked)
    between = (code == BETWEEN) & ~np.isnan(signals.twistlock_locked)
    spreaders = np.zeros(len(code), np.int8)
    if not any(one.tandem for one in intervals.parameters):
        return code, between, spreaders
    second = twistlock_code(signals.spreader2_locked, signals.spreader2_unlocked)
    used = intervals.by_row([one.tandem for one in intervals.parameters]) * (signals.tandem != 0) == 1
    used &= ~np.isnan(signals.spreader2_locked)
    between |= used & (second == BETWEEN)
    spreaders[used] = 1
    spreaders[used & (code == LOCKED) & (second == LOCKED)] = 2
    # A load hangs from the first lock until the last unlock.
    locked, unlocked = (code == LOCKED) | (second == LOCKED), (code == UNLOCKED) & (second == UNLOCKED)
    together = np.where(locked, LOCKED, np.where(unlocked, UNLOCKED, BETWEEN)) + TWO_SPREADERS
    return np.where(used, together, code).astype(np.int8), between, spreaders


def _context(signals: CarriedSignals, code: NDArray[np.int8], intervals: ParameterIntervals) -> NDArray[np.int8]:
    """Bits of what may keep a crane from working, shape (n,)."""
    limit_mps = intervals.by_row([one.stop_wind_mps for one in intervals.parameters])
    boom = intervals.by_row([not one.yard for one in intervals.parameters])
    context = (
        (signals.state == STATE_FAULT) * FAULT
        + (signals.wind_speed_mps >= limit_mps) * WIND
        + (signals.logged_on == 0) * LOGGED_OFF
        + (signals.boom_down == 0) * BOOM_UP * boom
        + ((code % TWO_SPREADERS == BETWEEN) & (signals.load_t < BARE_T)) * NO_SPREADER
    )
    return np.asarray(context.astype(np.int8))


def _moving(signals: CarriedSignals, before: CarriedSignals, starts: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether hoist or trolley moved since the sample before, shape (n,)."""
    height, trolley = signals.hoist_height_m, signals.trolley_position_m
    moving = np.empty(len(height), bool)
    moving[1:] = (np.abs(np.diff(height)) >= MOTION_M) | (np.abs(np.diff(trolley)) >= MOTION_M)
    hoisted = np.abs(height[starts] - before.hoist_height_m)
    travelled = np.abs(trolley[starts] - before.trolley_position_m)
    moving[starts] = (hoisted >= MOTION_M) | (travelled >= MOTION_M)
    return moving
