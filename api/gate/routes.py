"""GET /api/v1/gate/transactions."""

from msgspec import Struct

from api.database.queries import queries
from api.gate.answers import Transaction, Transactions
from api.http.context import Context
from api.http.parameters import FactsQuery
from api.http.route import API, Route
from api.http.spans import facts_span
from infra.clock import utc_now

SQL = queries(__file__)
TRANSACTIONS_SQL = SQL["transactions"].format(selected=Transaction.columns.selected)


async def _transactions(context: Context[FactsQuery, None]) -> Struct:
    """Trucks through lanes."""
    query = context.query
    span = facts_span(query.begin, query.end, utc_now())
    rows = await context.database.fetch(
        TRANSACTIONS_SQL, query.terminal, query.device, span.begin, span.end, query.limit
    )
    return Transactions(await Transaction.from_rows(rows))


ROUTES = (
    Route(
        f"{API}/gate/transactions",
        _transactions,
        FactsQuery,
        Transactions,
        "Trucks through lanes that came in the span, newest first",
    ),
)
