"""What people say of stops: who and when is kept, the last word counts, and KPI samples are made again."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from msgspec import Meta, Struct, field

from api.answers import Time, rfc3339
from api.bodies import Body
from api.cranes import CranePath, Reader, check_terminal, crane_id
from api.database import Change
from api.delays import delay
from api.errors import BadRequestError, NotFoundError
from api.requests import DeviceId, Moment, TerminalId
from api.services import Call, Sent
from api.spans import EPOCH, MS, instant, span
from infra.clock import utc_now
from processing.cranes.causes import BY_ID

LONGEST = timedelta(days=92)

Who = Annotated[str, Meta(pattern=r"\S", max_length=80, description="who says so: a name, at most 80 signs")]
CauseId = Annotated[str, Meta(description="cause as /api/v1/causes lists it", extra_json_schema={"enum": list(BY_ID)})]


class DelayPath(CranePath, frozen=True):
    """One stop."""

    began_at: Annotated[Moment, Meta(description="when it began, to the millisecond, as /api/v1/delays tells it")]


class DelayEdit(Body, frozen=True):
    """What somebody says of a stop; the found cause confirms it."""

    cause: CauseId
    by: Who
    remark: Annotated[str, Meta(max_length=1_000, description="free text, at most 1000 signs")] | None = None


class ConfirmQuery(Struct, frozen=True):
    """Which stops: those that ended in the span."""

    terminal: TerminalId
    begin: Annotated[Moment, Meta(description="start, a time")] = field(name="from")
    end: Annotated[Moment, Meta(description="end, a time")] = field(name="to")
    device: DeviceId | None = None


class Confirmation(Body, frozen=True):
    """Who confirms."""

    by: Who


class Confirmed(Struct, frozen=True):
    """How many stops were confirmed; those of which somebody said something before are not among them."""

    confirmed: int


class Edit(Struct, frozen=True):
    """What somebody said of a stop."""

    cause: str
    remark: str | None
    by: str
    at: Time


class Edits(Struct, frozen=True):
    """What was said of one stop, newest first."""

    edits: list[Edit]


async def edit(call: Sent[DelayPath, DelayEdit]) -> Struct:
    """Say why a crane stood still."""
    query, said = call.query, call.body
    if said.cause not in BY_ID:
        raise BadRequestError(f"body field cause: {said.cause[:80]!r} is no cause; there are {', '.join(BY_ID)}")
    millisecond = _millisecond(query.began_at)
    async with call.services.database.changing() as change:
        device_id = await crane_id(change, query.terminal, query.device)
        began_at = await _began(change, query, device_id, millisecond)
        remark = (said.remark or "").strip()
        await change.fetch("edit_delay", device_id, began_at, said.cause, remark, said.by.strip())
        await _note(change, query.terminal, {query.device: began_at})
        row = (await change.fetch("delay", device_id, began_at))[0]
    return delay(row, utc_now(), call.services.sites)


async def confirm(call: Sent[ConfirmQuery, Confirmation]) -> Struct:
    """Say that the found causes are right."""
    query = call.query
    wanted = span(query.begin, query.end, utc_now(), LONGEST, LONGEST)
    async with call.services.database.changing() as change:
        if query.device is not None:
            await crane_id(change, query.terminal, query.device)
        else:
            await check_terminal(change, query.terminal)
        rows = await change.fetch(
            "confirm_delays", query.terminal, query.device, wanted.begin, wanted.end, call.body.by.strip()
        )
        if rows:
            await _note(change, query.terminal, {row["device"]: row["first"] for row in rows})
    return Confirmed(sum(row["confirmed"] for row in rows))


async def edits(call: Call[DelayPath]) -> Struct:
    """All that was said of a stop, also of one that is there no more."""
    query, database = call.query, call.services.database
    millisecond = _millisecond(query.began_at)
    device_id = await crane_id(database, query.terminal, query.device)
    rows = await database.fetch("delay_edits", device_id, millisecond)
    if not rows:
        await _began(database, query, device_id, millisecond)
    return Edits([Edit(cause, remark or None, by, rfc3339(at)) for cause, remark, by, at in rows])


async def _note(change: Change, terminal: str, first: dict[str, datetime]) -> None:
    """Note that KPI samples of cranes, and of their terminal, are to be made again; the worker does it.

    Args:
        change: the transaction that holds the edits.
        terminal: of the cranes.
        first: when the first edited stop of each crane began.
    """
    since = {terminal: min(first.values())} | first
    await change.fetch("note_stops", terminal, list(since), list(since.values()))


async def _began(reader: Reader, query: DelayPath, device_id: int, millisecond: datetime) -> datetime:
    """When a stop began, as it is stored.

    Raises:
        NotFoundError: no stop began in that millisecond; the message tells the nearest.
    """
    rows: list[Any] = await reader.fetch("delay_began", device_id, millisecond)
    if rows:
        began_at: datetime = rows[0][0]
        return began_at
    near = await reader.fetch("delay_near", device_id, millisecond)
    hint = f"the nearest began at {rfc3339(near[0][0])}" if near else "it has none within a day of that"
    raise NotFoundError(
        f"crane {query.device} at terminal {query.terminal} has no stop that began at {rfc3339(millisecond)}; {hint}"
    )


def _millisecond(text: str) -> datetime:
    """The millisecond in which a time of a path lies."""
    return EPOCH + (instant("parameter began_at", text) - EPOCH) // MS * MS
