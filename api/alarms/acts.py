"""What people do about alarms: acknowledge, shelve, unshelve, comment; who and when is kept."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from msgspec import Meta, Struct

from api.alarms.answers import Act, AlarmDetail
from api.alarms.listing import SQL, AlarmPath, detail
from api.http.bodies import Body
from api.http.context import Context
from api.http.errors import BadRequestError
from api.http.parameters import Moment
from api.http.rows import rfc3339
from api.http.spans import instant
from infra.clock import utc_now

LONGEST_SHELF = timedelta(days=31)
Who = Annotated[str, Meta(pattern=r"\S", max_length=80, description="who does it, of no meaning after a log-in")]
Remark = Annotated[str, Meta(max_length=1_000, description="free text, at most 1000 signs")]


class Acknowledgement(Body, frozen=True):
    """Somebody has seen the alarm, and cares."""

    by: Who | None = None
    remark: Remark = ""


class Shelf(Body, frozen=True):
    """Somebody puts an alarm of this name and subject aside until a time, also where it is raised again."""

    until: Annotated[Moment, Meta(description="end of the shelf, a time within 31 days")]
    by: Who | None = None
    remark: Remark = ""


class Comment(Body, frozen=True):
    """What somebody has to say."""

    remark: Annotated[Remark, Meta(pattern=r"\S")]
    by: Who | None = None


async def acknowledge(context: Context[AlarmPath, Acknowledgement]) -> Struct:
    """Acknowledge an alarm; who did it first stays."""
    return await _act(context, "acknowledge", context.body.by, context.body.remark, None)


async def shelve(context: Context[AlarmPath, Shelf]) -> Struct:
    """Put an alarm aside until a time."""
    until, now = instant("body field until", context.body.until), utc_now()
    if not now < until <= now + LONGEST_SHELF:
        raise BadRequestError(
            f"body field until: {rfc3339(until)} must lie within {LONGEST_SHELF.days} days from now, {rfc3339(now)}"
        )
    return await _act(context, "shelve", context.body.by, context.body.remark, until)


async def unshelve(context: Context[AlarmPath, Acknowledgement]) -> Struct:
    """Take an alarm off its shelf."""
    return await _act(context, "unshelve", context.body.by, context.body.remark, None)


async def comment(context: Context[AlarmPath, Comment]) -> Struct:
    """Say something about an alarm."""
    return await _act(context, "comment", context.body.by, context.body.remark, None)


async def _act(
    context: Context[AlarmPath, Any],
    act: Act,
    by: str | None,
    remark: str,
    until: datetime | None,
) -> AlarmDetail:
    """Keep an act; where it changes nothing, there is none: acknowledged already, or not on a shelf."""
    key, who = context.query.key, context.author(by)
    async with context.changing(by) as change:
        known = (await detail(change, key)).alarm
        idle = (act == "acknowledge" and known.acknowledged_at is not None) or (
            act == "unshelve" and known.shelved_until is None
        )
        if not idle:
            await change.fetch(SQL["act"], *key, act, who, until, remark.strip())
        return await detail(change, key)
