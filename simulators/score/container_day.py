"""One simulated day of boxes: the way of each, and its timeline as container events have it."""

from dataclasses import dataclass, field

from processing.containers.events import derived
from processing.containers.facts import ContainerEvent
from processing.containers.timeline import in_order, judge
from simulators.boxes.flow import TrueBox, flow
from simulators.score.day import START_MS

OWN_SEED = 6
"""Keeps the draws of boxes apart from those of other subjects."""
RIGHT, POOR = 0.98, 0.9
"""Readings that are right, and with poor cameras."""
FAULTS = ("poor_cameras",)


@dataclass(slots=True)
class ContainerDay:
    """Boxes that went all the way, and timelines by number.

    Attributes:
        boxes: as it was.
        timelines: as found: events with their devices, in order of time.
        conflicts: how many contradictions were found; there was none.
        facts: from which the events follow.
        inferred: events whose number was read elsewhere.
    """

    boxes: list[TrueBox]
    timelines: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    conflicts: int = 0
    facts: int = 0
    inferred: int = 0


def simulate(_preset: str, seed: int, hours: float, faults: tuple[str, ...]) -> ContainerDay:
    """Simulate a span and find the timelines; the terminal is the same for all presets."""
    made = flow((seed, OWN_SEED), START_MS * 1000, hours, POOR if faults else RIGHT)
    times_us = [one.time_us for one in made.facts]
    events = derived(made.facts, min(times_us), max(times_us) + 1)
    by_number: dict[str, list[ContainerEvent]] = {}
    for event in events:
        by_number.setdefault(event.container_id, []).append(event)
    day = ContainerDay(made.boxes, facts=len(made.facts), inferred=sum(one.read_as is None for one in events))
    for number, found in by_number.items():
        day.timelines[number] = [(event.event, event.device) for event in in_order(found)]
        conflicts = judge(found).conflicts
        day.conflicts += sum(conflict.kind != "left_without_arriving" for conflict in conflicts)
    return day
