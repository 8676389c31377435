"""Logs of cold treatments in the database, and the stored rows beside them."""

from datetime import datetime

from infra.connection import Connection, Record
from infra.sql import blocks
from processing.reefers.signals import REEFER

_TEXTS = blocks(__file__, "treatments.sql")
PIECES: dict[str, object] = {"table": REEFER.table}
"""Pieces of statements: which box rows are of, since when they are kept; before `held` there must be a CTE `asked`."""
for _name in ("held", "kept_since"):
    PIECES[_name] = _TEXTS[_name].format_map(PIECES)
SQL = {name: text.format_map(PIECES) for name, text in _TEXTS.items()}


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
