"""Rebuilding the engine at start: nothing of its state is saved, all of it is read again from raw rows and facts.

Cranes are read from their last delivery, which leaves them empty; gates and reefers from as long ago as a truck stays
or a pull-down lasts; facts of the open windows come from their tables.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from infra.clock import EPOCH, from_us
from infra.sql import blocks
from ingest.registry import Registry
from processing.board import HORIZON_US
from processing.engine import Engine
from processing.facts import CraneMove, Fact, Level, ReeferExcursion, TruckVisit
from processing.formulas import HOUR_US
from processing.samples import Samples, empty
from processing.streams import CRANE, GATE, REEFER, STREAMS, Stream

log = logging.getLogger(__name__)
SQL = blocks(__file__, "recall.sql")

CRANE_US = 2 * HOUR_US
GATE_US = 24 * HOUR_US
REEFER_US = 8 * HOUR_US
KNOWN_US = HOUR_US // 4
SPARSE_SAMPLES = 500
SPARSE_US = 7 * 24 * HOUR_US


async def recall(connection: Any, engine: Engine, registry: Registry) -> list[Fact]:
    """Bring the engine to where the stored data end.

    Returns: facts told again on the way; storing them changes nothing.
    """
    for device in await registry.load():
        engine.register(device)
    newest = await _watermarks(connection, engine, registry)
    if not newest:
        return []
    now_us = max(newest.values())
    await _facts(connection, engine, now_us)
    told = await _cranes(connection, engine)
    for stream, query, span_us in ((GATE, "gate_raw", GATE_US), (REEFER, "reefer_raw", REEFER_US)):
        records = await connection.fetch(SQL[query], from_us(now_us - span_us))
        told += engine.replay(to_samples(stream, records))
    for row in await connection.fetch(SQL["last_minute"]):
        engine.board(row["terminal"]).minute_us = row["minute_us"]
    for terminal, newest_us in newest.items():
        engine.board(terminal).advance(newest_us)
        engine.board(terminal).settle()
    log.info("recalled %d devices, %d terminals", len(registry.devices), len(newest))
    return told


async def _watermarks(connection: Any, engine: Engine, registry: Registry) -> dict[str, int]:
    newest: dict[str, int] = {}
    for stream in STREAMS.values():
        for row in await connection.fetch(SQL["watermarks"].format(table=stream.table), stream.name):
            engine.watermarks.put(row["device_id"], row["time_us"], row["seq"])
            terminal = registry.devices[row["device_id"]].terminal
            newest[terminal] = max(newest.get(terminal, row["time_us"]), row["time_us"])
    return newest


async def _facts(connection: Any, engine: Engine, now_us: int) -> None:
    since = from_us(now_us - HORIZON_US - HOUR_US)
    for row in await connection.fetch(SQL["moves"], since):
        engine.recall([CraneMove(*(_us(value) for value in row.values()))])
    for row in await connection.fetch(SQL["visits"], from_us(now_us - GATE_US)):
        engine.recall([TruckVisit(*(_us(value) for value in row.values()))])
    for row in await connection.fetch(SQL["excursions"], since):
        engine.recall([ReeferExcursion(*(_us(value) for value in row.values()))])


def _us(value: Any) -> Any:
    return (value - EPOCH) // timedelta(microseconds=1) if isinstance(value, datetime) else value


async def _cranes(connection: Any, engine: Engine) -> list[Fact]:
    told: list[Fact] = []
    for row in await connection.fetch(SQL["crane_starts"]):
        device_id = row["device_id"]
        newest_us = engine.watermarks.of(device_id)
        if newest_us is None:
            continue
        from_time_us = max(newest_us - CRANE_US, row["from_us"] or 0)
        known = await _known(connection, device_id, from_time_us)
        engine.cranes.seed(device_id, known)
        since = from_us(newest_us - HORIZON_US - HOUR_US)
        for level in await connection.fetch(SQL["logged_on"], device_id, since):
            engine.recall([Level(device_id, "logged_on", _us(level["time"]), float(level["logged_on"]))])
        records = await connection.fetch(SQL["crane_raw"], device_id, from_us(from_time_us))
        told += engine.replay(to_samples(CRANE, records))
    return told


async def _known(connection: Any, device_id: int, before_us: int) -> dict[str, float]:
    """Last known signals of a crane; a crane that reports by exception is looked at for longer."""
    for span_us in (KNOWN_US, SPARSE_US):
        row = await connection.fetchrow(SQL["crane_known"], device_id, from_us(before_us - span_us), from_us(before_us))
        if row["samples"] >= SPARSE_SAMPLES:
            break
    return {name: float(value) for name, value in row.items() if name != "samples" and value is not None}


def to_samples(stream: Stream, records: list[Any]) -> Samples:
    """Columns from rows of the stream's hypertable, in the rows' order; columns not read are absent."""
    if not records:
        return empty(stream)
    have = set(records[0].keys())
    numbers = np.full((len(stream.numeric), len(records)), np.nan)
    for at, signal in enumerate(stream.numeric):
        if signal.name in have:
            column = [record[signal.name] for record in records]
            if signal.kind == "enum":
                codes = {word: float(code) for code, word in enumerate(signal.values)}
                column = [None if word is None else codes[word] for word in column]
            numbers[at] = column
    times = np.array([_us(record["time"]) for record in records], np.int64)
    return Samples(
        stream,
        np.array([record["device_id"] for record in records], np.int32),
        times,
        np.array([record["seq"] for record in records], np.int64),
        times,
        numbers,
        {s.name: [_frozen(r[s.name]) if s.name in have else None for r in records] for s in stream.textual},
        [None] * len(records),
        [None] * len(records),
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
