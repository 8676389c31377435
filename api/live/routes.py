"""GET /api/v1/live."""

from aiohttp import web
from msgspec import Struct

from api.http.access import Access
from api.http.context import Context
from api.http.parameters import TerminalId
from api.http.route import API, Route
from api.live import sockets
from api.live.frames import LiveFrame
from api.live.hub import Hub


class LiveQuery(Struct, frozen=True):
    """Whose frames."""

    terminal: TerminalId


async def _live(context: Context[LiveQuery, None]) -> web.WebSocketResponse:
    access = context.services[Access]
    return await sockets.serve(
        context.request, context.services[Hub], context.query.terminal, lambda: access.holds(context.principal)
    )


ROUTES = (
    Route(
        f"{API}/live",
        _live,
        LiveQuery,
        LiveFrame,
        "WebSocket: a snapshot, then what changes",
        (403, 503),
        socket=True,
    ),
)
