"""What readings of a container come to under a schedule, found from all of them at once, by columns.

The detector (`processing/treatments/`) goes reading by reading; here sums over whole columns say the same, so that a
mistake in one is not repeated in the other.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processing.model.times import HOUR_US
from processing.treatments.facts import PROBES, Verdict
from processing.treatments.schedules import Schedule

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class TrueRun:
    """One run. Times in µs since 1970 UTC, `level` in °C, `done_h` in hours."""

    began_us: int
    verdict: Verdict
    level: float
    done_h: float
    breach_us: int | None
    sensor: str | None
    ended_us: int | None


@dataclass(frozen=True, slots=True)
class _Run:
    """Columns of a run that begins with a reading.

    Attributes:
        first: that reading.
        treated_us: confirmed time at each level after each reading, shape (levels, readings). [µs]
        cold: which levels the last reading of every probe is within, alike.
    """

    first: int
    treated_us: IntArray
    cold: BoolArray


class Truth:
    """Readings of one container; those before its treatment began count for nothing.

    Args:
        schedule: that it has to follow.
        began_us: when the treatment was announced to begin. [µs since 1970 UTC]
        time_us: of the readings, in order, shape (n,). [µs since 1970 UTC]
        degc: corrected, shape (probes, n); NaN: not read. [°C]
    """

    def __init__(self, schedule: Schedule, began_us: int, time_us: IntArray, degc: FloatArray) -> None:
        read = ~np.isnan(degc).all(axis=0) & (time_us >= began_us)
        self._time_us, self._degc = time_us[read], degc[:, read]
        self._schedule, self._began_us = schedule, began_us
        self._limits = np.array([level.limit_degc for level in schedule.levels])
        self._totals_us = np.array([level.total_us for level in schedule.levels])
        at = np.arange(len(self._time_us))
        known = ~np.isnan(self._degc)
        self._before = np.maximum.accumulate(np.where(known, at, -1), axis=1)  # by probe, its last reading until then
        after = np.minimum.accumulate(np.where(known, at, len(at))[:, ::-1], axis=1)[:, ::-1]
        self._after = np.concatenate([after[:, 1:], np.full((len(PROBES), 1), len(at))], axis=1)  # and the next one
        self._warmest = np.nanmax(self._degc, axis=0) if len(at) else np.array([])

    def runs(self) -> list[TrueRun]:
        """All runs of the treatment."""
        found: list[TrueRun] = []
        after = 0
        while True:
            first = self._begin(after)
            if first is None:
                if not found:
                    found.append(TrueRun(self._began_us, "running", float(self._limits[0]), 0.0, None, None, None))
                return found
            began = self._began_us if not found else int(self._time_us[first])
            run, end = self._one(first, began)
            found.append(run)
            if run.verdict != "failed":
                return found
            after = int(np.searchsorted(self._time_us, self._time_us[end], side="right"))

    def _begin(self, after: int) -> int | None:
        """The first reading, from one on, at which every probe that is not silent is cold enough."""
        enough = np.ones(len(self._time_us), bool)
        for probe in range(len(PROBES)):
            before = self._before[probe]
            near = (before >= 0) & (self._time_us - self._time_us[before] <= self._schedule.gap_us)
            enough &= ~near | (self._degc[probe][before] <= self._schedule.start_degc)
        found = np.flatnonzero(enough[after:])
        return after + int(found[0]) if len(found) else None

    def _one(self, first: int, began_us: int) -> tuple[TrueRun, int]:
        """The run that begins with a reading, and the reading with which it ends."""
        run = self._columns(first)
        last = len(self._time_us) - 1
        over = np.flatnonzero(self._warmest[first + 1 :] > self._limits[-1]) + first + 1
        failed = int(over[0]) if len(over) else None
        done = np.flatnonzero((run.treated_us[:, first + 1 :] >= self._totals_us[:, None]).any(axis=0)) + first + 1
        verdict: Verdict = "running"
        end, level = last, self._level(run, last)
        if len(done) and (failed is None or done[0] < failed):
            verdict, end = "done", int(done[0])
            level = self._level(run, end)
        elif failed is not None:
            verdict, end, level = "failed", failed, self._level(run, failed - 1)
        treated_us = run.treated_us[level, end if verdict != "failed" else end - 1]
        breach_us, sensor = self._breach(run, end)
        return (
            TrueRun(
                began_us,
                verdict,
                float(self._limits[level]),
                min(int(treated_us), int(self._totals_us[level])) / HOUR_US,
                breach_us,
                sensor,
                None if verdict == "running" else int(self._time_us[end]),
            ),
            end,
        )

    def _breach(self, run: _Run, end: int) -> tuple[int, str] | tuple[None, None]:
        """The last reading above the level of its time."""
        for at in (np.flatnonzero(self._warmest[run.first + 1 : end + 1] > self._limits[0]) + run.first + 1)[::-1]:
            if self._warmest[at] > self._limits[self._level(run, int(at) - 1)]:
                return int(self._time_us[at]), PROBES[int(np.nanargmax(self._degc[:, at]))]
        return None, None

    def _level(self, run: _Run, at: int) -> int:
        """Of the levels that are cold after a reading the one that lacks least."""
        left = np.where(run.cold[:, at], self._totals_us - run.treated_us[:, at], np.iinfo(np.int64).max)
        return int(np.argmin(left))

    def _columns(self, first: int) -> _Run:
        time_us, n = self._time_us, len(self._time_us)
        at = np.arange(n)
        spans_us = np.diff(time_us, append=time_us[-1])
        lasts, since = np.full(n, n), self._since(first)
        for probe in range(len(PROBES)):
            takes_part = at >= since[probe]
            lasts = np.where(takes_part, np.minimum(lasts, self._before[probe]), lasts)
        treated, cold = [], []
        for limit in self._limits:
            counts, within = np.ones(n, bool), np.ones(n, bool)
            for probe in range(len(PROBES)):
                takes_part = at >= since[probe]
                low = self._degc[probe][self._before[probe]] <= limit
                after = np.minimum(self._after[probe], n - 1)
                high = (self._after[probe] < n) & (self._degc[probe][after] <= limit)
                near = time_us[after] - time_us[self._before[probe]] <= self._schedule.gap_us
                counts &= ~takes_part | (low & high & near)
                within &= ~takes_part | low
            sums = np.concatenate([[0], np.cumsum(np.where(counts, spans_us, 0))])
            start = np.maximum.accumulate(np.where((self._warmest > limit) & (at >= first), at, first))
            treated.append(np.maximum(0, sums[np.clip(lasts, 0, n - 1)] - sums[start]))
            cold.append(within)
        return _Run(first, np.array(treated), np.array(cold))

    def _since(self, first: int) -> list[int]:
        """By probe, the reading from which on it takes part: the run's first one, or where it is read again."""
        found = []
        for probe in range(len(PROBES)):
            before = int(self._before[probe][first])
            silent = before < 0 or self._time_us[first] - self._time_us[before] > self._schedule.gap_us
            found.append(int(self._after[probe][first]) if silent else first)
        return found
