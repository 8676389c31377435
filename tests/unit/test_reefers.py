"""Reefers: three states, excursions by profile, spans without power, silence; expected values by hand."""

import random
from dataclasses import replace
from typing import Any, TypeVar

import pytest

from processing.model.facts import fact_key
from processing.model.level import OF_ALARMS, LevelChange
from processing.model.times import HOUR_US, MINUTE_US
from processing.reefers.facts import ReeferExcursion, ReeferOffPower, ReeferSilence
from processing.reefers.profiles import CHILLED, ReeferProfile, ReeferProfiles
from tests.length import length
from tests.unit.reefer_signals import BOX, MINUTE, OTHER_BOX, T0, found_in, random_stay, row, samples
from tests.unit.written_samples import Row

F = TypeVar("F")


def found(kind: type[F], rows: list[Row], *own: ReeferProfile) -> list[F]:
    """Facts of a kind as reported last."""
    return [fact for fact in found_in(samples(rows), own=own) if isinstance(fact, kind)]


def excursions(rows: list[Row], *own: ReeferProfile) -> list[tuple[int | None, int | None]]:
    """Begin and end of excursions, in minutes."""
    return [(minute(one.began_us), minute(one.ended_us)) for one in found(ReeferExcursion, rows, *own)]


def minute(time_us: int | None) -> int | None:
    """Minutes since T0."""
    return None if time_us is None else (time_us - T0) // MINUTE


def test_a_short_rise_is_no_excursion() -> None:
    """29 minutes out of range are less than the delay of chilled cargo."""
    assert excursions([row(m, 6.0 if 10 <= m < 39 else 4.1) for m in range(80)]) == []


def test_an_excursion_begins_where_it_left_the_range_and_ends_where_it_came_back() -> None:
    """Out from minute 10, back inside the hysteresis from minute 60 on."""
    (excursion,) = found(ReeferExcursion, [row(m, 6.5 if 10 <= m < 60 else 4.1) for m in range(80)])
    assert (excursion.probe, minute(excursion.began_us), minute(excursion.ended_us)) == ("supply", 10, 60)
    assert (excursion.worst_degc, excursion.setpoint_degc, excursion.container_id) == (2.5, 4.0, BOX)


def test_coming_back_needs_the_hysteresis() -> None:
    """0.9 K from the setpoint is within the tolerance of 1.0 K, yet not 0.3 K inside it."""
    assert excursions([row(m, 6.0 if m < 50 else 4.9) for m in range(120)]) == [(0, None)]


def test_the_delay_is_counted_from_where_the_air_left_the_range_between_two_reports() -> None:
    """Each 7 min: 0 K off in minute 7, 2 K in 14, so 1 K in 10.5; 30 min later is 40.5, and the next report 42."""
    rows = [row(m, 4.0 if m <= 7 else 6.0) for m in range(0, 43, 7)]
    assert excursions(rows) == [(14, None)]
    assert excursions(rows[:-1]) == []


def test_one_report_shows_no_duration() -> None:
    """Each 60 min: out in minute 120 it left the range half an hour before; it takes another report to be sure."""
    rows = [row(m, 4.0 if m < 120 else 6.0) for m in range(0, 181, 60)]
    assert excursions(rows) == [(120, None)]
    assert excursions(rows[:-1]) == []


def test_frozen_cargo_is_judged_by_return_air_and_its_upper_side_only() -> None:
    """At -20 °C colder is no excursion, and 2.5 K warmer is one after an hour."""
    frozen = {"setpoint_degc": -20.0}
    assert excursions([row(m, None, return_degc=-26.0, **frozen) for m in range(200)]) == []
    warm = [row(m, -30.0, return_degc=-17.5, **frozen) for m in range(61)]
    (excursion,) = found(ReeferExcursion, warm)
    assert (excursion.probe, minute(excursion.began_us), excursion.worst_degc) == ("return", 0, 2.5)
    assert excursions(warm[:-1]) == []


def test_defrost_is_not_judged_nor_the_hour_after_it() -> None:
    """Defrost from 10 to 40 with warm air until minute 95 is no excursion; until 131 it is one that began in 99."""

    def rows(warm_until: int) -> list[Row]:
        return [
            row(m, 8.0 if 10 <= m < warm_until else 4.0, mode="defrost" if 10 <= m < 40 else "modulated")
            for m in range(160)
        ]

    assert excursions(rows(95)) == []
    assert excursions(rows(131)) == [(99, 131)]


def test_pull_down_after_plug_in_is_no_excursion() -> None:
    """A warm box on a fresh plug is given time until it is in range for the first time."""
    rows = [row(0, 20.0, plugged=False), *[row(m, 20.0 - m / 20) for m in range(1, 330)]]
    assert excursions(rows) == []
    assert excursions([*rows, *[row(m, 6.0) for m in range(330, 361)]]) == [(330, None)]


def test_a_pull_down_takes_six_hours_at_most() -> None:
    """Plugged in in minute 1, warm for ever: judged from 361 on, an excursion in 391."""
    rows = [row(0, 20.0, plugged=False), *[row(m, 15.0) for m in range(1, 392)]]
    assert excursions(rows) == [(361, None)]
    assert excursions(rows[:-1]) == []


def test_unplugging_ends_the_excursion() -> None:
    """The box left: what it does then is not known."""
    rows = [*[row(m, 7.0) for m in range(50)], (50.0, {"plugged": False})]
    assert excursions(rows) == [(0, 50)]


def test_a_box_that_changes_the_plug_is_not_one_excursion_of_the_plug() -> None:
    """Two boxes, both too warm, swapped between two reports: the second one is pulled down first."""
    rows = [row(m, 7.0) for m in range(50)] + [row(m, 7.0, container_id=OTHER_BOX) for m in range(50, 480)]
    first, second = found(ReeferExcursion, rows)
    assert (first.container_id, minute(first.began_us), minute(first.ended_us)) == (BOX, 0, 50)
    assert (second.container_id, minute(second.began_us), second.ended_us) == (OTHER_BOX, 410, None)


def test_a_number_that_is_misread_for_two_samples_is_the_same_box() -> None:
    rows = [row(m, 7.0, container_id=OTHER_BOX if m in (40, 41) else None if m == 45 else BOX) for m in range(60)]
    assert [(one.container_id, one.ended_us) for one in found(ReeferExcursion, rows)] == [(BOX, None)]


def test_silence_is_neither_in_range_nor_out_of_it() -> None:
    """Reports each minute: 5 min are known, 6 min not. The delay restarts; what lasts before and after goes on."""
    gap = [row(m, 7.0) for m in (*range(20), *range(26, 50))]
    assert excursions(gap) == []
    assert excursions([row(m, 7.0) for m in (*range(20), *range(24, 35))]) == [(0, None)]
    lasting = [row(m, 7.0) for m in (*range(40), *range(100, 110))]
    assert excursions(lasting) == [(0, None)]
    assert [
        (one.container_id, minute(one.began_us), minute(one.ended_us)) for one in found(ReeferSilence, lasting)
    ] == [(BOX, 39, 100)]


def test_silence_is_more_than_two_report_intervals() -> None:
    """Each 15 min: one lost report is none. The first interval is learnt from a minute's: five steps take three."""
    assert found(ReeferSilence, [row(m) for m in (0, 15, 30, 60, 75)]) == []
    assert [minute(one.began_us) for one in found(ReeferSilence, [row(m) for m in (0, 15, 30, 61, 75)])] == [30]
    late = [row(m) for m in (0, 15.2, 30.1, 60.4, 75)]  # 30.3 min are two intervals as they come
    assert found(ReeferSilence, late) == []
    slower = [row(m) for m in (0, 1, 2, 3, 4, 5, 20, 35, 50, 65)]
    assert [minute(one.began_us) for one in found(ReeferSilence, slower)] == [5, 20, 35]


def test_nobody_misses_reports_of_a_free_plug() -> None:
    assert found(ReeferSilence, [(float(m), {"plugged": False}) for m in (0, 1, 2, 3, 60)]) == []


def test_air_that_is_not_read_for_long_is_unknown() -> None:
    """Half of the readings are left out, or 9 in a row: the delay goes on. 10 min without one restart it.

    An excursion ends after 10 min in range, so it cannot have ended in fewer.
    """
    assert excursions([row(m, 7.0 if m % 2 == 0 else None) for m in range(31)]) == [(0, None)]
    assert excursions([row(m, None if 10 <= m < 19 else 7.0) for m in range(31)]) == [(0, None)]
    assert excursions([row(m, None if 10 <= m < 20 else 7.0) for m in range(45)]) == []


def test_probes_that_keep_their_values_show_no_air() -> None:
    """The air changed each minute, then both probes keep 9 °C for an hour: nothing is known. It is out from 80 on.

    A unit whose readings are coarse repeats itself all the time: its 9 °C are what it measures.
    """

    def rows(step_k: float) -> list[Row]:
        air = [4 + (m % 2) * step_k if m < 20 else 9.0 if m < 80 else 7 + (m % 2) * step_k for m in range(120)]
        return [row(m, degc, return_degc=degc) for m, degc in enumerate(air)]

    assert excursions(rows(0.01)) == [(80, None)]
    assert excursions(rows(0.0)) == [(20, None)]
    lasting = [row(m, 7 + (m % 2) / 100 if m < 40 else 4.0, return_degc=4.0) for m in range(60)]
    assert excursions(lasting) == [(0, None)]


def test_power_plug_and_machinery_are_three_states() -> None:
    """Plugged and running, off by its mode, without power, free."""
    rows = [row(0), row(1, mode="off"), row(2, powered=False, mode="off"), row(3), (4.0, {"plugged": False})]
    changes = [one for one in found(LevelChange, rows) if one.name not in OF_ALARMS]
    levels = [(one.name, minute(one.time_us), one.value) for one in changes]
    assert levels == [
        ("plugged", 0, 1.0),
        ("unpowered", 0, 0.0),
        ("running", 0, 1.0),
        ("running", 1, 0.0),
        ("unpowered", 2, 1.0),
        ("unpowered", 3, 0.0),
        ("running", 3, 1.0),
        ("plugged", 4, 0.0),
        ("running", 4, 0.0),
    ]


def test_a_free_plug_that_draws_power_is_not_free() -> None:
    """A sample contradicts itself: its plug state is left out."""
    rows = [row(m, 7.0, plugged=m != 20, power_kw=3.0) for m in range(40)]
    assert excursions(rows) == [(0, None)]
    assert excursions([(m, signals | {"power_kw": 0.1}) for m, signals in rows]) == []
    assert [one.value for one in found(LevelChange, rows) if one.name == "plugged"] == [1.0]


def test_a_contact_that_chatters_does_not_free_the_plug() -> None:
    """Without power nothing is drawn: four samples of a free plug, with air that changes, are none; a fifth is one."""

    def rows(upto: int) -> list[Row]:
        return [row(m, 7 + m / 100, plugged=not 20 <= m < upto, powered=False, power_kw=0.0) for m in range(60)]

    assert excursions(rows(24)) == [(0, None)]
    assert off_power(rows(24)) == [(BOX, 0, None)]
    assert [one.value for one in found(LevelChange, rows(24)) if one.name in ("plugged", "unpowered")] == [1.0, 1.0]
    assert off_power(rows(26)) == [(BOX, 0, 24), (BOX, 26, None)]


def test_a_free_plug_that_reports_rarely_is_free_a_quarter_of_an_hour_later() -> None:
    """A unit that is driven away goes on measuring: each 10 min, from minute 20 on without its cable."""
    rows = [row(m, 4 + m / 1000, plugged=m < 20) for m in range(0, 61, 10)]
    levels = [one for one in found(LevelChange, rows) if one.name == "plugged"]
    assert [(minute(one.time_us), one.value) for one in levels] == [(0, 1.0), (40, 0.0)]


def test_a_free_plug_without_air_or_with_old_air_is_free_at_once() -> None:
    for last in ({"plugged": False}, row(5, 4.1, plugged=False)[1]):
        rows: list[Row] = [*(row(m, 4.1) for m in range(5)), (5.0, last)]
        assert found(LevelChange, rows)[-2:] == [
            LevelChange(1, "plugged", T0 + 5 * MINUTE, 0.0),
            LevelChange(1, "running", T0 + 5 * MINUTE, 0.0),
        ]


def off_power(rows: list[Row]) -> list[tuple[str | None, int | None, int | None]]:
    """Box, begin and end of spans without power, in minutes."""
    return [(one.container_id, minute(one.began_us), minute(one.ended_us)) for one in found(ReeferOffPower, rows)]


def test_a_box_without_power_is_a_span() -> None:
    rows = [row(m, powered=not 5 <= m < 9) for m in range(20)]
    assert off_power(rows) == [(BOX, 5, 9)]
    assert off_power(rows[:8]) == [(BOX, 5, None)]


def test_a_span_without_power_ends_with_the_box() -> None:
    """Unplugged in minute 8; a free plug without power is none."""
    rows = [row(m, powered=m < 5) for m in range(8)] + [(m, {"plugged": False, "powered": False}) for m in (8.0, 9.0)]
    assert off_power(rows) == [(BOX, 5, 8)]


def test_the_box_of_a_span_without_power_may_be_read_later() -> None:
    rows = [row(m, powered=False, container_id=BOX if m == 3 else None) for m in range(5)]
    assert off_power(rows) == [(BOX, 0, None)]


@pytest.mark.parametrize(
    ("began", "expected"),
    [(5, [(BOX, 5, 10), (OTHER_BOX, 10, 20)]), (10, [(OTHER_BOX, 10, 20)]), (11, [(OTHER_BOX, 11, 20)])],
)
def test_each_box_has_its_own_span_without_power(began: int, expected: list[tuple[str, int, int]]) -> None:
    """The other box is there since minute 10, and sure to be in 12: no span ends before it begins."""
    rows = [row(m, container_id=BOX if m < 10 else OTHER_BOX, powered=not began <= m < 20) for m in range(25)]
    assert off_power(rows) == expected


def test_a_misread_number_does_not_cut_a_span_without_power() -> None:
    rows = [row(m, container_id=OTHER_BOX if m in (10, 11) else BOX, powered=m >= 20) for m in range(25)]
    assert off_power(rows) == [(BOX, 0, 20)]


GRAPES = ReeferProfile(
    "grapes", "both", 0.5, True, 10 * MINUTE_US, 30 * MINUTE_US, 5 * MINUTE_US, 0.1, HOUR_US, (-1.0, 0.0)
)
BOOKED = ReeferProfile("booked", "return", 3.0, True, 20 * MINUTE_US, 0, containers=frozenset({BOX}))


def test_a_profile_holds_by_booking_before_cargo_before_what_is_built_in() -> None:
    profiles = ReeferProfiles((GRAPES, BOOKED))
    chosen = [
        profiles.of(box, setpoint).name
        for box, setpoint in ((BOX, -0.5), (OTHER_BOX, -0.5), (None, -1.0), (OTHER_BOX, 4.0), (None, -10.0))
    ]
    assert chosen == ["booked", "grapes", "grapes", "chilled", "frozen"]


def test_a_profile_of_both_probes_takes_the_one_that_is_further_off() -> None:
    """0.4 K above by the supply air is in range, 0.7 K below by the return air is out."""
    rows = [row(m, 0.4, return_degc=-0.7, setpoint_degc=0.0) for m in range(20)]
    assert [(one.probe, one.worst_degc) for one in found(ReeferExcursion, rows, GRAPES)] == [("both", -0.7)]
    assert GRAPES.deviation_k(0.0, None, None) is None
    assert CHILLED.deviation_k(4.0, None, 9.0) is None


def test_a_setpoint_that_is_not_the_booked_one_is_a_level() -> None:
    """Booked at +5 °C, set to +4 until minute 10, with another box from 20 on, which has no booking."""
    booked = replace(BOOKED, booked_degc=5.0)
    rows = [row(m, setpoint_degc=4.0 if m < 10 else 5.2) for m in range(15)]
    rows += [row(m, setpoint_degc=4.0) for m in range(15, 20)] + [(20.0, {"plugged": False})]
    rows += [row(m, container_id=OTHER_BOX) for m in range(21, 25)]
    assert wrong_setpoints(rows, booked) == [(0, 1.0), (10, 0.0), (15, 1.0), (20, 0.0)]
    assert not wrong_setpoints(rows)
    assert not wrong_setpoints(rows, BOOKED)


def wrong_setpoints(rows: list[Row], *own: ReeferProfile) -> list[tuple[int | None, float]]:
    """Changes of the level `wrong_setpoint`, in minutes."""
    return [(minute(one.time_us), one.value) for one in found(LevelChange, rows, *own) if one.name == "wrong_setpoint"]


def test_a_setpoint_far_from_the_booked_one_is_wrong_too() -> None:
    """The profile is for boxes at 4 to 6 °C; whether +12 °C is the booked setpoint is no matter of that range."""
    booked = replace(BOOKED, booked_degc=5.0, setpoints_degc=(4.0, 6.0))
    rows = [row(m, setpoint_degc=12.0 if m < 10 else 5.0) for m in range(15)]
    assert wrong_setpoints(rows, booked) == [(0, 1.0), (10, 0.0)]


def test_the_box_that_comes_next_has_no_wrong_setpoint_of_the_one_before() -> None:
    """Swapped between two reports, in minute 10 and sure in 13; back in minute 20 and sure in 23."""
    booked = replace(BOOKED, booked_degc=5.0)
    rows = [row(m, container_id=OTHER_BOX if 10 <= m < 20 else BOX) for m in range(30)]
    assert wrong_setpoints(rows, booked) == [(0, 1.0), (13, 0.0), (23, 1.0)]


def test_a_box_whose_setpoint_is_not_known_is_neither_right_nor_wrong() -> None:
    rows = [row(m, setpoint_degc=None if m < 5 else 4.0) for m in range(8)]
    assert wrong_setpoints(rows, replace(BOOKED, booked_degc=5.0)) == [(5, 1.0)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, [(0, 50)]),
        ({"out_delay_us": 60 * MINUTE_US}, []),
        ({"tolerance_k": 3.0}, []),
        ({"in_delay_us": 0}, [(0, 50)]),
    ],
)
def test_the_figures_of_a_profile_count(change: dict[str, Any], expected: list[tuple[int, int]]) -> None:
    """2 K too warm by the supply air in minutes 0 to 49."""
    figures: dict[str, Any] = {
        "name": "own",
        "probe": "supply",
        "tolerance_k": 1.0,
        "below_counts": True,
        "out_delay_us": 30 * MINUTE_US,
        "defrost_us": 0,
    }
    assert (
        excursions([row(m, 6.0 if m < 50 else 4.0) for m in range(80)], ReeferProfile(**figures | change)) == expected
    )


@pytest.mark.parametrize("seed", range(length(4, 60)))
def test_any_split_into_batches_gives_the_same_facts(seed: int) -> None:
    """Absent signals, boxes that come and go, misread numbers, silence; batches of one sample to all."""
    random_ = random.Random(seed)
    whole = samples(random_stay(random_, length(36, 72), 0.8))
    expected = {fact_key(fact): fact for fact in found_in(whole)}
    assert len({type(fact) for fact in expected.values()}) > 1
    for cuts in (*(random_.sample(range(len(whole)), random_.randint(1, 60)) for _ in range(4)), range(len(whole))):
        assert {fact_key(fact): fact for fact in found_in(whole, cuts)} == expected
