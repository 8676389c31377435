"""GET /openapi.json."""

from typing import Any

from aiohttp import web

from api.http.context import Context
from api.http.parameters import NoQuery
from api.http.route import JSON, Route
from api.openapi.document import Description


async def _description(context: Context[NoQuery, None]) -> web.Response:
    return web.Response(body=context.services[Description].text, content_type=JSON)


ROUTES = (Route("/openapi.json", _description, NoQuery, dict[str, Any], "This document", ()),)
