"""Schedules of cold treatments: the built-in table, and those of the site file with every problem in its place."""

from itertools import combinations, pairwise

import pytest

from infra.site_file.reader import SiteError, read
from processing.treatments.schedules import SCHEDULES, Level, Schedule, UnknownScheduleError, version_at

OCTOBER_2002_US = 1_034_640_000_000_000
"""2002-10-15T00:00:00Z."""
NOVEMBER_US = 1_793_491_200_000_000
"""2026-11-01T00:00:00Z."""


def problems_of(text: str) -> list[str]:
    """What is wrong with a site file."""
    with pytest.raises(SiteError) as error:
        read(text, "site.toml")
    return [line.strip() for line in str(error.value).splitlines()[1:]]


def test_built_in_versions_do_not_overlap_and_warmer_levels_take_more_days() -> None:
    assert not [(a, b) for a, b in combinations(SCHEDULES, 2) if a.overlaps(b)]
    for schedule in SCHEDULES:
        assert schedule.source
        for colder, warmer in pairwise(schedule.levels):
            assert (colder.limit_degc, colder.days) < (warmer.limit_degc, warmer.days)
            assert colder.days < warmer.days


def test_a_treatment_takes_the_version_that_holds_when_it_begins() -> None:
    """The United States made T107-a two days longer."""
    days = {
        at_us: [level.days for level in version_at(SCHEDULES, "us-medfly", at_us).levels]
        for at_us in (OCTOBER_2002_US - 1, OCTOBER_2002_US, NOVEMBER_US)
    }
    assert list(days.values()) == [[12, 14, 16], [14, 16, 18], [14, 16, 18]]


def test_an_unknown_schedule_is_named_with_those_that_are_valid() -> None:
    with pytest.raises(UnknownScheduleError, match="no schedule 'jp' is valid at that time; there are au, cn, cn-peru"):
        version_at(SCHEDULES, "jp", NOVEMBER_US)


def test_what_was_not_compared_with_its_protocol_is_marked() -> None:
    assert {one.id for one in SCHEDULES if not one.verified} == {"cn-peru-grapes", "au", "kr"}


def test_the_site_file_adds_schedules_and_replaces_built_in_ones() -> None:
    sites = read(
        """
[[schedule]]
id = "kr"
text = "South Korea, from 2026-11 on"
source = "protocol of 2026"
verified = true
from = 2026-11-01T00:00:00Z
gap_min = 90
start_k = 0.2
levels = [{ limit_degc = 1, days = 15 }, { limit_degc = 2.0, days = 17 }]
[[schedule]]
id = "kr"
source = "protocol of 2020"
until = 2026-11-01T00:00:00Z
levels = [{ limit_degc = 2.0, days = 18 }]
""",
        "site.toml",
    )
    new = Schedule(
        "kr",
        "South Korea, from 2026-11 on",
        (Level(1.0, 15), Level(2.0, 17)),
        "protocol of 2026",
        NOVEMBER_US,
        None,
        5_400_000_000,
        0.2,
    )
    old = Schedule("kr", "", (Level(2.0, 18),), "protocol of 2020", until_us=NOVEMBER_US)
    assert [one for one in sites.schedules if one.id == "kr"] == [new, old]
    assert [one for one in sites.schedules if one.id != "kr"] == [one for one in SCHEDULES if one.id != "kr"]


def test_versions_that_overlap_are_refused_with_line_and_field() -> None:
    text = """[[schedule]]
id = "jp"
source = "a"
levels = [{ limit_degc = 1.0, days = 12 }]

[[schedule]]
id = "jp"
source = "b"
from = 2026-11-01T00:00:00Z
levels = [{ limit_degc = 1.0, days = 14 }]
"""
    what = "this version of jp is valid at the same time as the one on line 1"
    assert problems_of(text) == [
        f"site.toml, line 9: schedule[1].from: {what}; end that one with until, or begin this one later"
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ('id = "J P"', "line 2: schedule[0].id: give an id of 1 to 64 of a-z, 0-9, '_' and '-'"),
        ("source = 3", "line 2: schedule[0].source: this must be a text"),
        ('source = ""', "line 2: schedule[0].source: name the protocol, with its date, that the figures come from"),
        ('verified = "no"', "line 2: schedule[0].verified: this must be true or false"),
        ("from = 2026-11-01", "line 2: schedule[0].from: datetime.date(2026, 11, 1) is no time since 1970; "),
        ("gap_min = 0", "line 2: schedule[0].gap_min: 0; give a number from 1 to 1440 [min]"),
        ("start_k = true", "line 2: schedule[0].start_k: True; give a number from 0 to 5 [K]"),
        ("colour = 1", "line 2: schedule[0].colour: this key is not known here; known are id, text, source"),
        ("levels = []", "line 2: schedule[0].levels: give at least one level: [{ limit_degc = 1.1, days = 15 }]"),
        ("levels = [{ days = 5 }]", "line 2: schedule[0].levels[0].limit_degc: missing; give a number from -30 to 10"),
        (
            "levels = [{ limit_degc = 1, days = 1.5 }]",
            "line 2: schedule[0].levels[0].days: 1.5 is no whole number of days",
        ),
        (
            "levels = [{ limit_degc = 1, days = 15 },\n { limit_degc = 1, days = 17 }]",
            "line 3: schedule[0].levels[1].limit_degc: 1 °C is not above 1 °C of the level before",
        ),
        (
            "levels = [{ limit_degc = 1, days = 15 },\n { limit_degc = 2, days = 15 }]",
            "line 3: schedule[0].levels[1].days: 15 d at 2 °C are no more than 15 d at the level before",
        ),
    ],
)
def test_a_wrong_schedule_is_refused_with_line_and_field(lines: str, expected: str) -> None:
    """One thing wrong at a time, on the second line."""
    good = {"id": '"jp"', "source": '"a"', "levels": "[{ limit_degc = 1, days = 12 }]"}
    rest = "".join(f"{key} = {value}\n" for key, value in good.items() if not lines.startswith(f"{key} ="))
    (problem,) = problems_of(f"[[schedule]]\n{lines}\n{rest}")[:1]
    assert problem.removeprefix("site.toml, ").startswith(expected)
