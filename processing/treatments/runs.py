"""Runs of a cold treatment, found from the pulp probes of its container.

A run begins once the pulp is cold enough. From then on each level of the schedule counts its consecutive time by
itself, so a reading above a level costs what that level had, and the run goes on at a warmer one, which takes more
days. A reading above the warmest level fails the run; another one begins once the pulp is cold enough.
Source: docs/sources.md, Cold treatment.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from processing.model.times import HOUR_US
from processing.treatments.facts import PROBES, ColdTreatment, Verdict
from processing.treatments.schedules import Schedule
from processing.treatments.treated_time import TreatedTime

DECIMALS = 3
"""Corrected temperatures are rounded to a thousandth of a kelvin: sums of floats must not look like a breach."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the probes of a container read; a probe that is absent was not read. [°C], in the order of `PROBES`."""

    time_us: int
    degc: tuple[float | None, float | None, float | None]


@dataclass(frozen=True, slots=True)
class Treatment:
    """A treatment as it was announced.

    Attributes:
        schedule: the version that holds when it begins.
        began_us: readings before count for nothing. [µs since 1970 UTC]
        corrections_degc: added to readings, in the order of `PROBES`, as the calibration in ice water found them. [K]
    """

    terminal: str
    container_id: str
    schedule: Schedule
    began_us: int
    corrections_degc: tuple[float, float, float] = (0.0, 0.0, 0.0)


class TreatmentDetector:
    """Follows one treatment. What it finds depends on the set of readings alone.

    Attributes:
        treatment: as it was announced.
        ended: the run that began last, once it is done or has failed, until another one begins.
        last_us: time of the last reading; before the first one when the treatment began. [µs since 1970 UTC]
    """

    __slots__ = (
        "_at_risk_us",
        "_began_us",
        "_breach",
        "_levels",
        "_running",
        "_treated",
        "ended",
        "last_us",
        "treatment",
    )

    def __init__(self, treatment: Treatment) -> None:
        self.treatment = treatment
        self._levels = treatment.schedule.levels
        self._treated = TreatedTime([one.limit_degc for one in self._levels], treatment.schedule.gap_us)
        self.last_us = self._began_us = treatment.began_us
        self._running = False
        self._breach: tuple[int, str] | None = None
        self._at_risk_us: int | None = None
        self.ended: ColdTreatment | None = None

    @classmethod
    def behind(cls, treatment: Treatment, run: ColdTreatment, ended_us: int) -> "TreatmentDetector":
        """As one that has followed a run to its end, once it is fed what was read since `last_us`.

        Args:
            treatment: as it was announced.
            run: done or failed.
            ended_us: when it was. [µs since 1970 UTC]
        """
        made = cls(treatment)
        made.ended, made._began_us = run, run.began_us
        made.last_us = ended_us - treatment.schedule.gap_us  # probes that are silent for longer count for nothing
        return made

    @property
    def row(self) -> ColdTreatment:
        """The run that began last; before the first one begins, a run with nothing done."""
        if self.ended is not None:
            return self.ended
        return self._row(self._treated.first_done(self._left_us) if self._running else 0, "running", None)

    def feed(self, reading: Reading) -> ColdTreatment | None:
        """Advance by one reading, in time order; an earlier one than the last changes nothing.

        Returns: the run that ends with it, done or failed.
        """
        degc = self._corrected(reading)
        done = self.ended is not None and self.ended.verdict == "done"
        if not degc or reading.time_us < self.last_us or done:
            return None
        time_us = self.last_us = reading.time_us
        if self._running:
            return self._follow(time_us, degc)
        self._treated.feed(time_us, degc)
        self._begin(time_us)
        return None

    def _corrected(self, reading: Reading) -> dict[int, float]:
        """Temperatures by the number of the probe. [°C]."""
        pairs = zip(reading.degc, self.treatment.corrections_degc, strict=True)
        return {n: round(degc + more, DECIMALS) for n, (degc, more) in enumerate(pairs) if degc is not None}

    def _begin(self, time_us: int) -> None:
        """A run begins where all probes allow it; the first one has its row already, since it was announced."""
        ended = self.ended
        until_us = None if ended is None else ended.ended_us  # a second sample of that time begins nothing either
        if (until_us is not None and time_us <= until_us) or not self._treated.all_below(
            self.treatment.schedule.start_degc
        ):
            return
        self._treated.begin()
        self._running = True
        if ended is not None:
            self._began_us, self._breach, self._at_risk_us, self.ended = time_us, None, None, None

    def _follow(self, time_us: int, degc: dict[int, float]) -> ColdTreatment | None:
        sensor = max(degc, key=degc.__getitem__)
        warmest_degc = degc[sensor]
        if warmest_degc > self._levels[0].limit_degc:
            level = self._treated.first_done(self._left_us)
            if warmest_degc > self._levels[level].limit_degc:
                self._breach = (time_us, PROBES[sensor])
                if self._at_risk_us is None and warmest_degc <= self._levels[-1].limit_degc:
                    self._at_risk_us = time_us
            if warmest_degc > self._levels[-1].limit_degc:
                self.ended = self._row(level, "failed", time_us)
                self._running = False
        self._treated.feed(time_us, degc)
        if self._running and any(self._left_us(level) <= 0 for level in range(len(self._levels))):
            self.ended = self._row(self._treated.first_done(self._left_us), "done", time_us)
            self._running = False
        return self.ended

    def _left_us(self, level: int) -> int:
        """What a level lacks. [µs]."""
        return self._levels[level].total_us - self._treated.treated_us(level)

    def _row(self, level: int, verdict: Verdict, ended_us: int | None) -> ColdTreatment:
        plan, total_us = self.treatment, self._levels[level].total_us
        left_us = max(0, self._left_us(level)) if self._running else total_us
        breach_us, sensor = self._breach or (None, None)
        return ColdTreatment(
            plan.terminal,
            plan.container_id,
            self._began_us,
            plan.schedule.id,
            self._levels[level].limit_degc,
            (total_us - left_us) / HOUR_US,
            left_us / HOUR_US,
            verdict,
            breach_us,
            sensor,
            ended_us,
            self._at_risk_us,
        )


def runs(treatment: Treatment, readings: Iterable[Reading]) -> list[ColdTreatment]:
    """All runs of a treatment, from all readings of its container in time order."""
    detector = TreatmentDetector(treatment)
    ended = [row for reading in readings if (row := detector.feed(reading)) is not None]
    return ended if detector.row in ended else [*ended, detector.row]
