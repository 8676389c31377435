"""Stored samples read back: the signals that detectors read, a slice of time after the other, each in order."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Any, Self

from infra.clock import from_us, to_us
from infra.connection import Connection
from infra.history import FOREVER_US
from infra.sql import blocks
from ingest.recompute.copy_out import Layout
from processing.model.device import NEVER_US, Device, LastValues
from processing.model.samples import Samples
from processing.model.stream import Stream
from processing.model.times import DAY_US, HOUR_US, MINUTE_US, QUARTER_US
from processing.model.unnumbered import merged
from processing.streams import BY_NAME, STREAMS

SQL = blocks(__file__, "raw_reader.sql")
KNOWN_US = (QUARTER_US, 3 * HOUR_US, DAY_US)
"""How far back a signal's last value is looked for, further and further those not found. [µs]

One that a device never sends costs a look at all its samples of a day, for all such signals together.
"""
FIRST_US = MINUTE_US // 2
"""Length of the first slice. [µs]"""
ROWS = 40_000
"""Slices are made longer and shorter to hold about so many."""
GROWTH = 4
"""No slice is longer than so many times the one before: samples may become denser at any time."""
MOST_BYTES = 16 << 20
"""A slice that takes more is read once more as several."""


class Reading:
    """Reads the samples of devices in slices of time, one slice ahead of what is taken.

    While the caller computes, the server prepares the next slice: two cores work at once. There is one task at a time,
    awaited for its result or at the end; a group would wrap its error and break off its COPY. Between `async with` and
    its end nothing else may use the connection, except after `until_free`.

    Args:
        connection: to the database.
        stream: of the devices.
        devices: their ids, looked up for each slice: whoever needs no more of a device takes it out.
        from_us: beginning. [µs since 1970 UTC]
        to_us: end, not included; None: as far as there are samples. [µs since 1970 UTC]

    Attributes:
        until_us: samples before this time have been taken. [µs since 1970 UTC]
    """

    def __init__(
        self, connection: Connection, stream: Stream, devices: Collection[int], from_us: int, to_us: int | None
    ) -> None:
        self.until_us = from_us
        self._connection = connection
        self._layout = layout(stream)
        self._devices = devices
        self._to_us = FOREVER_US if to_us is None else to_us
        self._at_us, self._length_us = from_us, FIRST_US
        self._ahead: asyncio.Task[_Slice | None] | None = None

    async def __aenter__(self) -> Self:
        self._ahead = asyncio.create_task(self._read(), name="slice")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._ahead is not None:
            if kind is not None and not issubclass(kind, Exception):
                self._ahead.cancel()  # nobody waits any more; else not, as a COPY broken off aborts the transaction
            await asyncio.wait([self._ahead])
            if not self._ahead.cancelled():
                self._ahead.exception()  # of a slice that nobody wants

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Samples:
        """The next slice that holds samples, in order of device, time and seq, as detectors see them: see `merged`."""
        if self._ahead is None:
            raise StopAsyncIteration
        ahead, self._ahead = self._ahead, None
        read = await ahead
        if read is None:
            raise StopAsyncIteration
        self._ahead = asyncio.create_task(self._read(), name="slice")
        await asyncio.sleep(0)  # the request is on its way before the caller computes
        self.until_us = read.end_us
        stream = self._layout.stream
        return merged(self._layout.samples(read.data), BY_NAME[stream.name].tracker.READ)

    async def until_free(self) -> None:
        """Wait until the connection is free for others, up to the next slice."""
        if self._ahead is not None:
            await asyncio.wait([self._ahead])

    async def _read(self) -> "_Slice | None":
        """The next slice that holds samples, None where there are no more."""
        while self._at_us < self._to_us and self._devices:
            end_us = min(self._at_us + self._length_us, self._to_us)
            data = await self._copied(self._at_us, end_us)
            if data is None:
                self._length_us = max(self._length_us // 16, 1)
                continue
            rows = self._layout.about(len(data))
            if rows:
                self._length_us = max(min(self._length_us * ROWS // rows, self._length_us * GROWTH), 1)
                self._at_us = end_us
                return _Slice(end_us, data)
            next_us = await self._next_us(end_us)
            self._at_us = self._to_us if next_us is None else next_us
            self._length_us = max(self._length_us // GROWTH, FIRST_US)
        return None

    async def _copied(self, from_time_us: int, end_us: int) -> bytes | None:
        """Rows in the form of a binary COPY, None where they are too many."""
        parts: list[bytes] = []
        size, most = 0, MOST_BYTES if end_us - from_time_us > 1 else 2**62

        async def take(data: bytes) -> None:
            nonlocal size
            size += len(data)
            if size > most:
                parts.clear()  # the rest is read all the same: a COPY that is broken off ends the transaction
            else:
                parts.append(data)

        query = SQL["slice"].format(
            table=self._layout.stream.table,
            columns=self._layout.columns,
            devices=",".join(map(str, self._devices)),
            begin=from_us(from_time_us).isoformat(),
            end=from_us(end_us).isoformat(),
        )
        await self._connection.copy_from_query(query, output=take, format="binary")
        return None if size > most else b"".join(parts)

    async def _next_us(self, from_time_us: int) -> int | None:
        """When the next sample of any of the devices was taken, from a time on; None where there is none."""
        query = SQL["next"].format(table=self._layout.stream.table)
        at = await self._connection.fetchval(query, list(self._devices), from_us(from_time_us))
        return None if at is None else to_us(at)


@dataclass(frozen=True, slots=True)
class _Slice:
    """What a COPY gave, and up to when. [µs since 1970 UTC]."""

    end_us: int
    data: bytes


@cache
def layout(stream: Stream) -> Layout:
    """How what detectors read of a stream is read."""
    return Layout(stream, BY_NAME[stream.name].tracker.READ)


def of_device(connection: Connection, device: Device, from_time_us: int, to_time_us: int | None) -> Reading:
    """Samples of a device with from ≤ time < to; inside a transaction where what is read must fit together."""
    return Reading(connection, STREAMS[device.stream], [device.device_id], from_time_us, to_time_us)


async def any_before(connection: Connection, device: Device, time_us: int) -> bool:
    """Whether a device has sent something before a time."""
    table = STREAMS[device.stream].table
    return bool(await connection.fetchval(SQL["any_before"].format(table=table), device.device_id, from_us(time_us)))


async def first_us(connection: Connection, device: Device) -> int:
    """When a device's first sample was taken, `NEVER_US` where none is stored. [µs since 1970 UTC]."""
    at = await connection.fetchval(SQL["first_of"].format(table=STREAMS[device.stream].table), device.device_id)
    return NEVER_US if at is None else to_us(at)


async def known(connection: Connection, device: Device, before_us: int) -> LastValues:
    """What a device sent last before a time, each signal on its own."""
    stream = STREAMS[device.stream]
    missing = list(BY_NAME[device.stream].tracker.carried(device))
    found: LastValues = {}
    until_us = before_us
    for back_us in KNOWN_US:
        if not missing:
            break
        columns = ", ".join(SQL["last_known"].format(column=name) for name in missing)
        query = SQL["known"].format(columns=columns, table=stream.table)
        (row,) = await connection.fetch(query, device.device_id, from_us(before_us - back_us), from_us(until_us))
        found |= {name: _number(stream, name, value) for name, value in row.items() if value is not None}
        missing = [name for name in missing if name not in found]
        until_us = before_us - back_us
    return found


def _number(stream: Stream, name: str, value: Any) -> float | str:
    signal = stream.by_name[name]
    if signal.kind == "enum":
        return float(signal.values.index(value))
    return value if isinstance(value, str) else float(value)
