"""Stored facts and KPI samples beside those that raw samples and facts give: what differs, in words."""

import re
from contextlib import aclosing
from dataclasses import dataclass, field, fields
from typing import Any

from infra.clock import from_us, to_us
from infra.sql import blocks
from ingest.period import Progress, period_again
from ingest.recompute import Again, kpis_again
from ingest.store import Span
from processing.facts import Fact, OfDevice, Retracted, TruckVisit, time_of
from processing.kpis import KPIS, StaleKpis
from processing.replay import keyed
from processing.trackers import Device

SQL = blocks(__file__, "reprocess.sql")


@dataclass(slots=True)
class Differences:
    """What was compared, and a line for each difference."""

    facts: int = 0
    kpis: int = 0
    lines: list[str] = field(default_factory=list)


async def compare_facts(
    connection: Any, devices: list[Device], span: Span, found: Differences, progress: Progress
) -> None:
    """Compare facts of a stream's devices in a period with raw samples; what is not final yet is left out."""
    async with aclosing(period_again(connection, devices, span, progress)) as pieces:
        async for piece in pieces:
            _compare(piece.again, span, found)


def _compare(again: Again, span: Span, found: Differences) -> None:
    found.facts += again.compared
    until_us = again.final_us if again.end_us is None else again.end_us
    changed = {keyed(f): f for f in again.changes if not isinstance(f, Retracted | TruckVisit)}
    for fact in again.changes:
        about = fact.fact if isinstance(fact, Retracted) else fact
        if isinstance(about, TruckVisit) or not span.first_us <= time_of(about) < min(until_us, span.last_us):
            continue
        key = keyed(about)
        found.lines.append(_told(again.replay.device, fact, about, again.stored.get(key), changed.get(key)))


def _told(device: Device, fact: Fact, about: OfDevice, stored: OfDevice | None, made: OfDevice | None) -> str:
    name = re.sub(r"(?<!^)(?=[A-Z])", " ", type(about).__name__).lower()
    where = f"{device.terminal}/{device.name}: {name} of {from_us(time_of(about)):%F %T.%f}"
    if isinstance(fact, Retracted):
        return f"{where} is stored, and is none"
    if stored is None or made is None:
        return f"{where} is missing"
    other = [
        f"{f.name} {getattr(stored, f.name)!r} should be {getattr(made, f.name)!r}"
        for f in fields(made)
        if getattr(stored, f.name) != getattr(made, f.name)
    ]
    return f"{where}: {', '.join(other)}"


async def compare_kpis(
    connection: Any, devices: list[Device], stale: StaleKpis, to_time_us: int, found: Differences
) -> None:
    """Compare a subject's KPI samples with the stored facts, up to the last minute for which there are samples."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):  # a worker may write meanwhile
        await _compare_kpis(connection, devices, stale, to_time_us, found)


async def _compare_kpis(
    connection: Any, devices: list[Device], stale: StaleKpis, to_time_us: int, found: Differences
) -> None:
    last = await connection.fetchval(SQL["last_minute"], stale.terminal)
    if last is None:
        return
    until_us = min(to_us(last), to_time_us)
    ids = [kpi.id for kpi in KPIS if kpi.fact == stale.fact]
    rows = await connection.fetch(
        SQL["kpi_samples"], stale.terminal, stale.subject, ids, from_us(stale.since_us), from_us(until_us)
    )
    stored = {(row["kpi"], to_us(row["time"])): row["value"] for row in rows}
    made = {(v.kpi, v.time_us): v.value for v in await kpis_again(connection, devices, stale, until_us)}
    for key in sorted(stored.keys() | made.keys()):
        found.kpis += 1
        if stored.get(key) != made.get(key):
            found.lines.append(
                f"{stale.terminal}: KPI {key[0]} of {stale.subject} at {from_us(key[1]):%F %T}: "
                f"{stored.get(key)} should be {made.get(key)}"
            )
