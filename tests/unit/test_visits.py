"""Truck visits: which two passages are of one truck, in whatever order they become known."""

import random
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from processing.gates.facts import GateTransaction, TruckVisit
from processing.gates.passage import passage_of
from processing.gates.passages import NEAREST, Passages
from processing.gates.visits import Visits
from processing.model.facts import Retracted
from simulators.gates.gate import Gate
from simulators.gates.parameters import GATE
from simulators.gates.truth import TrueTransaction
from tests.length import length
from tests.unit.gate_signals import S, passed, visit_of

HOUR_S = 3_600
Known = list[tuple[str, GateTransaction]]


def visits(*transactions: tuple[str, GateTransaction], now_s: float = 0) -> list[TruckVisit]:
    """Visits that follow at an event time, in order of their first passage."""
    found = Visits("demo")
    found.advance(round(now_s * S))
    for lane, transaction in transactions:
        found.apply(lane, transaction, retracted=False)
    return sorted(found.known.values(), key=lambda visit: visit.passed_us)


def one_visit(gate_in: GateTransaction, gate_out: GateTransaction) -> bool:
    """Whether the two are joined."""
    return len(visits(("in1", gate_in), ("out1", gate_out))) == 1


def test_a_visit_is_the_same_in_whatever_order_its_lanes_report() -> None:
    gate_in = ("in1", passed("in", 60, "V1", "ABC"))
    gate_out = ("out1", passed("out", 960, "V1"))
    expected = [visit_of("V1", 60 * S, 960 * S, "ABC", confidence=0.993)]
    assert visits(gate_in, gate_out) == visits(gate_out, gate_in) == expected


def test_an_unfinished_transaction_is_no_passage_and_a_nameless_one_is_a_truck() -> None:
    unfinished = replace(passed("in", 60, "V1"), left_us=None, reason="reversed_out")
    assert visits(("in1", unfinished)) == []
    assert visits(("in1", replace(passed("in", 60, "V1"), direction=None))) == []
    assert visits(("in1", passed("in", 60))) == [visit_of("in1 60000000", 60 * S, None)]


@pytest.mark.parametrize(
    ("gate_in", "gate_out", "joined"),
    [
        (("V1", None), ("V1", None), True),
        (("V1", None), ("V2", None), False),
        ((None, "abc-123"), (None, "ABC 123"), True),
        ((None, "ABC-123"), (None, "A8C123"), True),  # misread by one character
        ((None, "ABC-123"), (None, "ABD124"), False),
        (("V1", "ABC-123"), ("V0", "ABC-123"), True),  # a stale number
        (("V1", "ABC-123"), ("V0", "ABC-124"), False),
        (("V1", "ABC-123"), ("V1", "XYZ-999"), False),  # of the truck before
        (("V1", None), (None, "ABC-123"), False),
    ],
)
def test_numbers_and_plates_decide(
    gate_in: tuple[str | None, str | None], gate_out: tuple[str | None, str | None], joined: bool
) -> None:
    assert one_visit(passed("in", 60, *gate_in), passed("out", 960, *gate_out)) is joined


def test_a_box_that_is_taken_back_decides_where_nothing_else_is_known() -> None:
    box = ("CSQU3054383",)
    assert one_visit(passed("in", 60, boxes=box), passed("out", 960, boxes=box))
    assert not one_visit(passed("in", 60, plate="ABC123", boxes=box), passed("out", 960, plate="XYZ999", boxes=box))


def test_nobody_leaves_before_coming_nor_after_more_than_a_day() -> None:
    assert not one_visit(passed("in", 960, "V1"), passed("out", 60, "V1"))
    assert one_visit(passed("in", 60, "V1"), passed("out", 60 + 24 * HOUR_S, "V1"))
    assert not one_visit(passed("in", 60, "V1"), passed("out", 61 + 24 * HOUR_S, "V1"))


def test_a_plate_that_comes_again_is_another_visit() -> None:
    """Twice in and out; and twice in, but once out: the first time it left unseen."""
    plate = "ABC-123"
    first, second = ("in1", passed("in", 60, plate=plate)), ("in1", passed("in", 2_000, plate=plate))
    ends = ("out1", passed("out", 960, plate=plate)), ("out1", passed("out", 3_000, plate=plate))
    later = visit_of(plate, 2_000 * S, 3_000 * S, plate, confidence=1.0)
    assert visits(first, second, *ends) == [visit_of(plate, 60 * S, 960 * S, plate, confidence=1.0), later]
    assert visits(first, second, ends[1]) == [visit_of(plate, 60 * S, None, plate, "entered_again"), later]


def test_a_truck_that_nobody_saw_come_or_leave() -> None:
    """Inside for more than a day it has left."""
    gate_in, gate_out = ("in1", passed("in", 60, "V1")), ("out1", passed("out", 900, "V2"))
    unseen = visit_of("V2", None, 900 * S, reason="entry_unseen")
    assert visits(gate_in, gate_out) == [visit_of("V1", 60 * S, None), unseen]
    overdue = visit_of("V1", 60 * S, None, reason="overdue")
    assert visits(gate_in, gate_out, now_s=60 + 24 * HOUR_S) == [visit_of("V1", 60 * S, None), unseen]
    assert visits(gate_in, gate_out, now_s=60.1 + 24 * HOUR_S) == [overdue, unseen]


def test_a_visit_becomes_overdue_by_time_alone_whether_or_not_another_truck_comes() -> None:
    found, gate_in = Visits("demo"), passed("in", 60, "V1")
    found.apply("in1", gate_in, retracted=False)
    found.apply("out1", passed("out", 90, "V2"), retracted=False)
    assert found.advance((60 + 24 * HOUR_S) * S) == []
    assert [change.fact for change in found.advance((61 + 24 * HOUR_S) * S)] == [
        visit_of("V1", 60 * S, None, reason="overdue")
    ]
    assert found.advance((61 + 24 * HOUR_S) * S) == found.advance(60 * S) == found.advance(99 * HOUR_S * S) == []


def test_two_trucks_that_leave_a_lane_at_the_same_second_are_two_visits() -> None:
    """The barrier opens for the second one as the first one leaves, by a clock that counts seconds."""
    second = replace(passed("in", 66, "V2"), entered_us=40 * S, opened_us=60 * S, left_us=None, reason="exit_unseen")
    found = visits(("in1", passed("in", 60, "V1")), ("in1", second))
    assert [(one.visit, one.arrived_us, one.passed_us) for one in found] == [
        ("V1", 20 * S, 60 * S),
        ("V2", 40 * S, 60 * S),
    ]


def test_a_passage_that_comes_between_changes_whom_its_neighbours_of_the_same_direction_are_joined_with() -> None:
    """Of passages that share a number the four nearest are looked at: the fifth one is none of them any more."""
    first = ("in1", passed("in", 100, "V0", "ABC123"))
    others = [("out1", passed("out", 200 + n, "V0", f"ZZZ99{n}")) for n in range(3)]
    nearest, like = ("out1", passed("out", 300, "V0")), ("out2", passed("out", 900, plate="ABC128"))
    between = ("in2", passed("in", 150, "V0", "QQQ000"))
    assert visits(first, *others, nearest, like)[0].left_us == 300 * S
    whole, found = Visits("demo"), Visits("demo")
    for lane, one in (first, between, *others, nearest, like):
        whole.apply(lane, one, retracted=False)
    for lane, one in (first, *others, nearest, like, between):
        found.apply(lane, one, retracted=False)
    assert found.known == whole.known
    assert [one.left_us for one in whole.known.values() if one.plate == "ABC123"] == [900 * S]


def test_how_a_truck_left_is_how_its_visit_ended() -> None:
    gate_out = replace(passed("out", 960, "V1"), opened_us=None, reason="tailgated")
    (one,) = visits(("in1", passed("in", 60, "V1")), ("out1", gate_out))
    assert (one.left_us, one.reason) == (960 * S, "tailgated")
    unseen = replace(passed("out", 960, "V1"), left_us=None, reason="exit_unseen")
    (one,) = visits(("in1", passed("in", 60, "V1")), ("out1", unseen))
    assert (one.left_us, one.reason) == (954 * S, "exit_unseen")


def test_a_visit_has_what_its_truck_brought_and_took_and_whether_there_was_trouble() -> None:
    gate_in = replace(passed("in", 60, "V1", boxes=("A", "B")), trouble=True)
    gate_out = passed("out", 960, "V1", boxes=("C",))
    assert visits(("in1", gate_in), ("out1", gate_out)) == [
        visit_of("V1", 60 * S, 960 * S, confidence=0.993, boxes=(("A", "B"), ("C",)), trouble=True)
    ]


def test_what_changes_is_what_has_to_be_written() -> None:
    """The outbound passage comes first, alone; then the inbound one joins it; then it turns out to be none."""
    found = Visits("demo")
    gate_in, gate_out = passed("in", 60, "V1"), passed("out", 960, "V1")
    alone = visit_of("V1", None, 960 * S, reason="entry_unseen")
    joined = visit_of("V1", 60 * S, 960 * S, confidence=0.993)

    def changes(lane: str, one: GateTransaction, *, retracted: bool = False) -> list[object]:
        return [change.fact for change in found.apply(lane, one, retracted=retracted)]

    assert changes("out1", gate_out) == [alone]
    assert changes("out1", replace(gate_out, gross_weight_kg=9_000.0)) == []
    assert changes("in1", gate_in) == [Retracted(alone), joined]
    assert changes("in1", gate_in, retracted=True) == [Retracted(joined), alone]
    assert changes("out1", gate_out, retracted=True) == [Retracted(alone)]


def test_what_memory_has_forgotten_is_removed_all_the_same() -> None:
    """The visit of an outbound passage by itself is stored, and not known any more, when the inbound one is found."""
    found = Visits("demo")
    gate_out = passed("out", 960, "V1")
    found.apply("out1", gate_out, retracted=False)
    found.forget(100 * HOUR_S * S, 100 * HOUR_S * S)
    assert found.known == {}
    assert found.complete_since_us == 52 * HOUR_S * S
    found.load([("out1", gate_out)])
    removed, joined = [change.fact for change in found.apply("in1", passed("in", 60, "V1"), retracted=False)]
    assert isinstance(removed, Retracted)
    assert removed.fact.key == ("demo", "out1", 920 * S)
    assert joined == visit_of("V1", 60 * S, 960 * S, confidence=0.993)


@cache
def simulated(seed: int) -> list[tuple[str, GateTransaction]]:
    """Transactions of some hours as they might be found; a fifth with a plate misread, numbers that all share."""
    gate = Gate(["in1", "in2"], ["out1", "out2"], 60.0, -5, np.random.default_rng(seed), 0, GATE)
    random_ = random.Random(seed)
    found = []
    for one in gate.until(length(2, 30) * HOUR_S * 1000)[1]:
        if isinstance(one, TrueTransaction) and one.left_ms is not None:
            plate = one.plate[:-1] + random_.choice("0123456789") if random_.random() < 0.2 else one.plate
            number = random_.choice([None, "V0", one.visit, one.visit])
            known = passed(one.direction, one.left_ms / 1000, number, plate, one.container_ids)
            found.append((one.device, replace(known, entered_us=one.entered_ms * 1000, reason=one.reason)))
    return found


@pytest.mark.parametrize("seed", range(length(2, 12)))
def test_in_whatever_order_transactions_are_found_visits_are_the_same(seed: int) -> None:
    """Some first come otherwise, or twice, or turn out to be none; what has to be written adds up to what is known."""
    random_, transactions = random.Random(seed), simulated(seed)
    whole, found = Visits("demo"), Visits("demo")
    for lane, one in transactions:
        whole.apply(lane, one, retracted=False)
    steps: list[tuple[float, str, GateTransaction, bool]] = []
    for lane, one in transactions:
        at = random_.random()
        steps.append((at, lane, one, False))
        if random_.random() < 0.3:
            steps.append((at + random_.random(), lane, one, False))
            steps.append((at - random_.random(), lane, replace(one, plate="XXX-000"), random_.random() < 0.2))
    for n in range(20):
        never = passed(random_.choice(["in", "out"]), random_.randrange(2 * HOUR_S), "V0", "ABC-123")
        steps += [(-1.0 - n, f"in{9 + n}", never, False), (0.5, f"in{9 + n}", never, True)]
    written: dict[tuple[str, str, int], TruckVisit] = {}
    end_us = max(one.left_us or 0 for _, one in transactions) + 20 * HOUR_S * S  # by then some are overdue
    for at, lane, one, retracted in sorted(steps, key=lambda step: step[0]):
        for before, after in found.advance(round(at * end_us)) + found.apply(lane, one, retracted=retracted):
            if after is not None:
                written[after.key] = after
            elif before is not None:
                del written[before.key]
    whole.advance(found.now_us)
    assert found.known == whole.known == written == whole.between(0, end_us)
    assert any(visit.reason == "overdue" for visit in written.values())
    joined = sum(visit.confidence is not None for visit in whole.known.values())
    assert joined > 0.3 * len(transactions)


def test_a_number_that_all_share_is_compared_with_the_nearest_only() -> None:
    found, passages = Passages(), []
    for n in range(300):
        passage = passage_of("in1", passed("in" if n % 2 else "out", 60 + n, "0"))
        assert passage is not None
        passages.append(passage)
        found.add(passage)
    assert len(found.around(passages[150])) <= 4 * NEAREST
    assert found.partner(passages[151]) == (passages[152], 5.0)
