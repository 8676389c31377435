"""Shifts and days of a site tile time, whatever its clocks do."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from infra.clock import from_us, to_us
from infra.site_file.local_clock import offset
from processing.cranes.parameters import STS, YARD
from processing.model.times import MINUTE_US
from processing.site.configuration import Period, Shift, Site, first_difference_us
from tests.length import length

ZONES = (
    "Europe/Amsterdam",  # an hour, at 02:00 and 03:00
    "America/Santiago",  # an hour, at midnight: a day begins at 01:00, another has midnight twice
    "Australia/Lord_Howe",  # half an hour
    "America/Lima",  # never
    "Asia/Kathmandu",  # offset of quarter hours
    "Pacific/Apia",  # a whole day left out in 2011
)
FIRST, LAST = datetime(2022, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)


def site(zone: str, begins: tuple[int, ...] = (0, 480, 960)) -> Site:
    return Site(
        time_zone=zone,
        offset_us=offset(ZoneInfo(zone)),
        shifts=tuple(Shift(f"s{begin}", begin) for begin in begins),
    )


def local(zone: str, time_us: int) -> datetime:
    return from_us(time_us).astimezone(ZoneInfo(zone))


def utc(text: str) -> int:
    return to_us(datetime.fromisoformat(text))


STEPS = st.lists(st.integers(0, 95), min_size=1, max_size=6, unique=True).map(
    lambda steps: tuple(15 * step for step in sorted(steps))
)
CHANGES = ["2026-03-29T01:00Z", "2026-10-25T01:00Z", "2026-04-05T03:00Z", "2026-09-06T04:00Z", "2026-10-03T15:30Z"]
TIMES = st.integers(to_us(FIRST), to_us(LAST)) | st.builds(
    lambda change, minutes: utc(change) + minutes * MINUTE_US,
    st.sampled_from(CHANGES),
    st.integers(-1500, 1500),
)
"""[µs since 1970 UTC]"""


@settings(max_examples=length(50, 1_000))
@given(st.sampled_from(ZONES[:5]), STEPS, TIMES)
@example("Europe/Amsterdam", (120, 135, 165, 180), utc("2026-03-29T01:05Z"))
@example("America/Santiago", (0, 30, 45, 60), utc("2026-09-06T04:00Z"))
def test_the_shift_of_a_time_holds_it_and_ends_where_the_next_begins(
    zone: str, begins: tuple[int, ...], at_us: int
) -> None:
    here = site(zone, begins)
    for of in (here.shift, here.day):
        found = of(at_us)
        assert found.begin_us <= at_us < found.end_us
        assert of(found.begin_us) == of(found.end_us - 1) == found
        assert of(found.end_us).begin_us == found.end_us
        assert of(found.begin_us - 1).end_us == found.begin_us


@settings(max_examples=length(50, 1_000))
@given(st.sampled_from(ZONES[:5]), STEPS, TIMES)
def test_a_shift_begins_when_local_clocks_show_it(zone: str, begins: tuple[int, ...], at_us: int) -> None:
    """For the first time; where they skip that time, right after the jump."""
    found = site(zone, begins).shift(at_us)
    shown = local(zone, found.begin_us)
    minute = int(found.name[1:])
    if shown.hour * 60 + shown.minute == minute:
        assert (shown.second, shown.fold) == (0, 0)
    else:
        jump = shown.utcoffset() - local(zone, found.begin_us - 1).utcoffset()  # type: ignore[operator]
        late = (shown.hour * 60 + shown.minute - minute) % 1440
        assert timedelta(minutes=late) <= jump


@pytest.mark.parametrize("zone", ZONES[:5])
def test_years_are_days_without_gaps(zone: str) -> None:
    """Each local date once, 23 to 25 hours long, from the first to the last."""
    here, at_us = site(zone), to_us(FIRST)
    dates = []
    while at_us < to_us(LAST):
        day = here.day(at_us)
        dates.append(local(zone, day.begin_us).date())
        assert 23 * 60 * MINUTE_US <= day.end_us - day.begin_us <= 25 * 60 * MINUTE_US
        at_us = day.end_us
    assert dates == [dates[0] + timedelta(days=number) for number in range(len(dates))]
    assert len(dates) in (3287, 3288)


def test_when_clocks_are_put_forward_at_midnight_the_day_begins_at_one() -> None:
    found = site("America/Santiago").day(utc("2026-09-06T12:00Z"))
    assert found == Period("day", utc("2026-09-06T04:00Z"), utc("2026-09-07T03:00Z"))
    assert str(local("America/Santiago", found.begin_us)) == "2026-09-06 01:00:00-03:00"


def test_a_night_shift_over_the_change_has_an_hour_more_or_less() -> None:
    here = site("Europe/Amsterdam", (0, 480, 960))
    spring, autumn = here.shift(utc("2026-03-29T02:00Z")), here.shift(utc("2026-10-25T02:00Z"))
    assert spring == Period("s0", utc("2026-03-28T23:00Z"), utc("2026-03-29T06:00Z"))
    assert autumn == Period("s0", utc("2026-10-24T22:00Z"), utc("2026-10-25T07:00Z"))


def test_shifts_in_the_skipped_hour_give_way_to_the_last_of_them() -> None:
    here = site("Europe/Amsterdam", (0, 120, 150, 180, 480))
    found = here.shift(utc("2026-03-29T01:10Z"))
    assert found == Period("s180", utc("2026-03-29T01:00Z"), utc("2026-03-29T06:00Z"))
    assert here.shift(utc("2026-03-29T00:59Z")) == Period("s0", utc("2026-03-28T23:00Z"), utc("2026-03-29T01:00Z"))


def test_half_an_hour_at_lord_howe() -> None:
    here = site("Australia/Lord_Howe", (0, 120, 720))
    assert here.shift(utc("2026-10-03T15:30Z")) == Period("s120", utc("2026-10-03T15:30Z"), utc("2026-10-04T01:00Z"))


def test_a_shift_that_begins_in_the_evening_goes_over_midnight() -> None:
    here = site("America/Lima", (7 * 60, 19 * 60))
    assert here.shift(utc("2026-11-23T06:15Z")) == Period("s1140", utc("2026-11-23T00:00Z"), utc("2026-11-23T12:00Z"))
    assert site("America/Lima", (420,)).shift(utc("2026-11-23T06:15Z")).end_us == utc("2026-11-23T12:00Z")


def test_a_date_that_was_left_out() -> None:
    """Samoa had no 30 December 2011."""
    here = site("Pacific/Apia")
    before = here.day(utc("2011-12-30T09:00Z"))
    assert before == Period("day", utc("2011-12-29T10:00Z"), utc("2011-12-30T10:00Z"))
    assert here.day(utc("2011-12-30T10:00Z")).begin_us == utc("2011-12-30T10:00Z")


@given(st.integers(0, 200), st.integers(0, 200))
def test_schedules_differ_from_the_first_difference_on(one_us: int, other_us: int) -> None:
    one, other = ((0, STS), (one_us + 1, YARD)), ((0, STS), (other_us + 1, YARD))
    expected = None if one_us == other_us else min(one_us, other_us) + 1
    assert first_difference_us(one, other) == expected
    assert first_difference_us((), one) == 0
