"""Stops of one crane: hoist and trolley stand still for long, and why, where signals tell."""

from processing.cranes.facts import CraneDelay, DelayCause
from processing.cranes.memory import DelayMemory
from processing.cranes.parameters import CraneParameters
from processing.cranes.segments import BOOM_UP, FAULT, LOGGED_OFF, NO_SPREADER, WIND, CraneColumns, Segments

AWAY = LOGGED_OFF | BOOM_UP
"""Nobody there and the boom up: no vessel. A stop begins or ends with it."""
CAUSES: tuple[tuple[int, DelayCause], ...] = (
    (AWAY, "not_assigned"),
    (FAULT, "breakdown"),
    (WIND, "wind"),
    (LOGGED_OFF, "no_operator"),
    (BOOM_UP, "boom"),
    (NO_SPREADER, "spreader"),
)
"""What the context tells, the gravest first."""
SHARE = 0.3
"""A condition that held for this share of a stop is its cause. Assumed."""


class DelayDetector:
    """Finds the stops of one crane. State depends on the samples alone, whatever their split into batches.

    Args:
        device_id: the crane.
        rules: that hold from the next sample on.
        memory: what is known so far; kept up to date.
    """

    __slots__ = ("device_id", "m", "rules")

    def __init__(self, device_id: int, rules: CraneParameters, memory: DelayMemory) -> None:
        self.device_id = device_id
        self.rules = rules
        self.m = memory

    @property
    def final_us(self) -> int:
        """Facts with an earlier key cannot change by later samples: a stop may have begun at the last motion."""
        return self.m.last_us + 1 if self.m.moved_us is None else self.m.moved_us

    def feed(self, c: CraneColumns, s: Segments, first: int, last: int, stop: int) -> list[CraneDelay]:
        """Advance over this crane's samples in time order; see `MoveDetector.feed`.

        Returns: stops that ended, and the one that lasts, as it looks.
        """
        m = self.m
        found: list[CraneDelay] = []
        for at in range(first, last):
            now_us, row, moved = s.time_us[at], s.row[at], s.moved[at]
            self._count(now_us)
            if s.context[at] != m.context:
                found += self._change_context(c, row, now_us, s.context[at])
            if moved < 0:
                continue
            if c.moving[row]:
                found += self._ended(c, row, now_us)
            self._begin(int(c.time_us[moved]), float(c.gantry_m[moved]))
        m.last_us = int(c.time_us[stop - 1])
        return found + self._lasting(c, stop - 1)

    def _change_context(self, c: CraneColumns, row: int, now_us: int, context: int) -> list[CraneDelay]:
        """Another condition holds; one stop ends and another begins where both are worth telling apart."""
        m = self.m
        found: list[CraneDelay] = []
        cause = _told_by(context)
        other = cause is not None and cause != m.cause
        if m.moved_us is not None:
            long = now_us - m.moved_us >= self.rules.idle_us
            if (context & AWAY == AWAY) != (m.context & AWAY == AWAY) or (other and long):
                found = self._ended(c, row, now_us)
                self._begin(now_us, float(c.gantry_m[row]))
        m.context = context
        m.cause = cause if other else m.cause
        return found

    def _ended(self, c: CraneColumns, row: int, now_us: int) -> list[CraneDelay]:
        """The stop that ends, where it is one; one that was told is one under whatever rules."""
        began_us = self.m.moved_us
        if began_us is None or (now_us - began_us < self.rules.idle_us and self.m.told is None):
            return []
        return [CraneDelay(self.device_id, began_us, now_us, self._cause(c, row, now_us - began_us))]

    def _lasting(self, c: CraneColumns, row: int) -> list[CraneDelay]:
        """The stop that goes on, where it was not told yet, or for another cause."""
        m = self.m
        if m.moved_us is None or m.last_us - m.moved_us < self.rules.idle_us:
            return []
        self._count(m.last_us)
        cause = self._cause(c, row, m.last_us - m.moved_us)
        if cause == m.told:
            return []
        m.told = cause
        return [CraneDelay(self.device_id, m.moved_us, None, cause)]

    def _begin(self, at_us: int, gantry_m: float) -> None:
        m = self.m
        m.moved_us = m.counted_us = at_us
        m.gantry_m = gantry_m
        m.held_us.clear()
        m.told = None
        m.cause = _told_by(m.context)

    def _count(self, now_us: int) -> None:
        m = self.m
        if m.moved_us is not None and now_us > m.counted_us:
            m.held_us[m.context] = m.held_us.get(m.context, 0) + now_us - m.counted_us
            m.counted_us = now_us

    def _cause(self, c: CraneColumns, row: int, length_us: int) -> DelayCause:
        """Why it stands, by what held for long enough, the gravest first."""
        enough_us = SHARE * length_us

        def held(bits: int) -> bool:
            return sum(us for context, us in self.m.held_us.items() if context & bits == bits) >= enough_us

        for bits, cause in CAUSES:
            if held(bits):
                return cause
        if abs(float(c.gantry_m[row]) - self.m.gantry_m) >= self.rules.gantry_m:
            return "gantry"
        over_land = float(c.trolley_m[row]) <= self.rules.vessel_side_m
        return "waiting_transport" if self.rules.yard or over_land else "ship"


def _told_by(context: int) -> DelayCause | None:
    """The gravest cause of which a condition tells."""
    return next((cause for bits, cause in CAUSES if context & bits == bits), None)
