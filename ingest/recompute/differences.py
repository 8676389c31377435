"""Stored facts and KPI samples beside those that raw samples and facts give: what differs, in words."""

import re
from contextlib import aclosing
from dataclasses import dataclass, field, fields
from typing import Any

from infra.clock import from_us, to_us
from infra.sql import blocks
from ingest.recompute.device import RecomputedFacts, recompute_kpis
from ingest.recompute.period import Progress, recompute_period
from ingest.store.writer import Span
from processing.kpi.definition import KpiValue, StaleKpis
from processing.model.device import Device
from processing.model.facts import DeviceFact, Fact, Retracted, TerminalFact, fact_key, time_of
from processing.site.configuration import Site

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
    async with aclosing(recompute_period(connection, devices, span, progress)) as pieces:
        async for piece in pieces:
            _compare(piece.again, span, found)


def _compare(again: RecomputedFacts, span: Span, found: Differences) -> None:
    found.facts += again.compared
    until_us = again.final_us if again.end_us is None else again.end_us
    changed = {fact_key(f): f for f in again.changes if not isinstance(f, Retracted | TerminalFact)}
    for fact in again.changes:
        about = fact.fact if isinstance(fact, Retracted) else fact
        if isinstance(about, TerminalFact) or not span.first_us <= time_of(about) < min(until_us, span.last_us):
            continue
        key = fact_key(about)
        found.lines.append(_told(again.recomputation.device, fact, about, again.stored.get(key), changed.get(key)))


def _told(device: Device, fact: Fact, about: DeviceFact, stored: DeviceFact | None, made: DeviceFact | None) -> str:
    name = re.sub(r"(?<!^)(?=[A-Z])", " ", type(about).__name__).lower()
    where = f"{device.terminal}/{device.name}: {name} of {from_us(time_of(about)):%F %T.%f}"
    if isinstance(fact, Retracted):
        return f"{where} is stored, and is none"
    if stored is None or made is None:
        return f"{where} is missing"
    other = [
        f"{f.name} {getattr(stored, f.name)!r} should be {getattr(made, f.name)!r}"
        for f in fields(made)  # type: ignore[arg-type] # every fact is a dataclass
        if getattr(stored, f.name) != getattr(made, f.name)
    ]
    return f"{where}: {', '.join(other)}"


async def compare_kpis(
    connection: Any,
    site: Site,
    devices: list[Device],
    stale: list[StaleKpis],
    to_time_us: int,
    found: Differences,
    progress: Progress,
) -> None:
    """Compare a terminal's KPI samples with the stored facts, up to the last minute for which there are samples."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):  # a worker may write meanwhile
        last = await connection.fetchval(SQL["last_minute"], stale[0].terminal)
        if last is None:
            return
        async for made in recompute_kpis(connection, site, devices, stale, min(to_us(last), to_time_us)):
            if made:
                await _compare_kpis(connection, made, found)
                progress(len(made), max(value.time_us for value in made))


async def _compare_kpis(connection: Any, made: list[KpiValue], found: Differences) -> None:
    """Compare samples of one subject with those stored of the same KPIs, windows and times."""
    terminal, subject = made[0].terminal, made[0].subject
    begin, end = from_us(min(v.time_us for v in made)), from_us(max(v.time_us for v in made))
    kinds = {(v.kpi, v.window) for v in made}
    rows = await connection.fetch(SQL["kpi_samples"], terminal, subject, sorted({k for k, _ in kinds}), begin, end)
    stored = {
        (row["kpi"], row["window"], to_us(row["time"])): (row["value"], row["state"])
        for row in rows
        if (row["kpi"], row["window"]) in kinds
    }
    told = {(v.kpi, v.window, v.time_us): (v.value, v.state) for v in made}
    for key in sorted(stored.keys() | told.keys()):
        found.kpis += key in told and told[key][0] is not None
        before, after = stored.get(key, (None, None)), told.get(key, (None, None))
        if before != after:
            found.lines.append(
                f"{terminal}: KPI {key[0]} of {subject}, {key[1]}, at {from_us(key[2]):%F %T}: "
                f"{_shown(*before)} should be {_shown(*after)}"
            )


def _shown(value: float | None, state: str | None) -> str:
    return f"{value}" if state is None else f"{value} ({state})"
