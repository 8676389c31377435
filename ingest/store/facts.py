"""Which statements write facts and which remove them, in which order, and with what."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from infra.facts.rows import Encode, encode_keys, encode_rows
from infra.facts.statements import statement
from infra.sql import blocks
from processing.gates.facts import VISIT
from processing.model.facts import DeviceFact, Fact, Retracted, TerminalFact
from processing.streams import DEVICE_FACTS


class _Write(NamedTuple):
    """A statement, and what makes its parameters."""

    name: str
    sql: str
    encode: Encode


_Writes = dict[type[DeviceFact | TerminalFact], tuple[_Write, ...]]
REMOVE: _Writes = {
    one.record: (_Write(f"{one.name}_removed", statement(one, "delete"), encode_keys(one)),) for one in DEVICE_FACTS
}
WRITE: _Writes = {
    **{one.record: (_Write(one.name, statement(one, "upsert"), encode_rows(one)),) for one in DEVICE_FACTS},
    # Last: visits follow from the transactions that are stored by then.
    VISIT.record: tuple(_Write(name, sql, encode_keys(VISIT)) for name, sql in blocks(__file__, "gates.sql").items()),
}
STATEMENTS: dict[str, str] = {
    write.name: write.sql for steps in (REMOVE, WRITE) for writes in steps.values() for write in writes
}
"""By name, in the order in which they are to run."""


def rows(facts: Iterable[Fact]) -> dict[str, list[tuple[Any, ...]]]:
    """Parameters by statement; of facts with the same key the last one counts."""
    last: dict[tuple[Any, ...], Fact] = {}
    for fact in facts:
        about = fact.fact if isinstance(fact, Retracted) else fact
        last[type(about), about.key] = fact
    removed: dict[type[Any], list[DeviceFact]] = {}
    written: dict[type[Any], list[DeviceFact | TerminalFact]] = {}
    for fact in last.values():
        if isinstance(fact, Retracted):
            removed.setdefault(type(fact.fact), []).append(fact.fact)
        else:
            written.setdefault(type(fact), []).append(fact)
    return {
        write.name: write.encode(some)
        for steps, of_types in ((REMOVE, removed), (WRITE, written))
        for record, some in of_types.items()
        for write in steps[record]
    }
