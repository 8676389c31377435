"""Delays: when a crane stands still for two minutes and more, and why, as far as its signals show."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.length import length
from tests.unit.crane_signals import EMPTY, START_US, delays
from tests.unit.written_samples import Row

AT_QUAY = EMPTY | {"trolley_position_m": -8.0, "logged_on": 1.0, "boom_down": 1.0, "wind_speed_mps": 5.0, "state": 2.0}
AT_QUAY |= {"gantry_position_m": 100.0}
FAULT = 4.0
"""Of the values of `state`: off, standby, idle, working, fault."""


def moving(begin_s: int, end_s: int, **signals: float) -> list[Row]:
    """The hoist goes to and fro, 1 m a second."""
    return [(float(t), AT_QUAY | {"hoist_height_m": 10.0 + t % 2} | signals) for t in range(begin_s, end_s)]


def standing(begin_s: int, end_s: int, **signals: float) -> list[Row]:
    """Nothing moves; the hoist stays where `moving` leaves it at an even second."""
    return [(float(t), AT_QUAY | {"hoist_height_m": 11.0} | signals) for t in range(begin_s, end_s)]


def found(rows: list[Row], kind: str = "STS") -> list[tuple[float, float | None, str]]:
    """Delays as begin, end and cause. [s since the start]."""
    return [
        ((s.began_us - START_US) / 1e6, None if s.ended_us is None else (s.ended_us - START_US) / 1e6, s.cause)
        for s in delays(rows, kind=kind)
    ]


@pytest.mark.parametrize(
    ("signals", "cause"),
    [
        ({}, "waiting_transport"),
        ({"trolley_position_m": 20.0}, "ship"),
        ({"state": FAULT}, "breakdown"),
        ({"wind_speed_mps": 21.0}, "wind"),
        ({"logged_on": 0.0}, "no_operator"),
        ({"boom_down": 0.0}, "boom"),
        ({"logged_on": 0.0, "boom_down": 0.0}, "not_assigned"),
        ({"twistlock_unlocked": 0.0, "load_t": -9.0}, "spreader"),
        ({"state": FAULT, "wind_speed_mps": 21.0, "logged_on": 0.0}, "breakdown"),  # the gravest
    ],
)
def test_the_cause_of_a_delay(signals: dict[str, float], cause: str) -> None:
    """Five minutes, from the last motion to the next."""
    place = {"trolley_position_m": signals.get("trolley_position_m", -8.0)}
    rows = [*moving(0, 60, **place), *standing(60, 360, **signals), *moving(360, 400, **place)]
    begins = 60.0 if cause == "not_assigned" else 59.0  # with the log-off and the boom, not with the last motion
    ends = 360.0
    assert found(rows) == [(begins, ends, cause)]


def test_a_gantry_move_is_its_own_cause() -> None:
    """30 m along the quay with hoist and trolley at rest."""
    travelling = [
        (60.0 + t, AT_QUAY | {"hoist_height_m": 11.0, "gantry_position_m": 100.0 + min(30.0, t / 4)})
        for t in range(180)
    ]
    rows = [*moving(0, 60), *travelling, *moving(240, 300, gantry_position_m=130.0)]
    assert found(rows) == [(59.0, 240.0, "gantry")]


def test_a_yard_crane_waits_for_transport_wherever_it_stands() -> None:
    rows = [*moving(0, 60), *standing(60, 360, trolley_position_m=-8.0), *moving(360, 400)]
    assert found(rows, kind="RTG") == [(59.0, 360.0, "waiting_transport")]


def test_less_than_two_minutes_is_part_of_the_cycle() -> None:
    assert found([*moving(0, 60), *standing(60, 178), *moving(178, 200)]) == []


def test_a_delay_that_lasts_is_reported_without_an_end() -> None:
    assert found([*moving(0, 60), *standing(60, 360)]) == [(59.0, None, "waiting_transport")]


def test_a_condition_that_held_for_a_third_of_it_is_its_cause() -> None:
    """Fault for 100 s of 300 s; for 60 s it would be none."""
    rows = [*moving(0, 60), *standing(60, 160, state=FAULT), *standing(160, 360), *moving(360, 400)]
    assert found(rows) == [(59.0, 360.0, "breakdown")]
    rows = [*moving(0, 60), *standing(60, 120, state=FAULT), *standing(120, 360), *moving(360, 400)]
    assert found(rows) == [(59.0, 360.0, "waiting_transport")]


def test_a_delay_whose_cause_changes_is_two() -> None:
    """The boom goes up for a passing ship, and then the crane is broken."""
    rows = [*moving(0, 60), *standing(60, 360, boom_down=0.0), *standing(360, 960, state=FAULT), *moving(960, 990)]
    assert found(rows) == [(59.0, 360.0, "boom"), (360.0, 960.0, "breakdown")]


def test_wind_around_its_limit_does_not_cut_a_delay_to_pieces() -> None:
    """Above it and below it by turns."""
    gusts = [
        row for t in range(60, 660, 2) for row in (*standing(t, t + 1, wind_speed_mps=19.0), *standing(t + 1, t + 2))
    ]
    assert found([*moving(0, 60), *gusts, *moving(660, 700)]) == [(59.0, 660.0, "wind")]


@settings(max_examples=length(20, 400))
@given(st.lists(st.integers(0, 989), max_size=10))
def test_any_split_into_batches_gives_the_same_delays(cuts: list[int]) -> None:
    rows = [*moving(0, 60), *standing(60, 360, boom_down=0.0), *standing(360, 960, state=FAULT), *moving(960, 990)]
    assert delays(rows, cuts) == delays(rows)
