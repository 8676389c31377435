"""GET /healthz and GET /readyz."""

import msgspec
from aiohttp import web
from msgspec import Struct

from api.health.answers import Liveness, Readiness
from api.health.readiness import Health
from api.http.context import Context
from api.http.parameters import NoQuery
from api.http.route import JSON, Route


async def _alive(_context: Context[NoQuery, None]) -> Struct:
    """The program runs."""
    return Liveness("ok")


async def _ready(context: Context[NoQuery, None]) -> web.Response:
    """Whether all parts are there: 200, else 503 with what to do."""
    readiness = await context.services[Health].readiness()
    return web.Response(status=200 if readiness.ready else 503, body=msgspec.json.encode(readiness), content_type=JSON)


ROUTES = (
    Route("/healthz", _alive, NoQuery, Liveness, "Is the program alive", (), role="open"),
    Route("/readyz", _ready, NoQuery, Readiness, "Are database, broker and worker there", role="open"),
)
