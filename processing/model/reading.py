"""Fields of documents that people and other systems announce: each is checked, and all problems are listed at once."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

from processing.model.errors import DocumentError
from processing.model.fact_type import COLLECTIONS, Column, ColumnKind, F, FactType
from processing.model.times import RFC_3339, to_us
from processing.model.topics import IDENTIFIER

EARLIEST_US, LATEST_US = (to_us(datetime(year, 1, 1, tzinfo=UTC)) for year in (2000, 2100))
EXAMPLE = "2026-11-23T06:15:00-05:00, or whole milliseconds since 1970 UTC"
MOST_TEXT = 256
MOST_TEXTS = 64

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


def number(low: float, high: float) -> Callable[[object], float]:
    """Numbers from low to high."""

    def parse(value: object) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
            raise ValueError(f"{shown(value)} must be a number from {low:g} to {high:g}")
        return float(value)

    return parse


def word_of(words: Sequence[str]) -> Callable[[object], str]:
    """One of these words."""

    def parse(value: object) -> str:
        if not isinstance(value, str) or value not in words:
            raise ValueError(f"{shown(value)} must be one of {', '.join(words)}")
        return value

    return parse


def texts_of(parse: Callable[[object], str], most: int) -> Callable[[object], tuple[str, ...]]:
    """A list of at most so many texts, each parsed."""

    def parse_all(value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or len(value) > most:
            raise ValueError(f"{shown(value)} must be a list of at most {most}")
        return tuple(parse(one) for one in value)

    return parse_all


def numbers_of(
    names: Sequence[str], parse: Callable[[object], float]
) -> Callable[[object], tuple[tuple[str, float], ...]]:
    """An object of numbers, each parsed, under some of these names; in the order of the names."""

    def parse_all(value: object) -> tuple[tuple[str, float], ...]:
        if not isinstance(value, dict):
            raise ValueError(f"{shown(value)} must be a JSON object of numbers")  # noqa: TRY004 - what is wrong with a value
        wrong = [f"{shown(name)} must be one of {', '.join(names)}" for name in value if name not in names]
        found: list[tuple[str, float]] = []
        for name in names:
            try:
                found += [(name, parse(value[name]))] if value.get(name) is not None else []
            except ValueError as error:
                wrong.append(f"{name}: {error}")
        if wrong:
            raise ValueError("; ".join(wrong))
        return tuple(found)

    return parse_all


PARSERS: dict[ColumnKind, Callable[[Any], object]] = {"time": time, "text": text, "texts": texts_of(text, MOST_TEXTS)}
"""How a column is read where its kind is enough to know."""


def record(of: FactType[F], key: tuple[str, ...], payload: object, own: Mapping[str, Callable[[Any], object]]) -> F:
    """A record whose fields a payload has under the names of their columns; none of a collection is an empty one.

    Args:
        of: the type of record.
        key: values of its natural key.
        payload: decoded JSON.
        own: parsers by column, where the kind of a column is not enough; a ValueError of theirs explains the rule.

    Raises:
        DocumentError: lists all problems, each with its field.
    """
    reader = FieldReader()
    fields = reader.object("the payload", payload, required=True)
    values: dict[str, object] = dict(zip(of.record.key.names, key, strict=True))
    for column in payload_columns(of):
        parse = own.get(column.name) or (word_of(column.words) if column.words else PARSERS[column.kind])
        found = reader.get(fields, "", column.name, parse)
        values[column.attribute] = found or () if column.kind in COLLECTIONS else found
        if not column.optional and column.kind not in COLLECTIONS and fields.get(column.name) is None:
            reader.problems.append(f"{column.name}: is missing")
    if reader.problems:
        raise DocumentError(reader.problems)
    return of.record(**values)


@cache
def payload_columns(of: FactType[Any]) -> tuple[Column, ...]:
    """Columns that a payload has: all but the key, which the topic has."""
    return tuple(column for column in of.columns if column not in of.key)


def unknown_keys(of: FactType[Any], payload: object) -> list[str]:
    """Remarks on keys of a payload that mean nothing here: they are kept, and a mistyped one should be seen."""
    known = {column.name for column in payload_columns(of)}
    return [meaningless(key) for key in payload if key not in known] if isinstance(payload, dict) else []


def meaningless(field: str) -> str:
    """A remark on a key that is kept, and means nothing here."""
    return f"{field[:120]}: this key means nothing here; it is kept"
