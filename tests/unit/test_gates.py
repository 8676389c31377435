"""Gate transactions: events of a lane belong together by order and time, whatever they carry."""

import pytest

from processing.gates.facts import GateTransaction
from processing.gates.transactions import LaneDetector
from processing.model.level import LevelChange
from tests.unit.gate_signals import S, event, found, through


def test_a_truck_through_a_lane_is_one_transaction() -> None:
    """Entry, readings, barrier and exit of one truck share the natural key of its entry."""
    facts = through(
        LaneDetector(7, "in1"),
        event(10, "lane_enter", visit="V1"),
        event(14, "ocr", plate="ABC-123", container_ids=("CSQU3054383",)),
        event(20, "weigh", gross_weight_kg=30_500.0),
        event(25, "trouble_start"),
        event(55, "trouble_end"),
        event(60, "barrier_open"),
        event(66, "lane_exit"),
    )
    assert facts[-1] == GateTransaction(
        7, 10 * S, 60 * S, 66 * S, "in", "V1", "ABC-123", True, ("CSQU3054383",), 30_500.0, None
    )
    assert {fact.entered_us for fact in facts if isinstance(fact, GateTransaction)} == {10 * S}


def test_a_missed_entry_opens_the_transaction_at_the_next_event() -> None:
    """Without a lane_enter the first event of the truck stands for it."""
    (one,) = found(event(14, "ocr", plate="X"), event(30, "lane_exit"), lane="out2")
    assert (one.entered_us, one.left_us, one.direction, one.plate) == (14 * S, 30 * S, "out", "X")


def test_a_truck_that_is_not_served_has_backed_out_when_the_next_one_comes() -> None:
    one, other = found(event(10, "lane_enter"), event(12, "ocr"), event(40, "lane_enter"), event(50, "lane_exit"))
    assert (one.entered_us, one.left_us, one.reason) == (10 * S, None, "reversed_out")
    assert (other.entered_us, other.left_us, other.reason) == (40 * S, 50 * S, None)


def test_a_truck_that_is_served_and_not_let_through_was_sent_away() -> None:
    one, other = found(
        event(10, "lane_enter"),
        event(20, "kiosk"),
        event(22, "trouble_start"),
        event(90, "trouble_end"),
        event(120, "lane_enter"),
        event(126, "barrier_open"),
        event(130, "lane_exit"),
    )
    assert (one.reason, one.left_us, one.trouble) == ("cancelled", None, True)
    assert (other.reason, other.left_us, other.trouble) == (None, 130 * S, False)


def test_a_tailgater_leaves_after_the_truck_ahead_without_a_barrier_of_its_own() -> None:
    """It comes in before the other one is out; the first exit is the other one's."""
    one, other = found(
        event(10, "lane_enter"),
        event(12, "ocr", plate="A"),
        event(20, "kiosk", visit="V1"),
        event(22, "barrier_open"),
        event(26, "lane_enter"),
        event(27, "lane_exit"),
        event(28, "ocr", plate="B"),
        event(31, "lane_exit"),
    )
    assert (one.left_us, one.visit, one.plate, one.reason) == (27 * S, "V1", "A", None)
    assert (other.left_us, other.visit, other.plate, other.reason) == (31 * S, None, "B", "tailgated")


def test_a_truck_behind_another_one_that_is_served_is_no_tailgater() -> None:
    one, other = found(
        event(10, "lane_enter"),
        event(20, "kiosk"),
        event(22, "barrier_open"),
        event(26, "lane_enter"),
        event(27, "lane_exit"),
        event(40, "kiosk"),
        event(43, "barrier_open"),
        event(48, "lane_exit"),
    )
    assert [(f.opened_us, f.left_us, f.reason) for f in (one, other)] == [
        (22 * S, 27 * S, None),
        (43 * S, 48 * S, None),
    ]


def test_loops_that_bounce_are_one_truck() -> None:
    """The gap before the trailer switches the entry loop twice, and the exit loop."""
    (one,) = found(
        event(10, "lane_enter"),
        event(11.5, "lane_enter"),
        event(20, "kiosk"),
        event(22, "barrier_open"),
        event(23, "barrier_open"),
        event(27, "lane_exit"),
        event(28.5, "lane_exit"),
    )
    assert (one.entered_us, one.opened_us, one.left_us) == (10 * S, 22 * S, 27 * S)


def test_an_exit_that_was_not_seen_shows_when_the_next_truck_is_served() -> None:
    """It passed when the barrier opened."""
    one, other = found(
        event(10, "lane_enter"),
        event(22, "barrier_open"),
        event(60, "lane_enter"),
        event(70, "weigh"),
        event(80, "barrier_open"),
        event(85, "lane_exit"),
    )
    assert (one.left_us, one.reason, one.passed_us) == (None, "exit_unseen", 22 * S)
    assert (other.left_us, other.reason, other.passed_us) == (85 * S, None, 85 * S)


def test_a_truck_of_which_nothing_is_seen_for_ten_minutes_is_not_there() -> None:
    one, other = found(event(10, "lane_enter"), event(20, "weigh"), event(621, "ocr"), event(630, "lane_exit"))
    assert (one.entered_us, one.left_us, one.reason) == (10 * S, None, "reversed_out")
    assert (other.entered_us, other.left_us) == (621 * S, 630 * S)


def test_a_tag_that_is_read_in_the_next_lane_too_is_no_truck() -> None:
    """Nobody is there; a minute later it belongs to nobody."""
    (one,) = found(
        event(10, "rfid", plate="XYZ-999"),
        event(75, "lane_enter"),
        event(76, "rfid", plate="ABC-123"),
        event(80, "barrier_open"),
        event(86, "lane_exit"),
    )
    assert (one.entered_us, one.plate) == (75 * S, "ABC-123")


@pytest.mark.parametrize(
    ("read", "tags", "plate"),
    [
        ("ABC123", [], "ABC123"),
        ("A8C123", ["ABC-123"], "ABC-123"),  # the portal misread
        ("ABC123", ["XYZ-999", "XYZ-999", "ABC-123"], "ABC-123"),  # the neighbour's tag was read more often
        (None, ["XYZ-999", "ABC-123", "ABC-123"], "ABC-123"),
        (" - ", ["ABC-123"], "ABC-123"),
        ("QQQ777", ["ABC-123"], "ABC-123"),
    ],
)
def test_the_plate_is_the_one_that_readers_agree_about(read: str | None, tags: list[str], plate: str) -> None:
    events = [event(10, "lane_enter"), event(12, "ocr", plate=read)]
    events += [event(12.1 + n / 10, "rfid", plate=tag) for n, tag in enumerate(tags)]
    (one,) = found(*events, event(20, "barrier_open"), event(25, "lane_exit"))
    assert one.plate == plate


def test_the_number_is_the_one_reported_most() -> None:
    (one,) = found(
        event(10, "lane_enter"),
        event(15, "kiosk", visit="V2"),
        event(16, "barrier_open", visit="V3"),
        event(20, "lane_exit", visit="V3"),
    )
    assert one.visit == "V3"


def test_an_exit_of_which_nothing_is_known_counts_as_a_truck_unless_one_has_just_left() -> None:
    facts = found(event(10, "lane_exit"), event(15, "lane_exit"), event(40, "lane_exit"))
    assert [(f.entered_us, f.left_us) for f in facts] == [(10 * S, 10 * S), (40 * S, 40 * S)]


def test_trucks_of_one_second_are_as_many_transactions() -> None:
    """By a clock that counts seconds: the barrier opens for a truck not seen before as the next one comes in."""
    one, other = found(event(10, "barrier_open"), event(10, "lane_enter"), event(30, "barrier_open"))
    assert (one.entered_us, one.opened_us) == (10 * S, 10 * S)
    assert (other.entered_us, other.opened_us) == (10 * S + 1, 30 * S)


def test_an_exit_that_was_not_seen_costs_no_other_truck_though_nobody_is_served() -> None:
    """A lane with loops and a barrier only: of four trucks the exit of the second one is lost."""
    events = []
    for start in (0, 60, 120, 180):
        events += [event(start + 10, "lane_enter"), event(start + 20, "barrier_open"), event(start + 26, "lane_exit")]
    del events[5]
    assert [(f.entered_us // S, f.left_us and f.left_us // S, f.reason) for f in found(*events)] == [
        (10, 26, None),
        (70, None, "exit_unseen"),
        (130, 146, None),
        (190, 206, None),
    ]


def test_the_barrier_may_open_for_the_next_truck_while_one_is_still_on_its_way_out() -> None:
    one, other = found(
        event(10, "lane_enter"),
        event(20, "barrier_open"),
        event(24, "lane_enter"),
        event(30, "barrier_open"),
        event(31, "lane_exit"),
        event(36, "lane_exit"),
    )
    assert [(f.left_us, f.reason) for f in (one, other)] == [(31 * S, None), (36 * S, None)]


def test_queue_length_is_counted_where_it_is_not_reported() -> None:
    """queue_enter adds a truck, lane_enter takes one away, a bounce none; a reported length replaces the count."""
    facts = through(
        LaneDetector(7, "in1"),
        event(1, "queue_enter"),
        event(2, "queue_enter"),
        event(3, "lane_enter"),
        event(4, "lane_enter"),
        event(5, "queue_enter", queue_length=9.0),
    )
    assert [f.value for f in facts if isinstance(f, LevelChange)] == [1.0, 2.0, 1.0, 9.0]


def test_nobody_waits_before_a_lane_that_is_empty_and_still() -> None:
    """Two trucks were counted where one was: a minute after it left that is corrected; a reported length stands."""
    facts = through(
        LaneDetector(7, "in1"),
        event(0, "queue_enter"),
        event(1, "queue_enter"),
        event(10, "lane_enter"),
        event(30, "barrier_open"),
        event(35, "lane_exit"),
        event(95, "rfid"),
        event(156, "queue_enter"),
        event(200, "queue_enter", queue_length=5.0),
        event(900, "ocr"),
    )
    levels = [(f.time_us // S, f.value) for f in facts if isinstance(f, LevelChange)]
    assert levels == [(0, 1.0), (1, 2.0), (10, 1.0), (155, 0.0), (156, 1.0), (200, 5.0)]


def test_a_detector_is_as_any_other_once_it_has_seen_a_truck_come_and_being_served() -> None:
    """Begun amid a truck it does not know whose exit it sees."""
    lane = LaneDetector(7, "in1")
    seen = []
    for one in (
        event(100, "weigh", queue_length=0.0),
        event(110, "barrier_open"),
        event(113, "lane_enter"),
        event(116, "lane_exit"),
        event(120, "kiosk"),
        event(130, "barrier_open"),
        event(136, "lane_exit"),
        event(150, "lane_enter"),
        event(160, "weigh"),
    ):
        lane.feed(one)
        seen.append((lane.synchronised, lane.resting))
    assert seen == [(False, False)] * 6 + [(False, True), (False, False), (True, False)]
    assert lane.in_step(99 * S)
    assert not lane.in_step(100 * S)
    assert lane.final_us is None


@pytest.mark.parametrize(
    ("events", "settled"),
    [
        (["lane_enter", "barrier_open", "lane_exit"], 1),
        (["lane_enter", "ocr", "lane_exit"], 20),
        (["lane_exit"], None),
    ],
)
def test_lanes_without_kiosk_are_in_step_after_a_barrier_or_after_ten_minutes(
    events: list[str], settled: int | None
) -> None:
    """A truck every half minute, a queue reported with each event; the event after which the detector is in step."""
    lane = LaneDetector(7, "in1")
    seen = []
    for n in range(40):
        for second, name in enumerate(events):
            lane.feed(event(30 * n + 5 * second, name, queue_length=0.0))
            seen.append(lane.synchronised)
    assert (seen.index(True) // len(events) if True in seen else None) == settled
    lane.feed(event(3_000, events[0], queue_length=0.0))
    assert lane.synchronised
