"""Reefer excursions as the database has them."""

from api.database.database import Database
from api.database.queries import queries
from api.excursions.answers import Excursion
from api.http.rows import structs
from api.http.spans import Span

SQL = queries(__file__)


async def excursions(
    database: Database, terminal: str | None, device: str | None, span: Span, limit: int
) -> list[Excursion]:
    """Reefer excursions that touch a span, newest first."""
    rows = await database.fetch(SQL["excursions"], terminal, device, span.begin, span.end, limit)
    return await structs(Excursion, rows)
