"""The partial locks of one crane: twistlocks that stand between their two ends for long."""

from collections.abc import Sequence

import numpy as np

from processing.cranes.crane_columns import NO_SPREADER, TWO_SPREADERS, CraneColumns
from processing.cranes.detector.memory import PartialLockMemory
from processing.cranes.facts import PartialLock
from processing.cranes.parameters import CraneParameters
from processing.cranes.segments import CraneBatch
from processing.model.times import HOUR_US

LONGEST_US = HOUR_US
"""Twistlocks that read "between" for so long have contacts that do not work: no box hangs for so long. Assumed."""
LOAD_DIGITS = 1
"""The load cell's noise is left out, so that one that lasts is not reported again with every batch."""


class PartialLockDetector:
    """Finds the partial locks of one crane. State depends on the samples alone, whatever their split into batches.

    Args:
        device_id: the crane.
        parameters: that hold from the next sample on.
        memory: what is known so far; kept up to date.

    Attributes:
        found: those that ended, and the one that lasts.
    """

    __slots__ = ("device_id", "found", "memory", "parameters")

    def __init__(self, device_id: int, parameters: CraneParameters, memory: PartialLockMemory) -> None:
        self.device_id = device_id
        self.parameters = parameters
        self.memory = memory
        self.found: list[PartialLock] = []

    def final_us(self, last_us: int) -> int:
        """Facts with an earlier key cannot change by samples after the last one. [µs since 1970 UTC]."""
        began_us = self.memory.began_us
        return last_us + 1 if began_us is None else began_us

    def feed(self, batch: CraneBatch, codes: Sequence[int]) -> None:
        """Advance over this crane's samples in time order; see `found`.

        Args:
            batch: its samples.
            codes: what the twistlocks mean in each of its segments.
        """
        memory, (columns, segments, first, last, rows_end) = self.memory, batch
        if memory.known and memory.run_us is None and True not in segments.between[first:last]:
            return
        for at in range(first, last):
            # A contact that may be of the wrong polarity shows none: what it means then is a guess.
            guessed = segments.code[at] % TWO_SPREADERS != codes[at - first]
            if segments.between[at] and not guessed and not segments.context[at] & NO_SPREADER:
                end = segments.row[at + 1] if at + 1 < last else rows_end
                self._watch(columns, segments.row[at], end, airborne=segments.landed[at] == 0)
                continue
            self._settle(segments.time_us[at])
            if memory.other_us is None:
                memory.other_us = segments.time_us[at]
        self._settle(int(columns.time_us[rows_end - 1]))
        self._report_lasting()

    def _settle(self, now_us: int) -> None:
        """Accept that they are not between any more, where that has stood for long enough by now."""
        memory = self.memory
        if memory.other_us is None or now_us - memory.other_us < self.parameters.debounce_us:
            return
        if memory.began_us is not None:
            self._end(memory.other_us)
        memory.run_us = memory.other_us = None
        memory.known = True

    def _watch(self, columns: CraneColumns, row: int, end: int, *, airborne: bool) -> None:
        """Take in rows in which they are between."""
        memory, now_us = self.memory, int(columns.time_us[row])
        self._settle(now_us)
        memory.other_us = None
        if memory.run_us is None:
            memory.run_us = memory.began_us = now_us
        elif memory.began_us is not None and now_us - memory.seen_us > self.parameters.gap_us:
            self._end(memory.seen_us)  # what they did in the silence nobody knows
            memory.began_us = now_us
        if memory.began_us is None:
            return  # their contacts do not work
        longest = int(np.searchsorted(columns.time_us[row:end], memory.run_us + LONGEST_US))
        if longest:
            self._take_in(columns, row, row + longest, memory.began_us, airborne=airborne)
        if row + longest < end:
            now_us = int(columns.time_us[row + longest])
            memory.proven |= now_us - memory.began_us > self.parameters.partial_lock_us
            self._end(now_us)
            memory.known = True

    def _take_in(self, columns: CraneColumns, row: int, end: int, began_us: int, *, airborne: bool) -> None:
        memory = self.memory
        memory.seen_us = int(columns.time_us[end - 1])
        memory.proven |= memory.seen_us - began_us > self.parameters.partial_lock_us
        if airborne and not memory.airborne:
            memory.airborne, memory.reported = True, False
        largest_t = float(np.fmax.reduce(columns.load_t[row:end]))
        if not np.isnan(largest_t):
            load_t = round(largest_t, LOAD_DIGITS)
            if memory.load_t is None or load_t > memory.load_t:
                memory.load_t, memory.reported = load_t, False

    def _report_lasting(self) -> None:
        """The one that lasts, where it was not reported yet as it is now."""
        memory = self.memory
        if memory.proven and not memory.reported:
            self._report(None)
            memory.reported = True

    def _end(self, ended_us: int) -> None:
        """It has ended; it is one where it lasted for long enough."""
        memory = self.memory
        if memory.proven:
            self._report(ended_us)
        memory.began_us = memory.load_t = None
        memory.airborne = memory.proven = memory.reported = False

    def _report(self, ended_us: int | None) -> None:
        memory = self.memory
        if memory.began_us is not None:
            fact = PartialLock(self.device_id, memory.began_us, ended_us, memory.load_t, memory.airborne)
            self.found.append(fact)
