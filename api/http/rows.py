"""Rows of queries as the Structs that are answered, and times as JSON has them."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any, TypeVar

from msgspec import Meta, Struct

Time = Annotated[str, Meta(extra_json_schema={"format": "date-time"}, description="RFC 3339, UTC, milliseconds")]

T = TypeVar("T", bound=Struct)

BUILT_AT_ONCE = 500


def rfc3339(time: datetime) -> str:
    """A UTC time as text with milliseconds and `Z`; twice as fast as `isoformat` on an aware time."""
    return (
        f"{time.year:04}-{time.month:02}-{time.day:02}T{time.hour:02}:{time.minute:02}:{time.second:02}"
        f".{time.microsecond // 1000:03}Z"
    )


def build(kind: type[T], row: Iterable[Any]) -> T:
    """One row of a query whose columns stand in the order of the Struct's fields."""
    return kind(*[rfc3339(value) if type(value) is datetime else value for value in row])


async def structs(kind: type[T], rows: Sequence[Any]) -> list[T]:
    """Rows as Structs, letting others run in between: ten thousand take tens of milliseconds."""
    built: list[T] = []
    for start in range(0, len(rows), BUILT_AT_ONCE):
        built += [build(kind, row) for row in rows[start : start + BUILT_AT_ONCE]]
        await asyncio.sleep(0)
    return built
