"""Stored samples read back: the signals that detectors read, device by device, in order."""

from collections.abc import AsyncIterator
from typing import Any

import numpy as np

from infra.clock import from_us, to_us
from infra.history import FOREVER_US
from infra.sql import blocks
from processing.engine import NEVER_US
from processing.replay import TRACKERS
from processing.samples import Samples, empty
from processing.streams import STREAMS, Stream
from processing.trackers import Device, Known

SQL = blocks(__file__, "raw.sql")
CHUNK = 1_000
KNOWN_US = (900_000_000, 86_400_000_000)
"""How far back a signal's last value is looked for: all signals together, then those not found, one by one. [µs]"""


async def chunks(connection: Any, device: Device, from_time_us: int, to_time_us: int | None) -> AsyncIterator[Samples]:
    """Samples of a device with from ≤ time < to, in order; inside a transaction."""
    stream = STREAMS[device.stream]
    query = SQL["of_device"].format(table=stream.table, columns=", ".join(TRACKERS[device.stream].READ))
    until = from_us(FOREVER_US if to_time_us is None else to_time_us)
    cursor = await connection.cursor(query, device.device_id, from_us(from_time_us), until)
    while records := await cursor.fetch(CHUNK):
        yield to_samples(stream, records)


async def any_before(connection: Any, device: Device, time_us: int) -> bool:
    """Whether a device has sent something before a time."""
    table = STREAMS[device.stream].table
    return bool(await connection.fetchval(SQL["any_before"].format(table=table), device.device_id, from_us(time_us)))


async def first_us(connection: Any, device: Device) -> int:
    """When a device's first sample was taken, `NEVER_US` where none is stored. [µs since 1970 UTC]."""
    at = await connection.fetchval(SQL["first_of"].format(table=STREAMS[device.stream].table), device.device_id)
    return NEVER_US if at is None else to_us(at)


async def known(connection: Any, device: Device, before_us: int) -> Known:
    """What a device said last before a time, each signal on its own."""
    stream = STREAMS[device.stream]
    names = [name for name in TRACKERS[device.stream].READ if name in _carried(device.stream)]
    if not names:
        return {}
    last = ", ".join(f"last({name}, time) FILTER (WHERE {name} IS NOT NULL) AS {name}" for name in names)
    values = await connection.fetchrow(
        SQL["known"].format(columns=last, table=stream.table),
        device.device_id,
        from_us(before_us - KNOWN_US[0]),
        from_us(before_us),
    )
    found = dict(values)
    for name in [name for name in names if found[name] is None]:
        found[name] = await connection.fetchval(
            SQL["known_one"].format(column=name, table=stream.table),
            device.device_id,
            from_us(before_us - KNOWN_US[1]),
            from_us(before_us - KNOWN_US[0]),
        )
    return {name: _number(stream, name, value) for name, value in found.items() if value is not None}


def _carried(stream: str) -> tuple[str, ...]:
    tracker = TRACKERS[stream]
    carried: tuple[str, ...] = getattr(tracker, "CARRIED", ())
    return (*carried, "container_id")


def _number(stream: Stream, name: str, value: Any) -> float | str:
    signal = stream.by_name[name]
    if signal.kind == "enum":
        return float(signal.values.index(value))
    return value if isinstance(value, str) else float(value)


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
    times = np.array([to_us(record["time"]) for record in records], np.int64)
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
