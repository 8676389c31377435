"""/openapi.json, and the copy of it that `make docs` writes: derived from the routes of all resources."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import msgspec

from api.http.access import COOKIE
from api.http.errors import ErrorBody
from api.http.route import JSON, Route

REF = "#/components/schemas/{name}"
STATUS_TEXT = {
    202: "Taken, and not stored yet: ask for it later",
    400: "The request needs a change; the message names it",
    401: "Nobody knows who asks: send a key, or log in",
    403: "Not for this role or terminal; or asked from a page of another host, or under a foreign host name",
    404: "There is no such thing; the message names what there is",
    408: "The body did not come in time",
    409: "It contradicts what is known; the message explains how to insist",
    411: "The body is missing",
    413: "The body is too large",
    415: "The body is of another media type than the route takes",
    429: "Asked too often; Retry-After has how many seconds to wait",
    500: "A bug; the message has the id under which the log has more",
    503: "Something the API needs is away; the message explains what to do",
}
HEADERS = {
    401: {"WWW-Authenticate": "how to show who asks: `Bearer`"},
    429: {"Retry-After": "seconds to wait"},
    503: {"Retry-After": "seconds to wait"},
}
SECURITY = {
    "key": {"type": "http", "scheme": "bearer", "description": "as `quaystream key add` prints it, this once"},
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "as POST /api/v1/session sets it"},
}
DESCRIPTION = (
    'Times are RFC 3339, UTC, with milliseconds. Errors are `{"error": {"code", "message"}}`; the message explains what'
    " to change. `/api/v1/live` is a WebSocket: each message is one `LiveFrame`, distinguished by `type`."
    " As long as there is no key, this machine needs none."
)


class Description:
    """The document as it is served, made at the first request.

    Args:
        routes: of all resources.
    """

    def __init__(self, routes: Sequence[Route]) -> None:
        self._routes = routes

    @cached_property
    def text(self) -> bytes:
        """The document as JSON."""
        return msgspec.json.format(msgspec.json.encode(document(self._routes)), indent=1) + b"\n"


def document(routes: Sequence[Route]) -> dict[str, Any]:
    """The OpenAPI 3.1 description of every route."""
    queries = tuple(dict.fromkeys(route.query for route in routes))
    responses = tuple(dict.fromkeys(route.response for route in routes))
    bodies = tuple(dict.fromkeys(route.body for route in routes if route.body not in (None, bytes)))
    kinds = [*responses, *bodies, *queries, ErrorBody]
    schemas, components = msgspec.json.schema_components(kinds, ref_template=REF)
    of = dict(zip(kinds, schemas, strict=True))
    components["LiveFrame"] = next(of[route.response] for route in routes if route.socket)
    query_schemas = {query: components.pop(query.__name__) for query in queries}
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        operation = _operation(route, of[route.response], query_schemas[route.query])
        if route.body is not None:
            operation["requestBody"] = _body(route, of.get(route.body, {"type": "string", "minLength": 1}))
        paths.setdefault(route.path, {})[route.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "quaystream",
            "version": "1",
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": dict(sorted(components.items())), "securitySchemes": SECURITY},
    }


def _operation(route: Route, response: dict[str, Any], query: dict[str, Any]) -> dict[str, Any]:
    good = (
        {"101": {"description": "WebSocket; each message is one LiveFrame"}}
        if route.socket
        else {"200": {"description": route.summary, "content": {route.media: {"schema": response}}}}
    )
    return {
        "operationId": _operation_id(route),
        "summary": route.summary,
        "parameters": [_parameter(route, name, query) for name in query["properties"]],
        "security": [] if route.least is None else [{name: []} for name in SECURITY],
        "responses": good | {str(status): _other(route, status, response) for status in route.all_statuses},
    }


def _operation_id(route: Route) -> str:
    """Client generators name functions after it."""
    name = route.path.strip("/").replace("/", "_").replace("{", "").replace("}", "").replace(".", "_")
    return name if route.method == "GET" else f"{route.method.lower()}_{name}"


def _body(route: Route, schema: dict[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": {media: {"schema": schema} for media in route.takes}}


def _parameter(route: Route, name: str, query: dict[str, Any]) -> dict[str, Any]:
    schema = dict(query["properties"][name])
    # A parameter in a URL is left out, it cannot be null.
    kinds = [kind for kind in schema.pop("anyOf", []) if kind != {"type": "null"}]
    schema |= kinds[0] if kinds else {}
    if schema.get("default", 0) is None:
        del schema["default"]
    return {
        "name": name,
        "in": "path" if name in route.path_names else "query",
        "required": name in query.get("required", []),
        "description": schema.pop("description", ""),
        "schema": schema,
    }


def _other(route: Route, status: int, response: dict[str, Any]) -> dict[str, Any]:
    if status < 400:
        return {"description": STATUS_TEXT[status], "content": {route.media: {"schema": response}}}
    return _error(route, status)


def _error(route: Route, status: int) -> dict[str, Any]:
    name = "Readiness" if (route.path, status) == ("/readyz", 503) else "ErrorBody"
    found: dict[str, Any] = {
        "description": STATUS_TEXT[status],
        "content": {JSON: {"schema": {"$ref": REF.format(name=name)}}},
    }
    if status in HEADERS and name == "ErrorBody":
        found["headers"] = {
            header: {"required": True, "description": text, "schema": {"type": "string"}}
            for header, text in HEADERS[status].items()
        }
    return found
