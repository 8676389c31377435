"""The certificate of a cold treatment: verdict, runs, readings, and the chain of hashes that a stranger can follow."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from aiohttp import web
from msgspec import Meta, Struct

from api.containers.parameters import ContainerPath
from api.http.context import Context
from api.http.errors import NotFoundError
from api.http.rows import rfc3339
from api.treatments.answers import AnnouncedTreatment, TreatmentSchedule
from api.treatments.certificate_answers import Certificate, DailyReadings, LogEntry, runs_of
from api.treatments.certificate_pdf import pdf
from api.treatments.listing import listed
from api.treatments.readings import degc, in_order
from api.treatments.schedules import schedule_answer
from infra.clock import from_us, to_us, utc_now
from infra.connection import Record
from infra.treatments import SQL
from infra.verification import Report, check, entries_of, one_page
from processing.model.times import DAY_US, MINUTE_US
from processing.site.configuration import Sites
from processing.treatments.chain import before_the_first
from processing.treatments.curve import CurvePoint, curve
from processing.treatments.schedules import UnknownScheduleError, version_at

PDF = "application/pdf"
CURVE_POINTS = 700
"""So many steps of time are drawn at most."""
HOW_TO_CHECK = (
    "For each entry: row_hash is the SHA-256 of the text `row` in UTF-8; chain_hash is the SHA-256 of the chain_hash "
    "of the entry before, as 32 bytes, and row_hash, as 32 bytes. The first entry follows chain_begins_with. The last "
    "chain_hash is log_head: compare it with one that was noted elsewhere. The verdict follows from the schedule, the "
    "corrections and the readings that count, in order of time, as docs/treatments.md describes."
)


class CertificatePath(ContainerPath, frozen=True):
    """One container, and whether the rows themselves are wanted."""

    rows: Annotated[bool, Meta(description="with the text of each row, about 500 bytes")] = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the database has of one treatment.

    Attributes:
        treatment: with its runs.
        entries: its log, and the rows beside it.
        report: what is wrong with them.
        schedule: the version that holds; None: there is none.
        began_at, corrections_degc: of the treatment as it is followed.
        at: when it was read.
    """

    treatment: AnnouncedTreatment
    entries: list[Record]
    report: Report
    schedule: TreatmentSchedule | None
    began_at: datetime
    corrections_degc: Sequence[float]
    at: datetime


async def certificate(context: Context[CertificatePath, None]) -> Struct:
    """As JSON, with every entry of the log."""
    evidence = await _evidence(context)
    return await asyncio.to_thread(_certificate, evidence, with_rows=context.query.rows)


async def certificate_pdf(context: Context[ContainerPath, None]) -> web.Response:
    """As PDF, with the curve of the readings."""
    evidence = await _evidence(context)
    name = f"treatment-{evidence.treatment.container_id}.pdf"
    return web.Response(
        body=await asyncio.to_thread(_pdf, evidence),
        content_type=PDF,
        headers={"Cache-Control": "no-store", "Content-Disposition": f'inline; filename="{name}"'},
    )


async def _evidence(context: Context[Any, None]) -> Evidence:
    name = context.query.terminal, context.query.number
    async with context.database.reading() as connection:
        found = await listed(connection, *name, 1)
        rows = await connection.fetch(SQL["treatments"], name[1], name[0])
        if not found or not rows:
            raise NotFoundError(f"no cold treatment of {name[1]} is followed at {name[0]}; see /api/v1/treatments")
        entries = await entries_of(connection, name)
        report = await check(connection, rows[0], one_page(entries))
    (treatment,) = found
    try:
        began_us = to_us(rows[0]["began_at"])
        schedule = schedule_answer(version_at(context.services[Sites].schedules, treatment.schedule, began_us))
    except UnknownScheduleError:
        schedule = None
    return Evidence(treatment, entries, report, schedule, rows[0]["began_at"], rows[0]["corrections_degc"], utc_now())


def _certificate(evidence: Evidence, *, with_rows: bool) -> Certificate:
    treatment, report = evidence.treatment, evidence.report
    readings = in_order(evidence.entries, evidence.began_at)
    runs = runs_of(treatment)
    return Certificate(
        issued_at=rfc3339(evidence.at),
        verdict="withdrawn" if treatment.withdrawn_at else runs[-1].verdict if runs else "unknown",
        intact=not report.wrong,
        wrong=report.wrong,
        kept_no_more=report.dropped,
        treatment=treatment,
        schedule=evidence.schedule,
        log_head=report.head.hex() if report.entries else "",
        chain_begins_with=before_the_first(treatment.terminal, treatment.container_id).hex(),
        how_to_check=HOW_TO_CHECK,
        days=[_day(point) for point in curve(readings, evidence.corrections_degc, DAY_US)],
        entries=[_entry(one, with_rows=with_rows) for one in evidence.entries],
    )


def _pdf(evidence: Evidence) -> bytes:
    found = _certificate(evidence, with_rows=False)
    readings = in_order(evidence.entries, evidence.began_at)
    span_us = readings[-1].time_us - readings[0].time_us if readings else 0
    return pdf(found, curve(readings, evidence.corrections_degc, max(MINUTE_US, -(-span_us // CURVE_POINTS))))


def _day(point: CurvePoint) -> DailyReadings:
    ranges = [None if one is None else list(one) for one in point.degc]
    return DailyReadings(f"{from_us(point.first_us):%Y-%m-%d}", point.readings, point.gap_us / MINUTE_US, *ranges)


def _entry(one: Record, *, with_rows: bool) -> LogEntry:
    row = json.loads(one["canonical"] or "{}")
    return LogEntry(
        one["number"],
        rfc3339(one["time"]),
        one["device"],
        one["seq"],
        degc(row, 0),
        degc(row, 1),
        degc(row, 2),
        one["row_hash"].hex(),
        one["chain_hash"].hex(),
        one["counts"],
        one["canonical"] if with_rows else None,
    )
