"""Matching boxes to lines: whatever the order, nothing invented, as much as can be."""

import itertools
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from processing.containers.iso6346 import check_digit
from processing.cranes.facts import CraneMove, MoveKind
from processing.reconcile.alignment import align, windows_within
from processing.reconcile.detected_boxes import DetectedBox, boxes_of
from processing.reconcile.matching import match
from processing.reconcile.move_list import TosMove
from processing.reconcile.reconciliation import reconcile
from tests.length import length
from tests.unit.test_attribution import MIN, lift

CRANES = ("sts1", "sts2")
KINDS: tuple[MoveKind, ...] = ("load", "discharge", "shift")


def number(serial: int) -> str:
    """A valid number; serials count in steps that change many digits."""
    plain = f"MSKU{serial * 112_233 % 1_000_000:06d}"
    return f"{plain}{check_digit(plain)}"


def found(minute: int, kind: MoveKind = "load", boxes: int = 1, *numbers: str) -> CraneMove:
    return replace(lift(minute), kind=kind, boxes=boxes, container_ids=numbers, twin=boxes == 2)


@st.composite
def work(draw: st.DrawFn) -> list[tuple[str, CraneMove]]:
    """Moves of two cranes; some cameras read, some do not."""
    steps = draw(
        st.lists(st.tuples(st.integers(1, 9), st.sampled_from(KINDS), st.integers(1, 2), st.booleans()), max_size=14)
    )
    moves, minutes = [], dict.fromkeys(CRANES, 0)
    for serial, (gap, kind, boxes, read) in enumerate(steps):
        crane = CRANES[serial * 7 % 3 % 2]
        minutes[crane] += gap
        numbers = [number(2 * serial + k + 1) for k in range(boxes)] if read else []
        moves.append((crane, found(minutes[crane], kind, boxes, *numbers)))
    return moves


def perfect(boxes: list[DetectedBox]) -> list[TosMove]:
    """A list of just what was detected, and the numbers that cameras did not read."""
    return [
        TosMove(line, box.crane, box.at_us, box.container_id or number(500 + line), box.kind)
        for line, box in enumerate(boxes, 2)
    ]


@settings(max_examples=length(30, 300))
@given(work())
def test_a_perfect_list_agrees_in_everything(moves: list[tuple[str, CraneMove]]) -> None:
    done = reconcile(moves, perfect(boxes_of(moves)))
    assert done.equal
    assert (done.difference, len(done.matched.pairs)) == (0, done.detected)
    assert all(pair.late_us == 0 for pair in done.matched.pairs)


@settings(max_examples=length(30, 300))
@given(work(), st.data())
def test_lines_removed_are_boxes_only_found(moves: list[tuple[str, CraneMove]], data: st.DataObject) -> None:
    lines = perfect(boxes_of(moves))
    kept = [line for line in lines if not data.draw(st.booleans(), label=f"remove {line.line}")]
    done = reconcile(moves, kept)
    assert len(done.matched.only_found) == len(lines) - len(kept)
    assert done.matched.only_tos == ()


@settings(max_examples=length(30, 300))
@given(work(), st.data())
def test_the_order_of_input_changes_nothing(moves: list[tuple[str, CraneMove]], data: st.DataObject) -> None:
    lines = perfect(boxes_of(moves))
    late = [replace(line, at_us=(line.at_us or 0) + data.draw(st.integers(-12, 12)) * MIN) for line in lines[::2]]
    spoilt = [*late, *(replace(line, container_id=None) for line in lines[1::4]), *lines[1::3]]
    spoilt = [replace(line, line=place) for place, line in enumerate(spoilt)]
    expected = reconcile(moves, spoilt)
    assert reconcile(data.draw(st.permutations(moves)), data.draw(st.permutations(spoilt))) == expected
    assert len(expected.matched.pairs) + len(expected.matched.only_tos) == len(spoilt)
    assert len(expected.matched.pairs) + len(expected.matched.only_found) == expected.detected


times = st.lists(st.integers(0, 20), max_size=4).map(sorted)


@given(times, times, st.integers(0, 6))
def test_pairs_on_a_line_are_the_best_of_all(ours: list[int], theirs: list[int], reach: int) -> None:
    """As many as can be, then nearest: compared with every pairing there is, crossing ones too."""
    at = np.array(theirs, dtype=np.int64)
    pairs = align(windows_within(ours, theirs, reach, lambda i, first, last: abs(at[first:last] - ours[i])))
    best = max(
        (len(chosen), -sum(apart))
        for count in range(min(len(ours), len(theirs)) + 1)
        for chosen in itertools.combinations(ours, count)
        for others in itertools.permutations(theirs, count)
        if max(apart := [abs(a - b) for a, b in zip(chosen, others, strict=True)], default=0) <= reach
    )
    assert (len(pairs), -sum(abs(ours[a] - theirs[b]) for a, b in pairs)) == best


def test_a_twin_lift_is_two_lines() -> None:
    line = TosMove(2, "sts1", 10 * MIN, number(1), "load")
    done = reconcile([("sts1", found(10, "load", 2))], [line, replace(line, line=3, container_id=number(2))])
    assert [(pair.box.place, pair.line.line) for pair in done.matched.pairs] in ([(0, 2), (1, 3)], [(0, 3), (1, 2)])
    assert done.equal


def test_two_valid_numbers_that_differ_are_two_boxes() -> None:
    """Whatever time and crane are: a camera that read a whole valid number saw that box."""
    done = reconcile([("sts1", found(10, "load", 1, number(1)))], [TosMove(2, "sts1", 10 * MIN, number(2), "load")])
    assert (len(done.matched.only_found), len(done.matched.only_tos)) == (1, 1)


def test_time_decides_only_within_ten_minutes() -> None:
    line = TosMove(2, "sts1", 20 * MIN, None, "load")
    assert match(boxes_of([("sts1", found(10))]), [line]).pairs[0].late_us == 10 * MIN
    assert match(boxes_of([("sts1", found(10))]), [replace(line, at_us=20 * MIN + 1)]).pairs == ()


def test_the_most_pairs_go_before_the_nearest() -> None:
    """The nearest pair alone (box 18, line 17) would leave a box and a line without partner."""
    lines = [TosMove(2, "sts1", 17 * MIN, None, "load"), TosMove(3, "sts1", 27 * MIN, None, "load")]
    done = match(boxes_of([("sts1", found(9)), ("sts1", found(18))]), lines)
    assert [(pair.box.at_us // MIN, pair.line.line) for pair in done.pairs] == [(9, 2), (18, 3)]


def test_hatch_covers_gear_and_yard_moves_are_no_boxes() -> None:
    others: tuple[MoveKind, ...] = ("hatch_cover", "gear", "rehandle")
    assert boxes_of([("sts1", found(10 + place, kind)) for place, kind in enumerate(others)]) == []


def test_fifty_thousand_lines_of_one_minute_are_compared_in_time() -> None:
    """Nothing here is quadratic in the list; at the unit level it is shorter."""
    lines = [TosMove(line, "sts1", 10 * MIN, None, "load") for line in range(length(10_000, 50_000))]
    done = reconcile([("sts1", found(minute)) for minute in range(1, 400)], lines)
    assert len(done.matched.pairs) == 20
