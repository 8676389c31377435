"""What the load shows of a lift: that something hangs there, and that it has been put down."""

import math

import numpy as np

from processing.cranes.crane_columns import CraneColumns
from processing.cranes.detector.lift import Lift, Place
from processing.cranes.detector.memory import MoveMemory
from processing.cranes.detector.switch import unlock_after
from processing.cranes.parameters import CraneParameters


def watch_load(
    memory: MoveMemory, columns: CraneColumns, row: int, end: int, lift: Lift, parameters: CraneParameters
) -> Place | None:
    """Take in rows of a lift, [row, end); see `judge`."""
    airborne = memory.landed != 1
    if not airborne and lift.landing is not None:
        hangs = _hangs(columns, row, end, lift, lift.landing, parameters)
        if hangs is not None:
            if hangs > row:
                _take_in(columns, row, hangs, lift, parameters, landed=True)
            lift.landing = None
            row = hangs
    landed = not airborne and lift.landing is not None
    least_t = _take_in(columns, row, end, lift, parameters, landed=landed)
    if not airborne or (lift.proven and lift.landing is None):
        return None
    memory.suspended.watch(columns, row, end, least_t, parameters)
    return judge(memory, lift, parameters)


def judge(memory: MoveMemory, lift: Lift, parameters: CraneParameters) -> Place | None:
    """See what hangs there by now: a load that proves the lift, or nothing after it was set down.

    Returns: the unlock that was not seen, where nothing hangs there any more.
    """
    suspended, take_off_us = memory.suspended, memory.take_off_us
    if lift.air_us is None:
        lift.air_us = suspended.first_us
    if suspended.heavy:
        lift.proven = True
    empty = suspended.light and lift.weight_t(parameters) is not None
    if empty and lift.landing is not None and lift.proven and take_off_us is not None:
        return unlock_after(lift.landing, take_off_us, parameters)
    return None


def flown_empty(memory: MoveMemory, lift: Lift, parameters: CraneParameters) -> bool:
    """Whether the spreader has flown with nothing below it."""
    return lift.rise_us is not None and memory.suspended.light and not lift.shown(parameters)


def _take_in(
    columns: CraneColumns, row: int, end: int, lift: Lift, parameters: CraneParameters, *, landed: bool
) -> float:
    """Note the loads and positions of rows; returned is from which reading on something hangs there. [t]."""
    load_t = columns.load_t[row:end]
    least_t = lift.least_load_t(parameters)
    if lift.doubtful and landed and lift.weight_t(parameters) is not None:
        lift.doubtful = not float(np.fmin.reduce(load_t)) < least_t  # it has put down what it carried
    if not landed:
        lift.peak_t = max(lift.peak_t, float(np.fmax.reduce(load_t, initial=-math.inf)))
        lift.least_t = min(lift.least_t, float(np.fmin.reduce(load_t, initial=math.inf)))
    lift.farthest_m = max(lift.farthest_m, float(np.fmax.reduce(columns.trolley_m[row:end], initial=-math.inf)))
    return least_t


def _hangs(
    columns: CraneColumns, row: int, end: int, lift: Lift, landing: Place, parameters: CraneParameters
) -> int | None:
    """First row on the ground at which the load still hangs there: the pins are wrong. None: it has been set down."""
    if lift.peak_t <= lift.least_t:
        return None  # the cell has read the same all the way: it is stuck
    late = columns.time_us[row:end] >= landing.time_us + parameters.hold_us
    hangs = (columns.load_t[row:end] >= lift.least_load_t(parameters)) & late
    return row + int(hangs.argmax()) if hangs.any() else None
