"""Probes that keep their values though the air changed with nearly every report before: what they read is not known."""

from processing.model.times import MINUTE_US
from processing.reefers.plug_state import Air

FROZEN = 5
"""So many readings in a row that are the same as the one before"""
LIVELY, BEFORE = 15, 16
"""are none, where so many of these before them were others: a unit with coarse readings repeats itself all the time."""
WINDOW = FROZEN + BEFORE
LONGEST_GAP_US = 15 * MINUTE_US
"""Of a plug that reports more rarely (longest silence that is none) too many hours would have to be remembered. [µs]"""


class StuckAir:
    """Of one plug. State depends on the samples alone, whatever their split into batches.

    Attributes:
        stuck: whether the probes keep their values.
    """

    __slots__ = ("_changes", "_count", "_last", "_marks_us", "stuck")

    def __init__(self) -> None:
        self.stuck = False
        self._last: Air | None = None
        self._changes = 0  # a bit for each of the last readings, the newest lowest: whether it was another one
        self._count = 0
        self._marks_us = (0, 0)  # times of readings, as far apart as readings are remembered

    def forget(self) -> None:
        """Nothing of before matters: the plug is free, reports rarely, or has lost a probe."""
        self.stuck, self._last, self._changes, self._count, self._marks_us = False, None, 0, 0, (0, 0)

    @property
    def known(self) -> bool:
        """Whether it is as if the plug's first sample had been seen."""
        return self._last is None or self._marks_us[0] > 0

    def in_step(self, after_us: int) -> bool:
        """Whether readings up to a time make no difference any more. [µs since 1970 UTC]."""
        return self._last is None or (not self.stuck and self._marks_us[0] > after_us)

    def read(self, time_us: int, air: Air, max_gap_us: int) -> bool:
        """Take in the air of a sample, which changes nothing where there is none; whether it is what probes kept.

        Args:
            time_us: of the sample. [µs since 1970 UTC]
            air: supply and return air.
            max_gap_us: longest silence that is none. [µs]
        """
        if air == (None, None):
            return self.stuck
        if None in air or max_gap_us > LONGEST_GAP_US:
            self.forget()
            return False
        changed = air != self._last
        self._last = air
        self._changes = (self._changes << 1 | changed) & ((1 << WINDOW) - 1)
        self._count += 1
        if self._count % WINDOW == 0:
            self._marks_us = self._marks_us[1], time_us
        frozen, before = self._changes & ((1 << FROZEN) - 1), self._changes >> FROZEN
        self.stuck = not changed and (self.stuck or (frozen == 0 and before.bit_count() >= LIVELY))
        return self.stuck
