"""Importing messages about boxes, and listing what they state."""

import asyncio
from typing import Annotated

from msgspec import Meta, Struct, field

from api.containers.parameters import Number
from api.database.queries import queries
from api.http.context import Context
from api.http.errors import BadRequestError, TooLargeError
from api.http.parameters import Begin, End, Limit, TerminalId
from api.http.rows import in_turns, rfc3339
from api.http.spans import facts_span
from api.tos.answers import TosBoxEvent, TosEvents, TosImport, TosProblem
from infra.clock import now_us, utc_now
from infra.connection import Record
from infra.tos import edifact, files, messages
from processing.containers.iso6346 import normalise
from processing.site.configuration import Sites
from processing.tos.reading import Reading

TAKES = ("application/edifact", "text/csv", "text/plain", "application/octet-stream")
MOST_BYTES = 4_000_000
MOST_LINES = 50_000
MOST_SEGMENTS = 200_000
MOST_PROBLEMS = 1_000
SQL = {name: text.format(selected=TosBoxEvent.columns.selected) for name, text in queries(__file__).items()}


class ImportQuery(Struct, frozen=True):
    """Whose messages, and how they are read."""

    terminal: TerminalId
    time_zone: Annotated[
        str, Meta(max_length=64, description="IANA name, of times without offset; the terminal's when left out")
    ] = ""
    again: Annotated[bool, Meta(description="store once more what is stored already, as it is read now")] = False
    by: Annotated[str, Meta(min_length=1, max_length=64, pattern="^[^\\x00]+$", description="who imports")] = "api"


class TosEventsQuery(Struct, frozen=True):
    """Which events."""

    terminal: TerminalId
    container_id: Number = ""
    begin: Begin | None = field(default=None, name="from")
    end: End | None = field(default=None, name="to")
    all: Annotated[bool, Meta(description="those of messages that do not hold any more too")] = False
    limit: Limit = 100


async def post(context: Context[ImportQuery, bytes]) -> Struct:
    """Import a file."""
    query = context.query
    _check_parts(context.body)
    name = query.time_zone or context.services[Sites].of(query.terminal).time_zone
    try:
        how = Reading(query.terminal, files.zone_of(name), now_us())
    except files.ReadingError as error:
        raise BadRequestError(str(error)) from None
    found = await asyncio.to_thread(lambda: list(messages.read(context.body, how)))
    if not any(one.message for one in found):
        listed = [str(problem) for one in found for problem in one.problems]
        rest = f"; and {len(listed) - 50} more" if len(listed) > 50 else ""
        raise BadRequestError(f"nothing is imported; {'; '.join(listed[:50])}{rest}")
    async with context.changing(query.by) as change:
        done = await messages.store(change.connection, found, "api", context.author(query.by), again=query.again)
        await change.fetch(SQL["note_import"], query.terminal, done.stored, done.replaced, done.events)
    problems = [TosProblem(one.unit, one.line, one.field, one.text) for one in done.problems[:MOST_PROBLEMS]]
    counts = done.stored, done.unchanged, done.replaced, done.events
    return TosImport(query.terminal, name, *counts, problems, len(done.problems) - len(problems))


def _check_parts(body: bytes) -> None:
    """Refuse a file of so many lines or segments that reading it would keep others waiting: each may be a problem."""
    if edifact.is_interchange(body):
        count, most, parts = edifact.count_of_segments(body), MOST_SEGMENTS, "segments"
    else:
        count, most, parts = body.count(b"\n") + body.count(b"\r") - body.count(b"\r\n"), MOST_LINES, "lines"
    if count > most:
        text = f"the file has {count} {parts}, at most {most} are taken here"
        raise TooLargeError(f"{text}; send it in parts, or run: quaystream import FILE --terminal TERMINAL")


async def get(context: Context[TosEventsQuery, None]) -> Struct:
    """Events of a container at any time, or of all in a span."""
    query = context.query
    number = normalise(query.container_id) or None
    whole = number is not None and query.begin is None and query.end is None
    span = None if whole else facts_span(query.begin, query.end, utc_now())
    begin, end = (None, None) if span is None else (span.begin, span.end)
    rows = await context.database.fetch(SQL["events"], query.terminal, number, begin, end, query.all, query.limit)
    return TosEvents(await in_turns(_answer, rows))


def _answer(row: Record) -> TosBoxEvent:
    *columns, imported_at, imported_by = row
    return TosBoxEvent.from_row([*columns, rfc3339(imported_at), imported_by])
