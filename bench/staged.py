"""The reference for many samples a message: the same rows by staged COPY, encoded beforehand, and nothing else."""

import asyncio
import io
import time
from typing import Any

from bench.bed import Bed
from bench.messages import Message
from infra.database import connect
from ingest.decode.assembly import Assembler
from ingest.decode.codecs.registry import CODECS
from ingest.decode.columns import Limits, to_columns
from ingest.source.protocol import Inbound
from ingest.store import copy_in
from processing.cranes.signals import CRANE
from processing.model.samples import Samples

TABLE = "bench_staged"
INSERT = "INSERT INTO bench_staged SELECT * FROM stage ON CONFLICT DO NOTHING"


def columns_of(messages: list[Message], at_once: int) -> list[Samples]:
    """Columns of the messages, in batches of so many messages; devices are numbered as they come."""
    assembler, ids = Assembler(CODECS), dict[Any, int]()
    now_us = time.time_ns() // 1000
    found = []
    for i in range(0, len(messages), at_once):
        batch = [Inbound(topic, payload, now_us, 1, False) for topic, payload in messages[i : i + at_once]]
        rows = assembler.assemble(batch).streams["crane"]
        for address in rows.addresses:
            ids.setdefault(address, len(ids) + 1)
        found.append(to_columns(CRANE, rows, ids, now_us, Limits(3_650, 60)).samples.in_order())
    return found


def measure(where: Bed, messages: list[Message], at_once: int) -> float:
    """Samples a second that the database takes by COPY into a stage and INSERT … ON CONFLICT from there."""
    batches = columns_of(messages, at_once)
    encoded = [(copy_in.encode(samples), copy_in.column_names(samples)) for samples in batches]
    return sum(map(len, batches)) / asyncio.run(_write(where.stack.database_url, encoded))


async def _write(url: str, encoded: list[tuple[bytes, list[str]]]) -> float:
    connection = await connect(url, "quaystream-bench")
    try:
        await connection.execute(
            f"CREATE TABLE {TABLE} (LIKE {CRANE.table} INCLUDING ALL);"
            f"SELECT create_hypertable('{TABLE}', 'time', chunk_time_interval => interval '6 hours', "
            "create_default_indexes => false);"
            f"CREATE TEMP TABLE stage (LIKE {CRANE.table}) ON COMMIT DELETE ROWS"
        )
        began = time.perf_counter()
        for data, names in encoded:
            async with connection.transaction():
                await connection.copy_to_table("stage", source=io.BytesIO(data), columns=names, format="binary")
                await connection.execute(INSERT)
        took_s = time.perf_counter() - began
        await connection.execute(f"DROP TABLE {TABLE}")
        return took_s
    finally:
        await connection.close()
