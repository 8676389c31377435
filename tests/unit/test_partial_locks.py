"""Partial locks: twistlocks that are neither locked nor unlocked for more than five seconds."""

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processing.cranes import STS, ParameterHistory
from processing.cranes.facts import CraneMove, PartialLock
from processing.model.facts import Retracted
from tests.length import length
from tests.unit.crane_signals import (
    BETWEEN,
    EMPTY,
    LANDED_EMPTY,
    LIFTED,
    LOCKED,
    SET_DOWN,
    START_US,
    Phase,
    changed,
    discharge,
    every,
    feed,
)
from tests.unit.written_samples import Row

HANGING = LIFTED | {"twistlock_locked": 0.0}
"""A load of 20 t in the air, one twistlock not closed."""


def found(rows: list[Row], cuts: list[int] | None = None, parameters: ParameterHistory = ()) -> list[PartialLock]:
    """Partial locks as they are reported last, in order; none is ever retracted."""
    last: dict[int, PartialLock] = {}
    for fact in feed(rows, cuts, parameters=parameters):
        assert not isinstance(fact, Retracted)
        if isinstance(fact, PartialLock):
            last[fact.began_us] = fact
    return [last[began_us] for began_us in sorted(last)]


def spans(rows: list[Row], parameters: ParameterHistory = ()) -> list[tuple[float, float | None]]:
    """The same as begin and end. [s since the start]."""
    return [
        ((one.began_us - START_US) / 1e6, None if one.ended_us is None else (one.ended_us - START_US) / 1e6)
        for one in found(rows, parameters=parameters)
    ]


def hung_for(seconds: float) -> list[Phase]:
    """Unlocked and landed, between for so long from the fifth second on, then locked for five seconds."""
    return [(0, 5, LANDED_EMPTY), (5, 5 + seconds, BETWEEN), (5 + seconds, 10 + seconds, LOCKED)]


def test_it_begins_with_the_first_sample_and_ends_with_the_first_one_that_shows_something_else() -> None:
    (one,) = found(every(0.1, hung_for(6)))
    assert one == PartialLock(1, START_US + 5_000_000, START_US + 11_000_000, load_t=0.0, airborne=False)


@pytest.mark.parametrize(("seconds", "count"), [(0.2, 0), (5.0, 0), (5.1, 0), (5.2, 1)])
def test_less_than_five_seconds_is_a_transition(seconds: float, count: int) -> None:
    """Of 5.1 s the last sample that shows it comes 5.0 s after the first: not longer than the parameter."""
    assert len(found(every(0.1, hung_for(seconds)))) == count


def test_a_box_on_a_lock_that_is_not_closed() -> None:
    """From the sixth second of the flight on until it is set down; the cell reads 20 t."""
    phases = [(0, 5, LOCKED), (5, 10, LIFTED), (10, 30, HANGING), (30, 40, SET_DOWN), (40, 45, LANDED_EMPTY)]
    (one,) = found(every(0.1, phases))
    assert one == PartialLock(1, START_US + 10_000_000, START_US + 30_000_000, load_t=20.0, airborne=True)


def test_one_that_lasts_has_no_end() -> None:
    assert spans(every(0.1, hung_for(600)[:2])) == [(5.0, None)]


def test_a_lock_of_one_crane_can_be_given_more_time() -> None:
    """Eight seconds are a partial lock of cranes with the default, none where ten are usual."""
    rows = every(0.1, hung_for(8))
    assert spans(rows) == [(5.0, 13.0)]
    assert spans(rows, ((0, replace(STS, partial_lock_us=10_000_000)),)) == []


def test_one_that_was_reported_stays_one_under_other_parameters() -> None:
    """Ten seconds are needed from second 12 on; it has been one since second 10."""
    rows = every(0.1, hung_for(9))
    assert spans(rows, ((START_US + 12_000_000, replace(STS, partial_lock_us=10_000_000)),)) == [(5.0, 14.0)]


def test_a_bounce_does_not_end_it() -> None:
    """Locked for 200 ms after three seconds."""
    phases = [(0, 5, LANDED_EMPTY), (5, 8, BETWEEN), (8, 8.2, LOCKED), (8.2, 11, BETWEEN), (11, 15, LOCKED)]
    assert spans(every(0.1, phases)) == [(5.0, 11.0)]


def test_a_lock_between_two_of_them_does() -> None:
    """Locked for 400 ms: neither lasted for five seconds."""
    phases = [(0, 5, LANDED_EMPTY), (5, 8, BETWEEN), (8, 8.4, LOCKED), (8.4, 12, BETWEEN), (12, 15, LOCKED)]
    assert spans(every(0.1, phases)) == []


def test_a_silence_is_none() -> None:
    """Between before and after eleven seconds without a sample: what happened meanwhile nobody knows."""
    silent = [(0.0, 5.0, LANDED_EMPTY), (5.0, 6.0, BETWEEN), (17.0, 18.0, BETWEEN), (18.0, 20.0, LOCKED)]
    assert spans(every(0.1, silent)) == []


def test_a_silence_ends_it() -> None:
    """Seen from 5 to 14.9 s, and after half a minute of silence once more, for nine seconds."""
    phases = [(0.0, 5.0, LANDED_EMPTY), (5.0, 15.0, BETWEEN), (45.0, 54.0, BETWEEN), (54.0, 60.0, LOCKED)]
    assert spans(every(0.1, phases)) == [(5.0, 14.9), (45.0, 54.0)]


def test_the_last_sample_before_a_silence_is_none() -> None:
    """A crane that goes silent while its twistlocks turn, for eight seconds, less than a gap is."""
    phases = [(0.0, 5.0, LANDED_EMPTY), (5.0, 5.1, BETWEEN), (13.0, 20.0, LOCKED)]
    assert spans(every(0.1, phases)) == []


def test_an_absent_signal_keeps_its_value() -> None:
    """A crane that reports what changes: nothing of the twistlocks for the seven seconds in which they stand."""
    others: list[Phase] = [(5.0 + n, 6.0 + n, {"hoist_height_m": 3.0 + n}) for n in range(7)]
    rows = every(1.0, [(0, 4, LANDED_EMPTY), (4, 5, BETWEEN), *others, (12, 14, LOCKED)])
    assert spans(rows) == [(4.0, 12.0)]


def test_a_crane_without_one_of_the_contacts_has_none() -> None:
    for name in ("twistlock_locked", "twistlock_unlocked"):
        rows = [(t, {k: v for k, v in s.items() if k != name}) for t, s in every(0.1, hung_for(60))]
        assert spans(rows) == []


def test_a_contact_that_is_reported_late_counts_from_then_on() -> None:
    """`twistlock_locked` is there from second 8 on."""
    rows = [(t, {k: v for k, v in s.items() if k != "twistlock_locked" or t >= 8}) for t, s in every(0.1, hung_for(10))]
    assert spans(rows) == [(8.0, 15.0)]


def test_a_crane_without_a_load_cell() -> None:
    rows = [(t, {k: v for k, v in s.items() if k != "load_t"}) for t, s in every(0.1, hung_for(6))]
    assert [one.load_t for one in found(rows)] == [None]


def test_another_spreader_is_none() -> None:
    """Ten minutes without a spreader on the ropes: no contacts, and the load cell reads less."""
    bare = EMPTY | {"twistlock_unlocked": 0.0, "load_t": -9.0}
    assert spans(every(1.0, [(0, 10, LANDED_EMPTY), (10, 610, bare), (610, 620, LANDED_EMPTY)])) == []


def test_contacts_that_do_not_work_are_one_for_an_hour() -> None:
    """Three hours of it end as one partial lock; the next one counts once they have shown something else."""
    phases = [(0, 10, LANDED_EMPTY), (10, 10_810, BETWEEN), (10_810, 10_820, LOCKED), (10_820, 10_830, BETWEEN)]
    assert spans(every(1.0, [*phases, (10_830, 10_840, LOCKED)])) == [(10.0, 3_610.0), (10_820.0, 10_830.0)]


def test_a_locked_contact_of_the_wrong_polarity_is_none() -> None:
    """In the second move it is known that neither contact means locked."""
    inverted = [
        (a, b, s | {"twistlock_locked": 1.0 - s["twistlock_locked"]}) for a, b, s in [*discharge(), *discharge(50)]
    ]
    rows = every(0.1, inverted)
    assert [fact.locked_us for fact in feed(rows) if isinstance(fact, CraneMove)][-1] == START_US + 53_200_000
    assert all(began < 43 for began, _ in spans(rows))


def test_a_polarity_that_was_guessed_wrong_shows_none() -> None:
    """A contact that opened late, both at once for 2 s: "locked" is taken for "between" until the next one."""
    phases = discharge()
    ship = phases[2][2]
    phases[2:3] = [(3, 5, ship | {"twistlock_locked": 1.0, "twistlock_unlocked": 1.0})]
    phases[3:4] = [(5, 7, ship | LOCKED)]
    phases[4:5] = [(7, 10, phases[4][2])]
    assert spans(every(0.1, phases)) == []


def test_the_moves_are_what_they_were() -> None:
    """Six seconds between on the way: one move, and one partial lock."""
    phases = discharge()
    flying = phases[5][2]
    phases[5:6] = [(10, 20, flying), (20, 26, flying | {"twistlock_locked": 0.0}), (26, 40, flying)]
    moves = [fact for fact in feed(every(0.1, phases)) if isinstance(fact, CraneMove)]
    assert len(moves) == 1
    assert spans(every(0.1, phases)) == [(20.0, 26.0)]


CHATTER: list[Phase] = [
    (64.0, 64.1, LOCKED),
    (64.1, 64.2, BETWEEN),
    (64.2, 64.3, LOCKED),
    (64.3, 71.0, BETWEEN),
    (71.0, 71.1, LANDED_EMPTY),
    (71.1, 71.2, BETWEEN),
    (71.2, 74.0, LOCKED),
]
MIXED = every(
    0.1,
    [
        *discharge(),
        *changed([(50.0, 58.0, HANGING)], load_t=12.0),
        (58.0, 64.0, BETWEEN),
        *CHATTER,
        (90.0, 99.0, BETWEEN),
        (99.0, 112.0, HANGING),
    ],
)
"""A move, a partial lock in the air and on the ground with a bounce, a silence, and one that lasts."""


def test_there_is_something_to_split() -> None:
    assert spans(MIXED) == [(50.0, 71.2), (90.0, None)]
    assert [(one.load_t, one.airborne) for one in found(MIXED)] == [(12.0, True), (20.0, True)]


LATER = ((START_US + 93_050_000, replace(STS, partial_lock_us=4_000_000, debounce_us=50_000)),)
"""Five seconds become four while the last one lasts."""


@cache
def whole(parameters: ParameterHistory) -> list[PartialLock]:
    """What the samples give in one batch."""
    return found(MIXED, parameters=parameters)


@settings(max_examples=length(20, 300))
@given(st.lists(st.integers(0, len(MIXED)), max_size=12), st.sampled_from([(), LATER]))
def test_any_split_into_batches_gives_the_same(cuts: list[int], parameters: ParameterHistory) -> None:
    assert found(MIXED, cuts, parameters) == whole(parameters)
