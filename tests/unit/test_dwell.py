"""How long boxes were in the terminal: stays of a box, and dwell times of those that left; expected values by hand."""

import random
from dataclasses import replace
from typing import Any

import pytest

from processing.containers.facts import ContainerEvent, EventName
from processing.containers.stays import ContainerStay, stays_of
from processing.facts.store import FactStore
from processing.kpi.explain import explain
from processing.kpi.table import BY_ID
from processing.kpi.view import View, look
from processing.kpi.windows import WINDOWS
from processing.model.times import HOUR_US, MINUTE_US

BOX = "CSQU3054383"
T0 = 472_000 * HOUR_US


def event(minute: int, name: EventName, **given: Any) -> ContainerEvent:
    """An event of one box, as a crane has it."""
    at_us = T0 + minute * MINUTE_US
    one = ContainerEvent("demo", "crane_move", "x", name, 0, at_us, BOX, at_us, "crane", None, 0.99, True, BOX)
    return replace(one, **given)


def stays(*events: ContainerEvent) -> list[tuple[int, str, int | None, str | None, bool]]:
    """Stays in whatever order events come: minute and side of arriving, of leaving, reefer."""
    mixed = list(events)
    random.Random(7).shuffle(mixed)
    assert stays_of(mixed) == stays_of(events)
    return [
        (
            (one.arrived_us - T0) // MINUTE_US,
            one.arrived_by,
            None if one.left_us is None else (one.left_us - T0) // MINUTE_US,
            one.left_by,
            one.reefer,
        )
        for one in stays_of(events)
    ]


def test_an_import_box_and_an_export_box() -> None:
    came, went = event(0, "discharged"), event(3_000, "gate_out")
    assert stays(came, event(9, "picked"), event(11, "placed"), went) == [(0, "vessel", 3_000, "gate", False)]
    assert stays(event(0, "gate_in"), event(700, "loaded")) == [(0, "gate", 700, "vessel", False)]


def test_a_box_that_was_on_a_plug_is_a_reefer_in_that_stay_only() -> None:
    first = [event(0, "discharged"), event(60, "plugged"), event(600, "unplugged"), event(700, "gate_out")]
    again = [event(9_000, "gate_in"), event(9_100, "loaded")]
    assert stays(*first, *again) == [(0, "vessel", 700, "gate", True), (9_000, "gate", 9_100, "vessel", False)]


def test_a_box_that_is_inside_has_not_left() -> None:
    assert stays(event(0, "discharged"), event(9, "picked")) == [(0, "vessel", None, None, False)]


def test_without_an_arrival_there_is_no_stay() -> None:
    assert stays(event(0, "picked"), event(9, "placed"), event(30, "gate_out")) == []


def test_what_agrees_is_one_arrival() -> None:
    """A truck turns round in a lane; the terminal operating system states an hour later what a lane has seen."""
    stated = event(60, "gate_in", source="tos_report")
    assert stays(event(0, "gate_in"), event(8, "gate_in"), stated, event(700, "loaded")) == [
        (0, "gate", 700, "vessel", False)
    ]


def test_a_box_that_comes_while_it_is_inside_had_left_unseen() -> None:
    assert stays(event(0, "discharged"), event(900, "discharged"), event(990, "gate_out")) == [
        (0, "vessel", None, None, False),
        (900, "vessel", 990, "gate", False),
    ]


def test_texts_that_are_no_number_have_no_stays() -> None:
    assert stays(event(0, "gate_in", check_ok=False), event(99, "loaded", check_ok=False)) == []


def stay(number: str, dwell_h: float, left_min: int, by: str = "vessel gate", *, reefer: bool = False) -> ContainerStay:
    """A stay that ended at a minute."""
    left_us = T0 + left_min * MINUTE_US
    arrived_by, left_by = by.split()
    arrived_us = left_us - round(dwell_h * HOUR_US)
    return ContainerStay("demo", number, arrived_us, arrived_by, left_us, left_by, reefer)  # type: ignore[arg-type]


@pytest.fixture
def store() -> FactStore:
    """Four import boxes of which one was a reefer, one export box, one that went from vessel to vessel."""
    made = FactStore("demo")
    left = [
        stay("A", 10, 5),
        stay("B", 20, 15),
        stay("C", 40, 25, reefer=True),
        stay("D", 90, 55),
        stay("E", 7, 30, "gate vessel"),
        stay("F", 3, 31, "vessel vessel"),
    ]
    made.stays.load(left, T0 - 24 * HOUR_US)
    return made


def view(store: FactStore, minute: int, window: str = "PT1H") -> View:
    made = look(store, "demo", WINDOWS[window], T0 + minute * MINUTE_US)
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("kpi", "hours"),
    [
        ("dwell_import_median", 30.0),  # of 10, 20, 40, 90
        ("dwell_import_p90", 75.0),  # 40 + 0.7 × 50
        ("dwell_export_median", 7.0),
        ("dwell_export_p90", 7.0),
        ("dwell_reefer_median", 40.0),
    ],
)
def test_dwell_times_of_the_boxes_that_left(store: FactStore, kpi: str, hours: float) -> None:
    assert BY_ID[kpi].of(view(store, 60)) == hours
    assert BY_ID[kpi].of(view(store, 60, "day")) == hours


def test_a_window_has_the_boxes_that_left_in_it(store: FactStore) -> None:
    """At the very beginning it is left out, at the end counted; the boxes are listed."""
    found = explain(BY_ID["dwell_import_median"], view(store, 85))  # after 25, until 85
    assert (found.value, [one.container_id for one in found.evidence.stays]) == (90.0, ["D"])
    assert found.filled == "median of leaving − arriving of 1 boxes that left in the window = 90 h"
    found = explain(BY_ID["dwell_import_median"], view(store, 25))
    assert [one.container_id for one in found.evidence.stays] == ["A", "B", "C"]


def test_nothing_is_known_of_an_hour_in_which_no_box_left(store: FactStore) -> None:
    empty = view(store, 200)
    assert {BY_ID[kpi].of(empty) for kpi in BY_ID if kpi.startswith("dwell_")} == {None}
    assert not BY_ID["dwell_import_p90"].busy(empty)
    assert BY_ID["dwell_export_p90"].busy(view(store, 85))  # D left: one row of values is stored or none


def test_stays_that_are_made_again_take_the_place_of_those_before() -> None:
    """Windows see a difference from the earlier time of leaving on."""
    known = FactStore("demo").stays
    known.load([stay("A", 10, 50)], T0)
    assert known.replace("A", [stay("A", 10, 50)]) is None
    assert known.replace("A", [replace(stay("A", 10, 50), reefer=True)]) == T0 + 50 * MINUTE_US
    assert known.replace("A", [stay("A", 10, 70)]) == T0 + 50 * MINUTE_US
    assert [one.left_us for one in known.between(T0, T0 + HOUR_US * 2)] == [T0 + 70 * MINUTE_US]
    assert known.replace("A", []) == T0 + 70 * MINUTE_US
    assert known.between(T0, T0 + HOUR_US * 2) == []


def test_what_no_window_sees_any_more_is_forgotten_and_changes_nothing() -> None:
    known = FactStore("demo").stays
    known.load([stay("A", 10, 5), stay("B", 10, 50)], T0)
    known.forget(T0 + 20 * MINUTE_US)
    assert [one.container_id for one in known.between(T0, T0 + HOUR_US)] == ["B"]
    assert known.replace("A", [stay("A", 99, 5)]) is None
