"""A score of timelines beside what it has to reach, as a table for people, and as JSON."""

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
        conflicts: contradictions found where there was none.
        facts, inferred: facts read; events whose number was read elsewhere.
    """

    all: Count = field(default_factory=Count)
    read: Count = field(default_factory=Count)
    conflicts: int = 0
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
        self.conflicts += day.conflicts
        self.facts += day.facts
        self.inferred += day.inferred


def bars(score: ContainerScore, *, clean: bool) -> list[Bar]:
    """The figures of a condition that have to reach something: with cameras as they should be.

    Args:
        score: of the condition.
        clean: whether cameras are as they should be.
    """
    if not clean:
        return []
    false = score.conflicts / max(1, score.all.true)
    return [
        Bar("timelines right, number read", share(score.read.recall), "≥ 99 %", score.read.recall >= LEAST_READ),
        Bar("timelines right, all boxes", share(score.all.recall), "≥ 97 %", score.all.recall >= LEAST_ALL),
        Bar("conflicts invented, a box", share(false), "≤ 0.01 %", false <= MOST_FALSE),
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
        ]
        if condition != CLEAN:
            rows.insert(0, ("timelines right, all boxes", share(score.all.recall)))
            rows.insert(0, ("timelines right, number read", share(score.read.recall)))
            rows.append(("conflicts invented", f"{score.conflicts}"))
        lines += [f"### {condition}", "", *bar_rows(bars(score, clean=condition == CLEAN), rows), ""]
    return "\n".join(lines).rstrip()


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
            "conflicts": score.conflicts,
        }
        for condition, score in scores.items()
    }
