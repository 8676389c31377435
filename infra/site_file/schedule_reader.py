"""Schedules of cold treatments in the site file: versions with validity in time, for all terminals."""

from itertools import combinations, pairwise
from typing import Any

from infra.site_file.problems import Problems
from infra.site_file.toml_lines import Place
from infra.site_file.validity import validity
from processing.model.times import MINUTE_US
from processing.model.topics import IDENTIFIER
from processing.treatments.schedules import SCHEDULES, Level, Schedule

KEYS = ("id", "text", "source", "verified", "from", "until", "gap_min", "start_k", "levels")
LIMIT_DEGC = (-30, 10)
DAYS = (1, 60)
GAP_MIN = (1, 1440)
START_K = (0, 5)


def schedules(problems: Problems, value: object) -> tuple[Schedule, ...]:
    """The schedules that hold: those of the file, and of the built-in ones those whose id the file does not have.

    Args:
        problems: takes what is wrong.
        value: the array `schedule` of the file.
    """
    found: list[tuple[Place, Schedule]] = []
    for number, one in enumerate(problems.array(("schedule",), value)):
        here: Place = ("schedule", number)
        schedule = _one(problems, here, problems.table(here, one))
        if schedule is not None:
            found.append((here, schedule))
    for (there, one), (here, other) in combinations(found, 2):
        if one.overlaps(other):
            what = f"this version of {other.id} is valid at the same time as the one on line {problems.line(there)}"
            problems.add((*here, "from"), f"{what}; end that one with until, or begin this one later")
    own = tuple(schedule for _, schedule in found)
    replaced = {schedule.id for schedule in own}
    return (*(one for one in SCHEDULES if one.id not in replaced), *own)


def _one(problems: Problems, place: Place, table: dict[str, Any]) -> Schedule | None:
    before = len(problems)
    problems.unknown(place, table, KEYS)
    name = table.get("id")
    if not isinstance(name, str) or not IDENTIFIER.fullmatch(name):
        problems.add((*place, "id"), "give an id of 1 to 64 of a-z, 0-9, '_' and '-'")
    for key in ("text", "source"):
        if not isinstance(table.get(key, ""), str):
            problems.add((*place, key), "this must be a text")
    if not table.get("source"):
        problems.add((*place, "source"), "name the protocol, with its date, that the figures come from")
    if not isinstance(table.get("verified", True), bool):
        problems.add((*place, "verified"), "this must be true or false")
    from_us, until_us = validity(problems, place, table)
    gap_min = _number(problems, (*place, "gap_min"), table.get("gap_min", 60), GAP_MIN, "min")
    start_k = _number(problems, (*place, "start_k"), table["start_k"], START_K, "K") if "start_k" in table else None
    levels = _levels(problems, (*place, "levels"), table.get("levels", []))
    if len(problems) > before:
        return None
    return Schedule(
        str(name),
        table.get("text", ""),
        levels,
        table["source"],
        from_us,
        until_us,
        round(gap_min * MINUTE_US),
        start_k,
        table.get("verified", True),
    )


def _levels(problems: Problems, place: Place, value: object) -> tuple[Level, ...]:
    found: list[Level] = []
    tables = problems.array(place, value)
    if not tables:
        problems.add(place, "give at least one level: [{ limit_degc = 1.1, days = 15 }]")
    for number, one in enumerate(tables):
        here = (*place, number)
        table = problems.table(here, one)
        problems.unknown(here, table, ("limit_degc", "days"))
        limit_degc = _number(problems, (*here, "limit_degc"), table.get("limit_degc"), LIMIT_DEGC, "°C")
        days = _number(problems, (*here, "days"), table.get("days"), DAYS, "d")
        if days != int(days):
            problems.add((*here, "days"), f"{days:g} is no whole number of days")
        found.append(Level(limit_degc, int(days)))
    for number, (colder, warmer) in enumerate(pairwise(found), 1):
        if warmer.limit_degc <= colder.limit_degc:
            what = f"{warmer.limit_degc:g} °C is not above {colder.limit_degc:g} °C of the level before"
            problems.add((*place, number, "limit_degc"), f"{what}; list levels with the coldest first")
        elif warmer.days <= colder.days:
            what = f"{warmer.days} d at {warmer.limit_degc:g} °C are no more than {colder.days} d at the level before"
            problems.add((*place, number, "days"), f"{what}; a warmer level takes more days")
    return tuple(found)


def _number(problems: Problems, place: Place, value: object, within: tuple[float, float], unit: str) -> float:
    """A number in its range; else the least of it, and a problem."""
    low, high = within
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        seen = "missing" if value is None else f"{value!r}"
        problems.add(place, f"{seen}; give a number from {low:g} to {high:g} [{unit}]")
        return low
    return float(value)
