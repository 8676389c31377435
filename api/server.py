"""The aiohttp application: routes from the table, errors as JSON, every answer counted."""

import logging
import uuid
from time import perf_counter

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from api import bodies, errors, origin
from api.connections import Connections
from api.pages import add_pages, add_security_headers
from api.requests import parse
from api.routes import ROUTES, Route
from api.services import Call, Sent, Services

log = logging.getLogger(__name__)

ENCODER = msgspec.json.Encoder()


def application(services: Services, connections: Connections) -> web.Application:
    """The application, ready to be served."""
    app = web.Application(middlewares=[_observe(services, connections), _answer_errors(services)])
    app.on_response_prepare.append(add_security_headers)
    for route in ROUTES:
        if route.method == "GET":
            app.router.add_get(route.path, _endpoint(route, services), allow_head=not route.socket)
        else:
            app.router.add_route(route.method, route.path, _endpoint(route, services))
    add_pages(app, services)
    return app


def _endpoint(route: Route, services: Services) -> Handler:
    async def endpoint(request: web.Request) -> web.StreamResponse:
        if route.method != "GET":
            origin.check_write(request.headers, request.host)
        call = Call(services, parse(route.query, request.match_info, request.query.items()), request)
        if route.body is not None:
            body = await bodies.read(request, route.body, route.takes, route.most_bytes)
            call = Sent(services, call.query, request, body)
        found = await route.handler(call)
        return found if isinstance(found, web.StreamResponse) else _json(200, found)

    return endpoint


def _json(status: int, body: msgspec.Struct) -> web.Response:
    return web.Response(
        status=status,
        body=ENCODER.encode(body),
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def _answer_errors(services: Services) -> Middleware:
    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            if not services.open_to_network:
                origin.check_host(request.host, services.host)
            return await handler(request)
        except Exception as error:
            found = errors.answer(error, request)
            if found is None:
                return _bug(request, error)
            response = _json(*found)
            if isinstance(error, web.HTTPMethodNotAllowed):
                response.headers["Allow"] = ", ".join(sorted(error.allowed_methods))
            if found[0] == 503:
                response.headers["Retry-After"] = "2"
            return response

    return middleware


def _bug(request: web.Request, error: Exception) -> web.Response:
    """A bug is told with an id, and logged under it with everything known; no internals in the answer."""
    request_id = uuid.uuid4().hex[:12]
    log.error("request %s: %s %r failed", request_id, request.method, request.path_qs[:500], exc_info=error)
    detail = errors.ErrorDetail("internal", f"a bug in the server; its log tells more under request id {request_id}")
    return _json(500, errors.ErrorBody(detail))


def _observe(services: Services, connections: Connections) -> Middleware:
    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        connections.spoke(request)
        started = perf_counter()
        response = await handler(request)
        resource = request.match_info.route.resource
        route = resource.canonical if resource is not None else "unknown"
        live = isinstance(response, web.WebSocketResponse)
        services.metrics.answered(route, response.status, None if live else perf_counter() - started)
        return response

    return middleware
