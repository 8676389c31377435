"""Quarantined messages as the database has them."""

import asyncio

from api.database.database import Database
from api.database.queries import queries
from api.http.rows import rfc3339
from api.quarantine.answers import Quarantine, Quarantined

SQL = queries(__file__)


async def quarantine(database: Database, terminal: str | None, reason: str | None, limit: int) -> Quarantine:
    """Quarantined messages, newest first, and counts of all."""
    rows, counts = await asyncio.gather(
        database.fetch(SQL["quarantine"], terminal, reason, limit),
        database.fetch(SQL["quarantine_by_reason"], terminal),
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
    count, newest = (await database.fetch(SQL["quarantine_since"], terminal, after))[0]
    return count, after if newest is None else newest
