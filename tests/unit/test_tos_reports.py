"""What messages state becomes events of boxes, which confirm what devices have seen, or contradict it."""

import random
from typing import Any

import pytest

from processing.containers.derivation import events_of, of_report
from processing.containers.facts import ContainerEvent
from processing.containers.timeline import judge
from processing.containers.tos_report import TosReport
from processing.model.times import MINUTE_US

BOX = "CSQU3054383"
M = MINUTE_US
Row = tuple[int, Any, str, str | None]
"""Minute, event, source (`tos` or a device), place."""
IN: Row = (0, "gate_in", "in1", "in1")


def reported(minute: int, event: Any, place: str | None, raw: str = BOX) -> ContainerEvent:
    report = TosReport("demo", BOX, event, minute * M, raw, place)
    (found,) = events_of(of_report(report))
    return found


def event(row: Row) -> ContainerEvent:
    minute, name, source, place = row
    if source == "tos":
        return reported(minute, name, place)
    known = ("demo", "fact", source, name, 0, minute * M, BOX, minute * M, "crane", place)
    return ContainerEvent(*known, 0.99, True, BOX)


def test_an_event_names_the_box_and_where_it_is() -> None:
    loaded = reported(5, "loaded", "PECHY", "CSQU3O54383")
    assert (loaded.key, loaded.container_id, loaded.place, loaded.confidence, loaded.check_ok, loaded.read_as) == (
        ("demo", "tos_report", BOX, "loaded", 0, 5 * M),
        BOX,
        "vessel",
        0.95,
        True,
        "CSQU3O54383",
    )
    assert reported(5, "gate_in", "PECHY").place == "PECHY"
    assert reported(5, "discharged", "vessel").place is None  # else it would be on the ship


@pytest.mark.parametrize(
    ("rows", "state", "kinds"),
    [
        # Entered half an hour after the crane landed it, when it had been moved already: nothing new.
        ([(0, "discharged", "sts1", "sts1"), (9, "placed", "a1", "a1"), (30, "discharged", "tos", None)], "a1", []),
        ([(0, "gate_in", "tos", "PECHY"), (30, "gate_in", "in1", "in1")], "in1", []),
        ([(0, "gate_in", "tos", "PECHY"), (30, "placed", "a1", "a1")], "a1", []),
        ([IN, (60, "loaded", "sts1", "vessel"), (90, "loaded", "tos", "vessel")], "vessel", []),
        ([IN, (60, "gate_out", "out1", "out1"), (90, "gate_out", "tos", None)], "out1", []),
        # What devices have seen otherwise.
        ([IN, (60, "loaded", "sts1", "vessel"), (90, "gate_in", "tos", None)], None, ["arrived_twice"]),
        ([IN, (60, "gate_out", "tos", "PECHY"), (90, "placed", "a1", "a1")], "a1", ["seen_after_leaving"]),
        ([(0, "gate_out", "tos", None)], None, ["left_without_arriving"]),
    ],
)
def test_messages_confirm_or_contradict(rows: list[Row], state: str | None, kinds: list[str]) -> None:
    events = [event(row) for row in rows]
    random.Random(1).shuffle(events)
    found = judge(events)
    assert found.state is not None
    assert (found.state.place, [one.kind for one in found.conflicts]) == (state, kinds)
