"""Facts of any type for tests, from the columns of the type."""

from functools import cache
from typing import Any

from hypothesis import strategies as st

from processing.model.fact_type import Column, ColumnKind, FactType

VALUES: dict[ColumnKind, st.SearchStrategy[Any]] = {
    "time": st.integers(0, 2**52),
    "whole": st.integers(-(2**31), 2**31 - 1),
    "number": st.floats(allow_nan=False),
    "flag": st.booleans(),
    "text": st.text(),
    "texts": st.lists(st.text()).map(tuple),
    "numbers": st.dictionaries(st.sampled_from(("a", "b", "c")), st.floats(allow_nan=False, allow_infinity=False)).map(
        lambda found: tuple(sorted(found.items()))
    ),
}
PLAIN: dict[ColumnKind, Any] = {
    "time": 1_795_000_000_000_001,
    "whole": 7,
    "number": 0.1,
    "flag": True,
    "text": "a",
    "texts": ("b", "c"),
    "numbers": (("a", 0.5), ("b", 1.5)),
}


@cache
def any_fact(of: FactType[Any]) -> st.SearchStrategy[Any]:
    """Facts with whatever values a column may have; made once a type, since hypothesis examines each new strategy."""
    return st.builds(of.record, **{column.attribute: _values(column) for column in of.columns})


def _values(column: Column) -> st.SearchStrategy[Any]:
    values = st.sampled_from(column.words) if column.words else VALUES[column.kind]
    return st.none() | values if column.optional else values


def plain_fact(of: FactType[Any], *, whole: bool, **given: Any) -> Any:
    """One fact; with or without the values that may be absent."""
    values = {
        column.attribute: None
        if column.optional and not whole
        else (column.words[0] if column.words else PLAIN[column.kind])
        for column in of.columns
    }
    return of.record(**values | given)
