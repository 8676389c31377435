"""Stored facts and KPI samples beside those that raw samples and facts give: what differs, in words."""

import re
from contextlib import aclosing
from dataclasses import dataclass, field

from infra.clock import from_us, to_us
from infra.connection import Connection
from infra.facts.difference import difference
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
    connection: Connection, devices: list[Device], span: Span, found: Differences, progress: Progress
) -> None:
    """Compare facts of a stream's devices in a period with raw samples; what is not final yet is left out."""
    async with aclosing(recompute_period(connection, devices, span, progress)) as pieces:
        async for piece in pieces:
            _compare(piece.recomputed, span, found)


def _compare(recomputed: RecomputedFacts, span: Span, found: Differences) -> None:
    found.facts += recomputed.compared
    until_us = recomputed.final_us if recomputed.end_us is None else recomputed.end_us
    changed = {fact_key(f): f for f in recomputed.changes if not isinstance(f, Retracted | TerminalFact)}
    for fact in recomputed.changes:
        about = fact.fact if isinstance(fact, Retracted) else fact
        if isinstance(about, TerminalFact) or not span.first_us <= time_of(about) < min(until_us, span.last_us):
            continue
        key = fact_key(about)
        found.lines.append(
            _line(recomputed.recomputation.device, fact, about, recomputed.stored.get(key), changed.get(key))
        )


def _line(device: Device, fact: Fact, about: DeviceFact, stored: DeviceFact | None, derived: DeviceFact | None) -> str:
    name = re.sub(r"(?<!^)(?=[A-Z])", " ", type(about).__name__).lower()
    where = f"{device.terminal}/{device.name}: {name} of {from_us(time_of(about)):%F %T.%f}"
    return difference(where, stored, None if isinstance(fact, Retracted) else derived)


async def compare_kpis(
    connection: Connection,
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
        async for values in recompute_kpis(connection, site, devices, stale, min(to_us(last), to_time_us)):
            if values:
                await _compare_kpis(connection, values, found)
                progress(len(values), max(value.time_us for value in values))


async def _compare_kpis(connection: Connection, values: list[KpiValue], found: Differences) -> None:
    """Compare samples of one subject with those stored of the same KPIs, windows and times."""
    terminal, subject = values[0].terminal, values[0].subject
    begin, end = from_us(min(v.time_us for v in values)), from_us(max(v.time_us for v in values))
    kinds = {(v.kpi, v.window) for v in values}
    rows = await connection.fetch(SQL["kpi_samples"], terminal, subject, sorted({k for k, _ in kinds}), begin, end)
    stored = {
        (row["kpi"], row["window"], to_us(row["time"])): (row["value"], row["state"])
        for row in rows
        if (row["kpi"], row["window"]) in kinds
    }
    recomputed = {(v.kpi, v.window, v.time_us): (v.value, v.state) for v in values}
    for key in sorted(stored.keys() | recomputed.keys()):
        found.kpis += key in recomputed and recomputed[key][0] is not None
        before, after = stored.get(key, (None, None)), recomputed.get(key, (None, None))
        if before != after:
            found.lines.append(
                f"{terminal}: KPI {key[0]} of {subject}, {key[1]}, at {from_us(key[2]):%F %T}: "
                f"{_shown(*before)} should be {_shown(*after)}"
            )


def _shown(value: float | None, state: str | None) -> str:
    return f"{value}" if state is None else f"{value} ({state})"
