"""Which statements write facts and which remove them, in which order, and with what."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from infra.facts.rows import Encode, encode_keys, encode_rows
from infra.facts.statements import statement
from processing.model.facts import DeviceFact, Fact, Retracted, TerminalFact
from processing.streams import FACT_TYPES


class _Write(NamedTuple):
    """A statement, and what makes its parameters."""

    name: str
    sql: str
    encode: Encode


_Writes = dict[type[DeviceFact | TerminalFact], _Write]
REMOVE: _Writes = {
    record: _Write(f"{one.name}_removed", statement(one, "delete"), encode_keys(one))
    for record, one in FACT_TYPES.items()
}
WRITE: _Writes = {
    record: _Write(one.name, statement(one, "upsert"), encode_rows(one)) for record, one in FACT_TYPES.items()
}
STATEMENTS: dict[str, str] = {write.name: write.sql for writes in (REMOVE, WRITE) for write in writes.values()}
"""By name, in the order in which they are to run."""


def rows(facts: Iterable[Fact]) -> dict[str, list[tuple[Any, ...]]]:
    """Parameters by statement; of facts with the same key the last one counts."""
    last: dict[tuple[Any, ...], Fact] = {}
    for fact in facts:
        about = fact.fact if isinstance(fact, Retracted) else fact
        last[type(about), about.key] = fact
    removed: dict[type[Any], list[DeviceFact | TerminalFact]] = {}
    written: dict[type[Any], list[DeviceFact | TerminalFact]] = {}
    for fact in last.values():
        if isinstance(fact, Retracted):
            removed.setdefault(type(fact.fact), []).append(fact.fact)
        else:
            written.setdefault(type(fact), []).append(fact)
    return {
        writes[record].name: writes[record].encode(some)
        for writes, of_types in ((REMOVE, removed), (WRITE, written))
        for record, some in of_types.items()
    }
