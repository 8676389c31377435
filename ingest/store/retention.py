"""Dropping raw samples older than the retention: whole chunks, so that the disk really gets its space back."""

import asyncio
import logging

import asyncpg

from infra.database import connect
from processing.streams import STREAMS

log = logging.getLogger(__name__)

EVERY_S = 3600.0


async def drop_old_chunks(url: str, retention_days: int) -> None:
    """Look every hour, for ever; an error is logged and the next hour tries again."""
    while True:
        try:
            async with asyncio.timeout(EVERY_S):
                connection = await connect(url, "quaystream-retention")
                try:
                    for stream in STREAMS.values():
                        dropped = await connection.fetch(
                            "SELECT drop_chunks($1::regclass, older_than => make_interval(days => $2))",
                            stream.table,
                            retention_days + 1,
                        )
                        if dropped:
                            log.info(
                                "%s: %d chunks older than %d days dropped", stream.table, len(dropped), retention_days
                            )
                finally:
                    await connection.close(timeout=5)
        except (asyncpg.PostgresError, OSError, TimeoutError) as error:
            log.warning("old chunks were not dropped, the next hour tries again: %s", error)
        await asyncio.sleep(EVERY_S)
