"""Which call a move belongs to; times in minutes, written out by hand."""

from hypothesis import given
from hypothesis import strategies as st

from processing.calls.attribution import Attribution, moves_of_call
from processing.calls.call import Assignment, VesselCall
from processing.cranes.facts import CraneMove

MIN = 60_000_000


def call(call_id: str, *assignments: tuple[str, int, int | None], last_line: int | None = None) -> VesselCall:
    """A call whose assignments are crane, from and until in minutes."""
    assigned = tuple(Assignment(c, f * MIN, None if u is None else u * MIN) for c, f, u in assignments)
    last_us = None if last_line is None else last_line * MIN
    return VesselCall("demo", call_id, None, None, None, None, last_us, None, None, None, None, assigned)


def lift(unlocked: int) -> CraneMove:
    """A move of two minutes, unlocked at this minute."""
    end = unlocked * MIN
    return CraneMove(
        device_id=1,
        began_us=None,
        locked_us=end - 2 * MIN,
        lifted_us=end - 2 * MIN,
        landed_us=end,
        unlocked_us=end,
        kind="load",
        boxes=1,
        teu=2,
        from_trolley_m=None,
        to_trolley_m=None,
        gantry_m=None,
        peak_load_t=None,
        size_ft=40,
        twin=False,
        container_ids=(),
        energy_kwh=None,
        waited_empty_s=None,
        waited_laden_s=None,
        inferred=False,
        confidence=1,
    )


def at(known: Attribution, crane: str, *minutes: int) -> list[str | None]:
    return [known.call_at(crane, minute * MIN) for minute in minutes]


def test_a_move_belongs_to_the_assignment_in_force_and_ten_minutes_longer() -> None:
    known = Attribution([call("a", ("sts1", 10, 100))])
    assert at(known, "sts1", 9, 10, 99, 100, 110) == [None, "a", "a", "a", "a"]
    assert known.call_at("sts1", 110 * MIN + 1) is None
    assert at(known, "sts2", 50) == [None]


def test_grace_ends_where_another_call_begins() -> None:
    known = Attribution([call("a", ("sts1", 10, 100)), call("b", ("sts1", 105, 106))])
    assert at(known, "sts1", 104, 105, 106, 109, 116, 117) == ["a", "b", "b", "b", "b", None]


def test_of_overlapping_assignments_the_later_beginning_wins_then_the_greater_id() -> None:
    known = Attribution(
        [
            call("z", ("sts1", 0, 100)),
            call("b", ("sts1", 40, 60)),
            call("c", ("sts1", 40, 50)),
            call("a", ("sts1", 45, 47)),
        ]
    )
    assert at(known, "sts1", 39, 40, 45, 47, 50, 60, 99, 105) == ["z", "c", "a", "c", "b", "z", "z", "z"]


def test_an_open_assignment_ends_with_the_last_line() -> None:
    known = Attribution([call("a", ("sts1", 0, None)), call("b", ("sts2", 0, None), last_line=50)])
    assert at(known, "sts1", 96 * 60, 96 * 60 + 11) == ["a", None], "a call without a last line lasts 96 h"
    assert at(known, "sts2", 49, 60, 61) == ["b", "b", None]


def test_an_assignment_that_ends_before_it_begins_holds_nothing_but_names_the_crane() -> None:
    known = Attribution([call("a", ("sts1", 50, 40))])
    assert at(known, "sts1", 39, 45, 55) == [None, None, None]
    assert "sts1" in known.cranes
    assert "sts2" not in known.cranes


def test_assigned_spans_are_clipped_merged_and_without_grace() -> None:
    known = Attribution([call("a", ("sts1", 0, 30), ("sts1", 80, 90)), call("b", ("sts1", 20, 50), ("sts2", 0, None))])

    def spans(crane: str, begin: int, end: int, call_id: str | None = None) -> list[tuple[int, int]]:
        return [(b // MIN, e // MIN) for b, e in known.assigned(crane, begin * MIN, end * MIN, call_id)]

    assert spans("sts1", 0, 100) == [(0, 50), (80, 90)]
    assert spans("sts1", 10, 85) == [(10, 50), (80, 85)]
    assert spans("sts1", 0, 100, "a") == [(0, 20), (80, 90)]
    assert spans("sts1", 0, 100, "b") == [(20, 50)]
    assert spans("sts1", 50, 80) == []
    assert spans("sts1", 60, 60) == []
    assert spans("sts2", 5, 7) == [(5, 7)]
    assert spans("sts9", 5, 7) == []


def test_a_call_split_by_another_comes_back_as_two_spans_and_its_own_overlap_as_one() -> None:
    known = Attribution([call("a", ("sts1", 0, 60), ("sts1", 10, 40)), call("b", ("sts1", 20, 30))])
    assert [(b // MIN, e // MIN) for b, e in known.assigned("sts1", 0, 100 * MIN, "a")] == [(0, 20), (30, 60)]


def test_moves_of_a_call_come_with_their_crane_in_order_of_unlock() -> None:
    mine = call("a", ("sts2", 0, 100), ("sts1", 0, 50))
    moves = {"sts1": [lift(55), lift(30), lift(70)], "sts2": [lift(30), lift(90)], "sts3": [lift(30)]}
    found = moves_of_call(mine, [call("b", ("sts1", 52, 80)), mine], moves)
    assert [(crane, move.unlocked_us // MIN) for crane, move in found] == [("sts1", 30), ("sts2", 30), ("sts2", 90)]


def expected(assignments: list[tuple[str, int, int]], minute: int) -> str | None:
    """The rule as written, without any structure for speed."""
    real = [one for one in assignments if one[1] < one[2]]
    force = [one for one in real if one[1] <= minute < one[2]]
    if force:
        return max(force, key=lambda one: (one[1], one[0]))[0]
    ended = [one for one in real if one[2] <= minute <= one[2] + 10]
    return max(ended, key=lambda one: (one[2], one[1], one[0]))[0] if ended else None


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 40), st.integers(0, 60)), max_size=8),
    st.integers(-5, 80),
)
def test_any_assignments_are_resolved_by_the_rule(assignments: list[tuple[str, int, int]], minute: int) -> None:
    calls = [call(i, *(("sts1", f, u) for name, f, u in assignments if name == i)) for i in "dcba"]
    known = Attribution(calls)
    assert known.call_at("sts1", minute * MIN) == expected(assignments, minute)
    covered = any(b <= minute * MIN < e for b, e in known.assigned("sts1", -100 * MIN, 100 * MIN))
    assert covered == any(f <= minute < u for _, f, u in assignments)
