"""What a truck's stay was made of: gate, service, waiting; expected values by hand."""

from dataclasses import replace

import pytest

from processing.containers.facts import ContainerEvent, EventName
from processing.containers.service import VisitParts, boxes_of, hand_overs, parts
from processing.gates.facts import TruckVisit
from processing.model.times import MINUTE_US

A, B = "CSQU3054383", "MSKU9070323"
M = MINUTE_US
VISIT = TruckVisit("demo", "V1", "ABC", 2 * M, 42 * M, "in1", "out1", "in1", 2 * M, 1 * M)
"""Into the inbound lane in minute 1, through in 2, through the outbound one in 42."""
OUT_LANE = 40 * M


def event(minute: float, name: EventName, device: str, number: str, fact: float | None = None) -> ContainerEvent:
    at_us, stream = round(minute * M), "gate" if device in ("in1", "out1") else "crane"
    source = "gate_transaction" if stream == "gate" else "crane_move"
    fact_us = at_us if fact is None else round(fact * M)
    return ContainerEvent("demo", source, device, name, 0, fact_us, number, at_us, stream, device, 0.99, True, number)


def lift(minute: float, device: str, number: str, minutes: float = 2) -> list[ContainerEvent]:
    """A crane's move of a box: both events follow from one fact."""
    return [event(minute, "picked", device, number), event(minute + minutes, "placed", device, number, minute)]


IN_A, OUT_B = event(2, "gate_in", "in1", A), event(42, "gate_out", "out1", B)


def shown(*events: ContainerEvent) -> list[tuple[str, str, float, float, bool]]:
    """Box, device, minutes, whether brought; in whatever order events come."""
    found = hand_overs(VISIT, reversed(events))
    assert hand_overs(VISIT, events) == found
    return [(one.container_id, one.device, one.began_us / M, one.ended_us / M, one.brought) for one in found]


def test_what_is_brought_is_taken_off_first_and_what_is_taken_is_put_on_last() -> None:
    """Later the box that was brought is moved within the yard; before, the other one was dug out."""
    events = [IN_A, *lift(10, "armg1", A), *lift(30, "armg2", A), *lift(5, "armg3", B), *lift(25, "armg3", B), OUT_B]
    assert shown(*events) == [(A, "armg1", 10, 12, True), (B, "armg3", 25, 27, False)]
    assert boxes_of(VISIT, events) == [A, B]


def test_a_stay_is_gate_service_and_the_rest() -> None:
    served = hand_overs(VISIT, [IN_A, *lift(10, "armg1", A), *lift(25, "armg3", B, 3), OUT_B])
    assert parts(VISIT, OUT_LANE, served) == VisitParts(41 * M, 1 * M, 2 * M, 5 * M, 33 * M)


def test_two_boxes_at_once_are_served_once() -> None:
    """A twin lift from 10 to 12 and a move from 11 to 14 are four minutes."""
    events = [IN_A, event(2, "gate_in", "in1", B), *lift(10, "armg1", A), *lift(11, "armg1", B, 3)]
    assert parts(VISIT, OUT_LANE, hand_overs(VISIT, events)) == VisitParts(41 * M, 1 * M, 2 * M, 4 * M, 34 * M)


def test_where_nobody_saw_a_move_only_the_gate_is_known() -> None:
    """A box that was moved before the truck came, or when it had left, was not moved for it."""
    events = [IN_A, *lift(0, "armg1", A, 1), *lift(43, "armg1", A), OUT_B]
    assert shown(*events) == []
    assert parts(VISIT, OUT_LANE, []) == VisitParts(41 * M, 1 * M, 2 * M, None, None)


def test_the_way_out_without_a_lane_time_is_no_time_at_the_gate() -> None:
    assert parts(VISIT, None, []) == VisitParts(41 * M, 1 * M, 0, None, None)


@pytest.mark.parametrize("known", [replace(VISIT, left_us=None, lane_out=None), replace(VISIT, entered_us=None)])
def test_while_a_passage_is_not_known_nothing_is(known: TruckVisit) -> None:
    assert parts(known, None, []) is None
    assert hand_overs(known, [IN_A, *lift(10, "armg1", A)]) == []
