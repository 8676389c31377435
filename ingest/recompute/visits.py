"""Truck visits made again from stored transactions: compared with those that are stored, or put right.

Which two passages are of one truck follows from the passages within two days; so visits of a long period are made a day
at a time.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from infra import history
from infra.clock import from_us, to_us
from infra.connection import Connection
from infra.facts.difference import difference
from infra.facts.rows import decode
from infra.facts.statements import statement
from infra.sql import blocks
from ingest.recompute.differences import Differences
from ingest.store.writer import Span
from processing.gates.facts import TRANSACTION, VISIT
from processing.gates.passages import REACH_US
from processing.gates.visits import VisitChange, Visits
from processing.model.device import Device
from processing.model.times import DAY_US, HOUR_US
from processing.streams import BY_NAME, STREAMS

SQL = blocks(__file__, "visits.sql")


@dataclass(frozen=True, slots=True)
class VisitsMade:
    """Visits of a terminal whose first passage began in a span: how many, and which are stored otherwise."""

    count: int
    changes: list[VisitChange]


async def event_times(connection: Connection) -> dict[str, int]:
    """Event time of each terminal: the newest sample's, where its clock is not ahead. [µs since 1970 UTC]."""
    newest: dict[str, int] = {}
    for stream in STREAMS.values():
        for terminal, time in await connection.fetch(SQL["event_times"].format(table=stream.table), stream.name):
            newest[terminal] = max(to_us(time), newest.get(terminal, 0))
    return newest


def terminals_with_lanes(devices: Iterable[Device]) -> list[str]:
    """Terminals of devices that are lanes."""
    return sorted({device.terminal for device in devices if VISIT in BY_NAME[device.stream].terminal_facts})


async def first_day(connection: Connection, terminal: str, span: Span) -> Span | None:
    """A day of a span, from the first transaction or visit on that began in it; None where there is none."""
    first = await connection.fetchval(SQL["first"], terminal, from_us(span.first_us), from_us(span.last_us))
    return None if first is None else Span(to_us(first), min(to_us(first) + DAY_US - 1, span.last_us))


async def make_visits(
    connection: Connection, terminal: str, devices: Collection[Device], span: Span, event_us: int
) -> VisitsMade:
    """Make the visits of a span, of at most some days, from stored transactions, beside those that are stored.

    Args:
        connection: to the database; one snapshot for all that is read.
        terminal: its id.
        devices: all devices, the terminal's lanes among them.
        span: first passages began in it.
        event_us: event time of the terminal. [µs since 1970 UTC]
    """
    end_us = span.last_us + 1
    found = Visits(terminal)
    found.now_us = event_us
    lanes = [one for one in devices if one.terminal == terminal and TRANSACTION in BY_NAME[one.stream].facts]
    around = span.first_us - REACH_US - HOUR_US, end_us + REACH_US + HOUR_US
    found.load(await history.transactions(connection, lanes, *around))
    after = found.between(span.first_us, end_us)
    rows = await connection.fetch(statement(VISIT, "between"), [terminal], from_us(span.first_us), from_us(end_us))
    before = {visit.key: visit for visit in decode(VISIT, rows)}
    changes = [VisitChange(before.get(key), after.get(key)) for key in sorted(before.keys() | after.keys())]
    return VisitsMade(len(before.keys() | after.keys()), [one for one in changes if one.before != one.after])


async def compare_visits(
    connection: Connection, devices: Collection[Device], terminals: Iterable[str], span: Span, found: Differences
) -> None:
    """Compare stored visits of terminals with those that stored transactions give."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):  # a worker may write meanwhile
        times_us = await event_times(connection)
        for terminal in terminals:
            part = await first_day(connection, terminal, span)
            while part is not None:
                made = await make_visits(connection, terminal, devices, part, times_us.get(terminal, 0))
                found.facts += made.count
                found.lines += map(_line, made.changes)
                part = await first_day(connection, terminal, Span(part.last_us + 1, span.last_us))


def _line(change: VisitChange) -> str:
    """What differs, in words."""
    before, after = change
    terminal, lane, arrived_us = change.key
    where = f"{terminal}/{lane}: truck visit of {from_us(arrived_us):%F %T.%f}"
    return difference(where, before, after)
