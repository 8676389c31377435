"""/openapi.json and docs/openapi.json, derived from the table of routes.

`python -m api.openapi > docs/openapi.json` writes the copy in the repository.
"""

import sys
from functools import cache
from typing import Any

import msgspec

from api.errors import ErrorBody
from api.routes import JSON, ROUTES, Route

REF = "#/components/schemas/{name}"
STATUS_TEXT = {
    400: "The request needs a change; the message says which",
    403: "Asked from a page of another host, or under a foreign host name",
    404: "There is no such thing; the message names what there is",
    500: "A bug; the message has the id under which the log tells more",
    503: "Something the API needs is away; the message says what to do",
}
DESCRIPTION = (
    'Times are RFC 3339, UTC, with milliseconds. Errors are `{"error": {"code", "message"}}`; the message says what'
    " to change. `/api/v1/live` is a WebSocket: each message is one `LiveFrame`, told apart by `type`."
)


def document() -> dict[str, Any]:
    """The OpenAPI 3.1 description of every route."""
    queries = tuple(dict.fromkeys(route.query for route in ROUTES))
    responses = tuple(dict.fromkeys(route.response for route in ROUTES))
    schemas, components = msgspec.json.schema_components([*responses, *queries, ErrorBody], ref_template=REF)
    of_response = dict(zip(responses, schemas, strict=False))
    components["LiveFrame"] = next(of_response[route.response] for route in ROUTES if route.socket)
    names = {query.__name__: components.pop(query.__name__) for query in queries}
    paths = {
        route.path: {route.method.lower(): _operation(route, of_response[route.response], names[route.query.__name__])}
        for route in ROUTES
    }
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
        "components": {"schemas": dict(sorted(components.items()))},
    }


@cache
def text() -> bytes:
    """The document as JSON."""
    return msgspec.json.format(msgspec.json.encode(document()), indent=1) + b"\n"


def _operation(route: Route, response: dict[str, Any], query: dict[str, Any]) -> dict[str, Any]:
    good = (
        {"101": {"description": "WebSocket; each message is one LiveFrame"}}
        if route.socket
        else {"200": {"description": route.summary, "content": {route.media: {"schema": response}}}}
    )
    statuses = sorted({400, 500, *route.statuses})
    return {
        "operationId": route.path.strip("/").replace("/", "_").replace("{", "").replace("}", "").replace(".", "_"),
        "summary": route.summary,
        "parameters": [_parameter(route, name, query) for name in query["properties"]],
        "responses": good | {str(status): _error(route, status) for status in statuses},
    }


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


def _error(route: Route, status: int) -> dict[str, Any]:
    name = "Readiness" if (route.path, status) == ("/readyz", 503) else "ErrorBody"
    return {
        "description": STATUS_TEXT[status],
        "content": {JSON: {"schema": {"$ref": REF.format(name=name)}}},
    }


if __name__ == "__main__":
    sys.stdout.buffer.write(text())
