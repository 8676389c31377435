"""What the probes of a container under treatment read, as a curve for the page."""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from api.containers.parameters import ContainerPath
from api.http.context import Context
from api.http.errors import NotFoundError
from api.http.rows import Time, rfc3339_us
from api.treatments.certificate_answers import Range
from infra.clock import to_us
from infra.connection import Record
from infra.treatments import SQL
from infra.verification import entries_of
from processing.model.times import MINUTE_US
from processing.treatments.curve import CurvePoint, curve
from processing.treatments.facts import PROBES
from processing.treatments.runs import Reading


class CurveQuery(ContainerPath, frozen=True):
    """One container, and how fine."""

    points: Annotated[int, Meta(ge=10, le=5_000, description="steps of time at most, 10 to 5000")] = 400


class CurveStep(Struct, frozen=True):
    """Corrected readings of a step of time."""

    time: Annotated[Time, Meta(description="of the first one")]
    usda1_degc: Range
    usda2_degc: Range
    usda3_degc: Range


class TreatmentCurve(Struct, frozen=True):
    """Readings in order of time; steps without one are left out."""

    step_s: Annotated[float, Meta(description="length of a step [s]")]
    readings: int
    steps: list[CurveStep]


async def readings(context: Context[CurveQuery, None]) -> Struct:
    """Of the treatment as it is followed now."""
    name = context.query.terminal, context.query.number
    async with context.database.reading() as connection:
        rows = await connection.fetch(SQL["treatments"], name[1], name[0])
        if not rows:
            raise NotFoundError(f"no cold treatment of {name[1]} is followed at {name[0]}; see /api/v1/treatments")
        entries = await entries_of(connection, name)
    return await asyncio.to_thread(_curve, rows[0], entries, context.query.points)


def _curve(row: Record, entries: Sequence[Record], points: int) -> TreatmentCurve:
    kept = in_order(entries, row["began_at"])
    span_us = kept[-1].time_us - kept[0].time_us if kept else 0
    step_us = max(MINUTE_US, -(-span_us // points))
    steps = [_step(point) for point in curve(kept, row["corrections_degc"], step_us)]
    return TreatmentCurve(step_us / 1_000_000, len(kept), steps)


def in_order(entries: Sequence[Record], began_at: datetime) -> list[Reading]:
    """Readings of a log that count, from a time on, in the order in which runs are made of them."""
    kept = [one for one in entries if one["counts"] and one["time"] >= began_at]
    kept.sort(key=lambda one: (one["time"], one["device_id"], one["seq"]))
    rows = [(to_us(one["time"]), json.loads(one["canonical"])) for one in kept]
    return [Reading(time_us, (degc(row, 0), degc(row, 1), degc(row, 2))) for time_us, row in rows]


def degc(row: dict[str, Any], probe: int) -> float | None:
    """What a probe read in a row, by its place in `PROBES`; None: nothing. [°C]."""
    return row.get(f"{PROBES[probe]}_degc")


def _step(point: CurvePoint) -> CurveStep:
    return CurveStep(rfc3339_us(point.first_us), *(None if one is None else list(one) for one in point.degc))
