"""Calibrations of single cranes in the site file: parameters with validity in time."""

from dataclasses import replace
from itertools import combinations
from typing import Any

from infra.site_file.problems import Problems
from infra.site_file.toml_lines import Place
from infra.site_file.validity import validity
from processing.cranes.parameter_table import BY_KEY
from processing.model.topics import IDENTIFIER
from processing.site.configuration import Calibration, Site

COMPARED = {
    "vessel_side_m",
    "backreach_side_m",
    "lift_load_t",
    "gear_load_t",
    "cover_load_t",
    "twin_load_t",
    "most_load_t",
}
"""Parameters that are compared with one another."""


def calibrations(problems: Problems, place: Place, value: object, site: Site) -> tuple[Calibration, ...]:
    """The calibrations of a terminal; what is wrong is noted.

    Args:
        problems: takes what is wrong.
        place: of the array.
        value: the array.
        site: the terminal, its parameters by type read already.
    """
    found: list[tuple[Place, Calibration]] = []
    for number, one in enumerate(problems.array(place, value)):
        here = (*place, number)
        calibration = _one(problems, here, problems.table(here, one))
        if calibration is not None:
            found.append((here, calibration))
    for (_, one), (here, other) in combinations(found, 2):
        _note_overlap(problems, found, one, other, here)
    done = tuple(one for _, one in found)
    for here, one in found:
        _note_contradictions(problems, here, one, replace(site, calibrations=done))
    return done


def _one(problems: Problems, place: Place, table: dict[str, Any]) -> Calibration | None:
    before = len(problems)
    problems.unknown(place, table, ("crane", "from", "until", *BY_KEY))
    crane = table.get("crane")
    if not isinstance(crane, str) or not IDENTIFIER.fullmatch(crane):
        problems.add((*place, "crane"), "give the crane's id: 1 to 64 of a-z, 0-9, '_' and '-'")
    from_us, until_us = validity(problems, place, table)
    changes = problems.changes(place, table)
    if not set(table) & set(BY_KEY):
        problems.add(place, f"this calibration changes nothing; give one of {', '.join(BY_KEY)}")
    if len(problems) > before:
        return None
    return Calibration(str(crane), from_us, until_us, changes)


def _note_overlap(
    problems: Problems, found: list[tuple[Place, Calibration]], one: Calibration, other: Calibration, here: Place
) -> None:
    """Note two values of one parameter at one time: which of them holds is not known."""
    same = sorted(set(one.changes) & set(other.changes))
    ends = [end for end in (one.until_us, other.until_us) if end is not None]
    if one.crane == other.crane and same and max(one.from_us, other.from_us) < min(ends, default=2**63):
        there = next(place for place, known in found if known is one)
        key = next(row.key for row in BY_KEY.values() if row.attribute == same[0])
        what = f"{key} of {other.crane} is given for the same time as on line {problems.line(there)}"
        problems.add((*here, key), f"{what}; end that one with until, or begin this one later")


def _note_contradictions(problems: Problems, place: Place, one: Calibration, site: Site) -> None:
    """Note values that contradict those that hold beside them, where one of them is changed."""
    if not set(one.changes) & COMPARED:
        return
    for at_us, parameters in site.parameter_history(one.crane, "STS"):
        before = len(problems)
        if one.holds(at_us):
            problems.contradictions(place, parameters)
        if len(problems) > before:
            return
