"""Delays of cranes as the database has them, with the causes found and stated."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from api.database.queries import queries
from api.delays.answers import CauseInfo, Causes, Delay, Delays, LostEdit
from api.http.context import Context
from api.http.parameters import FactsQuery, TerminalId
from api.http.rows import build, rfc3339
from api.http.spans import facts_span
from infra.clock import utc_now
from processing.cranes.causes import BY_ID, CAUSES
from processing.site.configuration import Sites

SQL = queries(__file__)


class CausesQuery(Struct, frozen=True):
    """Whose causes: of one terminal, or as most have them."""

    terminal: TerminalId | None = None


async def causes(context: Context[CausesQuery, None]) -> Struct:
    """The table of causes; each terminal decides which are deducted."""
    sites, terminal = context.services[Sites], context.query.terminal
    deducted = (sites.default if terminal is None else sites.of(terminal)).deducted
    return Causes([CauseInfo(c.id, c.party, c.id in deducted, c.found, c.text) for c in CAUSES])


async def delays(context: Context[FactsQuery, None]) -> Struct:
    """Delays, and edits that belong to none."""
    query, now = context.query, utc_now()
    wanted = facts_span(query.begin, query.end, now)
    asked = query.terminal, query.device, wanted.begin, wanted.end, query.limit
    fetch, sites = context.database.fetch, context.services[Sites]
    rows, lost = await asyncio.gather(fetch(SQL["delays"], *asked), fetch(SQL["lost_edits"], *asked))
    return Delays([delay(row, now, sites) for row in rows], [build(LostEdit, row) for row in lost])


def delay(row: Iterable[Any], now: datetime, sites: Sites) -> Delay:
    """A row of the queries `delays` and `delay`."""
    terminal, device, began_at, ended_at, found_cause, stated, remark, edited_by, edited_at = row
    cause = BY_ID[stated or found_cause]
    return Delay(
        terminal=terminal,
        device=device,
        began_at=rfc3339(began_at),
        ended_at=None if ended_at is None else rfc3339(ended_at),
        minutes=round(max((ended_at or now) - began_at, timedelta()) / timedelta(minutes=1), 2),
        cause=cause.id,
        found_cause=found_cause,
        party=cause.party,
        deduct=cause.id in sites.of(terminal).deducted,
        remark=remark or None,
        edited_by=edited_by,
        edited_at=None if edited_at is None else rfc3339(edited_at),
    )
