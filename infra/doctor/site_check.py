"""The site file, and what holds for each terminal."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC

import asyncpg

from infra.clock import from_us
from infra.database import connect
from infra.doctor.check import Check, fail, ok, warn
from infra.settings import Settings
from infra.site_file.local_clock import clock
from infra.site_file.reader import SHIPPED, SiteError, load
from processing.cranes.parameter_table import PARAMETERS
from processing.cranes.parameters import PARAMETERS_BY_TYPE, CraneParameters
from processing.model.times import ALWAYS_US
from processing.site.configuration import COUNTED, DEDUCTED, Calibration, Site


def checks(settings: Settings, now_us: int) -> Iterator[Check]:
    """One line for the file, one for each terminal, one for each calibration that holds now or later."""
    try:
        sites = load(settings.site)
    except SiteError as error:
        first, *problems = str(error).splitlines()
        advice = "correct the file that QUAYSTREAM_SITE names"
        if problems:
            advice = "change these lines; programs do not start until then"
        yield fail("site", first, advice)
        for problem in problems:
            yield fail("site", problem.strip(), "see docs/site.md")
        return
    yield ok(
        "site", f"{settings.site or SHIPPED}, {len(sites.own)} terminals" + ("" if settings.site else " (shipped)")
    )
    for site in (*sites.own.values(), sites.default):
        yield ok("site", _terminal(site))
        for one in site.calibrations:
            if one.until_us is None or one.until_us > now_us:
                yield ok("site", f"{site.terminal}/{one.crane}: {_calibration(one, now_us)}")


async def cranes(settings: Settings, url: str) -> AsyncIterator[Check]:
    """Calibrations of cranes that are not known: a mistyped id would have no effect, and nobody would see it."""
    try:
        sites = load(settings.site)
        connection = await connect(url, "quaystream-doctor")
    except (SiteError, OSError, TimeoutError, asyncpg.PostgresError):
        return  # reported already
    try:
        rows = await connection.fetch("SELECT terminal, device FROM device WHERE stream = 'crane' ORDER BY 1, 2")
    except asyncpg.PostgresError:
        return
    finally:
        await connection.close(timeout=5)
    known: dict[str, list[str]] = {}
    for terminal, crane in rows:
        known.setdefault(terminal, []).append(crane)
    for site in sites.own.values():
        there = known.get(site.terminal, [])
        for crane in sorted({one.crane for one in site.calibrations} - set(there)):
            seen = f"a calibration names crane {crane} of {site.terminal}, which has sent nothing so far"
            yield warn("site", seen, f"known there are {', '.join(there) or 'none'}")


def _terminal(site: Site) -> str:
    name = "other terminals" if site.terminal == "*" else site.terminal
    shifts = ", ".join(f"{shift.name} {clock(shift.begins_min)}" for shift in site.shifts)
    text = f"{name}: {site.time_zone}; shifts {shifts}"
    if site.counted != COUNTED:
        text += f"; counted {', '.join(sorted(site.counted)) or 'nothing'}"
    if site.deducted != DEDUCTED:
        text += f"; deducted {', '.join(sorted(site.deducted)) or 'nothing'}"
    if site.reefer_profiles:
        text += f"; reefer profiles {', '.join(profile.name for profile in site.reefer_profiles)}"
    for kind, parameters in sorted(site.parameters.items()):
        text += f"; {kind} {differences(parameters, PARAMETERS_BY_TYPE[kind]) or 'as built in'}"
    return text


def differences(parameters: CraneParameters, built_in: CraneParameters) -> str:
    """Parameters that differ, as the site file writes them."""
    return ", ".join(
        f"{row.key} {row.shown(getattr(parameters, row.attribute))}"
        for row in PARAMETERS
        if getattr(parameters, row.attribute) != getattr(built_in, row.attribute)
    )


def _calibration(one: Calibration, now_us: int) -> str:
    changes = ", ".join(
        f"{row.key} {row.shown(one.changes[row.attribute])}" for row in PARAMETERS if row.attribute in one.changes
    )
    begin = "" if one.from_us == ALWAYS_US else f" from {from_us(one.from_us).astimezone(UTC):%F %H:%M}Z"
    end = "" if one.until_us is None else f" until {from_us(one.until_us).astimezone(UTC):%F %H:%M}Z"
    return changes + begin + end + ("" if one.holds(now_us) else " (not yet)")
