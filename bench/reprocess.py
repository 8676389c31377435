"""A day of crane samples recomputed into facts, beside a bare COPY of the same rows; and the engine alone."""

import asyncio
import re
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import psycopg

from bench import crane_day
from bench.bed import Bed
from bench.programs import Program, peak_memory_mib
from infra.database import Link
from infra.machine.database_users import SUPERUSER
from infra.sql import blocks
from processing.cranes.signals import CRANE
from processing.engine import Engine
from processing.model.device import NEVER_US, Device
from processing.model.samples import Samples, joined
from processing.site.configuration import Sites

SQL = blocks(__file__, "reprocess.sql")
FACTS = ("crane_move", "crane_delay", "crane_partial_lock", "device_level")
AT_ONCE = 40_000
"""Samples in one call of the engine, as `quaystream reprocess` reads them."""
ENGINE_H = 2.0
"""So much event time is fed to the engine alone. [h]"""
POLL_S = 0.02
TIMEOUT_S = 900.0


@dataclass(frozen=True, slots=True)
class Alone:
    """The engine without servers; `rows` are samples with every signal, `changes` those by exception.

    In samples a second of CPU time on one core.
    """

    rows: float
    changes: float


@dataclass(frozen=True, slots=True)
class Reprocessed:
    """What a measurement gave.

    Attributes:
        samples: in the hypertable.
        copy_s: bare binary COPY out of all columns of these rows, before and after the rest. [s]
        copy_mib: how much that is.
        facts_s: from the start of `quaystream reprocess` until all facts are stored. [s]
        kpis_s: from then until all KPI samples are. [s]
        kpi_samples: how many those are.
        facts: moves, stops and log-ons.
        different: facts that are not, bit for bit, those of the run that found them batch by batch.
        memory_mib: most that the command took.
        start_s: until a worker on this database is ready. [s]
        start_mib: most that it took until then.
    """

    samples: int
    copy_s: tuple[float, float]
    copy_mib: float
    facts_s: float
    kpis_s: float
    kpi_samples: int
    facts: int
    different: int
    memory_mib: float
    start_s: float
    start_mib: float

    @property
    def ratio(self) -> float:
        """Recomputed facts, beside the bare COPY."""
        return self.facts_s / statistics.mean(self.copy_s)


def measure(where: Bed, hours: float) -> Reprocessed:
    """Store a day as a worker does, delete its facts, and recompute them."""
    url = where.stack.database_url
    samples = asyncio.run(_loaded(url, hours))
    with psycopg.connect(where.stack.postgres.url_of(SUPERUSER), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")  # as autovacuum will have done by the next day
        for table in FACTS:
            connection.execute(SQL["aside"].format(table=table).encode())
        connection.execute("CHECKPOINT")
        before_s, size = asyncio.run(_copied(url))
        facts_s, kpis_s, memory_mib = _again(where)
        after_s, _ = asyncio.run(_copied(url))
        facts = sum(_number(connection, "count", table) for table in FACTS)
        different = sum(_number(connection, "different", table) for table in FACTS)
        kpi_samples = _number(connection, "count", "kpi_sample")
    start_s, start_mib = _started(where)
    copied = before_s, after_s
    return Reprocessed(
        samples,
        copied,
        size / 2**20,
        facts_s,
        kpis_s,
        kpi_samples,
        facts,
        different,
        memory_mib,
        start_s,
        start_mib,
    )


async def _loaded(url: str, hours: float) -> int:
    link = Link(url, "quaystream-bench", statement_timeout_ms=600_000)
    try:
        return await crane_day.load(link, hours)
    finally:
        link.drop()


async def _copied(url: str) -> tuple[float, int]:
    """A COPY of all columns of all rows in physical order, thrown away as it comes: seconds and bytes."""
    link = Link(url, "quaystream-bench", statement_timeout_ms=600_000)
    size = 0

    async def throw_away(data: bytes) -> None:
        nonlocal size
        size += len(data)

    try:
        connection = await link.get()
        began = time.perf_counter()
        await connection.copy_from_query(SQL["bare"].format(table=CRANE.table), output=throw_away, format="binary")
        return time.perf_counter() - began, size
    finally:
        link.drop()


def _again(where: Bed) -> tuple[float, float, float]:
    """`quaystream reprocess`: seconds until facts are stored, then until KPI samples are, and the most memory [MiB]."""
    log = where.folder / "reprocess.log"
    memory_mib, facts_s = 0.0, None
    began = time.perf_counter()
    with Program(["reprocess"], where.environment(), log) as program:
        while program.process.poll() is None:
            if time.perf_counter() - began > TIMEOUT_S:
                raise RuntimeError(f"reprocess was not done after {TIMEOUT_S:.0f} s")
            memory_mib = max(memory_mib, peak_memory_mib(program.process.pid))
            if facts_s is None and re.search(rf"^{CRANE.name}: [\d,]+ samples in", log.read_text(), re.MULTILINE):
                facts_s = time.perf_counter() - began
            time.sleep(POLL_S)
        took_s = time.perf_counter() - began
        if program.process.returncode != 0 or facts_s is None:
            raise RuntimeError(f"reprocess ended with code {program.process.returncode}:\n{log.read_text()[-2000:]}")
    return facts_s, took_s - facts_s, memory_mib


def _started(where: Bed) -> tuple[float, float]:
    began = time.perf_counter()
    with where.worker() as worker:
        worker.wait_ready(where.http)
        return time.perf_counter() - began, peak_memory_mib(worker.process.pid)


def _number(connection: psycopg.Connection, query: str, table: str) -> int:
    row = connection.execute(SQL[query].format(table=table).encode()).fetchone()
    return int(row[0]) if row else 0


def alone(hours: float) -> Alone:
    """Speed of the engine on samples of the same cranes."""
    every = crane_day.cranes()
    devices = [
        Device(number, crane_day.PRESET.terminal, CRANE.name, crane.name, crane.parameters.type, NEVER_US)
        for number, crane in enumerate(every, 1)
    ]
    working = [crane_day.Working(crane, number) for number, crane in enumerate(every, 1)]
    parts = list(_gathered(crane_day.batches(working, min(hours, ENGINE_H))))
    return Alone(_speed(devices, parts), _speed(devices, [_by_exception(part) for part in parts]))


def _gathered(batches: Iterator[Samples]) -> Iterator[Samples]:
    """The same samples, more at once."""
    held: list[Samples] = []
    for batch in batches:
        held.append(batch)
        if sum(map(len, held)) >= AT_ONCE:
            yield joined(CRANE, held).in_order()
            held = []
    if held:
        yield joined(CRANE, held).in_order()


def _by_exception(samples: Samples) -> Samples:
    """Each signal only where it has changed since the device's sample before."""
    same = np.zeros(samples.numbers.shape, bool)
    same[:, 1:] = (samples.numbers[:, 1:] == samples.numbers[:, :-1]) & (
        samples.device_id[1:] == samples.device_id[:-1]
    )
    return replace(samples, numbers=np.where(same, np.nan, samples.numbers))


def _speed(devices: list[Device], parts: list[Samples]) -> float:
    engine = Engine(Sites())
    for device in devices:
        engine.register(device)
    began = time.process_time()
    for part in parts:
        engine.feed(part, int(part.time_us.max()))
    return sum(map(len, parts)) / (time.process_time() - began)
