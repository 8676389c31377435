"""Boxes go through a whole simulated terminal: one number from vessel to gate, and from gate to vessel."""

import re
from collections import Counter
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from processing.containers.announcement import Announcement, problems
from processing.documents import ANNOUNCEMENT, TREATMENT
from processing.treatments.schedules import SCHEDULES
from simulators.announced import TrueExpected, TrueTreatment
from simulators.cranes import TrueMove
from simulators.cranes.group import Cranes
from simulators.devices import Rows, Slice
from simulators.gates.truth import TrueTransaction
from simulators.parameters import PRESETS
from simulators.reefers.group import Reefers
from simulators.reefers.plugs import names
from simulators.reefers.truth import TruePlugged
from simulators.terminal import Terminal
from simulators.vehicles.truth import TrueTrip
from simulators.yard import Box, Stock, Yard
from tests.length import length

START_MS = 1_795_000_000_000
MINUTES = length(70, 360)
Step = tuple[int, int, str]
"""Begin and end [ms since 1970 UTC], and what happens."""
WAYS = re.compile(
    "discharge( trip)*( plug)?( out)?|in( plug)?( trip)*( load)?|(plug|trip)( trip)*( load)?|plug( out)?"
    "|load|out|in out|shift|rehandle"
)
"""What may happen to a box: what came before the simulation, or comes after it, is not there."""


@cache
def simulated(slice_ms: int) -> Slice:
    """The truth of a terminal, which advances by so much at a time; what its devices send is left out."""
    terminal, whole, end_ms = Terminal("demo", 12, START_MS, "boot"), Slice(), START_MS + MINUTES * 60_000
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Cranes, "_rows", lambda *_: [])
        patched.setattr(Rows, "many", lambda *_: [])
        for until_ms in (*range(START_MS + slice_ms, end_ms, slice_ms), end_ms):
            whole.truth += terminal.advance(until_ms).truth
    return whole


def test_any_slicing_gives_the_same_truth() -> None:
    assert sorted(map(repr, simulated(433_000).truth)) == sorted(map(repr, simulated(3_600_000).truth))


def steps() -> dict[str, list[Step]]:
    """By number, what happened to each box, in order."""
    found: dict[str, list[Step]] = {}
    for one in simulated(3_600_000).truth:
        match one:
            case TrueMove(numbers=boxes, kind=kind):
                step = one.locked_ms, one.unlocked_ms, kind
            case TruePlugged(container_id=box):
                boxes, step = (box,), (one.began_ms, one.ended_ms, "plug")
            case TrueTrip(container_ids=boxes):
                step = one.began_ms, one.ended_ms, "trip"
            case TrueTransaction(container_ids=boxes, left_ms=left_ms, direction=direction) if left_ms is not None:
                step = one.entered_ms, left_ms, direction
            case _:
                continue
        for box in boxes:
            found.setdefault(box, []).append(step)
    return {box: sorted(way) for box, way in found.items()}


def ways() -> Counter[str]:
    """How many boxes have gone which way."""
    return Counter(" ".join(kind for *_, kind in way) for way in steps().values())


def test_every_box_goes_a_way_that_can_be() -> None:
    assert [way for way in ways() if not WAYS.fullmatch(way)] == []


def test_boxes_go_from_vessel_to_gate_and_from_gate_to_vessel() -> None:
    found = ways()
    assert found["discharge trip out"] > 5
    assert sum(count for way, count in found.items() if re.fullmatch("in trip( trip)* load", way)) > 5


def test_what_happens_to_a_box_happens_one_after_the_other() -> None:
    for box, way in steps().items():
        for (_, ended_ms, before), (began_ms, _, after) in pairwise(way):
            assert ended_ms <= began_ms, (box, before, after)


A, B, C = Box("MSKU9070323", "22G1"), Box("CSQU3054383", "45G1"), Box("APZU4812090", "22G1")


def test_boxes_that_came_first_are_taken_first_as_many_as_asked_for() -> None:
    stock = Stock()
    for box, at_ms in ((B, 20), (C, 30), (A, 10)):
        stock.put(box, at_ms)
    assert stock.take(10) == ()
    assert stock.take(30, 2, 20) == ()
    assert stock.take(31, 2, 20) == (A, C)
    assert (stock.take(31), len(stock)) == ((B,), 0)


def test_boxes_of_a_vessel_are_announced_half_an_hour_before() -> None:
    terminal = Terminal("demo", 12, START_MS, "boot")
    expected = [one for one in terminal.advance(START_MS + 1_000).of(TrueExpected) if not one.box.export]
    moves = [one for one in simulated(3_600_000).of(TrueMove) if one.kind == "discharge"]
    soon = {box for one in moves if one.unlocked_ms < START_MS + 1_800_000 for box in one.numbers}
    assert len(soon) > 5
    assert {one.document_id for one in expected} >= soon
    assert max(one.expected_ms for one in expected) < START_MS + 1_801_000


def test_announcements_are_read_and_nothing_about_them_is_odd() -> None:
    expected = simulated(3_600_000).of(TrueExpected)
    read = [ANNOUNCEMENT.read("demo", one.document_id, one.announcement()) for one in expected]
    assert [problems(one) for one in read if isinstance(one, Announcement) and problems(one)] == []
    assert {one.category for one in read if isinstance(one, Announcement)} == {"import", "export"}
    assert all(one.call for one in expected if not one.box.export)


def test_fruit_on_some_plugs_is_announced_to_be_under_treatment() -> None:
    begun = simulated(3_600_000).of(TrueTreatment)
    assert len(begun) == PRESETS["demo"].treatments
    assert all(TREATMENT.read("demo", one.document_id, one.announcement()) for one in begun)
    known = {schedule.id for schedule in SCHEDULES}
    assert {one.schedule for one in begun} <= known


def test_a_reefer_stands_on_a_plug_between_its_coming_and_its_going() -> None:
    """One that is to be cooled may be fetched only once it was plugged in and out; one with dry cargo at once."""
    yard, cooled, dry = Yard(0.5), Box("CXRU1234996", "45R1"), Box("CXRU1239999", "45R1")
    yard.put(cooled, START_MS)
    yard.put(dry, START_MS)
    assert yard.imports.take(START_MS + 1) == (dry,)
    plugs = Reefers(names(4), np.random.default_rng(7), START_MS, -5, stays=100.0, yard=yard)
    seen = {
        minute.begin_ms
        for minute in (plugs.minute() for _ in range(length(150, 600)))
        if cooled.number in minute.containers
    }
    (stay,) = [one for one in plugs.witness.done if isinstance(one, TruePlugged) and one.container_id == cooled.number]
    assert START_MS + 300_000 <= stay.began_ms == min(seen)
    before = list(iter(lambda: yard.imports.take(stay.ended_ms), ()))
    after = list(iter(lambda: yard.imports.take(START_MS + 10**9), ()))
    assert ((cooled,) in before, (cooled,) in after) == (False, True)
