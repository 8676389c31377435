"""The score of gates: what is found, missed, invented and wrong, counted by hand."""

from processing.gates.facts import GateTransaction, TruckVisit
from simulators.gates.truth import TrueTransaction, TrueVisit
from simulators.score.gate_day import FoundGate, GateDay, simulate
from simulators.score.gate_tally import GateTally
from simulators.score.gates import GateScore, bars, table
from tests.unit.gate_signals import visit_of

S = 1_000_000
END_US = 10_000 * S


def passed(lane: str, entered_s: int, plate: str = "ABC-123", reason: str | None = None) -> TrueTransaction:
    """A truck that was in a lane for 40 s."""
    direction = "out" if lane.startswith("out") else "in"
    return TrueTransaction(
        lane, direction, "v", plate, (), entered_s * 1000, (entered_s + 40) * 1000, reason, trouble=False
    )


def transaction(
    entered_s: float, left_s: float | None, plate: str = "ABC123", reason: str | None = None
) -> GateTransaction:
    """One that was found."""
    left_us = None if left_s is None else round(left_s * S)
    return GateTransaction(1, round(entered_s * S), None, left_us, "in", None, plate, False, (), None, reason)


def stayed(entered_s: int, left_s: int | None, reason: str | None = None) -> TrueVisit:
    """A visit through in1 and out1."""
    left_ms = None if left_s is None else left_s * 1000
    out = None if left_s is None else "out1"
    return TrueVisit("v", "ABC-123", entered_s * 1000, left_ms, "in1", out, (), (), None, False, reason)


def visit(name: str, entered_s: int | None, left_s: int | None, lane_in: str = "in1") -> TruckVisit:
    """One that was found."""
    entered_us, left_us = (None if second is None else second * S for second in (entered_s, left_s))
    return visit_of(name, entered_us, left_us, "ABC123", lanes=(lane_in, "out1"))


def tally(day: GateDay, transactions: list[GateTransaction], visits: list[TruckVisit]) -> GateTally:
    """Of one day."""
    found = GateTally()
    found.add(day, FoundGate({"in1": transactions}, visits))
    return found


def test_a_transaction_is_the_one_that_began_nearest_in_its_lane() -> None:
    """Found: 100 with its exit, 203 without it, 305 with another plate; 400 was not; one at 600 never was."""
    day = GateDay(0, END_US, [passed("in1", s) for s in (100, 200, 300, 400)], [])
    transactions = [transaction(100, 140), transaction(203, None), transaction(305, 338, "XYZ123"), transaction(600, 9)]
    c = tally(day, transactions, []).transactions
    assert (c.true, c.missed, c.invented, c.kind_wrong, c.boxes_wrong) == (4, 1, 1, 1, 1)


def test_a_truck_that_backed_out_has_to_be_found_without_an_exit() -> None:
    """With the reason, of three."""
    day = GateDay(0, END_US, [passed("in1", s, reason="reversed_out") for s in (100, 200, 300)], [])
    right = transaction(300, None, reason="reversed_out")
    found = tally(day, [transaction(100, 140), transaction(200, None, reason="cancelled"), right], [])
    assert (found.by_reason["reversed_out"].true, found.by_reason["reversed_out"].kind_wrong) == (3, 2)


def test_a_visit_is_right_where_both_ends_are_of_one_visit() -> None:
    """Of four one is right, one is found as two, one by its end only, one not at all; a fifth never was."""
    day = GateDay(0, END_US, [], [stayed(100, 2_000), stayed(200, 2_100), stayed(300, 2_200), stayed(400, 2_300)])
    two, half = [visit("b", 200, None), visit("c", None, 2_100)], visit("d", None, 2_200)
    found = tally(day, [], [visit("a", 100, 2_000), *two, half, visit("e", 3_000, 4_000)])
    c = found.visits
    assert (c.true, c.missed, c.kind_wrong, c.invented) == (4, 1, 2, 1)
    assert found.right == 1 / 5
    assert (found.true_us, found.found_us) == ([1_900 * S] * 4, [1_900 * S, 1_000 * S])


def test_who_left_unseen_has_to_stay_open() -> None:
    day = GateDay(0, END_US, [], [stayed(100, None, "left_unseen"), stayed(200, None, "left_unseen")])
    c = tally(day, [], [visit("a", 100, None), visit("b", 200, 3_000)]).visits
    assert (c.true, c.missed, c.kind_wrong, c.invented) == (2, 0, 1, 0)


def test_a_truck_that_is_inside_still_is_no_invention() -> None:
    day = GateDay(0, END_US, [passed("in1", 100)], [])
    c = tally(day, [], [visit("a", 140, None), visit("b", 500, None)]).visits
    assert (c.true, c.missed, c.invented) == (0, 0, 1)


def test_bars_are_those_of_visits_whatever_is_spoilt_and_of_transactions() -> None:
    """Median 1,900 s found as 1,938 s is 2 % too long; of 250 transactions one is missed, without tags two."""
    entries = range(3_000, 3_000 + 250 * 20, 20)
    score, day = GateScore(), GateDay(0, END_US, [passed("in1", s) for s in entries], [stayed(100, 2_000)])
    found = [transaction(s, s + 40) for s in entries]
    day.with_rfid = FoundGate({"in1": found[1:]}, [visit("a", 100, 2_000)])
    day.without_rfid = FoundGate({"in1": found[2:]}, [visit("a", 62, 2_000, "in2")])
    score.add(day, "1")
    assert [(bar.what, bar.measured, bar.reached) for bar in bars(score, clean=True)] == [
        ("visits right, with RFID", "100.000 %", True),
        ("median turn time, with RFID", "+0.000 %", True),
        ("transactions found, with RFID", "99.600 %", False),
        ("found transactions that there were, with RFID", "100.000 %", True),
        ("visits right, without RFID", "0.000 %", False),
        ("median turn time, without RFID", "+2.000 %", False),
        ("transactions found, without RFID", "99.200 %", False),
        ("found transactions that there were, without RFID", "100.000 %", True),
    ]
    spoilt = bars(score, clean=False)
    assert [bar.reached for bar in spoilt] == [True, True, True, True, False, False, False, True]
    assert "| with RFID | 1 | 0 | 0 | 100.000 % | 100.000 % | 0 | 0 |" in table({"clean": score})


def test_reads_of_tags_are_left_out_where_there_are_none() -> None:
    """Only tags write plates with a dash."""
    day = simulate("demo", 1, 1.0)
    with_dash = [
        sum("-" in (one.plate or "") for found in part.transactions.values() for one in found)
        for part in (day.with_rfid, day.without_rfid)
    ]
    assert with_dash[0] > 0
    assert with_dash[1] == 0
    assert day.samples > 100
