"""KPIs of gates, of the terminal and of lanes; expected values by hand."""

from dataclasses import replace

import pytest

from processing.facts.store import FactStore
from processing.gates.facts import GateTransaction
from processing.kpi.explain import explain
from processing.kpi.table import BY_ID
from processing.kpi.view import View, look
from processing.kpi.windows import WINDOWS
from tests.unit.gate_signals import event, found, visit_of

S = 1_000_000
MINUTE = 60 * S
T0 = 472_000 * 60 * MINUTE


def passed(lane_id: int, minute: float, service_s: int, queue_min: float | None = None) -> GateTransaction:
    """A truck that was through at a minute, 10 s after the barrier."""
    left_us = T0 + round(minute * MINUTE)
    opened_us = left_us - 10 * S
    queued_us = None if queue_min is None else left_us - round(queue_min * MINUTE)
    direction = "in" if lane_id < 9 else "out"
    return GateTransaction(
        lane_id, opened_us - service_s * S, opened_us, left_us, direction, None, None, False, (), None, None, queued_us
    )


@pytest.fixture
def store() -> FactStore:
    """Two inbound lanes and an outbound one: three trucks through in1, one that turned back, one through out1."""
    made = FactStore("demo")
    made.devices["gate"] |= {"in1": 7, "in2": 8, "out1": 9}
    facts = [
        replace(passed(7, 10, 20, 2.0), plate_read=True),
        replace(passed(7, 20, 30, 4.0), plate_read=False, trouble=True),
        replace(passed(7, 30, 60, 9.0), plate_read=True),
        replace(passed(7, 40, 5), opened_us=None, left_us=None, reason="reversed_out"),
        passed(9, 50, 40, 5.0),
        replace(passed(8, 55, 40), opened_us=None, left_us=None),  # it is there still
    ]
    for fact in facts:
        made.put("", fact)
    return made


def view(store: FactStore, subject: str, minute: float) -> View:
    made = look(store, subject, WINDOWS["PT1H"], T0 + round(minute * MINUTE))
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("kpi", "lane", "terminal"),
    [
        ("gate_trucks_per_hour", 3.0, 4.0),
        ("gate_transaction_time_median", 30.0, 35.0),
        ("gate_queue_time_median", 4.0, 4.0),  # of inbound trucks
        ("gate_trouble_share", 25.0, 20.0),
        ("gate_plate_read_share", 66.666667, 66.666667),
    ],
)
def test_kpis_of_a_lane_and_of_all_lanes(store: FactStore, kpi: str, lane: float, terminal: float) -> None:
    assert BY_ID[kpi].of(view(store, "in1", 60)) == lane
    assert BY_ID[kpi].of(view(store, "demo", 60)) == terminal


def test_of_a_lane_without_trucks_nothing_is_known_but_that_none_came(store: FactStore) -> None:
    empty = view(store, "in2", 60)
    values = {kpi.id: kpi.of(empty) for kpi in BY_ID.values() if kpi.fact == "transaction"}
    assert values.pop("gate_trucks_per_hour") == 0.0
    assert set(values.values()) == {None}
    assert not BY_ID["gate_trouble_share"].busy(empty)


def test_the_window_has_who_was_through_in_it(store: FactStore) -> None:
    """At the very beginning it is left out, at the end counted; the transactions are listed."""
    per_hour = BY_ID["gate_trucks_per_hour"]
    assert [per_hour.of(view(store, "in1", minute)) for minute in (9.99, 10, 69.99, 70, 90)] == [0, 1, 3, 2, 0]
    listed = explain(per_hour, view(store, "in1", 60)).evidence.of(GateTransaction)
    assert [(one.entered_us - T0) // MINUTE for one in listed] == [9, 19, 28, 39]


def test_another_version_takes_the_place_of_a_transaction_and_old_ones_are_forgotten(store: FactStore) -> None:
    one = passed(7, 10, 20)
    assert store.transactions.put(replace(one, left_us=T0 + 11 * MINUTE)) is not None
    assert store.transactions.drop(replace(one, left_us=None)) is not None
    assert store.transactions.drop(one) is None
    store.transactions.forget(T0 + 30 * MINUTE)
    assert [one.device_id for one in store.transactions.between(0, T0 + 99 * MINUTE)] == [7, 7, 9]


def test_visit_time_has_the_queue_and_a_dual_visit_brings_and_takes(store: FactStore) -> None:
    """Of three visits two are known from the queue on, 40 and 60 min; one took the box back that it brought."""
    box, other = ("CSQU3054383",), ("MSKU1234565",)
    for n, (queue_min, boxes) in enumerate([(10, (box, other)), (30, (box, box)), (None, ((), other))]):
        entered_us = T0 + n * MINUTE
        one = visit_of(f"V{n}", entered_us, entered_us + 30 * MINUTE, boxes=boxes)
        store.visits.put(replace(one, queued_us=None if queue_min is None else entered_us - queue_min * MINUTE))
    assert BY_ID["truck_visit_time_median"].of(view(store, "demo", 60)) == 50.0
    assert BY_ID["truck_dual_share"].of(view(store, "demo", 60)) == 33.333333


def test_trucks_leave_the_queue_in_the_order_in_which_they_joined_it() -> None:
    """A lane that counts two; and one that reports that one more waited before, nobody knows since when."""
    counted = [event(1, "queue_enter"), event(5, "queue_enter"), event(10, "lane_enter"), event(20, "barrier_open")]
    counted += [event(26, "lane_exit"), event(40, "lane_enter"), event(50, "barrier_open"), event(56, "lane_exit")]
    assert [one.queued_us for one in found(*counted)] == [1 * S, 5 * S]
    reported = [
        event(1, "queue_enter", queue_length=2.0),
        event(10, "lane_enter", queue_length=1.0),
        event(26, "lane_exit", queue_length=1.0),
        event(40, "lane_enter", queue_length=0.0),
        event(56, "lane_exit", queue_length=0.0),
        event(70, "lane_enter", queue_length=0.0),
    ]
    assert [one.queued_us for one in found(*reported)] == [None, 1 * S, None]


@pytest.mark.parametrize(
    ("portal", "tag", "read"),
    [("ABC123", "ABC-123", True), ("A8C123", "ABC-123", False), (None, "ABC-123", False), ("ABC123", None, None)],
)
def test_whether_the_portal_reads_plates_right_shows_where_a_tag_is_read(
    portal: str | None, tag: str | None, read: bool | None
) -> None:
    events = [event(10, "lane_enter"), event(12, "ocr", plate=portal)]
    events += [event(13, "rfid", plate=tag)] if tag is not None else []
    (one,) = found(*events, event(20, "barrier_open"), event(26, "lane_exit"))
    assert one.plate_read is read
