"""Parameters of one crane, from when on they hold: calibration, limits, debounce."""

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from processing.cranes import STS, CraneParameters, ParameterHistory
from processing.cranes.facts import CraneDelay, CraneMove
from processing.model.facts import Fact
from tests.length import length
from tests.unit.crane_signals import EMPTY, START_US, Phase, changed, delays, discharge, every, feed, moves, seconds

SECOND_US = 1_000_000


def since(second: float, **changes: object) -> tuple[int, CraneParameters]:
    """Parameters of a quay crane with changes, from a second on."""
    return START_US + round(second * SECOND_US), replace(STS, **changes)  # type: ignore[arg-type]


def test_a_trolley_zero_is_taken_off() -> None:
    """A crane whose trolley reads 5 m at the waterside rail: from 35 to -8 m it has gone from 30 to -13 m."""
    (move,) = moves(discharge(), parameters=((0, replace(STS, trolley_zero_m=5.0)),))
    assert (move.from_trolley_m, move.to_trolley_m, move.kind) == (30.0, -13.0, "discharge")


def test_a_trolley_that_counts_towards_the_land() -> None:
    """From -35 to 8 m in the crane's own terms is a discharge."""
    parameters = ((0, replace(STS, trolley_reversed=True)),)
    (move,) = moves(discharge(from_m=-35.0, to_m=8.0), parameters=parameters)
    assert (move.from_trolley_m, move.to_trolley_m, move.kind) == (35.0, -8.0, "discharge")


def test_another_side_limit() -> None:
    """With the ship beginning at 40 m, a lift from 35 to -8 m is one of the quay."""
    assert [move.kind for move in moves(discharge(), parameters=((0, replace(STS, vessel_side_m=40.0)),))] == [
        "rehandle"
    ]


def test_another_debounce() -> None:
    """Where an unlock must stand for a second, one of 400 ms is a bounce."""
    phases = discharge()
    flying = phases[5][2]
    opened = flying | {"twistlock_locked": 0.0, "twistlock_unlocked": 1.0}
    phases[5:6] = [(10, 20, flying), (20, 20.4, opened), (20.4, 40, flying)]
    parameters = ((0, replace(STS, debounce_us=SECOND_US)),)
    assert [seconds(move) for move in moves(phases, parameters=parameters)] == [(3.2, 5.0, 40.0, 42.2)]


def test_parameters_hold_from_their_time_on() -> None:
    """The trolley encoder was reset, by 5 m, at second 60: in the middle of the second move."""
    phases = [*discharge(), *discharge(50), *changed(discharge(100), twin=1.0, spreader_size_ft=20.0)]
    parameters = (since(60, trolley_zero_m=5.0), since(99, trolley_zero_m=5.0, twins=False))
    found = moves(phases, parameters=parameters)
    # The second begins with the type's parameters, on the ship at 35 m, and ends under its own: -8 - 5 m.
    assert [(move.from_trolley_m, move.to_trolley_m, move.boxes) for move in found] == [
        (35.0, -8.0, 1),
        (35.0, -13.0, 1),
        (30.0, -13.0, 1),
    ]


def test_two_changes_between_two_samples() -> None:
    """The later one holds."""
    before = (since(-20, vessel_side_m=50.0), since(-10, vessel_side_m=1.0))
    parameters = (*before, since(2.01, trolley_zero_m=9.0), since(2.02, trolley_zero_m=5.0))
    assert [move.from_trolley_m for move in moves(discharge(), parameters=parameters)] == [30.0]


def windy() -> list[Phase]:
    """Half a minute of motion, ten minutes of standing in 15 m/s of wind, and motion again."""
    here = EMPTY | {"trolley_position_m": -8.0, "wind_speed_mps": 15.0}
    up = [(float(t), t + 1.0, here | {"hoist_height_m": 5.0 + t}) for t in range(30)]
    down = [(630.0 + t, 631.0 + t, here | {"hoist_height_m": 34.0 - t}) for t in range(20)]
    return [*up, (30.0, 630.0, here | {"hoist_height_m": 34.0}), *down]


def test_wind_limits_are_each_cranes_own() -> None:
    """15 m/s stop a crane whose limit is 14, and no other; in the same batch too."""
    rows = every(1.0, windy())
    assert [delay.cause for delay in delays(rows)] == ["waiting_transport"]
    assert [delay.cause for delay in delays(rows, parameters=((0, replace(STS, stop_wind_mps=14.0)),))] == ["wind"]


def test_a_delay_that_was_reported_ends_under_other_parameters_too() -> None:
    """After 200 s it was one; from then on only 1,000 s are. It ends when the crane moves."""
    parameters = (since(230, idle_us=1_000 * SECOND_US),)
    (delay,) = delays(every(1.0, windy()), parameters=parameters)
    assert ((delay.began_us - START_US) / 1e6, delay.ended_us) == (29.0, START_US + 631 * SECOND_US)


HISTORY: ParameterHistory = (
    since(20, trolley_zero_m=5.0),
    since(43, debounce_us=700_000),
    since(61, vessel_side_m=34.0, tare_t=1.0),
    since(75.05, idle_us=10 * SECOND_US),
    since(130, step_us=0, trolley_reversed=True),
)


@settings(max_examples=length(20, 400))
@given(st.lists(st.integers(0, 1_499), max_size=12))
def test_any_split_gives_the_same_under_changing_parameters(cuts: list[int]) -> None:
    """Three moves under five sets of parameters, cut anywhere: the same moves and delays."""
    rows = every(0.1, [*discharge(), *discharge(50), *discharge(100)])
    assert last(feed(rows, cuts, parameters=HISTORY)) == last(feed(rows, parameters=HISTORY))


def last(facts: Iterable[Fact]) -> dict[tuple[type, object], Fact]:
    """Facts by kind and key, as reported last."""
    return {(type(fact), fact.key): fact for fact in facts if isinstance(fact, CraneMove | CraneDelay)}
