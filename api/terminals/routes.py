"""GET /api/v1/terminals."""

from msgspec import Struct

from api.http.context import Context
from api.http.parameters import NoQuery
from api.http.route import API, Route
from api.terminals import queries
from api.terminals.answers import Terminals
from processing.site.configuration import Sites


async def _terminals(context: Context[NoQuery, None]) -> Struct:
    found = await queries.terminals(context.database, context.services[Sites])
    own = context.principal.terminal
    return Terminals([one for one in found if own in (None, one.terminal)])


ROUTES = (Route(f"{API}/terminals", _terminals, NoQuery, Terminals, "Terminals"),)
