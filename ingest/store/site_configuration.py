"""Site configurations in use, stored beside facts and KPI samples: where one has changed, these are recomputed."""

import logging
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

import msgspec

from infra import history
from infra.clock import from_us, to_us
from infra.connection import Connection
from infra.sql import blocks
from ingest.store import calibrations
from processing.alarms.table import FACTS
from processing.calls.call import VesselCall
from processing.kpi.definition import StaleKpis
from processing.model.device import NEVER_US, Device
from processing.model.times import ALWAYS_US
from processing.reefers.profile_table import stored
from processing.site.configuration import Site, Sites
from processing.streams import BY_NAME

log = logging.getLogger(__name__)
SQL = blocks(__file__, "site_configuration.sql")
PROFILES = "reefer_profiles"
"""Key of what facts of reefers depend on; absent where a terminal has no profiles of its own."""
ALARMS = "alarms"
"""Key of what alarms depend on; absent where a terminal changes nothing of it."""


async def note(connection: Connection, sites: Sites, terminals: Iterable[str]) -> None:
    """Store the configuration of new terminals.

    Raises:
        asyncpg.PostgresError, OSError, TimeoutError: the database does not answer.
    """
    for terminal in sorted(set(terminals)):
        await connection.execute(SQL["note"], terminal, to_json(sites.of(terminal)))


async def use(connection: Connection, sites: Sites, devices: Iterable[Device]) -> list[str]:
    """Store site configurations as those in use, and request that KPI samples, or facts, are recomputed by them.

    Where profiles of reefers differ, facts of the devices that they judge are recomputed; where anything else does, all
    KPI samples of the terminal.

    Args:
        connection: to the database.
        sites: what holds now.
        devices: all there are.

    Returns: terminals whose configuration differs from the one used before.

    Raises:
        asyncpg.PostgresError, OSError, TimeoutError: the database does not answer; nothing is stored.
    """
    of_terminal: dict[str, list[Device]] = {}
    for device in devices:
        of_terminal.setdefault(device.terminal, []).append(device)
    async with connection.transaction():
        used = {row["terminal"]: msgspec.json.decode(row["decisions"]) for row in await connection.fetch(SQL["used"])}
        await note(connection, sites, of_terminal.keys() - used.keys())
        changed = [
            one for one in sorted(of_terminal.keys() & used.keys()) if used[one] != _configuration(sites.of(one))
        ]
        for terminal in changed:
            await connection.execute(SQL["use"], terminal, to_json(sites.of(terminal)))
            before, now = used[terminal], _configuration(sites.of(terminal))
            if before.pop(PROFILES, []) != now.pop(PROFILES, []):
                for device in (one for one in of_terminal[terminal] if BY_NAME[one.stream].profiled):
                    await calibrations.mark_facts(connection, device, ALWAYS_US)
            if before.pop(ALARMS, None) != now.pop(ALARMS, None):
                await connection.execute(SQL["note_alarms"], terminal, sorted(FACTS))
            if before != now:
                await _mark(connection, terminal, of_terminal[terminal])
    for terminal in changed:
        log.info("the site configuration of %s has changed; what follows from it is recomputed", terminal)
    return changed


async def mark(connection: Connection, crane: Device) -> None:
    """Request that all KPI samples of a crane, its calls and its terminal are recomputed, since it is there."""
    if BY_NAME[crane.stream].works_calls and crane.first_us < NEVER_US:
        await _mark(connection, crane.terminal, [crane], from_us(crane.first_us))


async def _mark(connection: Connection, terminal: str, devices: list[Device], since: datetime | None = None) -> None:
    first = await connection.fetchval(SQL["first_sample"], terminal) if since is None else since
    if first is not None:
        calls = await history.calls(connection, [terminal], to_us(first), None)
        stale = sorted(all_kpis(devices, calls, to_us(first)))
        await connection.executemany(
            SQL["mark_kpis"], [(one.terminal, one.fact, one.subject, from_us(one.since_us)) for one in stale]
        )


def all_kpis(devices: Iterable[Device], calls: Iterable[VesselCall], since_us: int) -> set[StaleKpis]:
    """All KPIs that devices, and the calls that they work, have from a time on. [µs since 1970 UTC]."""
    found: set[StaleKpis] = set()
    worked: dict[tuple[str, str], set[str]] = {}
    for call in calls:
        for one in call.assignments:
            names = worked.setdefault((call.terminal, one.crane), set())
            names |= {name for name in (call.call_id, call.berth) if name is not None}
    for device in devices:
        presence = BY_NAME[device.stream].presence
        subjects = {device.terminal, *(presence.subjects(device) if presence is not None else ())}
        if BY_NAME[device.stream].works_calls:
            subjects |= worked.get((device.terminal, device.name), set())
        found |= {
            StaleKpis(device.terminal, fact, subject, since_us)
            for subject in subjects
            for fact in BY_NAME[device.stream].kpi_facts
        }
    return found


def to_json(site: Site) -> str:
    """The part of a site configuration that KPIs and facts depend on, as it is stored."""
    return msgspec.json.encode(_configuration(site)).decode()


def _configuration(site: Site) -> dict[str, Any]:
    found: dict[str, Any] = {
        "time_zone": site.time_zone,
        "shifts": [[shift.name, shift.begins_min] for shift in site.shifts],
        "counted": sorted(site.counted),
        "deducted": sorted(site.deducted),
    }
    if site.grid:
        found["grid"] = [[one.from_us, one.until_us, one.mg_per_kwh] for one in site.grid]
    if site.racks:
        found["racks"] = dict(site.racks)
    if site.alarms or site.racks or site.kpi_targets:
        targets = [asdict(one) for one in site.kpi_targets]
        found[ALARMS] = {"changes": site.alarms, "racks": site.racks, "kpi_targets": targets}
    return found | ({PROFILES: stored(site.reefer_profiles)} if site.reefer_profiles else {})
