"""Facts as parameters of statements, and rows as facts; getters and conversions are looked up once a type."""

import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, Protocol, TypeVar

from infra.clock import from_us, from_us_or_none, to_us, to_us_or_none
from processing.model.fact_type import Column, ColumnKind, FactType
from processing.model.facts import Announced, DeviceFact, TerminalFact

F = TypeVar("F", bound=DeviceFact | TerminalFact | Announced)
Encode = Callable[[Iterable[Any]], list[tuple[Any, ...]]]
_Converts = dict[tuple[ColumnKind, bool], Callable[[Any], Any]]
TO_SQL: _Converts = {
    ("time", False): from_us,
    ("time", True): from_us_or_none,
    ("texts", False): list,
    ("numbers", False): lambda pairs: json.dumps(dict(pairs)),
}
"""By kind, and whether the value may be None; what is missing is the same in SQL."""
FROM_SQL: _Converts = {
    ("time", False): to_us,
    ("time", True): to_us_or_none,
    ("texts", False): tuple,
    ("numbers", False): lambda text: tuple(json.loads(text).items()),
}


class Row(Protocol):
    """A row as `decode` needs it."""

    def values(self) -> Iterable[Any]:
        """Values, in order of the columns."""


@cache
def encode_rows(of: FactType[Any]) -> Encode:
    """Makes the parameters of `upsert` from facts of the type, column by column."""
    return _encode(of.columns)


@cache
def encode_keys(of: FactType[Any]) -> Encode:
    """Makes the parameters of `delete` from facts of the type."""
    return _encode(of.key)


def decode(of: FactType[F], rows: Iterable[Row]) -> list[F]:
    """Facts from rows of any statement that reads them."""
    converts, record, found = _converts(of.columns, FROM_SQL), of.record, []
    for row in rows:
        values = list(row.values())
        for at, convert in converts:
            values[at] = convert(values[at])
        found.append(record(*values))
    return found


def _encode(columns: Sequence[Column]) -> Encode:
    read, converts = attrgetter(*(column.attribute for column in columns)), _converts(columns, TO_SQL)

    def encode(facts: Iterable[Any]) -> list[tuple[Any, ...]]:
        found: list[Iterable[Any]] = list(zip(*map(read, facts), strict=True))
        for at, convert in converts if found else ():
            found[at] = map(convert, found[at])
        return list(zip(*found, strict=True))

    return encode


def _converts(columns: Sequence[Column], known: _Converts) -> list[tuple[int, Callable[[Any], Any]]]:
    kinds = [(column.kind, column.optional) for column in columns]
    return [(at, known[kind]) for at, kind in enumerate(kinds) if kind in known]
