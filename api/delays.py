"""Stops of cranes: what signals tell of them and what people say; people's words are in `api/delay_edits.py`."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

from msgspec import Meta, Struct

from api.answers import Time, build, rfc3339
from api.requests import FactsQuery, TerminalQuery
from api.services import Call
from api.spans import span
from infra.clock import utc_now
from processing.cranes.causes import BY_ID, CAUSES
from processing.site.configuration import Sites

DAY, LONGEST = timedelta(days=1), timedelta(days=366)


class CauseInfo(Struct, frozen=True):
    """One cause of stops: who answers for it, and whether its time is taken off the hours of net rates."""

    id: str
    party: Annotated[str, Meta(description="terminal, vessel or nobody")]
    deduct: Annotated[bool, Meta(description="as the terminal asked for has decided, else as most have")]
    found: Annotated[bool, Meta(description="signals tell it; the others are only said by people")]
    text: str


class Causes(Struct, frozen=True):
    """All causes."""

    causes: list[CauseInfo]


class Delay(Struct, frozen=True):
    """A span in which a crane stood still; `ended_at` is null while it lasts."""

    terminal: str
    device: str
    began_at: Time
    ended_at: Time | None
    minutes: Annotated[float, Meta(description="how long, until now while it lasts [min]")]
    cause: Annotated[str, Meta(description="what people said last, else what signals tell")]
    found_cause: Annotated[str, Meta(description="what signals tell")]
    party: str
    deduct: bool
    remark: str | None
    edited_by: str | None
    edited_at: Time | None


class LostEdit(Struct, frozen=True):
    """What somebody said of a stop that is there no more: late samples changed when it began, or that it was one."""

    terminal: str
    device: str
    began_at: Time
    cause: str
    remark: str | None
    edited_by: str
    edited_at: Time
    nearest_began_at: Annotated[Time | None, Meta(description="of the crane's stop that begins nearest, within 1 h")]


class Delays(Struct, frozen=True):
    """Stops that touch the span, newest first, and what was said of stops that are there no more."""

    delays: list[Delay]
    lost_edits: list[LostEdit]


async def causes(call: Call[TerminalQuery]) -> Struct:
    """The table of causes; what is taken off is for each terminal to decide."""
    sites, terminal = call.services.sites, call.query.terminal
    deducted = (sites.default if terminal is None else sites.of(terminal)).deducted
    return Causes([CauseInfo(c.id, c.party, c.id in deducted, c.found, c.text) for c in CAUSES])


async def delays(call: Call[FactsQuery]) -> Struct:
    """Stops, and edits that belong to none."""
    query, now = call.query, utc_now()
    wanted = span(query.begin, query.end, now, DAY, LONGEST)
    asked = query.terminal, query.device, wanted.begin, wanted.end, query.limit
    fetch = call.services.database.fetch
    rows, lost = await asyncio.gather(fetch("delays", *asked), fetch("lost_edits", *asked))
    return Delays([delay(row, now, call.services.sites) for row in rows], [build(LostEdit, row) for row in lost])


def delay(row: Sequence[Any], now: datetime, sites: Sites) -> Delay:
    """A row of the queries `delays` and `delay`."""
    terminal, device, began_at, ended_at, found_cause, said, remark, edited_by, edited_at = row
    cause = BY_ID[said or found_cause]
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
