"""Stops of one crane: hoist and trolley stand still for long, and why, where signals tell."""

import math

from processing.cranes.columns import BOOM_UP, FAULT, LOGGED_OFF, WIND, CraneColumns, Segments
from processing.cranes.rules import CraneRules
from processing.facts import CraneDelay, DelayCause

AWAY = LOGGED_OFF | BOOM_UP
"""Nobody there and the boom up: no vessel. A stop begins or ends with it."""
CAUSES: tuple[tuple[int, DelayCause], ...] = (
    (AWAY, "not_assigned"),
    (FAULT, "breakdown"),
    (WIND, "wind"),
    (LOGGED_OFF, "no_operator"),
    (BOOM_UP, "boom"),
)
"""What the context tells, the gravest first."""
SHARE = 0.3
"""A condition that held for this share of a stop is its cause. Assumed."""


class DelayDetector:
    """Finds the stops of one crane. State depends on the samples alone, whatever their split into batches.

    Args:
        device_id: the crane.
        rules: its parameters.
    """

    __slots__ = (
        "_context",
        "_counted_us",
        "_gantry_m",
        "_held_us",
        "_last_us",
        "_moved_us",
        "_told",
        "device_id",
        "rules",
    )

    def __init__(self, device_id: int, rules: CraneRules) -> None:
        self.device_id = device_id
        self.rules = rules
        self._moved_us: int | None = None  # when hoist or trolley moved last
        self._gantry_m = math.nan  # where the crane stood then
        self._held_us: dict[int, int] = {}  # how long each context has held since
        self._counted_us = 0  # up to when that is
        self._context = 0
        self._last_us = 0
        self._told: CraneDelay | None = None

    @property
    def final_us(self) -> int:
        """Facts with an earlier key cannot change by later samples: a stop may have begun at the last motion."""
        return self._last_us + 1 if self._moved_us is None else self._moved_us

    def feed(self, c: CraneColumns, s: Segments, first: int, last: int, stop: int) -> list[CraneDelay]:
        """Advance over this crane's samples in time order; see `MoveDetector.feed`.

        Returns: stops that ended, and the one that lasts, as it looks.
        """
        found: list[CraneDelay] = []
        for at in range(first, last):
            now_us, row, moved = s.time_us[at], s.row[at], s.moved[at]
            self._count(now_us)
            if (s.context[at] & AWAY == AWAY) != (self._context & AWAY == AWAY) and self._moved_us is not None:
                if now_us - self._moved_us >= self.rules.idle_us:
                    found.append(self._delay(c, row, now_us, ended=True))
                self._begin(now_us, float(c.gantry_m[row]))
            self._context = s.context[at]
            if moved < 0:
                continue
            if c.moving[row] and self._moved_us is not None and now_us - self._moved_us >= self.rules.idle_us:
                found.append(self._delay(c, row, now_us, ended=True))
            self._begin(int(c.time_us[moved]), float(c.gantry_m[moved]))
        self._last_us = int(c.time_us[stop - 1])
        if self._moved_us is not None and self._last_us - self._moved_us >= self.rules.idle_us:
            self._count(self._last_us)
            delay = self._delay(c, stop - 1, self._last_us, ended=False)
            if delay != self._told:
                self._told = delay
                found.append(delay)
        return found

    def _begin(self, at_us: int, gantry_m: float) -> None:
        self._moved_us = self._counted_us = at_us
        self._gantry_m = gantry_m
        self._held_us.clear()
        self._told = None

    def _count(self, now_us: int) -> None:
        if self._moved_us is not None and now_us > self._counted_us:
            self._held_us[self._context] = self._held_us.get(self._context, 0) + now_us - self._counted_us
            self._counted_us = now_us

    def _delay(self, c: CraneColumns, row: int, now_us: int, *, ended: bool) -> CraneDelay:
        began_us = self._moved_us or now_us
        gone_m = abs(float(c.gantry_m[row]) - self._gantry_m)
        cause = self._cause(now_us - began_us, gone_m, float(c.trolley_m[row]))
        return CraneDelay(self.device_id, began_us, now_us if ended else None, cause)

    def _cause(self, length_us: int, gone_m: float, trolley_m: float) -> DelayCause:
        """Why it stands, by what held for long enough, the gravest first."""
        enough_us = SHARE * length_us

        def held(bits: int) -> bool:
            return sum(us for context, us in self._held_us.items() if context & bits == bits) >= enough_us

        for bits, cause in CAUSES:
            if held(bits):
                return cause
        if gone_m >= self.rules.gantry_m:
            return "gantry"
        return "waiting_transport" if self.rules.yard or trolley_m <= self.rules.vessel_side_m else "ship"
