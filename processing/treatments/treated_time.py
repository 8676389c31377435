"""How long the pulp was cold: consecutive time of each level of a schedule, over all probes.

Time between two readings of one probe is cold where both are at or below the limit, and they are no further apart than
the protocol allows. Time is treated where it is cold by every probe. What a probe has not confirmed yet by its next
reading is counted, but not reported: a probe that stays silent takes it back.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(slots=True)
class _Probe:
    """The last reading of a probe, and how much was treated until then, by level. [µs]."""

    time_us: int
    degc: float
    treated_us: list[int]


class TreatedTime:
    """Treated time of one container since each level was exceeded last. A few numbers a probe and level.

    Args:
        limits_degc: of the levels, coldest first.
        gap_us: longest time between two readings of a probe that counts. [µs]
    """

    __slots__ = ("_counted_us", "_gap_us", "_last_us", "_limits_degc", "_probes")

    def __init__(self, limits_degc: Sequence[float], gap_us: int) -> None:
        self._limits_degc = tuple(limits_degc)
        self._gap_us = gap_us
        self._probes: dict[int, _Probe] = {}
        self._counted_us = [0] * len(self._limits_degc)
        self._last_us = 0

    def feed(self, time_us: int, degc: Mapping[int, float]) -> None:
        """Advance to a reading.

        Args:
            time_us: not before the last one. [µs since 1970 UTC]
            degc: corrected temperatures by the number of the probe; at least one. [°C]
        """
        silent = [probe for probe in self._probes.values() if self._silent(probe, time_us)]
        for probe in silent:
            self._take_back(probe)
        if not silent:
            for level in range(len(self._limits_degc)):
                if self.cold(level):
                    self._counted_us[level] += time_us - self._last_us
        self._last_us = time_us
        for level, limit_degc in enumerate(self._limits_degc):
            if max(degc.values()) > limit_degc:
                self._start_over(level)
        for number, value_degc in degc.items():
            self._probes[number] = _Probe(time_us, value_degc, list(self._counted_us))

    def begin(self) -> None:
        """Forget all time until now, and probes that are silent."""
        self._probes = {n: probe for n, probe in self._probes.items() if not self._silent(probe, self._last_us)}
        for level in range(len(self._limits_degc)):
            self._start_over(level)

    def cold(self, level: int) -> bool:
        """Whether the last reading of every probe is at or below a level's limit; False before the first reading."""
        warmest_degc = max((probe.degc for probe in self._probes.values()), default=float("inf"))
        return warmest_degc <= self._limits_degc[level]

    def first_done(self, left_us: Callable[[int], int]) -> int:
        """Of the levels that are cold the one that lacks least, of two the colder one; one must be cold."""
        return min(filter(self.cold, range(len(self._limits_degc))), key=left_us)

    def all_below(self, limit_degc: float) -> bool:
        """Whether every probe that is not silent is at or below a temperature. [°C]."""
        probes = self._probes.values()
        return all(probe.degc <= limit_degc or self._silent(probe, self._last_us) for probe in probes)

    def treated_us(self, level: int) -> int:
        """Consecutive time at a level that every probe confirms. [µs]."""
        return min((probe.treated_us[level] for probe in self._probes.values()), default=0)

    def _silent(self, probe: _Probe, time_us: int) -> bool:
        return time_us - probe.time_us > self._gap_us

    def _take_back(self, silent: _Probe) -> None:
        """Nothing is treated from the last reading of a silent probe to its next one."""
        for level, treated_us in enumerate(silent.treated_us):
            self._counted_us[level] = min(self._counted_us[level], treated_us)
            for probe in self._probes.values():
                probe.treated_us[level] = min(probe.treated_us[level], self._counted_us[level])

    def _start_over(self, level: int) -> None:
        self._counted_us[level] = 0
        for probe in self._probes.values():
            probe.treated_us[level] = 0
