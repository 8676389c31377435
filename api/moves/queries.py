"""Crane moves as the database has them."""

from api.database.database import Database
from api.database.queries import queries
from api.http.rows import structs
from api.http.spans import Span
from api.moves.answers import Move

SQL = queries(__file__)


async def moves(database: Database, terminal: str | None, device: str | None, span: Span, limit: int) -> list[Move]:
    """Crane moves that ended in a span, newest first."""
    return await structs(Move, await database.fetch(SQL["moves"], terminal, device, span.begin, span.end, limit))
