"""A score of timelines beside what it has to reach, as a table for people, and as JSON."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from simulators.score.bars import Bar, share
from simulators.score.container_day import ContainerDay
from simulators.score.table import CLEAN, bar_rows
from simulators.score.tally import Count

LEAST_READ, LEAST_ALL = 0.99, 0.97
MOST_FALSE = 1e-4


@dataclass(slots=True)
class ContainerScore:
    """Of days under one condition.

    Attributes:
        all: boxes; missed are those whose timeline is not complete and in order, invented those that were none.
        read: the same of boxes whose number was read between any two places where nobody can see it go.
        conflicts: by kind and way in which they came about: how many were put in, and how many of these were found.
        invented: conflicts that were found where there was none, by kind.
        facts, inferred: facts read; events whose number was read elsewhere.
    """

    all: Count = field(default_factory=Count)
    read: Count = field(default_factory=Count)
    conflicts: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    invented: Counter[str] = field(default_factory=Counter)
    facts: int = 0
    inferred: int = 0

    def add(self, day: ContainerDay, _name: str) -> None:
        """Take in a day."""
        for box in day.boxes:
            wrong = day.timelines.get(box.number) != box.events
            for count in (self.all, *([self.read] if box.read else [])):
                count.true += 1
                count.missed += wrong
        self.all.invented += len(day.timelines.keys() - {box.number for box in day.boxes})
        for conflict, found in day.put_in:
            counts = self.conflicts.setdefault((conflict.kind, conflict.way), [0, 0])
            counts[0] += 1
            counts[1] += found
        self.invented.update(kind for _, kind in day.invented)
        self.facts += day.facts
        self.inferred += day.inferred


def bars(score: ContainerScore, *, clean: bool) -> list[Bar]:
    """The figures of a condition that have to reach something: of timelines with cameras as they should be.

    Args:
        score: of the condition.
        clean: whether cameras, clocks and reports are as they should be.
    """
    there_were, found = (sum(counts[at] for counts in score.conflicts.values()) for at in (0, 1))
    false = score.invented.total() / max(1, score.all.true)
    conflicts = [
        Bar("conflicts found", f"{found:,} of {there_were:,}", "all", found == there_were),
        Bar("conflicts invented, a box", share(false), "≤ 0.01 %", false <= MOST_FALSE),
    ]
    if not clean:
        return conflicts
    return [
        Bar("timelines right, number read", share(score.read.recall), "≥ 99 %", score.read.recall >= LEAST_READ),
        Bar("timelines right, all boxes", share(score.all.recall), "≥ 97 %", score.all.recall >= LEAST_ALL),
        *conflicts,
    ]


def table(scores: dict[str, ContainerScore]) -> str:
    """All of it as Markdown."""
    lines: list[str] = []
    for condition, score in scores.items():
        rows = [
            ("facts; events whose number was read elsewhere", f"{score.facts:,}; {score.inferred:,}"),
            ("boxes; timelines wrong", f"{score.all.true:,}; {score.all.missed}"),
            ("boxes whose number was read; timelines wrong", f"{score.read.true:,}; {score.read.missed}"),
            ("numbers that are no box's", f"{score.all.invented}"),
            ("conflicts invented", _kinds(score)),
        ]
        if condition != CLEAN:
            rows.insert(0, ("timelines right, all boxes", share(score.all.recall)))
            rows.insert(0, ("timelines right, number read", share(score.read.recall)))
        lines += [f"### {condition}", "", *bar_rows(bars(score, clean=condition == CLEAN), rows), ""]
        lines += ["| conflict | a second box, or one number for another: it … | there were | found |"]
        lines += ["| --- | --- | --- | --- |"]
        lines += [f"| {kind} | {way} | {there} | {found} |" for (kind, way), (there, found) in score.conflicts.items()]
        lines.append("")
    return "\n".join(lines).rstrip()


def _kinds(score: ContainerScore) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in sorted(score.invented.items())) or "0"


def as_json(scores: dict[str, ContainerScore]) -> dict[str, Any]:
    """The same figures for programs."""
    return {
        condition: {
            "bars": [bar.as_json() for bar in bars(score, clean=condition == CLEAN)],
            "facts": score.facts,
            "inferred": score.inferred,
            "boxes": score.all.true,
            "wrong": score.all.missed,
            "read": score.read.true,
            "read_wrong": score.read.missed,
            "invented": score.all.invented,
            "conflicts": [
                {"kind": kind, "way": way, "there_were": there, "found": found}
                for (kind, way), (there, found) in score.conflicts.items()
            ],
            "conflicts_invented": dict(score.invented),
        }
        for condition, score in scores.items()
    }
