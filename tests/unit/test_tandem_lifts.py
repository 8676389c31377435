"""Tandem and quad lifts: two spreaders side by side at one headblock, each with twistlocks of its own."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processing.cranes import STS, ParameterHistory
from processing.cranes.facts import CraneMove, PartialLock
from processing.model.facts import Fact
from simulators.score.day import simulate
from simulators.score.table import table
from simulators.score.tally import Score
from tests.length import length
from tests.unit.crane_signals import START_US, Phase, changed, discharge, every, feed, moves, seconds
from tests.unit.written_samples import Row

TANDEM = replace(STS, tandem=True)
CRANE: ParameterHistory = ((0, TANDEM),)
"""Of a crane with two spreaders."""
SEEN = (3.2, 5.0, 40.0, 42.2)
"""Lock, lift, land and unlock of `discharge`."""
FREE, TURNING, SHUT = (0.0, 1.0), (0.0, 0.0), (1.0, 0.0)
"""What the two contacts of a spreader read: locked, unlocked."""
Switch = tuple[float, tuple[float, float]]
"""Second since the start, and what the contacts read from then on."""


def rows(second: Sequence[Switch], phases: Sequence[Phase] | None = None, **signals: float) -> list[Row]:
    """A discharge of the first spreader, with the switches of the second one."""
    made = []
    for t, present in every(0.1, changed(phases or discharge(), **{"tandem": 1.0} | signals)):
        locked, unlocked = next(contacts for at_s, contacts in reversed([(-1.0, FREE), *second]) if at_s <= t + 1e-6)
        made.append((t, present | {"spreader2_locked": locked, "spreader2_unlocked": unlocked}))
    return made


def together(skew_s: float = 0.0, open_s: float = 0.0) -> list[Switch]:
    """The second spreader locks so long after the first one, and opens so long after it."""
    return [(3.0 + skew_s, TURNING), (3.2 + skew_s, SHUT), (42.0 + open_s, TURNING), (42.2 + open_s, FREE)]


def lift(made: list[Row], parameters: ParameterHistory = CRANE, ids: tuple[str, ...] = ()) -> CraneMove:
    """The only move in rows; its containers are read while it hangs."""
    found = feed(made, None, "STS", parameters, {20.0: ids} if ids else None)
    (move,) = (fact for fact in found if isinstance(fact, CraneMove))
    return move


def test_two_boxes_side_by_side_are_one_move() -> None:
    move = lift(rows(together()))
    assert seconds(move) == SEEN
    assert (move.boxes, move.teu, move.twin, move.kind, move.confidence) == (2, 4.0, False, "discharge", 1.0)


def test_four_boxes_are_a_tandem_of_twins() -> None:
    move = lift(rows(together(), spreader_size_ft=20.0, twin=1.0))
    assert (move.boxes, move.teu, move.twin, move.confidence) == (4, 4.0, True, 1.0)


def test_two_short_boxes_side_by_side_are_no_twin() -> None:
    """Two of 20 ft that weigh 50 t together: no more than two can."""
    move = lift(rows(together(), changed(discharge(load_t=50.0)), spreader_size_ft=20.0, twin=0.0))
    assert (move.boxes, move.teu, move.twin) == (2, 2.0, False)


@pytest.mark.parametrize(("skew_s", "boxes"), [(0.1, 2), (1.5, 2), (2.0, 2), (2.1, 1)])
def test_spreaders_that_lock_within_two_seconds_lift_together(skew_s: float, boxes: int) -> None:
    phases = discharge()
    phases[3:5] = [(3.2, 8, phases[3][2]), (8, 10, phases[4][2])]
    move = lift(rows(together(skew_s), phases))
    assert (move.boxes, seconds(move)) == (boxes, (3.2, 8.0, 40.0, 42.2))


def test_the_skew_is_a_parameter() -> None:
    """Four seconds where five are usual."""
    phases = discharge()
    phases[3:5] = [(3.2, 8, phases[3][2]), (8, 10, phases[4][2])]
    assert lift(rows(together(4.0), phases), ((0, replace(TANDEM, tandem_skew_us=5_000_000)),)).boxes == 2


def test_a_move_lasts_from_the_first_lock_to_the_last_unlock() -> None:
    """The second spreader locks first, and opens 1.4 s later than the first one."""
    move = lift(rows([(2.2, TURNING), (2.4, SHUT), (43.4, TURNING), (43.6, FREE)]))
    assert (seconds(move), move.boxes) == ((2.4, 5.0, 40.0, 43.6), 2)


def test_one_spreader_that_does_not_lock_carries_nothing() -> None:
    """Either: it is tried, and opened."""
    assert lift(rows([(3.0, TURNING), (4.0, FREE)])).boxes == 1
    first = changed(discharge(), twistlock_locked=0.0, twistlock_unlocked=1.0)
    move = lift(rows(together(), first))
    assert (move.boxes, seconds(move), move.confidence) == (1, SEEN, 1.0)


def test_a_lock_that_bounces_is_none() -> None:
    """The second spreader is shut for 200 ms only."""
    assert lift(rows([(3.2, SHUT), (3.4, FREE)])).boxes == 1


def test_a_spreader_that_is_not_in_use_does_not_count() -> None:
    """It is folded away, and its contacts read neither."""
    move = lift(rows([(0.0, TURNING)], tandem=0.0))
    assert (move.boxes, seconds(move), move.confidence) == (1, SEEN, 1.0)


def test_a_crane_without_a_second_spreader_leaves_its_signals_out() -> None:
    assert lift(rows(together(1.0)), parameters=()).boxes == 1


def test_a_headblock_that_does_not_report_whether_both_are_in_use() -> None:
    """They are, where the second one has contacts."""
    made = [(t, {name: value for name, value in s.items() if name != "tandem"}) for t, s in rows(together(0.5))]
    assert lift(made).boxes == 2
    first_only = moves(discharge(), parameters=CRANE)
    assert [(move.boxes, seconds(move)) for move in first_only] == [(1, SEEN)]


@pytest.mark.parametrize(
    ("size_ft", "ids", "boxes", "twin"),
    [(40.0, 1, 1, False), (40.0, 2, 2, False), (20.0, 2, 2, True), (20.0, 4, 4, True)],
)
def test_containers_that_were_read_show_a_lock_that_was_not_seen(
    size_ft: float, ids: int, boxes: int, twin: bool
) -> None:
    """The second spreader's contacts never switch; two short boxes may hang below the first one alone."""
    made = rows([], spreader_size_ft=size_ft, twin=float(twin))
    move = lift(made, ids=tuple(f"MSKU000000{n}" for n in range(ids)))
    assert (move.boxes, move.twin) == (boxes, twin)


def test_one_of_two_numbers_that_was_read_does_not_make_it_one_box() -> None:
    assert lift(rows(together()), ids=("MSKU0000001",)).boxes == 2


def test_two_boxes_may_be_heavier_than_one() -> None:
    """120 t are no load of one spreader, and none that is known to be wrong of two."""
    move = lift(rows(together(), changed(discharge(load_t=120.0)), spreader_size_ft=20.0))
    assert (move.boxes, move.twin) == (4, True)


def test_one_lock_that_hangs_is_a_partial_lock_of_the_crane() -> None:
    """The first spreader has locked; the second one hangs for 20 s, in the air from second 5 on."""
    facts: list[Fact] = feed(rows([(3.1, TURNING), (23.1, FREE)]), None, "STS", CRANE)
    (one,) = (fact for fact in facts if isinstance(fact, PartialLock))
    times = one.began_us, one.ended_us
    assert times == (START_US + 3_000_000, START_US + 23_100_000), "from the first one's turning on"
    assert (one.load_t, one.airborne) == (20.0, True)


def test_two_spreaders_set_down_on_the_way_are_one_move() -> None:
    """Put down for pins, 2 m from where they go, and taken up once more."""
    down, again = discharge(), changed(discharge(50, from_m=-8.0, to_m=-10.0), hoist_height_m=2.0)
    made = rows([*together(), *((50 + t, contacts) for t, contacts in together(1.0))], [*down, *again])
    (move,) = (fact for fact in last(feed(made, None, "STS", CRANE)).values() if isinstance(fact, CraneMove))
    assert (move.boxes, move.to_trolley_m) == (2, -10.0)


MIXED = [
    *rows(together(1.9), discharge()),
    *((50.0 + t, signals) for t, signals in rows([(3.0, TURNING), (30.0, FREE)])),
    *((100.0 + t, signals) for t, signals in rows(together(2.5, 1.0), spreader_size_ft=20.0, twin=1.0)),
]
"""Two boxes; one and a partial lock; and two of 20 ft with a second spreader that locks too late."""


def last(facts: list[Fact]) -> dict[tuple[type, object], Fact]:
    """As reported last, by kind and key."""
    return {(type(fact), getattr(fact, "key", None)): fact for fact in facts}


def test_there_is_something_to_split() -> None:
    facts = last(feed(MIXED, None, "STS", CRANE)).values()
    assert [fact.boxes for fact in facts if isinstance(fact, CraneMove)] == [2, 1, 2]
    assert len([fact for fact in facts if isinstance(fact, PartialLock)]) == 1


LATER = ((START_US + 53_350_000, TANDEM), (START_US + 130_000_000, STS))
"""The crane gets its second spreader on the way, and loses it."""


@cache
def whole(parameters: ParameterHistory) -> dict[tuple[type, object], Fact]:
    """What the samples give in one batch."""
    return last(feed(MIXED, None, "STS", parameters))


@settings(max_examples=length(20, 300))
@given(st.lists(st.integers(0, len(MIXED)), max_size=12), st.sampled_from([CRANE, LATER]))
def test_any_split_into_batches_gives_the_same(cuts: list[int], parameters: ParameterHistory) -> None:
    assert last(feed(MIXED, cuts, "STS", parameters)) == whole(parameters)


def test_simulated_lifts_of_every_kind_are_found() -> None:
    """Skews of up to two seconds, lifts for which one of two spreaders does not lock: no box too many or too few."""
    score = Score()
    score.add(simulate("tandem", 3, 4.0), "3")
    assert set(score.by_lift) == {"single", "twin", "tandem", "quad"}
    assert all(count.true > 2 for count in score.by_lift.values())
    assert (score.all.missed, score.all.invented, score.all.boxes_wrong) == (0, 0, 0)
    assert "| quad | " in table({"clean": score})
