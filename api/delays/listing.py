"""Delays of cranes as the database has them, with the causes found and stated."""

import asyncio
from datetime import datetime, timedelta

from msgspec import Struct

from api.database.queries import queries
from api.delays.answers import CauseInfo, Causes, Delay, Delays, LostEdit
from api.delays.transport import found_causes
from api.http.context import Context
from api.http.parameters import FactsQuery, TerminalId
from api.http.rows import build, rfc3339
from api.http.spans import facts_span
from infra.clock import utc_now
from infra.connection import Record
from processing.cranes.causes import BY_ID, CAUSES
from processing.site.configuration import Sites

SQL = queries(__file__)
DELAYS_SQL, DELAY_SQL = (SQL[name].format(selected=Delay.columns.selected) for name in ("delays", "delay"))


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
    rows, lost = await asyncio.gather(fetch(DELAYS_SQL, *asked), fetch(SQL["lost_edits"], *asked))
    found = await found_causes(context.database, rows)
    listed = [delay(row, cause, now, sites) for row, cause in zip(rows, found, strict=True)]
    return Delays(listed, [build(LostEdit, row) for row in lost])


def delay(row: Record, found_cause: str, now: datetime, sites: Sites) -> Delay:
    """A row of the queries `delays` and `delay`, with the cause found by vehicles too."""
    *fact, shown, stated, remark, edited_by, edited_at = row
    cause = BY_ID[stated or found_cause]
    lasts = (row["ended_at"] or now) - row["began_at"]
    return Delay.from_row(
        fact,
        minutes=round(max(lasts, timedelta()) / timedelta(minutes=1), 2),
        cause=cause.id,
        found_cause=found_cause,
        found_by="signals" if found_cause == shown else "vehicles",
        party=cause.party,
        deduct=cause.id in sites.of(row["terminal"]).deducted,
        remark=remark or None,
        edited_by=edited_by,
        edited_at=None if edited_at is None else rfc3339(edited_at),
    )
