"""Profiles of reefers in the site file: when a box is out of range, by cargo or booking."""

from dataclasses import replace
from typing import Any

from infra.site_file.problems import Problems, near
from infra.site_file.toml_lines import Place
from processing.containers.iso6346 import normalise, problem
from processing.model.topics import IDENTIFIER
from processing.reefers.profile_table import BASES, BY_KEY, OTHER_KEYS, SETPOINT_RANGE_DEGC
from processing.reefers.profiles import ReeferProfile


def profiles(problems: Problems, place: Place, value: object) -> tuple[ReeferProfile, ...]:
    """The profiles of a terminal, in their order; what is wrong is noted, and left out.

    Args:
        problems: takes what is wrong.
        place: of the array.
        value: the array.
    """
    found: list[ReeferProfile] = []
    for number, one in enumerate(problems.array(place, value)):
        here = (*place, number)
        profile = _one(problems, here, problems.table(here, one))
        if profile is None:
            continue
        if profile.name in [before.name for before in found]:
            problems.add((*here, "name"), f"the name {profile.name!r} stands twice; give each profile its own")
        booked = {box for before in found for box in before.containers} & profile.containers
        if booked:
            problems.add((*here, "containers"), f"{min(booked)} has a profile already; a box has one booking")
        found.append(profile)
    return tuple(found)


def _one(problems: Problems, place: Place, table: dict[str, Any]) -> ReeferProfile | None:
    before = len(problems)
    problems.unknown(place, table, (*OTHER_KEYS, *BY_KEY))
    name, probe = table.get("name"), table.get("probe")
    if not isinstance(name, str) or not IDENTIFIER.fullmatch(name):
        problems.add((*place, "name"), "give a name of 1 to 64 of a-z, 0-9, '_' and '-'")
    if probe not in BASES:
        problems.add((*place, "probe"), f"{probe!r} is no probe; {near(probe, tuple(BASES))}")
    below = table.get("below_counts")
    if "below_counts" in table and not isinstance(below, bool):
        problems.add((*place, "below_counts"), f"{below!r} must be true or false")
    setpoints = _setpoints(problems, (*place, "setpoints_degc"), table.get("setpoints_degc"))
    containers = _containers(problems, (*place, "containers"), table.get("containers", []))
    if not {"setpoints_degc", "containers"} & table.keys():
        problems.add(place, "this profile is for no box; give setpoints_degc or containers")
    booked = table.get("booked_degc")
    if booked is not None and not (_plausible(booked) and "containers" in table):
        low_degc, high_degc = SETPOINT_RANGE_DEGC
        what = f"{booked!r} must be a number from {low_degc:g} to {high_degc:g}, beside containers"
        problems.add((*place, "booked_degc"), f"{what}: the setpoint that is booked for them")
    figures = _figures(problems, place, table)
    if len(problems) > before:
        return None
    base = BASES[str(probe)]
    made = replace(base, name=str(name), setpoints_degc=setpoints, containers=containers, **figures)
    made = made if probe == base.probe else replace(made, probe="both")
    made = made if below is None else replace(made, below_counts=below)
    made = made if booked is None else replace(made, booked_degc=float(booked))
    if made.hysteresis_k > made.tolerance_k:
        what = f"hysteresis_k {made.hysteresis_k:g} is more than tolerance_k {made.tolerance_k:g}"
        key = "hysteresis_k" if "hysteresis_k" in table else "tolerance_k"
        problems.add((*place, key), f"{what}: no air could ever come back into range")
        return None
    return made


def _figures(problems: Problems, place: Place, table: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, row in BY_KEY.items():
        try:
            if key in table:
                found[row.attribute] = row.value(table[key])
        except ValueError as error:
            problems.add((*place, key), f"{error}: {row.text}")
    return found


def _setpoints(problems: Problems, place: Place, value: object) -> tuple[float, float] | None:
    """Lowest and highest setpoint. [°C]."""
    if value is None:
        return None
    low_degc, high_degc = SETPOINT_RANGE_DEGC
    numbers = [one for one in value if _plausible(one)] if isinstance(value, list) else []
    if len(numbers) != 2 or not isinstance(value, list) or len(value) != 2 or numbers[0] > numbers[1]:
        example = f"from {low_degc:g} to {high_degc:g}, such as [-1.0, 1.0]"
        problems.add(place, f"{value!r} must be lowest and highest setpoint, {example}")
        return None
    return float(numbers[0]), float(numbers[1])


def _plausible(value: object) -> bool:
    low_degc, high_degc = SETPOINT_RANGE_DEGC
    return isinstance(value, int | float) and not isinstance(value, bool) and low_degc <= value <= high_degc


def _containers(problems: Problems, place: Place, value: object) -> frozenset[str]:
    found: set[str] = set()
    for number, one in enumerate(problems.array(place, value)):
        box = normalise(one) if isinstance(one, str) else ""
        wrong = problem(box) if box else "is no container number"
        if wrong is None:
            found.add(box)
        else:
            problems.add((*place, number), f"{one!r} {wrong}")
    return frozenset(found)
