"""Facts read back from their tables."""

from datetime import datetime
from typing import Any

from infra.clock import from_us, from_us_or_none, to_us
from infra.sql import blocks
from processing.calls.attribution import GRACE_US
from processing.calls.call import Assignment, VesselCall
from processing.cranes.facts import CraneDelay, CraneMove
from processing.cranes.parameters import works_ships
from processing.facts.cranes import CraneFacts
from processing.facts.store import FactStore
from processing.gates.facts import GateTransaction, TruckVisit
from processing.kpi.horizon import WORK_US
from processing.kpi.terms.gates import LONGEST_VISIT_US
from processing.model.device import NEVER_US, Device
from processing.model.facts import DeviceFact, TerminalFact
from processing.model.level import LevelChange
from processing.model.times import HOUR_US
from processing.reefers.facts import ReeferExcursion
from processing.site.configuration import Site

SQL = blocks(__file__, "history.sql")
FOREVER_US = 2**53
"""Later than any fact: year 2255. [µs since 1970 UTC]"""
FOREVER = from_us(FOREVER_US)
KINDS: dict[str, list[tuple[str, type[Any]]]] = {
    "crane": [("moves", CraneMove), ("delays", CraneDelay), ("levels", LevelChange)],
    "gate": [("transactions", GateTransaction), ("levels", LevelChange)],
    "reefer": [("excursions", ReeferExcursion), ("levels", LevelChange)],
}
OPEN: tuple[tuple[str, type[Any]], ...] = (
    ("moves_unlocked", CraneMove),
    ("delays_held", CraneDelay),
    ("excursions_open", ReeferExcursion),
    ("levels_held", LevelChange),
)


async def of_device(connection: Any, device: Device, start_us: int, end_us: int | None) -> list[DeviceFact]:
    """Facts of a device whose key's time is in [start, end)."""
    until = FOREVER if end_us is None else from_us(end_us)
    facts: list[DeviceFact] = []
    for query, kind in KINDS[device.stream]:
        rows = await connection.fetch(SQL[query], [device.device_id], from_us(start_us), until)
        facts += [kind(*map(_plain, row.values())) for row in rows]
    return facts


async def visit(connection: Any, terminal: str, name: str) -> TruckVisit | None:
    """One visit, None where there is none."""
    row = await connection.fetchrow(SQL["visit"], terminal, name)
    return None if row is None else TruckVisit(*map(_plain, row.values()))


async def recent(
    connection: Any, devices: list[Device], since_us: int, until_us: int | None, calls: list[VesselCall]
) -> list[Any]:
    """Facts of devices that windows ending in [since, until] can see, visits of their terminals included.

    Args:
        connection: to the database.
        devices: whose facts.
        since_us: end of the first window. [µs since 1970 UTC]
        until_us: end of the last one; None: there is no later fact. [µs since 1970 UTC]
        calls: those over which there are windows.
    """
    until = FOREVER if until_us is None else from_us(until_us)
    ids = [device.device_id for device in devices]
    facts: list[Any] = await _open(connection, ids, work_since_us(since_us, calls), until)
    terminals = sorted({device.terminal for device in devices})
    rows = await connection.fetch(SQL["visits"], terminals, from_us(since_us - LONGEST_VISIT_US), until)
    return facts + [TruckVisit(*map(_plain, row.values())) for row in rows]


def work_since_us(since_us: int, calls: list[VesselCall]) -> int:
    """From when on windows over cranes' work need facts; arguments as of `recent`. [µs since 1970 UTC]."""
    begins = [call.begin_us - HOUR_US for call in calls if call.begin_us is not None]
    return min([since_us - WORK_US, *begins])


async def work(connection: Any, cranes: list[Device], since_us: int) -> list[Any]:
    """What cranes did from a time on, as windows see it that begin then."""
    return await _open(connection, [crane.device_id for crane in cranes], since_us, FOREVER)


async def _open(connection: Any, device_ids: list[int], since_us: int, until: datetime) -> list[Any]:
    facts: list[Any] = []
    for query, kind in OPEN:
        rows = await connection.fetch(SQL[query], device_ids, from_us(since_us), until)
        facts += [kind(*map(_plain, row.values())) for row in rows]
    return facts


async def fact_store(
    connection: Any, site: Site, terminal: str, devices: list[Device], since_us: int, until_us: int
) -> FactStore:
    """All facts that windows ending in [since, until] can see."""
    found = FactStore(terminal, site)
    by_id = {device.device_id: device for device in devices}
    for device in devices:
        if device.stream == "crane":
            yard = not works_ships(device.type)
            found.cranes[device.name] = CraneFacts(device.device_id, yard, device.first_us)
    seen = [device.first_us for device in devices if device.stream == "gate" and device.first_us < NEVER_US]
    found.gates_since_us = min(seen, default=None)
    told, others = await open_calls(connection, terminal, since_us - WORK_US, until_us)
    for call in told + others:
        found.put_call(call)
    enter(found, devices, await recent(connection, devices, since_us, until_us, told))
    for device_id, began_us, cause in await edits(connection, [device.device_id for device in devices]):
        found.cranes[by_id[device_id].name].edits[began_us] = cause
    found.listed = await listed(connection, terminal)
    return found


def enter(store: FactStore, devices: list[Device], facts: list[Any]) -> None:
    """Enter facts of devices in the fact store of their terminal."""
    names = {device.device_id: device.name for device in devices}
    for fact in facts:
        store.put("" if isinstance(fact, TerminalFact) else names[fact.device_id], fact)


async def open_calls(
    connection: Any, terminal: str, since_us: int, until_us: int | None
) -> tuple[list[VesselCall], list[VesselCall]]:
    """Calls of a terminal that last in [since, until], and those of before that say whose moves within them are not."""
    told = await calls(connection, [terminal], since_us, until_us)
    first_us = min([since_us, *(call.begin_us for call in told if call.begin_us is not None)]) - GRACE_US
    known = {call.call_id for call in told}
    older = await calls(connection, [terminal], first_us, until_us)
    return told, [call for call in older if call.call_id not in known]


async def calls(connection: Any, terminals: list[str] | None, since_us: int, until_us: int | None) -> list[VesselCall]:
    """Vessel calls of terminals, or of all, that last at some time of [since, until], in order of beginning.

    Without `until` also those that have not begun yet. One without a last line lasts 96 hours; one that tells no time
    at all begins when it was told.
    """
    rows = await connection.fetch(SQL["calls"], terminals, from_us(since_us), from_us_or_none(until_us))
    return [vessel_call(row) for row in rows]


def vessel_call(row: Any) -> VesselCall:
    """A call from a row: its fields in order, then its assignments as three arrays: crane, from and until."""
    values: Any = [_plain(value) for value in tuple(row.values())[:14]]
    told = zip(*values[11:], strict=True)
    values[11:] = [tuple(Assignment(crane, _plain(begin), _plain(end)) for crane, begin, end in told)]
    return VesselCall(*values)


async def moves(connection: Any, device_ids: list[int], since_us: int, until_us: int) -> list[CraneMove]:
    """Moves of cranes unlocked after one time and not after the other."""
    rows = await connection.fetch(SQL["moves_unlocked"], device_ids, from_us(since_us), from_us(until_us))
    return [CraneMove(*map(_plain, row.values())) for row in rows]


async def edits(connection: Any, device_ids: list[int], since_us: int = 0) -> list[tuple[int, int, str]]:
    """What people said last of stops that began since then: device id, beginning of the stop, cause."""
    rows = await connection.fetch(SQL["edits"], device_ids, from_us(since_us))
    return [(row["device_id"], to_us(row["began_at"]), row["cause"]) for row in rows]


async def listed(connection: Any, terminal: str) -> dict[str, int]:
    """How many boxes the terminal operating system's list of each call has, where one was imported."""
    return {row["call_id"]: row["boxes"] for row in await connection.fetch(SQL["listed"], terminal)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return to_us(value)
    return tuple(value) if isinstance(value, list) else value
