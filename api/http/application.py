"""The aiohttp application: routes from the table, errors as JSON, every answer counted."""

import logging
import uuid
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from msgspec import Struct

from api.http import bodies, errors, origin
from api.http.access import Access, check_terminal
from api.http.compression import compressed
from api.http.connections import Connections
from api.http.context import UNKNOWN, Context
from api.http.metrics import Metrics
from api.http.origin import HostPolicy
from api.http.pages import add_pages, add_security_headers
from api.http.parsing import parse
from api.http.responses import json_response
from api.http.route import Route
from api.http.services import Services
from api.http.unread import Unread
from infra.http_server import remove_server

log = logging.getLogger(__name__)

HINTS = {401: {"WWW-Authenticate": "Bearer"}, 429: {"Retry-After": "1"}, 503: {"Retry-After": "2"}}


def application(
    routes: Sequence[Route], services: Services, hosts: HostPolicy, dist: Path, connections: Connections
) -> web.Application:
    """The application, ready to be served.

    Args:
        routes: of all resources.
        services: what handlers work with; `Access` and `Metrics` among them.
        hosts: under which names it answers.
        dist: folder of the built dashboard.
        connections: learns which connections have sent a request.
    """
    app = web.Application(middlewares=[_observe(services[Metrics], connections), compressed, _answer_errors(hosts)])
    app.on_response_prepare.extend([add_security_headers, remove_server])
    for route in routes:
        if route.method == "GET":
            app.router.add_get(route.pattern, _endpoint(route, services), allow_head=not route.socket)
        else:
            app.router.add_route(route.method, route.pattern, _endpoint(route, services))
    add_pages(app, dist)
    return app


def _endpoint(route: Route, services: Services) -> Handler:
    access = services[Access]

    async def endpoint(request: web.Request) -> web.StreamResponse:
        principal = UNKNOWN if route.least is None else await access.admit(request, route.least)
        if route.method != "GET":
            origin.check_write(request.headers, request.host, request.scheme)
        query = parse(route.query, request.match_info, request.query.items())
        check_terminal(principal, query)
        body = None
        if route.body is not None:
            body = await bodies.read(request, route.body, route.takes, route.most_bytes)
        context: Context[Struct, object] = Context(principal, services, query, body, request)
        found = await route.handler(context)
        return found if isinstance(found, web.StreamResponse) else json_response(200, found)

    return endpoint


def _answer_errors(hosts: HostPolicy) -> Middleware:
    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            hosts.check(request.host)
            return await handler(request)
        except Exception as error:
            found = errors.answer(error, request)
            if found is None:
                return _bug(request, error)
            response = json_response(*found)
            if isinstance(error, web.HTTPMethodNotAllowed):
                response.headers["Allow"] = ", ".join(sorted(error.allowed_methods))
            response.headers.update(HINTS.get(found[0], {}))
            return response

    return middleware


def _bug(request: web.Request, error: Exception) -> web.Response:
    """A bug is answered with an id, and logged under it with everything known; no internals in the answer."""
    request_id = uuid.uuid4().hex[:12]
    log.error("request %s: %s %r failed", request_id, request.method, request.path_qs[:500], exc_info=error)
    detail = errors.ErrorDetail("internal", f"a bug in the server; its log has more under request id {request_id}")
    return json_response(500, errors.ErrorBody(detail))


def _observe(metrics: Metrics, connections: Connections) -> Middleware:
    unread = Unread(metrics.cut.inc)

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        connections.requested(request)
        started = perf_counter()
        response = await handler(request)
        unread.in_pieces(response)
        resource = request.match_info.route.resource
        route = resource.canonical if resource is not None else "unknown"
        live = isinstance(response, web.WebSocketResponse)
        metrics.answered(route, response.status, None if live else perf_counter() - started)
        return response

    return middleware
