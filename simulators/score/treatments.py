"""What treatments add up to: runs whose verdict, level and minutes were found, and those that were not."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from processing.model.times import MINUTE_US
from processing.treatments.facts import ColdTreatment
from simulators.score.bars import Bar
from simulators.score.table import CLEAN, bar_rows, count_json, count_rows
from simulators.score.tally import Count
from simulators.score.treatment_day import TreatmentDay
from simulators.treatments.truth import TrueRun

WRONG = ("verdict", "minute")
HOURS_OFF = 1 / 60
"""Time that is done may be found so much off. [h]"""


@dataclass(slots=True)
class TreatmentScore:
    """Of treatments under one condition.

    Attributes:
        all, by_schedule, by_fault: runs; of the wrong kind are those with another verdict, level or sensor, with wrong
            boxes those of which a minute is wrong: of the end, of the breach, or of what is done.
        verdicts: of the runs that were found.
        treatments, changed: how many there were; of how many what never arrived changed the outcome.
        unsafe: of these, found to be done though a reading that never arrived broke them.
        samples: sent.
    """

    all: Count = field(default_factory=Count)
    by_schedule: dict[str, Count] = field(default_factory=dict)
    by_fault: dict[str, Count] = field(default_factory=dict)
    verdicts: Counter[str] = field(default_factory=Counter)
    treatments: int = 0
    changed: int = 0
    unsafe: int = 0
    samples: int = 0

    def add(self, days: list[TreatmentDay], _name: str) -> None:
        """Take in a span of all treatments."""
        for day in days:
            self.treatments += 1
            self.samples += day.samples
            self.verdicts.update(run.verdict for run in day.found)
            was, found = day.happened[-1].verdict, day.true[-1].verdict
            self.changed += was != found
            self.unsafe += found == "done" != was
            faults = sorted({name for name, _, _ in day.spoilt})
            counts = [self.all, self.by_schedule.setdefault(day.schedule, Count())]
            self._compare(day, [*counts, *(self.by_fault.setdefault(name, Count()) for name in faults)])

    def _compare(self, day: TreatmentDay, counts: Iterable[Count]) -> None:
        found = {run.began_us: run for run in day.found}
        true = {run.began_us: run for run in day.true}
        for count in counts:
            count.true += len(true)
            count.invented += len(found.keys() - true.keys())
            for began_us, run in true.items():
                other = found.get(began_us)
                count.missed += other is None
                if other is not None:
                    count.kind_wrong += _verdict_wrong(run, other)
                    count.boxes_wrong += _minute_wrong(run, other)


def _verdict_wrong(true: TrueRun, found: ColdTreatment) -> bool:
    return (true.verdict, true.level, true.sensor) != (found.verdict, found.level, found.breach_sensor)


def _minute_wrong(true: TrueRun, found: ColdTreatment) -> bool:
    pairs = (true.ended_us, found.ended_us), (true.breach_us, found.breach_us)
    return abs(true.done_h - found.done_h) > HOURS_OFF or any(_minute(one) != _minute(other) for one, other in pairs)


def _minute(time_us: int | None) -> int | None:
    return None if time_us is None else time_us // MINUTE_US


def bars(score: TreatmentScore, *, clean: bool) -> list[Bar]:
    """The figures of a condition that have to reach something; whether spoilt or not, all have to be right.

    Args:
        score: of the condition.
        clean: whether nothing was spoilt.
    """
    c = score.all
    shown = [
        Bar("runs missed", f"{c.missed}", "0", c.missed == 0),
        Bar("runs invented", f"{c.invented}", "0", c.invented == 0),
        Bar("verdict, level or sensor wrong", f"{c.kind_wrong}", "0", c.kind_wrong == 0),
        Bar("a minute wrong", f"{c.boxes_wrong}", "0", c.boxes_wrong == 0),
    ]
    if clean:
        shown.append(Bar("outcomes other than what happened", f"{score.changed}", "0", score.changed == 0))
    return shown


def table(scores: dict[str, TreatmentScore]) -> str:
    """All of it as Markdown."""
    lines: list[str] = []
    for condition, score in scores.items():
        verdicts = ", ".join(f"{n:,} {name}" for name, n in sorted(score.verdicts.items()))
        rows = [
            ("samples; treatments", f"{score.samples:,}; {score.treatments:,}"),
            ("runs; of these", f"{score.all.true:,}; {verdicts}"),
        ]
        if condition != CLEAN:
            rows.append(("treatments whose outcome readings that never arrived changed", f"{score.changed}"))
            rows.append(("of these done, though such a reading broke them", f"{score.unsafe}"))
        lines += [f"### {condition}", "", *bar_rows(bars(score, clean=condition == CLEAN), rows)]
        lines += ["", *count_rows("schedule", "runs", score.by_schedule, WRONG)]
        if score.by_fault:
            lines += ["", "Of treatments with a fault; most have several, so a run may stand in several rows:", ""]
            lines += count_rows("fault", "runs", score.by_fault, WRONG)
        lines.append("")
    return "\n".join(lines).rstrip()


def as_json(scores: dict[str, TreatmentScore]) -> dict[str, Any]:
    """The same figures for programs."""
    return {
        condition: {
            "bars": [bar.as_json() for bar in bars(score, clean=condition == CLEAN)],
            "samples": score.samples,
            "treatments": score.treatments,
            "changed": score.changed,
            "unsafe": score.unsafe,
            "verdicts": dict(sorted(score.verdicts.items())),
            "all": count_json("runs", score.all),
            "by_schedule": {name: count_json("runs", c) for name, c in score.by_schedule.items()},
            "by_fault": {name: count_json("runs", c) for name, c in score.by_fault.items()},
        }
        for condition, score in scores.items()
    }
