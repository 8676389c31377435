"""Runs of a cold treatment, slowly: all is counted again from the beginning at each reading."""

from dataclasses import dataclass, field

from processing.model.times import HOUR_US
from processing.treatments.facts import PROBES, ColdTreatment
from processing.treatments.runs import Reading, Treatment


@dataclass
class Reference:
    """What is known after some readings; `seen` are their times and corrected temperatures by probe."""

    treatment: Treatment
    seen: list[tuple[int, dict[int, float]]] = field(default_factory=list)
    begin: int | None = None
    rows: list[ColdTreatment] = field(default_factory=list)
    level: int = 0

    def __post_init__(self) -> None:
        self.rows.append(self.row_at(self.treatment.began_us, 0, 0.0))

    def row_at(self, began_us: int, level: int, done_h: float) -> ColdTreatment:
        """A run that nothing has broken."""
        line = self.treatment.schedule.levels[level]
        total_h = line.days * 24.0
        done_h = min(done_h, total_h)
        return ColdTreatment(
            self.treatment.terminal,
            self.treatment.container_id,
            began_us,
            self.treatment.schedule.id,
            line.limit_degc,
            done_h,
            total_h - done_h,
            "running" if done_h < total_h else "done",
            None,
            None,
            None if done_h < total_h else self.seen[-1][0],
        )

    def readings_of(self, probe: int) -> list[int]:
        """Positions of a probe's readings that this run knows: from its begin on, and the last one before."""
        own = [k for k, (_, degc) in enumerate(self.seen) if probe in degc]
        begin = self.begin if self.begin is not None else 0
        before = [k for k in own if k <= begin]
        if before and self.seen[begin][0] - self.seen[before[-1]][0] > self.treatment.schedule.gap_us:
            before = []
        return [*before[-1:], *(k for k in own if k > begin)]

    def cold(self, probe: int, level: int, first: int, second: int) -> bool:
        """Whether a probe shows that the time between two readings that follow each other was cold."""
        own = self.readings_of(probe)
        before, after = [k for k in own if k <= first], [k for k in own if k >= second]
        if not before:
            return True  # it takes part from its first reading on
        if not after:
            return False  # it has not confirmed this yet
        (one_us, one), (other_us, other) = self.seen[before[-1]], self.seen[after[0]]
        limit = self.treatment.schedule.levels[level].limit_degc
        return max(one[probe], other[probe]) <= limit and other_us - one_us <= self.treatment.schedule.gap_us

    def treated_h(self, level: int) -> float:
        """Time since the level was exceeded last that is cold by every probe. [h]."""
        limit = self.treatment.schedule.levels[level].limit_degc
        assert self.begin is not None
        known = range(self.begin, len(self.seen))
        first = max([self.begin, *(k for k in known if max(self.seen[k][1].values()) > limit)])
        probes = [probe for probe in range(3) if self.readings_of(probe)]
        return sum(
            (self.seen[k + 1][0] - self.seen[k][0]) / HOUR_US
            for k in range(first, len(self.seen) - 1)
            if all(self.cold(probe, level, k, k + 1) for probe in probes)
        )

    def last(self) -> list[float]:
        """The last temperature of each probe of the run."""
        return [self.seen[own[-1]][1][probe] for probe in range(3) if (own := self.readings_of(probe))]

    def feed(self, reading: Reading) -> None:
        """Advance by one reading, in time order."""
        pairs = enumerate(zip(reading.degc, self.treatment.corrections_degc, strict=True))
        degc = {n: round(value + more, 3) for n, (value, more) in pairs if value is not None}
        if not degc or reading.time_us < self.treatment.began_us or self.rows[-1].verdict == "done":
            return
        self.seen.append((reading.time_us, degc))
        if self.begin is None:
            self.begin = len(self.seen) - 1
            if max(self.last()) > self.treatment.schedule.start_degc:
                self.begin = None
                return
            if self.rows[-1].verdict == "failed":
                self.rows.append(self.row_at(reading.time_us, 0, 0.0))
        self.judge(reading.time_us, degc)

    def judge(self, time_us: int, degc: dict[int, float]) -> None:
        """What the reading seen last does to the run."""
        levels = self.treatment.schedule.levels
        row, warmest = self.rows[-1], max(degc.values())
        breach_us, sensor, at_risk_us = row.breach_us, row.breach_sensor, row.at_risk_us
        started = self.begin == len(self.seen) - 1
        if not started and warmest > levels[self.level].limit_degc:
            breach_us, sensor = time_us, PROBES[min(n for n in degc if degc[n] == warmest)]
            if at_risk_us is None and warmest <= levels[-1].limit_degc:
                at_risk_us = time_us
        if warmest > levels[-1].limit_degc:
            same = self.rows.pop()
            shown = same.level, same.done_h, same.left_h, "failed", breach_us, sensor, time_us, at_risk_us
            self.rows.append(ColdTreatment(same.terminal, same.container_id, same.began_us, same.schedule, *shown))  # type: ignore[arg-type] # a literal
            self.begin = None
            return
        possible = [n for n, level in enumerate(levels) if max(self.last()) <= level.limit_degc]
        left = {n: max(0.0, levels[n].days * 24 - self.treated_h(n)) for n in possible}
        self.level = min(left, key=lambda n: (left[n], n))
        new = self.row_at(row.began_us, self.level, self.treated_h(self.level))
        shown2 = new.level, new.done_h, new.left_h, new.verdict, breach_us, sensor, new.ended_us, at_risk_us
        self.rows[-1] = ColdTreatment(new.terminal, new.container_id, new.began_us, new.schedule, *shown2)
