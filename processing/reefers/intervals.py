"""How often a plug reports, learnt from its reports, and which silence is too long to know what was meanwhile."""

from processing.model.times import HOUR_US, MINUTE_US, SECOND_US

STEPS = 5
"""The interval is the median of so many steps: one lost report, or one silence, does not change it."""
LEAST_STEP_US = SECOND_US
"""Samples closer to each other belong to one report. [µs]"""
LEAST_GAP_US = 5 * MINUTE_US
"""Shorter silence is never too long: what it could hide is shorter than any delay. [µs]"""
GAP_INTERVALS = 2.05
"""Longest silence that is none: one lost report, and a little, as neither clocks nor polls are exact."""
UNKNOWN_GAP_US = round(GAP_INTERVALS * HOUR_US)
"""The same while nothing is known of the interval: of the longest one, an hour. [µs] Source: ISO 10368."""


class ReportInterval:
    """The steps between the last reports of one plug."""

    __slots__ = ("_last_us", "_max_gap_us", "_steps")

    def __init__(self) -> None:
        self._last_us: int | None = None
        self._steps: list[int] = []
        self._max_gap_us = UNKNOWN_GAP_US

    @property
    def known(self) -> bool:
        """Whether it is as if the plug's first sample had been seen."""
        return len(self._steps) == STEPS

    @property
    def max_gap_us(self) -> int:
        """Longest silence that is none: two report intervals and a little. [µs]."""
        return self._max_gap_us

    @property
    def since_us(self) -> int:
        """When the first of the last steps began. [µs since 1970 UTC]."""
        return (self._last_us or 0) - sum(self._steps)

    def silent_since(self, time_us: int) -> int | None:
        """Take in the time of a sample; that of the one before it where the silence between was too long, else None.

        Args:
            time_us: not before the last one. [µs since 1970 UTC]
        """
        last_us, self._last_us = self._last_us, time_us
        if last_us is None or time_us - last_us < LEAST_STEP_US:
            return None
        step_us = time_us - last_us
        silent = step_us > self._max_gap_us
        if len(self._steps) != STEPS or self._steps.count(step_us) != STEPS:
            self._steps = [*self._steps[1 - STEPS :], step_us]
            median_us = sorted(self._steps)[len(self._steps) // 2]
            self._max_gap_us = max(round(GAP_INTERVALS * median_us), LEAST_GAP_US)
        return last_us if silent else None
