"""Dropping what is older than its retention.

Raw samples go by whole chunks, so that the disk really gets its space back; energy, 96 rows a day of
every device, and the quarantine by rows.
"""

import asyncio
import logging
from datetime import datetime, timedelta

from infra.connection import Connection
from infra.database import connect
from infra.settings import Settings
from infra.sql import blocks
from ingest.store.failures import AWAY
from processing.streams import STREAMS

log = logging.getLogger(__name__)

SQL = blocks(__file__, "retention.sql")
EVERY_S = 3600.0
AT_ONCE = timedelta(days=1)
"""Of energy, what one transaction deletes: no lock lasts."""
ROWS_AT_ONCE = 5_000
"""The same of the quarantine."""


async def drop_old(settings: Settings) -> None:
    """Look every hour, for ever; an error is logged and the next hour tries again."""
    while True:
        try:
            async with asyncio.timeout(EVERY_S):
                connection = await connect(settings.require_database(), "quaystream-retention")
                try:
                    await drop_old_chunks(connection, settings.retention_days)
                    await delete_old_quarantine(connection, settings.retention_days)
                    # Recomputed from raw samples, what was deleted would come back.
                    await delete_old_energy(connection, max(settings.energy_days, settings.retention_days + 2))
                finally:
                    await connection.close(timeout=5)
        except AWAY as error:
            log.warning("what is older than its retention was not dropped, the next hour tries again: %s", error)
        await asyncio.sleep(EVERY_S)


async def drop_old_chunks(connection: Connection, days: int) -> None:
    """Drop chunks of raw samples that are all older than so many days, and a day of grace."""
    for stream in STREAMS.values():
        dropped = await connection.fetch(SQL["drop_chunks"], stream.table, days + 1)
        if dropped:
            log.info("%s: %d chunks older than %d days dropped", stream.table, len(dropped), days)


async def delete_old_quarantine(connection: Connection, days: int) -> None:
    """Delete what was quarantined so many days ago: were it read today, its samples would be too old."""
    deleted = ROWS_AT_ONCE
    while deleted == ROWS_AT_ONCE:
        deleted = await connection.fetchval(SQL["delete_quarantine"], days, ROWS_AT_ONCE)


async def delete_old_energy(connection: Connection, days: int) -> None:
    """Delete energy of quarters that ended so many days ago, oldest first."""
    found = await connection.fetch(SQL["oldest_energy"], days)
    oldest: datetime | None
    oldest, keep_from = found[0]
    while oldest is not None and oldest < keep_from:
        oldest = min(oldest + AT_ONCE, keep_from)
        async with connection.transaction():
            await connection.execute(SQL["delete_energy"], oldest)
            await connection.execute(SQL["delete_energy_hours"], oldest)
