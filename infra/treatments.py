"""Logs of cold treatments in the database, and the stored rows beside them."""

from datetime import datetime

from infra.connection import Connection, Record
from infra.sql import blocks
from processing.reefers.signals import REEFER

SQL = {name: text.format(table=REEFER.table) for name, text in blocks(__file__, "treatments.sql").items()}


async def unlogged(
    connection: Connection, name: tuple[str, str], begin: datetime, end: datetime, most: int
) -> list[Record]:
    """Stored rows of a container that its log lacks: device id, time, seq, name of the device; in order of time.

    Args:
        connection: to the database.
        name: terminal and container.
        begin: first time.
        end: last time.
        most: rows.

    Raises:
        asyncpg.PostgresError, OSError, TimeoutError: the database does not answer.
    """
    return await connection.fetch(SQL["unlogged"], *name, begin, end, most)
