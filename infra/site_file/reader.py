"""The site file: the site configuration of all terminals, read and checked as a whole; see docs/site.md."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from infra.site_file.alarm_reader import alarms, kpi_targets, racks, webhooks
from infra.site_file.calibration_reader import calibrations
from infra.site_file.energy_reader import grid
from infra.site_file.local_clock import clock, minutes, offset
from infra.site_file.party_reader import party
from infra.site_file.problems import Problems, near
from infra.site_file.profile_reader import profiles
from infra.site_file.schedule_reader import schedules
from infra.site_file.toml_lines import Place
from processing.cranes.causes import BY_ID
from processing.cranes.facts import MoveKind
from processing.cranes.parameter_table import BY_KEY
from processing.cranes.parameters import PARAMETERS_BY_TYPE, CraneParameters
from processing.model.errors import SettingsError
from processing.model.topics import IDENTIFIER
from processing.site.configuration import Shift, Site, Sites

SHIPPED = Path(__file__).with_name("site.toml")
SHARED = (
    "time_zone",
    "shifts",
    "counted_moves",
    "deducted_causes",
    "rules",
    "reefer_profile",
    "alarm",
    "kpi_target",
    "grid",
    "dcsa",
)
"""Keys of [default], and of a terminal's table."""
PARTS: dict[str, tuple[str, Callable[[Problems, Place, object], Any]]] = {
    "reefer_profile": ("reefer_profiles", profiles),
    "kpi_target": ("kpi_targets", kpi_targets),
    "grid": ("grid", grid),
    "dcsa": ("party", party),
}
"""Attribute of a site and reader of a key that stands for itself."""
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
        tables = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SiteError(f"the site file {name} is no TOML: {error or 'nested too deeply'}") from error
    problems = Problems(name, text)
    sites = _Reader(problems).sites(tables)
    if len(problems):
        listed = "\n  ".join(problems.lines())
        raise SiteError(f"the site file needs a change; nothing of it holds until then:\n  {listed}")
    return sites


class _Reader:
    """Makes sites from tables; what is wrong is noted, and left out."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems

    def sites(self, tables: dict[str, Any]) -> Sites:
        self._problems.unknown((), tables, ("default", "terminal", "schedule", "webhook"))
        default = self._shared(Site(), self._problems.table(("default",), tables.get("default", {})), ("default",))
        own: dict[str, Site] = {}
        for terminal, table in self._problems.table(("terminal",), tables.get("terminal", {})).items():
            place = ("terminal", terminal)
            if not IDENTIFIER.fullmatch(terminal):
                self._problems.add(place, "a terminal's id is 1 to 64 of a-z, 0-9, '_' and '-'")
            own[terminal] = self._terminal(replace(default, terminal=terminal), table, place)
        hooks = webhooks(self._problems, tables.get("webhook", []))
        return Sites(default, own, schedules(self._problems, tables.get("schedule", [])), hooks)

    def _terminal(self, site: Site, value: object, place: tuple[str, ...]) -> Site:
        table = self._problems.table(place, value)
        site = self._shared(site, table, place, more=("calibration", "rack"))
        found = calibrations(self._problems, (*place, "calibration"), table.get("calibration", []), site)
        of_racks = racks(self._problems, (*place, "rack"), table.get("rack", {}))
        return replace(site, calibrations=found, racks=of_racks)

    def _shared(self, site: Site, table: dict[str, Any], place: tuple[str, ...], more: tuple[str, ...] = ()) -> Site:
        """A site, and what a table sets instead."""
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
        for key, (attribute, read_part) in PARTS.items():
            if key in table:
                changes[attribute] = read_part(self._problems, (*place, key), table[key])
        if "alarm" in table:
            changes["alarms"] = {**site.alarms, **alarms(self._problems, (*place, "alarm"), table["alarm"])}
        if "rules" in table:
            changes["parameters"] = {**site.parameters, **self._parameters((*place, "rules"), table["rules"], site)}
        return replace(site, **changes)

    def _zone(self, place: tuple[str, ...], value: object) -> dict[str, Any]:
        try:
            return {"time_zone": value, "offset_us": offset(ZoneInfo(str(value)))}
        except (ZoneInfoNotFoundError, ValueError, OSError):
            hint = near(value, tuple(available_timezones()), "write an IANA name such as America/Lima, or UTC")
            self._problems.add(place, f"{value!r} is no time zone; {hint}")
            return {}

    def _words(self, place: tuple[str, ...], value: object, known: tuple[str, ...]) -> frozenset[str]:
        words = self._problems.array(place, value)
        for number, word in enumerate(words):
            if word not in known:
                self._problems.add((*place, number), f"{word!r} is not known; {near(word, known)}")
        return frozenset(word for word in words if isinstance(word, str))

    def _shifts(self, place: tuple[str, ...], value: object) -> tuple[Shift, ...]:
        found: list[Shift] = []
        tables = self._problems.array(place, value)
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

    def _shift(self, place: tuple[str | int, ...], value: object) -> Shift | None:
        table = self._problems.table(place, value)
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

    def _parameters(self, place: tuple[str, ...], value: object, site: Site) -> dict[str, CraneParameters]:
        found: dict[str, CraneParameters] = {}
        for kind, one in self._problems.table(place, value).items():
            here = (*place, kind)
            if kind not in PARAMETERS_BY_TYPE:
                self._problems.add(here, f"{kind!r} is no type of crane; {near(kind, tuple(PARAMETERS_BY_TYPE))}")
                continue
            table = self._problems.table(here, one)
            self._problems.unknown(here, table, tuple(BY_KEY))
            found[kind] = replace(site.parameters_of(kind), **self._problems.changes(here, table))
            self._problems.contradictions(here, found[kind])
        return found
