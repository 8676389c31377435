"""The site file: what terminals have decided for themselves, read and checked as a whole; see docs/site.md."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from infra.clock import from_us
from infra.site_file.calibrations import calibrations
from infra.site_file.problems import Problems, near
from processing.cranes.causes import BY_ID
from processing.cranes.facts import MoveKind
from processing.cranes.parameter_table import BY_KEY
from processing.cranes.parameters import PARAMETERS_BY_TYPE, CraneParameters
from processing.model.errors import SettingsError
from processing.model.topics import IDENTIFIER
from processing.site.configuration import MINUTE_US, Shift, Site, Sites

SHIPPED = Path(__file__).with_name("site.toml")
SHARED = ("time_zone", "shifts", "counted_moves", "deducted_causes", "rules")
"""Keys of [default], and of a terminal's table."""
STEP_MIN = 15
"""Offsets of time zones, and with them days and shifts, are multiples of this. [min]"""
MOST_SHIFTS = 24


class SiteError(SettingsError):
    """The site file does not make sense; the message lists every problem with its line."""


def load(path: Path | None) -> Sites:
    """Read a site file; None: the one that is shipped.

    Raises:
        SiteError: lists all problems of the file, one a line; nothing of it holds.
    """
    path = SHIPPED if path is None else path
    try:
        return read(path.read_text("utf-8"), str(path))
    except OSError as error:
        raise SiteError(f"the site file {path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SiteError(f"the site file {path} is not UTF-8: {error}") from error


def read(text: str, name: str) -> Sites:
    """The same from a text.

    Args:
        text: the file.
        name: how messages call it.

    Raises:
        SiteError: as `load`.
    """
    try:
        told = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SiteError(f"the site file {name} is no TOML: {error or 'nested too deeply'}") from error
    problems = Problems(name, text)
    sites = _Reader(problems).sites(told)
    if len(problems):
        listed = "\n  ".join(problems.told())
        raise SiteError(f"the site file needs a change; nothing of it holds until then:\n  {listed}")
    return sites


class _Reader:
    """Makes sites from tables; what is wrong is noted, and left out."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems

    def sites(self, told: dict[str, Any]) -> Sites:
        self._problems.unknown((), told, ("default", "terminal"))
        default = self._shared(Site(), self._problems.table(("default",), told.get("default", {})), ("default",))
        own: dict[str, Site] = {}
        for terminal, table in self._problems.table(("terminal",), told.get("terminal", {})).items():
            place = ("terminal", terminal)
            if not IDENTIFIER.fullmatch(terminal):
                self._problems.add(place, "a terminal's id is 1 to 64 of a-z, 0-9, '_' and '-'")
            own[terminal] = self._terminal(replace(default, terminal=terminal), table, place)
        return Sites(default, own)

    def _terminal(self, site: Site, told: object, place: tuple[str, ...]) -> Site:
        table = self._problems.table(place, told)
        site = self._shared(site, table, place, more=("calibration",))
        found = calibrations(self._problems, (*place, "calibration"), table.get("calibration", []), site)
        return replace(site, calibrations=found)

    def _shared(self, site: Site, table: dict[str, Any], place: tuple[str, ...], more: tuple[str, ...] = ()) -> Site:
        """A site with what a table says laid over it."""
        self._problems.unknown(place, table, (*SHARED, *more))
        changes: dict[str, Any] = {}
        if "time_zone" in table:
            changes |= self._zone((*place, "time_zone"), table["time_zone"])
        if "shifts" in table:
            changes["shifts"] = self._shifts((*place, "shifts"), table["shifts"])
        for key, attribute, known in (
            ("counted_moves", "counted", get_args(MoveKind)),
            ("deducted_causes", "deducted", tuple(BY_ID)),
        ):
            if key in table:
                changes[attribute] = self._words((*place, key), table[key], known)
        if "rules" in table:
            changes["rules"] = {**site.rules, **self._rules((*place, "rules"), table["rules"], site)}
        return replace(site, **changes)

    def _zone(self, place: tuple[str, ...], told: object) -> dict[str, Any]:
        try:
            return {"time_zone": told, "offset_us": offset(ZoneInfo(str(told)))}
        except (ZoneInfoNotFoundError, ValueError, OSError):
            hint = near(told, tuple(available_timezones()), "write an IANA name such as America/Lima, or UTC")
            self._problems.add(place, f"{told!r} is no time zone; {hint}")
            return {}

    def _words(self, place: tuple[str, ...], told: object, known: tuple[str, ...]) -> frozenset[str]:
        words = self._problems.array(place, told)
        for number, word in enumerate(words):
            if word not in known:
                self._problems.add((*place, number), f"{word!r} is not known; {near(word, known)}")
        return frozenset(word for word in words if isinstance(word, str))

    def _shifts(self, place: tuple[str, ...], told: object) -> tuple[Shift, ...]:
        found: list[Shift] = []
        tables = self._problems.array(place, told)
        if not 1 <= len(tables) <= MOST_SHIFTS:
            self._problems.add(place, f"there must be 1 to {MOST_SHIFTS} shifts")
        for number, one in enumerate(tables):
            shift = self._shift((*place, number), one)
            if shift is None:
                continue
            if shift.name in [before.name for before in found]:
                self._problems.add((*place, number), f"the name {shift.name!r} stands twice; give each shift its own")
            if found and shift.begins_min <= found[-1].begins_min:
                seen = f"{clock(shift.begins_min)} is not after {clock(found[-1].begins_min)} of the shift before"
                self._problems.add((*place, number, "begins"), f"{seen}; list shifts by the time at which they begin")
            found.append(shift)
        return tuple(found)

    def _shift(self, place: tuple[str | int, ...], told: object) -> Shift | None:
        table = self._problems.table(place, told)
        self._problems.unknown(place, table, ("name", "begins"))
        name, begins = table.get("name"), table.get("begins")
        if not isinstance(name, str) or not IDENTIFIER.fullmatch(name):
            self._problems.add((*place, "name"), "give a name of 1 to 64 of a-z, 0-9, '_' and '-'")
            name = ""
        try:
            return Shift(name or f"shift {place[-1]}", minutes(begins))
        except ValueError as error:
            self._problems.add((*place, "begins"), str(error))
            return None

    def _rules(self, place: tuple[str, ...], told: object, site: Site) -> dict[str, CraneParameters]:
        found: dict[str, CraneParameters] = {}
        for kind, one in self._problems.table(place, told).items():
            here = (*place, kind)
            if kind not in PARAMETERS_BY_TYPE:
                self._problems.add(here, f"{kind!r} is no type of crane; {near(kind, tuple(PARAMETERS_BY_TYPE))}")
                continue
            table = self._problems.table(here, one)
            self._problems.unknown(here, table, tuple(BY_KEY))
            found[kind] = replace(site.rules_of(kind), **self._problems.changes(here, table))
            self._problems.contradictions(here, found[kind])
        return found


def minutes(told: object) -> int:
    """A local time as it is written. [min since midnight].

    Raises:
        ValueError: it is none, or no multiple of 15 min.
    """
    hours, sign, rest = str(told).partition(":")
    if not isinstance(told, str) or not sign or not (hours + rest).isdigit() or (len(hours), len(rest)) != (2, 2):
        raise ValueError(f'{told!r} is no local time; write it as "07:00"')
    found = int(hours) * 60 + int(rest)
    if int(hours) > 23 or int(rest) > 59:
        raise ValueError(f"{told!r} is no time of a day; write 00:00 to 23:45")
    if found % STEP_MIN:
        low = found - found % STEP_MIN
        raise ValueError(f"{told!r} is no multiple of {STEP_MIN} min; write {clock(low)} or {clock(low + STEP_MIN)}")
    return found


def clock(minute: int) -> str:
    """Minutes since midnight as a clock shows them."""
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def offset(zone: ZoneInfo) -> Callable[[int], int]:
    """A function that gives local time less UTC, at a UTC time; both in µs."""

    @lru_cache(maxsize=4096)
    def of_step(step: int) -> int:  # clocks are changed at multiples of 15 min
        local = from_us(step * STEP_MIN * MINUTE_US).astimezone(zone)
        return (local.utcoffset() or timedelta()) // timedelta(microseconds=1)

    return lambda time_us: of_step(time_us // (STEP_MIN * MINUTE_US))
