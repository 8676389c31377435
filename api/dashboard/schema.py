"""TypeScript types of the API, generated from docs/openapi.json.

One interface per component schema, with the names and the nullability of the JSON.
"""

import json
from pathlib import Path
from typing import Any

from infra.bootstrap import ROOT

OPENAPI = ROOT / "docs" / "openapi.json"
TYPES = Path(__file__).resolve().parent / "src" / "shared" / "api" / "schema.ts"

HEAD = """\
/** Generated from docs/openapi.json by `make docs`; change the API instead. */

/** RFC 3339 text, UTC, milliseconds. */
export type Timestamp = string;
"""
SCALARS = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def generate() -> str:
    """The module of types, schemas in the document's order."""
    schemas: dict[str, Any] = json.loads(OPENAPI.read_text())["components"]["schemas"]
    return HEAD + "".join(_declaration(name, schema) for name, schema in schemas.items())


def _declaration(name: str, schema: dict[str, Any]) -> str:
    if "properties" not in schema:
        return f"\nexport type {name} = {_type(schema)};\n"
    required = set(schema.get("required", ()))
    lines = [_property(key, part, optional=key not in required) for key, part in schema["properties"].items()]
    return f"\nexport interface {name} {{\n{''.join(lines)}}}\n"


def _property(key: str, schema: dict[str, Any], *, optional: bool) -> str:
    text = schema.get("description") if schema.get("format") is None else None
    comment = "" if text is None else f"  /** {text} */\n"
    return f"{comment}  {key}{'?' if optional else ''}: {_type(schema)};\n"


def _type(schema: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type(part) for part in schema["anyOf"]))
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    return _single_type(schema)


def _single_type(schema: dict[str, Any]) -> str:
    match schema:
        case {"$ref": str(name)}:
            return name.rpartition("/")[2]
        case {"format": "date-time"}:
            return "Timestamp"
        case {"type": "array"}:
            return f"Array<{_type(schema.get('items', {}))}>"
        case {"type": "object"}:
            return f"Record<string, {_type(schema.get('additionalProperties', {}))}>"
        case {"type": str(scalar)}:
            return SCALARS[scalar]
    return "unknown"
