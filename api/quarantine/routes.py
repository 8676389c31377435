"""GET /api/v1/quarantine."""

from typing import Annotated

from msgspec import Meta, Struct

from api.http.context import Context
from api.http.parameters import Id, TerminalId
from api.http.route import API, Route
from api.quarantine import queries
from api.quarantine.answers import Quarantine


class QuarantineQuery(Struct, frozen=True):
    """Which quarantined messages."""

    terminal: TerminalId | None = None
    reason: Annotated[Id, Meta(description="reason code as `by_reason` lists it")] | None = None
    limit: Annotated[int, Meta(ge=1, le=1_000, description="most rows in the answer, 1 to 1000")] = 50


async def _quarantine(context: Context[QuarantineQuery, None]) -> Struct:
    query = context.query
    return await queries.quarantine(context.database, query.terminal, query.reason, query.limit)


ROUTES = (
    Route(f"{API}/quarantine", _quarantine, QuarantineQuery, Quarantine, "Messages not understood, newest first"),
)
