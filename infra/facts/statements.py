"""The statements that write and read facts, from their types: the only place where their columns become SQL."""

from collections.abc import Iterable
from functools import cache
from typing import Any, Literal

from infra.sql import blocks
from processing.model.fact_type import Column, FactType

SQL = blocks(__file__, "facts.sql")


@cache
def statement(of: FactType[Any], what: Literal["upsert", "announce", "delete", "one", "between"]) -> str:
    """A statement about facts of a type.

    Args:
        of: the type.
        what: `upsert` takes a row; `announce` a row, its payload, and when it came; `delete` and `one` the values of a
            key; `between` takes devices and a span of the key's time [begin, end).
    """
    return SQL[what].format_map(_parts(of))


@cache
def seen(of: FactType[Any]) -> str:
    """Facts of a type that windows ending in (since, until] see; takes owners (devices, terminals), since and until."""
    if of.seen is None:
        raise ValueError(f"no window sees a {of.name}")
    return SQL[f"seen_{of.seen.how}"].format_map(_parts(of))


def selected(columns: Iterable[Column]) -> str:
    """What a query selects to read columns."""
    return ", ".join(_read(column) for column in columns)


def _parts(of: FactType[Any]) -> dict[str, str]:
    changed = [column for column in of.columns if column not in of.key]
    parts = {
        "table": of.table,
        "columns": _names(of.columns),
        "places": _places(len(of.columns)),
        "payload_place": _place(len(of.columns) + 1),
        "received_place": _place(len(of.columns) + 2),
        "selected": selected(of.columns),
        "changes": ", ".join(SQL["change"].format(name=column.name) for column in changed),
        "key": _names(of.key),
        "key_places": _places(len(of.key)),
        "owner": of.key[0].name,
        "owner_type": of.key[0].sql_type,
        "line": _names(of.key[:-1]),
        "time": of.key[-1].name,
    }
    if of.seen is not None:
        parts["begin"] = of.by_attribute[of.seen.begin].name
        parts["end"] = of.by_attribute[of.seen.end or of.seen.begin].name
    return parts


def _names(columns: Iterable[Column]) -> str:
    return ", ".join(column.name for column in columns)


def _places(count: int) -> str:
    return ", ".join(_place(at + 1) for at in range(count))


def _place(at: int) -> str:
    return SQL["place"].format(at=at)


def _read(column: Column) -> str:
    return SQL["read_texts" if column.kind == "texts" else "read"].format(name=column.name)
