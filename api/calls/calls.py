"""Vessel calls as the database has them, with what is odd about them."""

import asyncio
import json
from datetime import timedelta
from typing import Annotated

from msgspec import Meta, Struct, field

from api.calls.answers import PortCall, PortCalls, port_call
from api.calls.neighbours import Neighbours, neighbours
from api.calls.queries import SQL
from api.database.database import Database
from api.http.context import Context
from api.http.errors import NotFoundError
from api.http.parameters import Id, Limit, Moment, TerminalId
from api.http.spans import span
from infra.clock import utc_now
from infra.connection import Record
from infra.history import vessel_call
from processing.calls.call import VesselCall
from processing.calls.reading import remarks

AHEAD, BACK, LONGEST = timedelta(days=14), timedelta(days=21), timedelta(days=366)

CallId = Annotated[Id, Meta(description="id of a vessel call, for example b1-001")]


class CallsQuery(Struct, frozen=True):
    """Which calls of a span of time."""

    terminal: TerminalId | None = None
    begin: Annotated[Moment, Meta(description="start, a time; 21 days before `to` when left out")] | None = field(
        default=None, name="from"
    )
    end: Annotated[Moment, Meta(description="end, a time; in 14 days when left out")] | None = field(
        default=None, name="to"
    )
    limit: Limit = 100


class CallPath(Struct, frozen=True):
    """One call."""

    terminal: TerminalId
    call_id: CallId


async def calls(context: Context[CallsQuery, None]) -> Struct:
    """Calls that last at some time of a span."""
    query, database = context.query, context.database
    wanted = span(query.begin, query.end, utc_now() + AHEAD, BACK, LONGEST)
    rows = await database.fetch(SQL["calls"], query.terminal, wanted.begin, wanted.end, query.limit)
    found = [vessel_call(row) for row in rows]
    beside = await neighbours(database, query.terminal, found)
    answers = []
    for row, one in zip(rows, found, strict=True):
        answers.append(port_call(one, _problems(beside, one, row), row["received_at"]))
        await asyncio.sleep(0)
    return PortCalls(answers)


async def call_of(context: Context[CallPath, None]) -> Struct:
    """One call."""
    return await stored(context.database, context.query.terminal, context.query.call_id)


async def stored(database: Database, terminal: str, call_id: str) -> PortCall:
    """A call as the database has it.

    Raises:
        NotFoundError: there is none.
    """
    rows = await database.fetch(SQL["call"], terminal, call_id)
    if not rows:
        raise NotFoundError(f"terminal {terminal} has no call {call_id}; /api/v1/calls?terminal={terminal} lists them")
    found = vessel_call(rows[0])
    beside = await neighbours(database, terminal, [found])
    return port_call(found, _problems(beside, found, rows[0]), rows[0]["received_at"])


def _problems(beside: Neighbours, call: VesselCall, row: Record) -> list[str]:
    return [flag.text for flag in beside.flags(call)] + remarks(json.loads(row["payload"]))
