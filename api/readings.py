"""What the API reads from the database, as Structs."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from api.answers import (
    CurrentShift,
    Device,
    Excursion,
    Latest,
    Move,
    Point,
    Quarantine,
    Quarantined,
    Scalar,
    Terminal,
    Visit,
    build,
    rfc3339,
)
from api.database import Database
from api.errors import NotFoundError
from api.spans import EPOCH, MS, Span
from infra.clock import from_us, now_us
from processing.site.configuration import Site, Sites
from processing.streams import STREAMS

T = TypeVar("T", bound=Struct)

BUILT_AT_ONCE = 500
RECENT = timedelta(hours=6)
"""A device that spoke since then is found in the newest chunks; see latest.sql."""


async def structs(kind: type[T], rows: Sequence[Any]) -> list[T]:
    """Rows as Structs, letting others run in between: ten thousand take tens of milliseconds."""
    built: list[T] = []
    for start in range(0, len(rows), BUILT_AT_ONCE):
        built += [build(kind, row) for row in rows[start : start + BUILT_AT_ONCE]]
        await asyncio.sleep(0)
    return built


async def terminals(database: Database, sites: Sites) -> list[Terminal]:
    """All terminals that have devices, with what they have decided of their clocks."""
    rows, at_us = await database.fetch("terminals"), now_us()
    return await structs(Terminal, [(*row, *_clocks(sites.of(row["terminal"]), at_us)) for row in rows])


def _clocks(site: Site, at_us: int) -> tuple[str, CurrentShift]:
    shift = site.shift(at_us)
    return site.time_zone, CurrentShift(shift.name, rfc3339(from_us(shift.begin_us)), rfc3339(from_us(shift.end_us)))


async def devices(database: Database, terminal: str | None, stream: str | None = None) -> list[Device]:
    """Devices with their counters."""
    rows = await database.fetch("devices", terminal, stream)
    return await structs(Device, [(*counts, _by_cause(signals), _by_cause(why)) for *counts, signals, why in rows])


def _by_cause(counted: str | None) -> dict[str, int]:
    return msgspec.json.decode(counted, type=dict[str, int]) if counted is not None else {}


def _latest(stream: str, rows: Iterable[Any]) -> list[Latest]:
    names = [signal.name for signal in STREAMS[stream].signals]
    return [
        Latest(
            row["terminal"],
            stream,
            row["device"],
            rfc3339(row["time"]),
            row["seq"],
            rfc3339(row["received_at"]),
            {name: value for name in names if (value := _signal(row[name])) is not None},
        )
        for row in rows
    ]


def _signal(value: Any) -> Scalar | list[str] | None:
    return value  # type: ignore[no-any-return] # the column's type, checked against the table of signals by a test


async def recent(database: Database, terminal: str | None, stream: str, now: datetime) -> list[Latest]:
    """Newest sample of each device of a stream that spoke within the last hours."""
    return _latest(stream, await database.fetch(f"{stream}_latest", terminal, now - RECENT))


async def latest(database: Database, terminal: str | None, stream: str | None, now: datetime) -> list[Latest]:
    """Newest sample of each device, of those that fell silent too; in order of terminal, stream and device."""
    streams = [stream] if stream is not None else list(STREAMS)
    found = [await recent(database, terminal, name, now) for name in streams]
    silent: dict[str, list[int]] = {}
    for device_id, name in await database.fetch("silent_devices", terminal, stream, now - RECENT):
        silent.setdefault(name, []).append(device_id)
    found += [
        _latest(name, await database.fetch(f"{name}_latest_of", ids)) for name, ids in silent.items() if name in STREAMS
    ]
    return sorted((one for part in found for one in part), key=lambda one: (one.terminal, one.stream, one.device))


async def latest_of(database: Database, terminal: str, stream: str, device: str) -> Latest:
    """Newest sample of one device.

    Raises:
        NotFoundError: there is no such device, or it has sent no sample.
    """
    ids = await database.fetch("device_id", terminal, stream, device)
    if not ids:
        raise NotFoundError(
            f"there is no {stream} {device} at terminal {terminal}; /api/v1/devices lists those seen so far"
        )
    found = _latest(stream, await database.fetch(f"{stream}_latest_of", [ids[0][0]]))
    if not found:
        raise NotFoundError(f"{stream} {device} at terminal {terminal} has sent no sample yet")
    return found[0]


async def moves(database: Database, terminal: str | None, device: str | None, span: Span, limit: int) -> list[Move]:
    """Crane moves that ended in a span, newest first."""
    return await structs(Move, await database.fetch("moves", terminal, device, span.begin, span.end, limit))


async def visits(database: Database, terminal: str | None, span: Span, limit: int) -> list[Visit]:
    """Truck visits that ended in a span, or began in it and last, newest first."""
    return await structs(Visit, await database.fetch("visits", terminal, span.begin, span.end, limit))


async def excursions(
    database: Database, terminal: str | None, device: str | None, span: Span, limit: int
) -> list[Excursion]:
    """Reefer excursions that touch a span, newest first."""
    rows = await database.fetch("excursions", terminal, device, span.begin, span.end, limit)
    return await structs(Excursion, rows)


async def quarantine(database: Database, terminal: str | None, reason: str | None, limit: int) -> Quarantine:
    """Quarantined messages, newest first, and counts of all."""
    rows, counts = await asyncio.gather(
        database.fetch("quarantine", terminal, reason, limit), database.fetch("quarantine_by_reason", terminal)
    )
    by_reason = {name: count for name, count in counts if reason in (None, name)}
    listed = [
        Quarantined(
            id=row["id"],
            received_at=rfc3339(row["received_at"]),
            topic=row["topic"],
            reason=row["reason"],
            detail=row["detail"],
            terminal=row["terminal"],
            stream=row["stream"],
            device=row["device"],
            payload=row["payload"].decode("utf-8", "replace"),
            payload_bytes=row["payload_bytes"],
        )
        for row in rows
    ]
    return Quarantine(listed, sum(by_reason.values()), by_reason)


async def quarantine_since(database: Database, terminal: str, after: int) -> tuple[int, int]:
    """How many messages were quarantined after the one with this id, and the newest id now."""
    count, newest = (await database.fetch("quarantine_since", terminal, after))[0]
    return count, after if newest is None else newest


async def kpi_points(
    database: Database, terminal: str, kpi: str, subject: str, window: str, span: Span, step_s: int
) -> list[Point]:
    """Last value of a KPI in each step."""
    rows = await database.fetch("kpi_history", terminal, kpi, subject, window, span.begin, span.end, step_s)
    return [[(time - EPOCH) // MS, value] for time, value in rows]


async def kpi_windows(database: Database, terminal: str, kpi: str, subject: str) -> set[str]:
    """Windows of which there are samples."""
    return {row[0] for row in await database.fetch("kpi_windows", terminal, kpi, subject)}
