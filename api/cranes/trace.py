"""A crane's raw signals over a span, thinned to steps: what a move was detected from."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import timedelta
from math import ceil
from typing import Annotated

from msgspec import Meta, Struct, field

from api.cranes.crane import SQL, CranePath, crane_id
from api.http.context import Context
from api.http.errors import BadRequestError
from api.http.parameters import Moment
from api.http.spans import MS, Span, span
from infra.clock import utc_now
from infra.connection import Record
from processing.model.times import EPOCH

MOST_POINTS = 20_000
DEFAULT, LONGEST = timedelta(minutes=20), timedelta(days=7)
SIGNALS = (
    "hoist_height_m",
    "trolley_position_m",
    "gantry_position_m",
    "load_t",
    "power_kw",
    "wind_speed_mps",
    "twistlock_locked",
    "twistlock_unlocked",
    "landed",
    "logged_on",
)
"""In the order of the columns of the queries `trace_…`."""

Values = list[float | int | None]


class TraceQuery(CranePath, frozen=True):
    """Which part of a crane's signals."""

    begin: Annotated[Moment, Meta(description="start, a time; 20 min before `to` when left out")] | None = field(
        default=None, name="from"
    )
    end: Annotated[Moment, Meta(description="end, a time; now when left out")] | None = field(default=None, name="to")
    step_ms: Annotated[int, Meta(ge=0, le=3_600_000, description="step in ms, up to 3600000; 0: every sample")] = 500


class Trace(Struct, frozen=True):
    """Signals of a crane over time; every list is as long as `time`."""

    terminal: str
    device: str
    step_ms: int
    time: Annotated[list[int], Meta(description="of the last sample in each step that has one [ms since 1970 UTC]")]
    signals: Annotated[
        dict[str, Values],
        Meta(description="last value in each step, else the one before; null until known; true and false as 1 and 0"),
    ]


async def trace(context: Context[TraceQuery, None]) -> Struct:
    """A crane's signals."""
    query, database = context.query, context.database
    wanted = span(query.begin, query.end, utc_now(), DEFAULT, LONGEST)
    if query.step_ms and wanted.seconds * 1000 > MOST_POINTS * query.step_ms:
        raise _too_many(wanted, query.step_ms)
    device_id = await crane_id(database, query.terminal, query.device)
    if query.step_ms:
        rows = await database.fetch(SQL["trace_steps"], device_id, wanted.begin, wanted.end, query.step_ms)
    else:
        rows = await database.fetch(SQL["trace_samples"], device_id, wanted.begin, wanted.end, MOST_POINTS + 1)
    if len(rows) > MOST_POINTS:
        raise _too_many(wanted, query.step_ms)
    times, signals = await columns(rows)
    return Trace(query.terminal, query.device, query.step_ms, times, signals)


async def columns(rows: Sequence[Record]) -> tuple[list[int], dict[str, Values]]:
    """Rows as times and signals, each carried forward; others may run between two signals."""
    signals: dict[str, Values] = {}
    for column, name in enumerate(SIGNALS, 1):
        signals[name] = carried(row[column] for row in rows)
        await asyncio.sleep(0)
    return [(row[0] - EPOCH) // MS for row in rows], signals


def carried(values: Iterable[float | None]) -> Values:
    """Values with the last one known in the place of each that is missing; true and false as 1 and 0."""
    last: float | int | None = None
    found: Values = []
    for value in values:
        if value is not None:
            last = int(value) if value is True or value is False else value
        found.append(last)
    return found


def _too_many(wanted: Span, step_ms: int) -> BadRequestError:
    least = ceil(wanted.seconds * 1000 / MOST_POINTS)
    how = f"in steps of {step_ms} ms" if step_ms else "with every sample"
    return BadRequestError(
        f"query parameter step_ms: this span {how} makes more than {MOST_POINTS} points;"
        f" use step_ms={least} or more, or a shorter span"
    )
