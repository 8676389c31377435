"""GET /api/v1/moves."""

from msgspec import Struct

from api.http.context import Context
from api.http.parameters import FactsQuery
from api.http.route import API, Route
from api.http.spans import facts_span
from api.moves import queries
from api.moves.answers import Moves
from infra.clock import utc_now


async def _moves(context: Context[FactsQuery, None]) -> Struct:
    query = context.query
    span = facts_span(query.begin, query.end, utc_now())
    return Moves(await queries.moves(context.database, query.terminal, query.device, span, query.limit))


ROUTES = (Route(f"{API}/moves", _moves, FactsQuery, Moves, "Crane moves, newest first"),)
