"""What days of reefers add up to: excursions and spans without power that were found, missed, invented, late."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from simulators.reefer_faults import HIDING, SILENCE
from simulators.score.reefer_day import MINUTE_US, PlugDay
from simulators.score.tally import Count

DAY_US = 86_400_000_000
HOUR_US = 3_600_000_000
SAMPLE_US = MINUTE_US
"""A sample shows what was so up to a minute before it. [µs]"""
Span = tuple[int, int]


@dataclass(slots=True)
class ReeferScore:
    """Of days under one condition.

    Attributes:
        all, by_probe, by_interval, by_fault: excursions of which enough was sent to find them; of the wrong kind are
            those with the wrong probe, with wrong boxes those of another container.
        off_power: spans without power, alike.
        late, off_late: found, but later than one report interval after the delay; than one report interval.
        unread: of the missed and the late ones, those whose air was not read for over two intervals before they were
            due: what was in between is unknown.
        unclear: excursions that may be found or not: too short, too close to the tolerance, too little heard.
        unseen: by the fault that hid their air until they were due, how many, and how many were found all the same.
        errors_min: how much later than it was an excursion's begin and end, a span's begin and end were found. [min]
        reefer_days: boxes on plugs, together. [days]
        samples: read.
    """

    all: Count = field(default_factory=Count)
    by_probe: dict[str, Count] = field(default_factory=dict)
    by_interval: dict[str, Count] = field(default_factory=dict)
    by_fault: dict[str, Count] = field(default_factory=dict)
    off_power: Count = field(default_factory=Count)
    late: int = 0
    off_late: int = 0
    unread: int = 0
    unclear: int = 0
    unseen: dict[str, list[int]] = field(default_factory=dict)
    errors_min: dict[str, list[float]] = field(
        default_factory=lambda: {name: [] for name in ("excursion began", "excursion ended", "off began", "off ended")}
    )
    reefer_days: float = 0.0
    samples: int = 0

    @property
    def false_per_1000(self) -> float:
        """Invented excursions in 1,000 reefer-days."""
        return 1000 * self.all.invented / self.reefer_days if self.reefer_days else 0.0

    def add(self, days: list[PlugDay], _name: str) -> None:
        """Take in a day of all plugs."""
        for day in days:
            self.samples += day.samples
            stays_us = sum(stay.ended_ms - stay.began_ms for stay in day.stays) * 1000
            self.reefer_days += stays_us / DAY_US
            self._excursions(day)
            self._off_power(day)

    def _counts(self, day: PlugDay, probe: str, span: Span) -> list[Count]:
        near = {name for name, begin, end in day.spoilt if begin < span[1] + HOUR_US and end > span[0] - HOUR_US}
        interval = f"{day.interval_us // MINUTE_US} min"
        return [
            self.all,
            self.by_probe.setdefault(probe, Count()),
            self.by_interval.setdefault(interval, Count()),
            *(self.by_fault.setdefault(fault, Count()) for fault in sorted(near)),
        ]

    def _excursions(self, day: PlugDay) -> None:
        found = [(one.fact.began_us, one.fact.ended_us or day.end_us) for one in day.found]
        for true in day.excursions:
            span = true.began_ms * 1000, true.ended_ms * 1000
            at = next((n for n, other in enumerate(found) if _touch(span, other)), None)
            if true.due_ms is None:
                self.unclear += 1
                continue
            hidden = _hidden(day, span[0], true.due_ms * 1000)
            if hidden is not None:
                unseen = self.unseen.setdefault(hidden, [0, 0])
                unseen[0] += 1
                unseen[1] += at is not None
                continue
            one = None if at is None else day.found[at]
            for count in self._counts(day, true.probe, span):
                count.true += 1
                count.missed += one is None
                count.kind_wrong += one is not None and one.fact.probe != true.probe
                count.boxes_wrong += one is not None and one.fact.container_id != true.container_id
            late = one is not None and one.reported_us > true.due_ms * 1000 + SAMPLE_US
            self.late += late
            if late or one is None:
                self.unread += any(_touch((span[0], true.due_ms * 1000), other) for other in day.unread)
            if one is not None:
                self._errors("excursion", span, (one.fact.began_us, one.fact.ended_us or day.end_us))
        slack_us = 2 * day.interval_us
        for one, span in zip(day.found, found, strict=True):
            if not any(_touch((begin - slack_us, end + slack_us), span) for begin, end in day.possible):
                for count in self._counts(day, one.fact.probe, span):
                    count.invented += 1

    def _off_power(self, day: PlugDay) -> None:
        true = [(one.began_ms * 1000, one.ended_ms * 1000) for one in day.off_power]
        for one, span in zip(day.off_power, true, strict=True):
            if one.due_ms is None or _hidden(day, span[0], one.due_ms * 1000) == SILENCE:
                continue
            at = next((n for n, found in enumerate(day.found_off) if _touch(span, found[:2])), None)
            self.off_power.true += 1
            self.off_power.missed += at is None
            if at is not None:
                self.off_late += day.found_off[at][2] > one.due_ms * 1000 + SAMPLE_US
                self._errors("off", span, day.found_off[at][:2])
        slack_us = day.interval_us + SAMPLE_US
        self.off_power.invented += sum(
            not any(_touch((begin - slack_us, end + slack_us), found[:2]) for begin, end in true)
            for found in day.found_off
        )

    def _errors(self, what: str, true: Span, found: Span) -> None:
        for end, error_us in zip(("began", "ended"), _differences(true, found), strict=True):
            self.errors_min[f"{what} {end}"].append(error_us / MINUTE_US)


def _hidden(day: PlugDay, begin_us: int, end_us: int) -> str | None:
    """The fault that left nothing to find in a part of a span; None: there was none."""
    hiding = {name for name, begin, end in day.spoilt if name in HIDING and begin < end_us and end > begin_us}
    return next((name for name in HIDING if name in hiding), None)


def _differences(true: Span, found: Span) -> Iterable[int]:
    return found[0] - true[0], found[1] - true[1]


def _touch(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
