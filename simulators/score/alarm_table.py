"""A score of alarms beside what it has to reach: raised, missed and invented, by alarm."""

from dataclasses import dataclass, field
from typing import Any

from simulators.score.alarm_day import AlarmDay
from simulators.score.bars import Bar, share
from simulators.score.table import CLEAN, bar_rows, count_json
from simulators.score.tally import Count

STORMS = {"reefer_off_power": "rack_off_power", "reefer_silent": "rack_silent", "crane_silent": "cranes_silent"}
"""Of these many at once are one alarm, in which each of them counts as raised."""


@dataclass(slots=True)
class AlarmScore:
    """Of days under one condition.

    Attributes:
        all, by_alarm: alarms that had to be raised, those missed, and those raised for nothing.
        samples: read.
    """

    all: Count = field(default_factory=Count)
    by_alarm: dict[str, Count] = field(default_factory=dict)
    samples: int = 0

    def add(self, day: AlarmDay, _name: str) -> None:
        """Take in a day."""
        self.samples += day.samples
        for one in day.expected:
            if one.sure:
                names = {one.alarm, STORMS.get(one.alarm, one.alarm)}
                raised = any(
                    alarm.alarm in names and one.subject in (alarm.subject, *alarm.members) and one.meets(alarm)
                    for alarm in day.found
                )
                for count in self._counts(one.alarm):
                    count.true += 1
                    count.missed += not raised
        for alarm in day.found:
            singles = {alarm.alarm, *(single for single, storm in STORMS.items() if storm == alarm.alarm)}
            about = {alarm.subject, *alarm.members}
            true = any(one.alarm in singles and one.subject in about and one.meets(alarm) for one in day.expected)
            for count in self._counts(alarm.alarm):
                count.invented += not true

    def _counts(self, alarm: str) -> tuple[Count, Count]:
        return self.all, self.by_alarm.setdefault(alarm, Count())


def bars(score: AlarmScore, *, clean: bool) -> list[Bar]:
    """The figures of a condition that have to reach something.

    Args:
        score: of the condition.
        clean: whether nothing was spoilt.
    """
    c = score.all
    if clean:
        return [
            Bar("alarms missed", f"{c.missed}", "0", c.missed == 0),
            Bar("alarms invented", f"{c.invented}", "0", c.invented == 0),
        ]
    return [
        Bar("recall", share(c.recall), "≥ 98 %", c.recall >= 0.98),
        Bar("precision", share(c.precision), "≥ 95 %", c.precision >= 0.95),
    ]


def table(scores: dict[str, AlarmScore]) -> str:
    """All of it as Markdown."""
    lines: list[str] = []
    for condition, score in scores.items():
        c = score.all
        rows = [
            ("samples", f"{score.samples:,}"),
            ("alarms to be raised; missed; invented", f"{c.true:,}; {c.missed}; {c.invented}"),
        ]
        lines += [f"### {condition}", "", *bar_rows(bars(score, clean=condition == CLEAN), rows), ""]
        lines += ["| alarm | to be raised | raised | missed | invented |", "| --- | --- | --- | --- | --- |"]
        for name, one in sorted(score.by_alarm.items()):
            lines.append(f"| `{name}` | {one.true} | {one.true - one.missed} | {one.missed} | {one.invented} |")
        lines.append("")
    return "\n".join(lines).rstrip()


def as_json(scores: dict[str, AlarmScore]) -> dict[str, Any]:
    """The same figures for programs."""
    return {
        condition: {
            "bars": [bar.as_json() for bar in bars(score, clean=condition == CLEAN)],
            "samples": score.samples,
            "all": count_json("alarms", score.all),
            "by_alarm": {name: count_json("alarms", c) for name, c in sorted(score.by_alarm.items())},
        }
        for condition, score in scores.items()
    }
