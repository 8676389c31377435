"""GET /api/v1/visits."""

from typing import Annotated

from msgspec import Meta, Struct, field

from api.http.context import Context
from api.http.parameters import Limit, Moment, TerminalId
from api.http.route import API, Route
from api.http.spans import facts_span
from api.visits import queries
from api.visits.answers import Visits
from infra.clock import utc_now


class VisitsQuery(Struct, frozen=True):
    """Which visits of a span of time."""

    terminal: TerminalId | None = None
    begin: Annotated[Moment, Meta(description="start, a time; 24 h before `to` when left out")] | None = field(
        default=None, name="from"
    )
    end: Annotated[Moment, Meta(description="end, a time; now when left out")] | None = field(default=None, name="to")
    limit: Limit = 100


async def _visits(context: Context[VisitsQuery, None]) -> Struct:
    query = context.query
    span = facts_span(query.begin, query.end, utc_now())
    return Visits(await queries.visits(context.database, query.terminal, span, query.limit))


ROUTES = (Route(f"{API}/visits", _visits, VisitsQuery, Visits, "Truck visits, newest first"),)
