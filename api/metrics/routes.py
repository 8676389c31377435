"""GET /metrics."""

from aiohttp import web

from api.health.worker import Worker
from api.http.context import Context
from api.http.metrics import CONTENT_TYPE, Metrics
from api.http.parameters import NoQuery
from api.http.route import TEXT, Route


async def _metrics(context: Context[NoQuery, None]) -> web.Response:
    """Own metrics, then the worker's."""
    text = context.services[Metrics].text(await context.services[Worker].metrics())
    return web.Response(body=text.encode(), headers={"Content-Type": CONTENT_TYPE})


ROUTES = (Route("/metrics", _metrics, NoQuery, str, "Prometheus metrics, the worker's too", (), TEXT),)
