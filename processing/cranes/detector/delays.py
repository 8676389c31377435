"""The delays of one crane: hoist and trolley stand still for long, and why, where signals show it."""

from processing.cranes.crane_columns import BOOM_UP, FAULT, LOGGED_OFF, NO_SPREADER, WIND, CraneColumns
from processing.cranes.detector.memory import DelayMemory
from processing.cranes.facts import CraneDelay, DelayCause
from processing.cranes.parameters import CraneParameters
from processing.cranes.segments import CraneBatch

AWAY = LOGGED_OFF | BOOM_UP
"""Nobody there and the boom up: no vessel. A delay begins or ends with it."""
CONTEXT_CAUSES: tuple[tuple[int, DelayCause], ...] = (
    (AWAY, "not_assigned"),
    (FAULT, "breakdown"),
    (WIND, "wind"),
    (LOGGED_OFF, "no_operator"),
    (BOOM_UP, "boom"),
    (NO_SPREADER, "spreader"),
)
"""What the context shows, the gravest first."""
SHARE = 0.3
"""A condition that held for this share of a delay is its cause. Assumed."""


class DelayDetector:
    """Finds the delays of one crane. State depends on the samples alone, whatever their split into batches.

    Args:
        device_id: the crane.
        parameters: that hold from the next sample on.
        memory: what is known so far; kept up to date.
    """

    __slots__ = ("device_id", "memory", "parameters")

    def __init__(self, device_id: int, parameters: CraneParameters, memory: DelayMemory) -> None:
        self.device_id = device_id
        self.parameters = parameters
        self.memory = memory

    @property
    def final_us(self) -> int:
        """Facts with an earlier key cannot change by later samples: a delay may have begun at the last motion."""
        memory = self.memory
        return memory.last_us + 1 if memory.moved_us is None else memory.moved_us

    def feed(self, batch: CraneBatch) -> list[CraneDelay]:
        """Advance over this crane's samples in time order.

        Returns: delays that ended, and the one that lasts, as it looks.
        """
        columns, segments, first, last, end = batch
        memory = self.memory
        found: list[CraneDelay] = []
        for at in range(first, last):
            now_us, row, moved = segments.time_us[at], segments.row[at], segments.moved[at]
            self._count(now_us)
            if segments.context[at] != memory.context:
                found += self._change_context(columns, row, now_us, segments.context[at])
            if moved < 0:
                continue
            if columns.moving[row]:
                found += self._ended(columns, row, now_us)
            self._begin(int(columns.time_us[moved]), float(columns.gantry_m[moved]))
        memory.last_us = int(columns.time_us[end - 1])
        return found + self._lasting(columns, end - 1)

    def _change_context(self, columns: CraneColumns, row: int, now_us: int, context: int) -> list[CraneDelay]:
        """Another condition holds; one delay ends and another begins where both are worth keeping apart."""
        memory = self.memory
        found: list[CraneDelay] = []
        cause = _shown_by(context)
        other = cause is not None and cause != memory.cause
        if memory.moved_us is not None:
            long = now_us - memory.moved_us >= self.parameters.idle_us
            if (context & AWAY == AWAY) != (memory.context & AWAY == AWAY) or (other and long):
                found = self._ended(columns, row, now_us)
                self._begin(now_us, float(columns.gantry_m[row]))
        memory.context = context
        memory.cause = cause if other else memory.cause
        return found

    def _ended(self, columns: CraneColumns, row: int, now_us: int) -> list[CraneDelay]:
        """The delay that ends, where it is one; one that was reported is one under whatever parameters."""
        began_us = self.memory.moved_us
        if began_us is None or (now_us - began_us < self.parameters.idle_us and self.memory.reported is None):
            return []
        return [CraneDelay(self.device_id, began_us, now_us, self._cause(columns, row, now_us - began_us))]

    def _lasting(self, columns: CraneColumns, row: int) -> list[CraneDelay]:
        """The delay that goes on, where it was not reported yet, or for another cause."""
        memory = self.memory
        if memory.moved_us is None or memory.last_us - memory.moved_us < self.parameters.idle_us:
            return []
        self._count(memory.last_us)
        cause = self._cause(columns, row, memory.last_us - memory.moved_us)
        if cause == memory.reported:
            return []
        memory.reported = cause
        return [CraneDelay(self.device_id, memory.moved_us, None, cause)]

    def _begin(self, at_us: int, gantry_m: float) -> None:
        memory = self.memory
        memory.moved_us = memory.counted_us = at_us
        memory.gantry_m = gantry_m
        memory.held_us.clear()
        memory.reported = None
        memory.cause = _shown_by(memory.context)

    def _count(self, now_us: int) -> None:
        memory = self.memory
        if memory.moved_us is not None and now_us > memory.counted_us:
            held_us = memory.held_us.get(memory.context, 0)
            memory.held_us[memory.context] = held_us + now_us - memory.counted_us
            memory.counted_us = now_us

    def _cause(self, columns: CraneColumns, row: int, length_us: int) -> DelayCause:
        """Why it stands, by what held for long enough, the gravest first."""
        enough_us = SHARE * length_us
        held_us = self.memory.held_us
        for bits, cause in CONTEXT_CAUSES:
            if sum(us for context, us in held_us.items() if context & bits == bits) >= enough_us:
                return cause
        if abs(float(columns.gantry_m[row]) - self.memory.gantry_m) >= self.parameters.gantry_m:
            return "gantry"
        above_land = float(columns.trolley_m[row]) <= self.parameters.vessel_side_m
        return "waiting_transport" if self.parameters.yard or above_land else "ship"


def _shown_by(context: int) -> DelayCause | None:
    """The gravest cause that a condition shows."""
    return next((cause for bits, cause in CONTEXT_CAUSES if context & bits == bits), None)
