"""Appointments of trucks made again from announcements and stored transactions, or compared with those."""

import logging
from collections import defaultdict
from itertools import islice

from infra.clock import to_us
from infra.connection import Connection
from infra.facts.difference import difference
from infra.facts.rows import decode, encode_keys, encode_rows
from infra.facts.statements import selected, statement
from infra.sql import blocks
from ingest.recompute import counted
from ingest.recompute.counted import Facts
from ingest.recompute.differences import Differences
from ingest.store.failures import AWAY
from processing.engine import Engine
from processing.gates.appointments import TRUCK_APPOINTMENT, Arrival, settled

log = logging.getLogger(__name__)
SQL = {
    name: text.format(appointments=selected(TRUCK_APPOINTMENT.columns))
    for name, text in blocks(__file__, "appointments.sql").items()
}
AT_ONCE = 500
"""Appointments that are made in one transaction."""
Numbers = list[tuple[str, str]]
"""Terminals and numbers of appointments."""


async def step(engine: Engine, connection: Connection) -> bool:
    """Make some appointments again that are noted; whether there were any."""
    numbers = [(row["terminal"], row["appointment"]) for row in await connection.fetch(SQL["next"], AT_ONCE)]
    if not numbers:
        return False
    found: Facts = {}
    try:
        async with connection.transaction():
            found = await _make(connection, engine, numbers)
    except AWAY:
        raise
    except Exception:  # a defect must not come back for ever; `reprocess --check` finds what is left
        log.exception("appointments %s cannot be made; please report this", numbers[:5])
        await connection.executemany(SQL["take"], numbers)
        return True
    counted.enter(engine, TRUCK_APPOINTMENT, numbers, found.values())
    return True


async def _make(connection: Connection, engine: Engine, numbers: Numbers) -> Facts:
    await connection.executemany(SQL["take"], numbers)  # first: who writes a note later waits for us, and it stays
    stored, found = await _stored(connection, numbers), await _following(connection, numbers)
    removed = [one for key, one in stored.items() if key not in found]
    changed = [one for key, one in found.items() if stored.get(key) != one]
    if removed:
        await connection.executemany(statement(TRUCK_APPOINTMENT, "delete"), encode_keys(TRUCK_APPOINTMENT)(removed))
    if changed:
        await connection.executemany(statement(TRUCK_APPOINTMENT, "upsert"), encode_rows(TRUCK_APPOINTMENT)(changed))
    await counted.note(connection, engine, TRUCK_APPOINTMENT, stored, found)
    return found


async def _following(connection: Connection, numbers: Numbers) -> Facts:
    """What follows from announcements and transactions of appointments."""
    columns = [terminal for terminal, _ in numbers], [number for _, number in numbers]
    arrivals: dict[tuple[str, str], list[Arrival]] = defaultdict(list)
    for row in await connection.fetch(SQL["arrivals"], *columns):
        arrival = Arrival(to_us(row["arrived"]), to_us(row["passed"]), row["lane"])
        arrivals[row["terminal"], row["appointment"]].append(arrival)
    made = (
        settled(terminal, number, to_us(expected), arrivals[terminal, number])
        for terminal, number, expected in await connection.fetch(SQL["expected"], *columns)
    )
    return {one.key: one for one in made}


async def _stored(connection: Connection, numbers: Numbers) -> Facts:
    columns = [terminal for terminal, _ in numbers], [number for _, number in numbers]
    return {one.key: one for one in decode(TRUCK_APPOINTMENT, await connection.fetch(SQL["stored"], *columns))}


async def compare_appointments(connection: Connection, terminals: set[str], found: Differences) -> None:
    """Compare all appointments of terminals with those that follow; those that wait for the worker are left out."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):  # a worker may write meanwhile
        rows = await connection.fetch(SQL["all"], sorted(terminals))
        names = iter([(row["terminal"], row["appointment"]) for row in rows])
        while numbers := list(islice(names, AT_ONCE)):
            stored, expected = await _stored(connection, numbers), await _following(connection, numbers)
            found.facts += len(stored.keys() | expected.keys())
            for key in sorted(stored.keys() | expected.keys()):
                if stored.get(key) != expected.get(key):
                    where = f"{key[0]}: appointment {key[1]}"
                    found.lines.append(difference(where, stored.get(key), expected.get(key)))
