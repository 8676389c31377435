"""Truck visits as the database has them."""

from api.database.database import Database
from api.database.queries import queries
from api.http.rows import structs
from api.http.spans import Span
from api.visits.answers import Visit

SQL = queries(__file__)


async def visits(database: Database, terminal: str | None, span: Span, limit: int) -> list[Visit]:
    """Truck visits that ended in a span, or began in it and last, newest first."""
    return await structs(Visit, await database.fetch(SQL["visits"], terminal, span.begin, span.end, limit))
