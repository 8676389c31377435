import json
import re
from typing import Any

import pytest

from api.openapi.document import Description
from api.resources import ROUTES


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The document as a client reads it."""
    got: dict[str, Any] = json.loads(Description(ROUTES).text)
    return got


def _references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*(_references(value) for value in node.values()))
    return set().union(*(_references(value) for value in node)) if isinstance(node, list) else set()


def test_every_route_is_described(document: dict[str, Any]) -> None:
    """Each row of the table is one operation of the document, and nothing else is."""
    described = {(path, method) for path, item in document["paths"].items() for method in item}
    assert described == {(route.path, route.method.lower()) for route in ROUTES}


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    """No $ref points at a schema that is missing."""
    targets = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert _references(document) <= targets


def test_path_parameters_are_declared(document: dict[str, Any]) -> None:
    """Each name in braces is a required path parameter, as OpenAPI demands."""
    for path, item in document["paths"].items():
        for operation in item.values():
            declared = {p["name"] for p in operation["parameters"] if p["in"] == "path" and p["required"]}
            assert declared == set(re.findall(r"\{(\w+)\}", path))


def test_operation_ids_are_unique(document: dict[str, Any]) -> None:
    """Client generators name functions after them."""
    ids = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
    assert len(set(ids)) == len(ids)


def test_a_parameter_in_full(document: dict[str, Any]) -> None:
    """Type, limits, default and description of a parameter come from the Struct."""
    parameters = {p["name"]: p for p in document["paths"]["/api/v1/moves"]["get"]["parameters"]}
    assert parameters["limit"] == {
        "name": "limit",
        "in": "query",
        "required": False,
        "description": "most rows in the answer, 1 to 10000",
        "schema": {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 100},
    }
    assert parameters["terminal"]["schema"] == {"type": "string", "pattern": "^[a-z0-9_-]{1,64}$"}
    assert set(parameters) == {"terminal", "device", "from", "to", "limit"}


def test_live_frames_are_distinguished(document: dict[str, Any]) -> None:
    """The WebSocket's frames are described, with the field that distinguishes them."""
    frame = document["components"]["schemas"]["LiveFrame"]
    assert frame["discriminator"]["propertyName"] == "type"
    assert set(frame["discriminator"]["mapping"]) == {
        "snapshot",
        "kpi",
        "latest",
        "moves",
        "visits",
        "excursions",
        "alarms",
        "health",
    }
