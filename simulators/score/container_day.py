"""One simulated day of boxes: the way of each, its timeline as container events have it, and contradictions in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from processing.containers.derivation import FactOf
from processing.containers.events import derived
from processing.containers.facts import ContainerEvent
from processing.containers.timeline import ContainerConflict, in_order, judge
from processing.model.times import MINUTE_US
from simulators.boxes.clocks import late_reports, wrong_clocks
from simulators.boxes.conflicts import TrueConflict, flow_with_conflicts
from simulators.boxes.flow import TrueBox
from simulators.score.day import START_MS

OWN_SEED = 6
"""Keeps the draws of boxes apart from those of other subjects."""
RIGHT, POOR = 0.98, 0.9
"""Readings that are right, and with poor cameras."""
FAULTS = ("poor_cameras", "wrong_clocks", "late_plugs")
CLOCKS_US = 10 * MINUTE_US
"""A conflict may be found so much earlier than it was, where clocks are wrong. [µs]"""


@dataclass(slots=True)
class ContainerDay:
    """Boxes that went all the way, and timelines by number.

    Attributes:
        boxes: as it was, without those that contradictions were put into.
        timelines: as found: events with their devices, in order of time.
        put_in: contradictions, and whether each was found.
        invented: numbers and kinds of contradictions that were found where there was none.
        facts: from which the events follow.
        inferred: events whose number was read elsewhere.
    """

    boxes: list[TrueBox]
    timelines: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    put_in: list[tuple[TrueConflict, bool]] = field(default_factory=list)
    invented: set[tuple[str, str]] = field(default_factory=set)
    facts: int = 0
    inferred: int = 0


def simulate(_preset: str, seed: int, hours: float, faults: tuple[str, ...]) -> ContainerDay:
    """Simulate a span and find timelines and conflicts; the terminal is the same for all presets.

    Timelines are those by right clocks: by wrong ones no order is right.
    """
    share = POOR if "poor_cameras" in faults else RIGHT
    made = flow_with_conflicts((seed, OWN_SEED), START_MS * 1000, hours, share)
    contradicted = {one.number for one in made.conflicts}
    events = _events(made.facts)
    day = ContainerDay([box for box in made.boxes if box.number not in contradicted], facts=len(made.facts))
    day.inferred = sum(one.read_as is None for one in events)
    by_number = _by_number(events)
    for number in by_number.keys() - contradicted:
        day.timelines[number] = [(event.event, event.device) for event in in_order(by_number[number])]
    spoilt = made.facts
    if "late_plugs" in faults:
        spoilt = late_reports(spoilt, (seed, OWN_SEED, 1))
    if "wrong_clocks" in faults:
        spoilt = wrong_clocks(spoilt, (seed, OWN_SEED, 2))
    found = by_number if spoilt is made.facts else _by_number(_events(spoilt))
    conflicts = [conflict for timeline in found.values() for conflict in judge(timeline).conflicts]
    compare(made.conflicts, conflicts, day)
    return day


def _events(facts: Sequence[FactOf]) -> list[ContainerEvent]:
    times_us = [one.time_us for one in facts]
    return derived(facts, min(times_us), max(times_us) + 1)


def _by_number(events: list[ContainerEvent]) -> dict[str, list[ContainerEvent]]:
    found: dict[str, list[ContainerEvent]] = {}
    for event in events:
        found.setdefault(event.container_id, []).append(event)
    return found


def compare(there_were: list[TrueConflict], found: list[ContainerConflict], day: ContainerDay) -> None:
    """Each that was put in, with its number and kind in its time; what such a box shows later follows from it."""
    of = {one.number: one for one in there_were}
    seen: set[str] = set()
    for conflict in found:
        true = of.get(conflict.container_id)
        if true is None or conflict.time_us < true.from_us - CLOCKS_US:
            day.invented.add((conflict.container_id, conflict.kind))
        elif conflict.kind == true.kind and conflict.time_us <= true.to_us + CLOCKS_US:
            seen.add(true.number)
    day.put_in = [(one, one.number in seen) for one in there_were]
