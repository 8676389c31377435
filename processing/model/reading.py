"""Fields of documents that people and other systems announce: each is checked, and all problems are listed at once."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from processing.model.times import RFC_3339, to_us
from processing.model.topics import IDENTIFIER

EARLIEST_US, LATEST_US = (to_us(datetime(year, 1, 1, tzinfo=UTC)) for year in (2000, 2100))
EXAMPLE = "2026-11-23T06:15:00-05:00, or whole milliseconds since 1970 UTC"
MOST_TEXT = 256

T = TypeVar("T")


class FieldReader:
    """Reads one document; what is wrong is noted, and counts as not known.

    Attributes:
        problems: one text each, beginning with the field.
    """

    def __init__(self) -> None:
        self.problems: list[str] = []

    def get(self, fields: dict[str, Any], prefix: str, name: str, parse: Callable[[Any], T]) -> T | None:
        """A field's value; None where there is none, or a wrong one."""
        value = fields.get(name)
        if value is None:
            return None
        try:
            return parse(value)
        except ValueError as error:
            self.problems.append(f"{prefix}{name}: {error}")
            return None

    def object(self, field: str, value: object, *, required: bool = False) -> dict[str, Any]:
        """A JSON object; an empty one where there is none, or something else."""
        if isinstance(value, dict):
            return value
        if value is not None or required:
            self.problems.append(f"{field}: {shown(value)} must be a JSON object")
        return {}


def time(value: object) -> int:
    """A time. [µs since 1970 UTC]."""
    if isinstance(value, int) and not isinstance(value, bool):
        found = value * 1000
    elif isinstance(value, str) and RFC_3339.fullmatch(value):
        found = _from_text(value)
    else:
        raise ValueError(f"{shown(value)} must be {EXAMPLE}")
    if not EARLIEST_US <= found < LATEST_US:
        raise ValueError(f"{shown(value)} is not in the years 2000 to 2099; write {EXAMPLE}")
    return found


def _from_text(value: str) -> int:
    try:
        found = datetime.fromisoformat(value.upper())
        if found.tzinfo is not None:
            return to_us(found)
    except (ValueError, OverflowError):
        raise ValueError(f"{shown(value)} is no time that a calendar has; write {EXAMPLE}") from None
    raise ValueError(f"{value} has no offset from UTC; write {EXAMPLE}")


def text(value: object) -> str:
    """Text that is not empty."""
    if not isinstance(value, str) or not value.strip() or len(value) > MOST_TEXT or "\0" in value:
        raise ValueError(f"{shown(value)} must be text of 1 to {MOST_TEXT} characters")
    return value


def identifier(value: object) -> str:
    """An id as topics have them."""
    if not isinstance(value, str) or not IDENTIFIER.fullmatch(value):
        raise ValueError(f"{shown(value)} must be 1 to 64 of a-z, 0-9, '_' and '-', in lower case")
    return value


def shown(value: object) -> str:
    """A wrong value in a message, not the whole of a long one."""
    found = repr(value) if not isinstance(value, int) or abs(value) < 10**30 else "a very long number"
    return found if len(found) <= 80 else found[:80] + "…"
