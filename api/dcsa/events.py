"""Events of DCSA as they were kept: of one container, or of a terminal."""

import asyncio
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from api.containers.parameters import ContainerPath, Number
from api.database.queries import queries
from api.dcsa.answers import DcsaEvents
from api.http.context import Context
from api.http.parameters import TerminalId
from processing.dcsa.documents import DcsaEvent, EventType

SQL = queries(__file__)
Limit = Annotated[int, Meta(ge=1, le=1_000, description="most events in the answer, 1 to 1000")]
After = Annotated[int, Meta(ge=0, le=2**63 - 1, description="`cursor` of the page before")]
DECODER = msgspec.json.Decoder(list[DcsaEvent])


class ContainerDcsaQuery(ContainerPath, frozen=True):
    """Of which container, and which page."""

    after: After = 0
    limit: Limit = 100


class DcsaEventsQuery(Struct, frozen=True):
    """Of which terminal, which family, and which page."""

    terminal: TerminalId
    event_type: Annotated[EventType | None, Meta(description="EQUIPMENT or REEFER")] = None
    after: After = 0
    limit: Limit = 100


async def of_container(context: Context[ContainerDcsaQuery, None]) -> Struct:
    """Events of one container."""
    query = context.query
    return await _answer(context, query.terminal, query.number, None, query.after, query.limit)


async def of_terminal(context: Context[DcsaEventsQuery, None]) -> Struct:
    """Events of a terminal, to be polled: `cursor` leads on where the answer ends."""
    query = context.query
    return await _answer(context, query.terminal, None, query.event_type, query.after, query.limit)


async def _answer(
    context: Context[ContainerDcsaQuery, None] | Context[DcsaEventsQuery, None],
    terminal: str,
    number: Number | None,
    event_type: EventType | None,
    after: int,
    limit: int,
) -> DcsaEvents:
    rows = await context.database.fetch(SQL["dcsa_events"], terminal, number, event_type, after, limit)
    whole = f"[{','.join(row['document'] for row in rows)}]"
    events = await asyncio.to_thread(DECODER.decode, whole)
    return DcsaEvents(events, rows[-1]["number"] if rows else after)
