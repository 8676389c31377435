"""Causes that people state: who and when is kept, the last edit counts, and KPI samples are recomputed."""

from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct, field

from api.cranes.crane import CranePath, check_terminal, crane_id
from api.database.database import Change
from api.database.queries import Reader
from api.delays.answers import Confirmed, Edit, Edits
from api.delays.listing import DELAY_SQL, SQL, delay
from api.delays.transport import found_causes
from api.http.bodies import Body
from api.http.context import Context
from api.http.errors import BadRequestError, NotFoundError
from api.http.parameters import DeviceId, Moment, TerminalId
from api.http.rows import rfc3339
from api.http.spans import MS, instant, span
from infra.clock import utc_now
from processing.cranes.causes import BY_ID
from processing.model.times import EPOCH
from processing.site.configuration import Sites

LONGEST = timedelta(days=92)
MOST_CONFIRMED = 2_000
"""Delays that one request confirms."""

Who = Annotated[
    str,
    Meta(pattern=r"\S", max_length=80, description="who, unless logged in: at most 80 characters"),
]
CauseId = Annotated[str, Meta(description="cause as /api/v1/causes lists it", extra_json_schema={"enum": list(BY_ID)})]


class DelayPath(CranePath, frozen=True):
    """One delay."""

    began_at: Annotated[Moment, Meta(description="when it began, to the millisecond, as /api/v1/delays lists it")]


class DelayEdit(Body, frozen=True):
    """A cause that somebody states for a delay; the found cause confirms it."""

    cause: CauseId
    by: Who | None = None
    remark: Annotated[str, Meta(max_length=1_000, description="free text, at most 1000 signs")] | None = None


class ConfirmQuery(Struct, frozen=True):
    """Which delays: those that ended in the span."""

    terminal: TerminalId
    begin: Annotated[Moment, Meta(description="start, a time")] = field(name="from")
    end: Annotated[Moment, Meta(description="end, a time")] = field(name="to")
    device: DeviceId | None = None


class Confirmation(Body, frozen=True):
    """Who confirms."""

    by: Who | None = None


async def edit(context: Context[DelayPath, DelayEdit]) -> Struct:
    """State why a crane is delayed."""
    query, stated = context.query, context.body
    if stated.cause not in BY_ID:
        raise BadRequestError(f"body field cause: {stated.cause[:80]!r} is no cause; there are {', '.join(BY_ID)}")
    millisecond = _millisecond(query.began_at)
    async with context.changing(stated.by) as change:
        device_id = await crane_id(change, query.terminal, query.device)
        began_at = await _began(change, query, device_id, millisecond)
        remark = (stated.remark or "").strip()
        await change.fetch(SQL["edit_delay"], device_id, began_at, stated.cause, remark, context.author(stated.by))
        await _note(change, query.terminal, {query.device: began_at})
        rows = await change.fetch(DELAY_SQL, device_id, began_at)
        found = await found_causes(change, rows)
    return delay(rows[0], found[0], utc_now(), context.services[Sites])


async def confirm(context: Context[ConfirmQuery, Confirmation]) -> Struct:
    """State that the found causes are right."""
    query = context.query
    wanted = span(query.begin, query.end, utc_now(), LONGEST, LONGEST)
    async with context.changing(context.body.by) as change:
        if query.device is not None:
            await crane_id(change, query.terminal, query.device)
        else:
            await check_terminal(change, query.terminal)
        asked = query.terminal, query.device, wanted.begin, wanted.end
        open_ = await change.fetch(SQL["unstated_delays"], *asked, MOST_CONFIRMED + 1)
        if len(open_) > MOST_CONFIRMED:
            raise BadRequestError(
                f"query parameters from and to: more than {MOST_CONFIRMED} delays of this span have no stated cause; "
                "nothing is confirmed, choose a shorter one"
            )
        rows = await change.fetch(
            SQL["confirm_delays"],
            [row["device_id"] for row in open_],
            [row["began_at"] for row in open_],
            await found_causes(change, open_),
            context.author(context.body.by),
        )
        if rows:
            await _note(change, query.terminal, {row["device"]: row["first"] for row in rows})
    return Confirmed(sum(row["confirmed"] for row in rows))


async def edits(context: Context[DelayPath, None]) -> Struct:
    """All edits of a delay, also of one that was retracted."""
    query, database = context.query, context.database
    millisecond = _millisecond(query.began_at)
    device_id = await crane_id(database, query.terminal, query.device)
    rows = await database.fetch(SQL["delay_edits"], device_id, millisecond)
    if not rows:
        await _began(database, query, device_id, millisecond)
    return Edits([Edit(cause, remark or None, by, rfc3339(at)) for cause, remark, by, at in rows])


async def _note(change: Change, terminal: str, first: dict[str, datetime]) -> None:
    """Note that KPI samples of cranes, and of their terminal, are to be recomputed; the worker does it.

    Args:
        change: the transaction that holds the edits.
        terminal: of the cranes.
        first: when the first edited delay of each crane began.
    """
    since = {terminal: min(first.values())} | first
    await change.fetch(SQL["mark_stale"], terminal, list(since), list(since.values()))


async def _began(reader: Reader, query: DelayPath, device_id: int, millisecond: datetime) -> datetime:
    """When a delay began, as it is stored.

    Raises:
        NotFoundError: no delay began in that millisecond; the message has the nearest.
    """
    rows = await reader.fetch(SQL["delay_began"], device_id, millisecond)
    if rows:
        began_at: datetime = rows[0][0]
        return began_at
    near = await reader.fetch(SQL["delay_near"], device_id, millisecond)
    hint = f"the nearest began at {rfc3339(near[0][0])}" if near else "it has none within a day of that"
    raise NotFoundError(
        f"crane {query.device} at terminal {query.terminal} has no delay that began at {rfc3339(millisecond)}; {hint}"
    )


def _millisecond(text: str) -> datetime:
    """The millisecond in which a time of a path lies."""
    return EPOCH + (instant("parameter began_at", text) - EPOCH) // MS * MS
