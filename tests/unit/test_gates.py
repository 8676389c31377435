"""Gate transactions and truck visits."""

from itertools import permutations

from processing.gates.facts import GateTransaction, TruckVisit
from processing.gates.transactions import GateEvent, LaneDetector
from processing.gates.visits import merge, visit_of
from processing.model.facts import Fact
from processing.model.level import LevelChange

S = 1_000_000


def event(second: int, name: str, **known: object) -> GateEvent:
    """An event with only what is given known."""
    blank: dict[str, object] = {
        "direction": None,
        "visit": None,
        "plate": None,
        "container_ids": (),
        "gross_weight_kg": None,
        "queue_length": None,
    }
    return GateEvent(time_us=second * S, event=name, **(blank | known))  # type: ignore[arg-type] # typed by the fields


def through(lane: LaneDetector, *events: GateEvent) -> list[Fact]:
    """All facts of a lane's events."""
    return [fact for e in events for fact in lane.feed(e)]


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
        7, 10 * S, 60 * S, 66 * S, "in", "V1", "ABC-123", True, ("CSQU3054383",), 30_500.0
    )
    assert {fact.entered_us for fact in facts if isinstance(fact, GateTransaction)} == {10 * S}


def test_a_missed_entry_opens_the_transaction_at_the_next_event() -> None:
    """Without a lane_enter the first event of the truck stands for it."""
    (*_, last) = through(LaneDetector(7, "out2"), event(14, "ocr", plate="X"), event(30, "lane_exit"))
    assert isinstance(last, GateTransaction)
    assert (last.entered_us, last.left_us, last.direction) == (14 * S, 30 * S, "out")


def test_a_second_entry_ends_the_first_truck_unfinished() -> None:
    """A truck that reversed out leaves a transaction without exit."""
    facts = through(LaneDetector(7, "in1"), event(10, "lane_enter"), event(40, "lane_enter"), event(50, "lane_exit"))
    assert [(f.entered_us, f.left_us) for f in facts if isinstance(f, GateTransaction)] == [
        (10 * S, None),
        (40 * S, None),
        (40 * S, 50 * S),
    ]


def test_queue_length_is_counted_where_it_is_not_reported() -> None:
    """queue_enter adds a truck, lane_enter takes one away, a reported length replaces the count."""
    facts = through(
        LaneDetector(7, "in1"),
        event(1, "queue_enter"),
        event(2, "queue_enter"),
        event(3, "lane_enter"),
        event(4, "queue_enter", queue_length=9.0),
    )
    assert [f.value for f in facts if isinstance(f, LevelChange)] == [1.0, 2.0, 1.0, 9.0]


def test_a_visit_is_the_same_in_whatever_order_its_lanes_report() -> None:
    """Gate-in and gate-out merge to one visit, entry to exit."""
    gate_in = GateTransaction(1, 10 * S, 50 * S, 60 * S, "in", "V1", "ABC", False, (), None)
    gate_out = GateTransaction(2, 900 * S, 950 * S, 960 * S, "out", "V1", None, False, (), None)
    for order in permutations([("in1", gate_in), ("out1", gate_out)]):
        visit = None
        for lane, transaction in order:
            part = visit_of("demo", lane, transaction)
            assert part is not None
            visit = merge(visit, part)
        assert visit == TruckVisit("demo", "V1", "ABC", 60 * S, 960 * S, "in1", "out1")


def test_an_unfinished_or_nameless_transaction_adds_no_visit() -> None:
    """Neither without exit, nor without visit number and plate."""
    assert visit_of("demo", "in1", GateTransaction(1, 0, None, None, "in", "V1", None, False, (), None)) is None
    assert visit_of("demo", "in1", GateTransaction(1, 0, None, 5, "in", None, None, False, (), None)) is None
