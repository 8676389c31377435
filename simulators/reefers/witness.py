"""Notes what really happens to reefers, minute by minute: excursions, no power, silence, stays on plugs."""

import numpy as np
from numpy.typing import NDArray

from simulators.devices import Truth
from simulators.reefers.plugs import BoolArray, Plugs
from simulators.reefers.range import (
    HYSTERESIS_K,
    NEVER,
    NORMAL_MIN,
    TOLERANCE_K,
    Run,
    by_cargo,
    delay_min,
    distance_k,
    margin_k,
)
from simulators.reefers.truth import TrueExcursion, TrueOffPower, TruePlugged, TrueSilence

MINUTE_MS = 60_000
MISSED, LEAST_MISSED_MIN = 3, 10
"""Silence is sure to be one where it hides three reports, and lasts for so long."""
Possible = tuple[str, int, int]
"""Plug, begin and end of a span in which a detector may find an excursion. [ms since 1970 UTC]"""


class Witness:
    """Follows all plugs.

    Args:
        names: device ids.
        p: the plugs as they are at first.
        minute: since 1970 UTC.

    Attributes:
        done: what came to its end.
        possible: spans in which it is no mistake to find an excursion.
    """

    def __init__(self, names: list[str], p: Plugs, minute: int) -> None:
        n = len(p)
        self.done: list[Truth] = []
        self.possible: list[Possible] = []
        self._names, self._interval_min = names, p.interval_min
        self._true, self._clear, self._perhaps = Run(n, 0), Run(n, 1), Run(n, -1)
        self._out = np.zeros(n, bool)
        self._in_since, self._worst_k = np.full(n, NEVER), np.zeros(n)
        self._open: dict[int, tuple[int, str, str]] = {}
        self._due: dict[int, int] = {}
        self._may: dict[int, int] = {}
        self._off: dict[int, tuple[int, str, bool]] = {}
        self._heard_since: dict[int, int] = {}
        self._off_due: dict[int, int] = {}
        self._silent: dict[int, tuple[int, str, bool]] = {}
        self._on: dict[int, tuple[int, str, float, float]] = {
            i: self._stay(p, i, minute) for i in np.flatnonzero(p.plugged).tolist()
        }

    def minute(self, p: Plugs, minute: int, swapped: NDArray[np.intp], changed: BoolArray) -> None:
        """Note a minute that has passed.

        Args:
            p: the plugs after it.
            minute: at its end, since 1970 UTC.
            swapped: plugs to which a box came, or which one left.
            changed: those to which a box came, or whose setpoint changed.
        """
        for i in np.flatnonzero(changed | ~p.plugged).tolist():
            self._end(i, minute)
        self._powered(p, minute)
        self._silences(p, minute)
        self._excursions(p, minute, changed)
        for i in swapped.tolist():
            if i in self._on:
                self._leaves(i, minute)
            if p.plugged[i]:
                self._on[i] = self._stay(p, i, minute)

    def finish(self, minute: int) -> None:
        """End what lasts: nothing more will be noted."""
        for i in list(self._open):
            self._end(i, minute)
        for i in list(self._off):
            self._power_returns(i, minute)
        for i in list(self._silent):
            self._heard_again(i, minute)
        for i in list(self._on):
            self._leaves(i, minute)
        for i in list(self._may):
            self.possible.append((self._names[i], self._may.pop(i) * MINUTE_MS, minute * MINUTE_MS))

    def _leaves(self, i: int, minute: int) -> None:
        began, container, setpoint, booked = self._on.pop(i)
        times = began * MINUTE_MS, minute * MINUTE_MS
        self.done.append(TruePlugged(self._names[i], container, *times, setpoint, booked))

    @staticmethod
    def _stay(p: Plugs, i: int, minute: int) -> tuple[int, str, float, float]:
        return minute, p.containers[i], float(p.setpoint_degc[i]), float(p.booked_degc[i])

    def _excursions(self, p: Plugs, minute: int, changed: BoolArray) -> None:
        off_k, far_k = distance_k(p)
        tolerance_k, margin, delay = by_cargo(TOLERANCE_K, p.frozen), margin_k(p), delay_min(p)
        heard = p.left_min["offline"] <= 0
        within = [far_k <= tolerance_k + k * margin for k in (-1, 0, 1)]
        self._true.advance(p, minute, ~within[1], within[1], changed)
        self._clear.advance(p, minute, ~within[2], within[0], changed)
        self._clear.since = np.where(heard, self._clear.since, NEVER)
        self._perhaps.advance(p, minute, ~within[0], within[2], changed)
        fresh = self._true.since == minute
        further = (self._true.since != NEVER) & (np.abs(off_k) > np.abs(self._worst_k))
        self._worst_k = np.where((fresh & ~self._out) | (further & ~fresh), off_k, self._worst_k)
        for i in np.flatnonzero((self._true.length_min(minute) >= delay) & ~self._out).tolist():
            probe = "return" if p.frozen[i] else "supply"
            self._open[i], self._out[i] = (int(self._true.since[i]), p.containers[i], probe), True
        due_min = delay + p.interval_min
        for i in np.flatnonzero(self._out & (self._clear.length_min(minute) >= due_min)).tolist():
            self._due.setdefault(i, int(self._clear.since[i] + due_min[i]))
        self._back(minute, far_k > tolerance_k - HYSTERESIS_K)
        self._perhaps_out(minute, self._perhaps.length_min(minute) >= delay - p.interval_min)

    def _back(self, minute: int, out: BoolArray) -> None:
        """Excursions end where the air has been well in range for long enough."""
        self._in_since = np.where(out, NEVER, np.where(self._in_since == NEVER, minute, self._in_since))
        back = self._out & (self._in_since != NEVER) & (minute - self._in_since >= NORMAL_MIN)
        for i in np.flatnonzero(back).tolist():
            self._end(i, int(self._in_since[i]))

    def _end(self, i: int, minute: int) -> None:
        """The excursion of a plug, if there is one, ended in a minute."""
        self._out[i] = False
        if i in self._open:
            began, container, probe = self._open.pop(i)
            due = self._due.pop(i, None)
            due_ms = None if due is None or due > minute else due * MINUTE_MS
            times = began * MINUTE_MS, minute * MINUTE_MS
            worst_k = float(self._worst_k[i])
            self.done.append(TrueExcursion(self._names[i], container, probe, *times, worst_k, due_ms))

    def _perhaps_out(self, minute: int, out: BoolArray) -> None:
        for i in np.flatnonzero(out).tolist():
            self._may.setdefault(i, int(self._perhaps.since[i]))
        for i in [i for i in self._may if not out[i]]:
            self.possible.append((self._names[i], self._may.pop(i) * MINUTE_MS, minute * MINUTE_MS))

    def _powered(self, p: Plugs, minute: int) -> None:
        off = p.plugged & ~p.powered
        for i in [i for i in self._off if not off[i]]:
            self._power_returns(i, minute)
        rack_off = p.rack_min[p.rack] > 0
        heard = p.left_min["offline"] <= 0
        for i in np.flatnonzero(off).tolist():
            self._off.setdefault(i, (minute, p.containers[i], bool(rack_off[i])))
            if not heard[i]:
                self._heard_since.pop(i, None)
                continue
            since = self._heard_since.setdefault(i, minute)
            if minute - since >= p.interval_min[i]:
                self._off_due.setdefault(i, minute)

    def _power_returns(self, i: int, minute: int) -> None:
        began, container, rack = self._off.pop(i)
        self._heard_since.pop(i, None)
        due = self._off_due.pop(i, None)
        due_ms = None if due is None else due * MINUTE_MS
        times = began * MINUTE_MS, minute * MINUTE_MS
        self.done.append(TrueOffPower(self._names[i], container, *times, rack, due_ms))

    def _silences(self, p: Plugs, minute: int) -> None:
        silent = p.plugged & (p.left_min["offline"] > 0)
        for i in [i for i in self._silent if not silent[i]]:
            self._heard_again(i, minute)
        for i in np.flatnonzero(silent).tolist():
            known = i in self._on and minute - self._on[i][0] >= p.interval_min[i]
            self._silent.setdefault(i, (minute, p.containers[i], known))

    def _heard_again(self, i: int, minute: int) -> None:
        began, container, known = self._silent.pop(i)
        due = began + max(MISSED * int(self._interval_min[i]), LEAST_MISSED_MIN)
        due_ms = due * MINUTE_MS if known and due <= minute else None
        self.done.append(TrueSilence(self._names[i], container, began * MINUTE_MS, minute * MINUTE_MS, due_ms))
