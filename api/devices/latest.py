"""The newest sample of each device. One template of SQL serves every stream of the registry."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from api.database.database import Database
from api.devices.answers import Latest, Scalar
from api.devices.queries import SQL
from api.http.errors import NotFoundError
from api.http.rows import rfc3339
from infra.connection import Record
from processing.streams import STREAMS

RECENT = timedelta(hours=6)
"""A device that has sent since then is found in the newest chunks; see queries.sql."""
RECENT_SQL = {name: SQL["latest"].format(table=stream.table) for name, stream in STREAMS.items()}
OF_DEVICES_SQL = {name: SQL["latest_of"].format(table=stream.table) for name, stream in STREAMS.items()}


async def recent(database: Database, terminal: str | None, stream: str, now: datetime) -> list[Latest]:
    """Newest sample of each device of a stream that has sent within the last hours."""
    return _latest(stream, await database.fetch(RECENT_SQL[stream], terminal, stream, now - RECENT))


async def latest(database: Database, terminal: str | None, stream: str | None, now: datetime) -> list[Latest]:
    """Newest sample of each device, of those that fell silent too; in order of terminal, stream and device."""
    streams = [stream] if stream is not None else list(STREAMS)
    found = [await recent(database, terminal, name, now) for name in streams]
    silent: dict[str, list[int]] = {}
    for device_id, name in await database.fetch(SQL["silent_devices"], terminal, stream, now - RECENT):
        silent.setdefault(name, []).append(device_id)
    found += [
        _latest(name, await database.fetch(OF_DEVICES_SQL[name], ids))
        for name, ids in silent.items()
        if name in STREAMS
    ]
    return sorted((one for part in found for one in part), key=lambda one: (one.terminal, one.stream, one.device))


async def latest_of(database: Database, terminal: str, stream: str, device: str) -> Latest:
    """Newest sample of one device.

    Raises:
        NotFoundError: there is no such device, or it has sent no sample.
    """
    ids = await database.fetch(SQL["device_id"], terminal, stream, device)
    if not ids:
        raise NotFoundError(
            f"there is no {stream} {device} at terminal {terminal}; /api/v1/devices lists those seen so far"
        )
    found = _latest(stream, await database.fetch(OF_DEVICES_SQL[stream], [ids[0][0]]))
    if not found:
        raise NotFoundError(f"{stream} {device} at terminal {terminal} has sent no sample yet")
    return found[0]


def _latest(stream: str, rows: Iterable[Record]) -> list[Latest]:
    names = [signal.name for signal in STREAMS[stream].signals]
    return [
        Latest(
            row["terminal"],
            stream,
            row["device"],
            rfc3339(row["time"]),
            row["seq"] if row["seq"] >= 0 else None,
            rfc3339(row["received_at"]),
            {name: value for name in names if (value := _signal(row[name])) is not None},
        )
        for row in rows
    ]


def _signal(value: Any) -> Scalar | list[str] | None:
    return value  # type: ignore[no-any-return] # the column's type, checked against the table of signals by a test
