"""Vessel calls: read from the database with what is odd about them."""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

from msgspec import Meta, Struct, field

from api.answers import Time, rfc3339
from api.database import Database
from api.errors import NotFoundError
from api.requests import Id, Limit, Moment, TerminalId
from api.services import Call
from api.spans import span
from infra.clock import from_us, utc_now
from infra.history import vessel_call
from processing.calls.call import OPEN_CALL_US, VesselCall
from processing.calls.flags import Flag, flags
from processing.calls.reading import remarks

AHEAD, BACK, LONGEST = timedelta(days=14), timedelta(days=21), timedelta(days=366)
MOST_NEIGHBOURS = 10_000

CallId = Annotated[Id, Meta(description="id of a vessel call, for example b1-001")]


class Planned(Struct, frozen=True):
    """Boxes planned; null where no number is told."""

    discharge: int | None
    load: int | None
    shift: int | None


class Assigned(Struct, frozen=True):
    """A crane that works the call; `until` is null while that is open."""

    crane: str
    begin: Time = field(name="from")
    end: Time | None = field(name="until")


class PortCall(Struct, frozen=True):
    """A vessel's stay as it was told last; what is null is not known, or not yet."""

    terminal: str
    call_id: str
    vessel: str | None
    berth: str | None
    first_line_at: Time | None
    all_fast_at: Time | None
    last_line_at: Time | None
    planned_completion_at: Time | None
    planned: Planned
    assignments: list[Assigned]
    problems: Annotated[list[str], Meta(description="what is odd about it, and keys that mean nothing")]
    received_at: Annotated[Time | None, Meta(description="since when it is told as it is; null until it is stored")]


class PortCalls(Struct, frozen=True):
    """Vessel calls, latest beginning first."""

    calls: list[PortCall]


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


class Neighbours:
    """What a call is seen beside: the terminal's cranes, and its calls at the same time.

    Args:
        cranes: terminal and crane.
        calls: of all terminals asked for.
    """

    def __init__(self, cranes: Sequence[tuple[str, str]], calls: Sequence[VesselCall]) -> None:
        self._cranes: dict[str, set[str]] = {}
        for terminal, crane in cranes:
            self._cranes.setdefault(terminal, set()).add(crane)
        self._spans = [(call.terminal, *_lasts(call), call) for call in calls]

    def flags(self, call: VesselCall) -> list[Flag]:
        """What is odd about a call."""
        begin_us, end_us = _lasts(call)
        others = [
            other
            for terminal, begin, end, other in self._spans
            if terminal == call.terminal and max(begin, begin_us) < min(end, end_us)
        ]
        return flags(call, self._cranes.get(call.terminal, set()), others)


def _lasts(call: VesselCall) -> tuple[int, int]:
    """From when until when a call is of interest to others. [µs since 1970 UTC]."""
    begin_us = call.begin_us or 0
    ends = [one.until_us for one in call.assignments if one.until_us is not None]
    end_us = begin_us + OPEN_CALL_US if call.last_line_us is None else call.last_line_us
    return begin_us, max(end_us, *ends) if ends else end_us


async def calls(call: Call[CallsQuery]) -> Struct:
    """Calls that last at some time of a span."""
    query, database = call.query, call.services.database
    wanted = span(query.begin, query.end, utc_now() + AHEAD, BACK, LONGEST)
    rows = await database.fetch("calls", query.terminal, wanted.begin, wanted.end, query.limit)
    found = [vessel_call(row) for row in rows]
    beside = await neighbours(database, query.terminal, found)
    answers = []
    for row, one in zip(rows, found, strict=True):
        answers.append(port_call(one, _problems(beside, one, row), row["received_at"]))
        await asyncio.sleep(0)
    return PortCalls(answers)


async def call_of(call: Call[CallPath]) -> Struct:
    """One call."""
    return await stored(call.services.database, call.query.terminal, call.query.call_id)


async def stored(database: Database, terminal: str, call_id: str) -> PortCall:
    """A call as the database has it.

    Raises:
        NotFoundError: there is none.
    """
    rows = await database.fetch("call", terminal, call_id)
    if not rows:
        raise NotFoundError(f"terminal {terminal} has no call {call_id}; /api/v1/calls?terminal={terminal} lists them")
    found = vessel_call(rows[0])
    beside = await neighbours(database, terminal, [found])
    return port_call(found, _problems(beside, found, rows[0]), rows[0]["received_at"])


async def neighbours(database: Database, terminal: str | None, found: Sequence[VesselCall]) -> Neighbours:
    """What calls are seen beside; `terminal` None: calls of any."""
    spans = [_lasts(one) for one in found] or [(0, 0)]
    begin, end = from_us(min(begin for begin, _ in spans)), from_us(max(end for _, end in spans))
    cranes, rows = await asyncio.gather(
        database.fetch("cranes_seen", terminal), database.fetch("calls", terminal, begin, end, MOST_NEIGHBOURS)
    )
    return Neighbours([(row["terminal"], row["device"]) for row in cranes], [vessel_call(row) for row in rows])


def _problems(beside: Neighbours, call: VesselCall, row: Any) -> list[str]:
    return [flag.text for flag in beside.flags(call)] + remarks(json.loads(row["payload"]))


def port_call(call: VesselCall, problems: list[str], received_at: datetime | None) -> PortCall:
    """A call as it is answered."""
    return PortCall(
        terminal=call.terminal,
        call_id=call.call_id,
        vessel=call.vessel,
        berth=call.berth,
        first_line_at=_time(call.first_line_us),
        all_fast_at=_time(call.all_fast_us),
        last_line_at=_time(call.last_line_us),
        planned_completion_at=_time(call.planned_completion_us),
        planned=Planned(call.planned_discharge, call.planned_load, call.planned_shift),
        assignments=[
            Assigned(one.crane, rfc3339(from_us(one.from_us)), _time(one.until_us)) for one in call.assignments
        ],
        problems=problems,
        received_at=None if received_at is None else rfc3339(received_at),
    )


def _time(time_us: int | None) -> str | None:
    return None if time_us is None else rfc3339(from_us(time_us))
