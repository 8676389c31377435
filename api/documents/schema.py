"""JSON Schema of documents as they are announced, for /openapi.json."""

from typing import Any

from processing.model.fact_type import Column, FactType
from processing.model.reading import MOST_TEXT, MOST_TEXTS, payload_columns

TIME = {"type": ["string", "integer", "null"], "description": "RFC 3339 with offset, or milliseconds since 1970 UTC"}
IDENTIFIER = {"type": ["string", "null"], "pattern": "^[a-z0-9_-]{1,64}$"}


def properties(of: FactType[Any]) -> dict[str, Any]:
    """Fields of a document whose kind is stored column by column."""
    return {column.name: _described(column) for column in payload_columns(of)}


def _described(column: Column) -> dict[str, Any]:
    return _field(column) | ({"description": column.text} if column.text else {})


def _field(column: Column) -> dict[str, Any]:
    """What the kind of a column allows; its own rules stand in the text, and in what a refusal explains."""
    if column.kind == "time":
        return TIME
    if column.words:
        return {"enum": [*column.words, None]}
    if column.kind == "texts":
        return {"type": ["array", "null"], "maxItems": MOST_TEXTS, "items": {"type": "string"}}
    if column.kind == "numbers":
        return {"type": ["object", "null"], "additionalProperties": {"type": "number"}}
    if column.kind == "text":
        return {"type": ["string", "null"], "maxLength": MOST_TEXT}
    return {"type": [{"whole": "integer", "number": "number", "flag": "boolean"}[column.kind], "null"]}
