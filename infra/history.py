"""Facts read back from their tables."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from infra.clock import from_us, from_us_or_none, to_us
from infra.connection import Connection, Record
from infra.facts.rows import decode
from infra.facts.statements import seen, statement
from infra.sql import blocks
from processing.calls.attribution import GRACE_US
from processing.calls.call import Assignment, VesselCall
from processing.containers.stays import CONTAINER_STAY, STAY
from processing.cranes.facts import MOVE, CraneDelay, CraneMove
from processing.energy.facts import ENERGY, ENERGY_KINDS
from processing.facts.store import FactStore
from processing.facts.transport import concerned_us, undecided
from processing.gates.appointments import APPOINTMENT, TRUCK_APPOINTMENT
from processing.gates.facts import TRANSACTION, VISIT, GateTransaction
from processing.gates.passages import LONGEST_VISIT_US
from processing.kpi.horizon import WORK_US
from processing.model.device import Device
from processing.model.fact_type import FactType
from processing.model.facts import DeviceFact, FactKind, TerminalFact
from processing.model.spans import joined
from processing.model.times import HOUR_US
from processing.site.configuration import Site
from processing.streams import BY_NAME, DEVICE_FACTS
from processing.vehicles.facts import TRIP

SQL = blocks(__file__, "history.sql")
CALL_PARTS = {name: SQL[name] for name in ("call_columns", "call_rows")}
"""What queries of calls have in common, for `vessel_call`."""
CALLS_SQL = SQL["calls"].format_map(CALL_PARTS)
FOREVER_US = 2**53
"""Later than any fact: year 2255. [µs since 1970 UTC]"""
FOREVER = from_us(FOREVER_US)
COUNTED = frozenset({STAY, APPOINTMENT})
"""Kinds of facts that are about boxes and trucks, not about devices."""


async def of_device(connection: Connection, device: Device, start_us: int, end_us: int | None) -> list[DeviceFact]:
    """Facts of a device whose key's time is in [start, end)."""
    until = FOREVER if end_us is None else from_us(end_us)
    facts: list[DeviceFact] = []
    for one in BY_NAME[device.stream].facts:
        rows = await connection.fetch(statement(one, "between"), [device.device_id], from_us(start_us), until)
        facts += decode(one, rows)
    return facts


async def transactions(
    connection: Connection, devices: list[Device], since_us: int, until_us: int | None
) -> list[tuple[str, GateTransaction]]:
    """Transactions, with their lanes, of those of a terminal's devices that are lanes, begun in [since, until)."""
    lanes = {device.device_id: device.name for device in devices if TRANSACTION in BY_NAME[device.stream].facts}
    until = FOREVER if until_us is None else from_us(until_us)
    rows = await connection.fetch(statement(TRANSACTION, "between"), list(lanes), from_us(since_us), until)
    return [(lanes[one.device_id], one) for one in decode(TRANSACTION, rows)]


async def recent(
    connection: Connection,
    devices: list[Device],
    since_us: int,
    until_us: int | None,
    calls: list[VesselCall],
    leave_out: Collection[FactType[Any]] = (),
) -> list[Any]:
    """Facts of devices that windows ending in [since, until] can see, visits of their terminals included.

    Args:
        connection: to the database.
        devices: whose facts.
        since_us: end of the first window. [µs since 1970 UTC]
        until_us: end of the last one; None: there is no later fact. [µs since 1970 UTC]
        calls: those over which there are windows.
        leave_out: types of facts that are not read.
    """
    until = FOREVER if until_us is None else from_us(until_us)
    first_us = work_since_us(since_us, calls)
    facts = await _seen(connection, devices, first_us, until, leave_out)
    last_us = FOREVER_US if until_us is None else until_us
    facts = await _deciding(connection, devices, facts, first_us, last_us) + facts
    terminals = sorted({device.terminal for device in devices})
    rows = await connection.fetch(seen(VISIT), terminals, from_us(since_us - LONGEST_VISIT_US), until)
    return facts + decode(VISIT, rows)


async def load_counted(
    connection: Connection, store: FactStore, since_us: int, until_us: int | None, kinds: Collection[FactKind]
) -> None:
    """Stays and appointments of a terminal that windows ending in [since, until] can see; None: all later ones too."""
    after, until = from_us(since_us - WORK_US), FOREVER if until_us is None else from_us(until_us)
    if STAY in kinds:
        rows = await connection.fetch(seen(CONTAINER_STAY), [store.terminal], after, until)
        store.stays.load(decode(CONTAINER_STAY, rows), since_us - WORK_US)
    if APPOINTMENT in kinds:
        rows = await connection.fetch(seen(TRUCK_APPOINTMENT), [store.terminal], after, until)
        store.appointments.load(decode(TRUCK_APPOINTMENT, rows), since_us - WORK_US)


def work_since_us(since_us: int, calls: list[VesselCall]) -> int:
    """From when on windows over cranes' work need facts; arguments as of `recent`. [µs since 1970 UTC]."""
    begins = [call.begin_us - HOUR_US for call in calls if call.begin_us is not None]
    return min([since_us - WORK_US, *begins])


async def work(connection: Connection, cranes: list[Device], vehicles: list[Device], since_us: int) -> list[Any]:
    """What cranes did from a time on, as windows see it that begin then, with what vehicles decide over it."""
    facts = await _seen(connection, cranes, since_us, FOREVER)
    return await _deciding(connection, vehicles, facts, FOREVER_US, FOREVER_US) + facts


async def _deciding(
    connection: Connection, devices: list[Device], facts: list[Any], since_us: int, until_us: int
) -> list[Any]:
    """Moves and trips that decide over causes of delays, where windows of [since, until] may not see all of them."""
    vehicles = [device.device_id for device in devices if TRIP in BY_NAME[device.stream].facts]
    found: list[Any] = []
    spans_us = []
    for delay in facts if vehicles else ():
        if isinstance(delay, CraneDelay) and undecided(delay):
            begin_us, end_us = concerned_us(delay)
            if begin_us < since_us or end_us > until_us:
                found += await moves(connection, [delay.device_id], begin_us, delay.began_us)
                spans_us.append((begin_us, end_us))
    for begin_us, end_us in joined(spans_us):  # delays of many cranes at once: the same trips decide over them
        found += decode(TRIP, await connection.fetch(seen(TRIP), vehicles, from_us(begin_us), from_us(end_us)))
    return found


async def _seen(
    connection: Connection,
    devices: list[Device],
    since_us: int,
    until: datetime,
    leave_out: Collection[FactType[Any]] = (),
) -> list[Any]:
    facts: list[Any] = []
    for one in sorted(DEVICE_FACTS, key=lambda one: one is not TRIP):  # a trip costs more beside delays
        ids = [device.device_id for device in devices if one in BY_NAME[device.stream].facts]
        if ids and one.seen is not None and one not in leave_out:
            facts += decode(one, await connection.fetch(seen(one), ids, from_us(since_us), until))
    return facts


async def fact_store(
    connection: Connection,
    site: Site,
    terminal: str,
    devices: list[Device],
    since_us: int,
    until_us: int,
    kinds: Collection[FactKind],
) -> FactStore:
    """The facts that windows ending in [since, until] can see.

    Args:
        connection: to the database.
        site: configuration of the terminal.
        terminal: its id.
        devices: all of it.
        since_us: end of the first window. [µs since 1970 UTC]
        until_us: end of the last one. [µs since 1970 UTC]
        kinds: of facts that the KPIs are made from: others than what devices do are read for these only, and energy.
    """
    leave_out = () if ENERGY_KINDS.intersection(kinds) else (ENERGY,)
    found = FactStore(terminal, site)
    names = {device.device_id: device.name for device in devices}
    for device in devices:
        presence = BY_NAME[device.stream].presence
        if presence is not None:
            presence.enter(found, device)
    await load_counted(connection, found, since_us, until_us, kinds)
    if COUNTED.issuperset(kinds):
        return found
    seen_calls, others = await open_calls(connection, terminal, since_us - WORK_US, until_us)
    for call in seen_calls + others:
        found.put_call(call)
    enter(found, devices, await recent(connection, devices, since_us, until_us, seen_calls, leave_out))
    for device_id, began_us, cause in await edits(connection, list(names)):
        found.cranes[names[device_id]].edits[began_us] = cause
    found.listed = await listed(connection, terminal)
    return found


def enter(store: FactStore, devices: list[Device], facts: list[Any]) -> None:
    """Enter facts of devices in the fact store of their terminal."""
    names = {device.device_id: device.name for device in devices}
    for fact in facts:
        store.put("" if isinstance(fact, TerminalFact) else names[fact.device_id], fact)


async def open_calls(
    connection: Connection, terminal: str, since_us: int, until_us: int | None
) -> tuple[list[VesselCall], list[VesselCall]]:
    """Calls of a terminal that last in [since, until], and earlier ones to which moves within those may belong."""
    found = await calls(connection, [terminal], since_us, until_us)
    first_us = min([since_us, *(call.begin_us for call in found if call.begin_us is not None)]) - GRACE_US
    known = {call.call_id for call in found}
    older = await calls(connection, [terminal], first_us, until_us)
    return found, [call for call in older if call.call_id not in known]


async def calls(
    connection: Connection, terminals: list[str] | None, since_us: int, until_us: int | None
) -> list[VesselCall]:
    """Vessel calls of terminals, or of all, that last at some time of [since, until], in order of beginning.

    Without `until` also those that have not begun yet. One without a last line lasts 96 hours; one without any time
    begins when it was received.
    """
    rows = await connection.fetch(CALLS_SQL, terminals, from_us(since_us), from_us_or_none(until_us))
    return [vessel_call(row) for row in rows]


def vessel_call(row: Record) -> VesselCall:
    """A call from a row: its fields in order, then its assignments as three arrays: crane, from and until."""
    values: Any = [_plain(value) for value in tuple(row.values())[:14]]
    assigned = zip(*values[11:], strict=True)
    values[11:] = [tuple(Assignment(crane, _plain(begin), _plain(end)) for crane, begin, end in assigned)]
    return VesselCall(*values)


async def moves(connection: Connection, device_ids: list[int], since_us: int, until_us: int) -> list[CraneMove]:
    """Moves of cranes unlocked after one time and not after the other."""
    return decode(MOVE, await connection.fetch(seen(MOVE), device_ids, from_us(since_us), from_us(until_us)))


async def edits(connection: Connection, device_ids: list[int], since_us: int = 0) -> list[tuple[int, int, str]]:
    """Causes that people have stated of delays that began since then: device id, beginning of the delay, cause."""
    rows = await connection.fetch(SQL["edits"], device_ids, from_us(since_us))
    return [(row["device_id"], to_us(row["began_at"]), row["cause"]) for row in rows]


async def listed(connection: Connection, terminal: str) -> dict[str, int]:
    """How many boxes the terminal operating system's list of each call has, where one was imported."""
    return {row["call_id"]: row["boxes"] for row in await connection.fetch(SQL["listed"], terminal)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return to_us(value)
    return tuple(value) if isinstance(value, list) else value
