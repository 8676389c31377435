"""Importing a move list, and comparing it with detected moves."""

import asyncio
from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.http.context import Context
from api.http.errors import BadRequestError, NotFoundError
from api.http.parameters import Id, TerminalId
from api.reconciliation.answers import reconciliation
from infra.clock import utc_now
from infra.connection import Connection
from infra.tos import files, lists
from processing.reconcile.move_list import TosError
from processing.reconcile.reconciliation import reconcile

TAKES = ("text/csv", "text/plain", "application/edifact", "application/octet-stream")

CallId = Annotated[Id, Meta(description="id of the vessel call")]
Limit = Annotated[int, Meta(ge=0, le=50_000, description="most entries of each list in the answer, 0 to 50000")]


class CompareQuery(Struct, frozen=True):
    """Which call."""

    terminal: TerminalId
    call_id: CallId
    limit: Limit = 100


class ListQuery(Struct, frozen=True):
    """Which call, and how its list is to be read."""

    terminal: TerminalId
    call_id: CallId
    format: (
        Annotated[Literal["csv", "coarri"], Meta(description="csv or coarri; as the body begins when left out")] | None
    ) = None
    time_zone: Annotated[str, Meta(max_length=64, description="IANA name, of times without offset")] = ""
    mode: Annotated[
        Literal["refuse", "flag"],
        Meta(description="refuse: box numbers that fail ISO 6346 are errors; flag: they are kept, marked"),
    ] = "refuse"
    cranes: Annotated[str, Meta(max_length=4_000, description="names in the list: THEIRS=OURS, commas between")] = ""
    by: Annotated[str, Meta(min_length=1, max_length=64, pattern="^[^\\x00]+$", description="who imports it")] = "api"
    limit: Limit = 100


async def get(context: Context[CompareQuery, None]) -> Struct:
    """A call's list beside its detected moves."""
    query = context.query
    async with context.database.reading() as connection:
        try:
            known = await lists.berthing(connection, query.terminal, query.call_id)
            imported, lines = await lists.stored(connection, query.terminal, query.call_id)
        except lists.UnknownCallError as error:
            raise NotFoundError(str(error)) from None
        moves = await lists.moves(connection, known)
    compared = await asyncio.to_thread(reconcile, moves, lines)
    return reconciliation(known, imported, compared, query.limit, [])


async def put(context: Context[ListQuery, bytes]) -> Struct:
    """Import a list in place of the one before."""
    query = context.query
    async with context.database.reading() as connection:
        known = await _berthing(connection, query)
    try:
        names = files.names_of(one for one in query.cranes.split(",") if one.strip())
        how = files.Reading(query.format or files.format_of(context.body), query.time_zone, query.mode == "flag", names)
        found = await asyncio.to_thread(files.read, context.body, how, known.named)
    except (TosError, files.ReadingError) as error:
        raise BadRequestError(str(error)) from None
    imported = lists.Import(
        "api", how.format, utc_now(), context.author(query.by), len(found.moves), found.vessel, found.voyage
    )
    async with context.changing(query.by) as change:
        await lists.store(change.connection, known, found, imported)
        imported, lines = await lists.stored(change.connection, query.terminal, query.call_id)
        moves = await lists.moves(change.connection, known)
    compared = await asyncio.to_thread(reconcile, moves, lines)
    return reconciliation(known, imported, compared, query.limit, found.notes)


async def _berthing(connection: Connection, query: ListQuery) -> lists.Berthing:
    try:
        return await lists.berthing(connection, query.terminal, query.call_id)
    except lists.UnknownCallError as error:
        raise NotFoundError(str(error)) from None
