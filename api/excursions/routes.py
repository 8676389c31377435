"""GET /api/v1/excursions."""

from msgspec import Struct

from api.excursions import queries
from api.excursions.answers import Excursions
from api.http.context import Context
from api.http.parameters import FactsQuery
from api.http.route import API, Route
from api.http.spans import facts_span
from infra.clock import utc_now


async def _excursions(context: Context[FactsQuery, None]) -> Struct:
    query = context.query
    span = facts_span(query.begin, query.end, utc_now())
    return Excursions(await queries.excursions(context.database, query.terminal, query.device, span, query.limit))


ROUTES = (
    Route(
        f"{API}/excursions",
        _excursions,
        FactsQuery,
        Excursions,
        "Reefer excursions that touch the span, newest first",
    ),
)
