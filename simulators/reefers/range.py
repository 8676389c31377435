"""When the air of reefers is out of range, from what it really is: the definition that detectors are scored by.

Figures are those of the default profiles (docs/detectors.md), stated once more: the truth does not follow the product.
"""

import numpy as np
from numpy.typing import NDArray

from simulators.reefers.parameters import NOISE_K
from simulators.reefers.plugs import BoolArray, FloatArray, IntArray, Plugs
from simulators.reefers.readings import drift_k

TOLERANCE_K = {False: 1.0, True: 2.0}
"""By whether it is frozen; too cold counts for what is not."""
DELAY_MIN = {False: 30, True: 60}
DEFROST_MIN = {False: 60, True: 90}
PULL_DOWN_MIN = 360
HYSTERESIS_K, NORMAL_MIN = 0.3, 10
MARGIN_K = 4 * NOISE_K
"""Closer to the tolerance a reading is on either side of it. [K]"""
NEVER = -(10**12)


def by_cargo(figures: dict[bool, float] | dict[bool, int], frozen: BoolArray) -> FloatArray:
    """A figure of each plug."""
    return np.where(frozen, figures[True], figures[False]).astype(np.float64)


class Run:
    """For how long the air of each plug has been out of range without a break, by one margin around the tolerance.

    Args:
        count: of plugs.
        slack: how the suspension is taken: 1 until a detector surely has ended it, -1 until it may have, 0 as it is.

    Attributes:
        since: minute in which it went out of range, `NEVER` where it is in range or suspended; shape (n,).
    """

    def __init__(self, count: int, slack: int) -> None:
        self.since = np.full(count, NEVER)
        self._slack = slack
        self._pull_down_until = np.full(count, NEVER)
        self._in_since = np.full(count, NEVER)
        self._defrost_until = np.full(count, NEVER)

    def advance(self, p: Plugs, minute: int, out: BoolArray, inside: BoolArray, changed: BoolArray) -> None:
        """Let a minute pass.

        Args:
            p: the plugs.
            minute: since 1970 UTC.
            out: which are out of range.
            inside: which are in range, as far as the end of a pull-down is concerned.
            changed: to which a box came, or whose setpoint changed.
        """
        slack_min = self._slack * p.interval_min
        until = np.where(changed, minute + PULL_DOWN_MIN + slack_min, self._pull_down_until)
        self._in_since = np.where(~inside | changed, NEVER, np.where(self._in_since == NEVER, minute, self._in_since))
        settled = (self._in_since != NEVER) & (minute - self._in_since >= np.maximum(slack_min, 0))
        self._pull_down_until = np.where(settled, NEVER, until)
        defrosting = p.running & (p.defrost_min > 0)
        end = minute + by_cargo(DEFROST_MIN, p.frozen).astype(np.int64) + np.minimum(slack_min, 0)
        seen = defrosting if self._slack >= 0 else defrosting & (p.interval_min <= 15)
        self._defrost_until = np.where(seen, end, self._defrost_until)
        suspended = (minute < self._pull_down_until) | (minute < self._defrost_until) | ~p.plugged
        self.since = np.where(~out | suspended, NEVER, np.where(self.since == NEVER, minute, self.since))

    def length_min(self, minute: int) -> IntArray:
        """How long it has been out of range at a minute; 0 where it is not. [min]."""
        return np.where(self.since == NEVER, 0, minute - self.since)


def distance_k(p: Plugs) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How far the air that counts is off the setpoint, signed, and as it counts. [K]."""
    off_k = np.where(p.frozen, p.return_degc, p.supply_degc) - p.setpoint_degc
    return off_k, np.where(p.frozen, off_k, np.abs(off_k))


def margin_k(p: Plugs) -> FloatArray:
    """How far a reading may be off. [K]."""
    return np.asarray(MARGIN_K + np.abs(drift_k(p)))


def delay_min(p: Plugs) -> FloatArray:
    """How long air must be out of range; at least one report interval, since one reading shows no duration. [min]."""
    return np.maximum(by_cargo(DELAY_MIN, p.frozen), p.interval_min)
