"""`python -m infra.migration_draft STREAM`: the migration that the row of a new stream asks for, to be looked through.

Tables that a migration has already are left out. A draft is a start: intervals of chunks, indexes and what people read
in views are decided by whoever keeps it; `tests/integration/test_columns.py` compares the columns.
"""

import argparse
import re
import sys
from collections.abc import Iterable
from textwrap import fill
from typing import Any

from infra.database import MIGRATIONS, DatabaseError
from infra.sql import blocks
from processing.model.fact_type import Column, FactType
from processing.model.facts import DeviceFact
from processing.model.signal import Kind
from processing.streams import BY_NAME, ROWS, StreamRow

CREATED = re.compile(r"^CREATE TABLE (\w+)", re.MULTILINE)
SQL = blocks(__file__, "migration_draft.sql")
SIGNAL_TYPES: dict[Kind, str] = {
    "float": "double precision",
    "int": "bigint",
    "bool": "boolean",
    "enum": "text",
    "text": "text",
    "texts": "text[]",
}


def draft(row: StreamRow, newest: str, existing: frozenset[str]) -> str:
    """The migration of a stream.

    Args:
        row: of the registry.
        newest: the migration that it depends on, without `.sql`.
        existing: tables that there are.
    """
    parts = [SQL["migration"].format(newest=newest)]
    stream = row.stream
    if stream.table not in existing:
        lines = [f"    {signal.name} {SIGNAL_TYPES[signal.kind]}," for signal in stream.signals]
        names = _listed("t.", [signal.name for signal in stream.signals])
        parts += [
            SQL["samples"].format(table=stream.table, columns="\n".join(lines)),
            SQL["samples_view"].format(name=stream.name, table=stream.table, columns=names),
        ]
    for of in (*row.facts, *row.terminal_facts):
        if of.table not in existing:
            parts += _facts(of)
    return "\n\n".join(parts) + "\n"


def unmade(rows: Iterable[StreamRow], existing: frozenset[str]) -> list[str]:
    """What to do where no migration makes a table of a stream; empty where all are made.

    Args:
        rows: of the registry.
        existing: tables that migrations make.
    """
    return [
        f"no migration makes {', '.join(tables)} of the stream {row.stream.name}: "
        f"python -m infra.migration_draft {row.stream.name} > infra/migrations/NNNN_{row.stream.name}.sql"
        for row in rows
        if (tables := [table for table in row.tables if table not in existing])
    ]


def refuse_unmade() -> None:
    """See that migrations make what the registry has: the worker could do nothing without.

    Raises:
        DatabaseError: says which tables are missing, and what to do.
    """
    if found := unmade(ROWS, created()):
        raise DatabaseError("; ".join(found))


def created() -> frozenset[str]:
    """Tables that migrations make."""
    return frozenset(name for path in MIGRATIONS.glob("*.sql") for name in CREATED.findall(path.read_text()))


def _facts(of: FactType[Any]) -> list[str]:
    table, of_device = of.table, issubclass(of.record, DeviceFact)
    lines = "\n".join(f"    {column.name} {_type(column)}," for column in of.columns)
    parts = [SQL["facts"].format(table=table, columns=lines, key=", ".join(column.name for column in of.key))]
    if of.seen is not None:
        ends = [of.by_attribute[name] for name in (of.seen.end, of.seen.begin) if name is not None]
        time = next((column.name for column in ends if not column.optional), ends[-1].name)
        parts.append(SQL["facts_index"].format(table=table, time=time))
    if of_device:
        names = _listed("t.", [column.name for column in of.columns if column.name != "device_id"])
        parts.append(SQL["facts_view"].format(table=table, columns=names))
    else:
        parts.append(
            SQL["terminal_facts_view"].format(table=table, columns=_listed("", [column.name for column in of.columns]))
        )
    function = "notify_device_fact" if of_device else "notify_terminal_fact"
    return [*parts, SQL["facts_notify"].format(table=table, function=function)]


def _listed(prefix: str, names: list[str]) -> str:
    """Columns of a view, some to a line."""
    return fill(", ".join(prefix + name for name in names), 110, subsequent_indent=" " * len("SELECT "))


def _type(column: Column) -> str:
    nullable = column.optional or column.kind == "texts"
    return column.sql_type.replace("timestamp with time zone", "timestamptz") + ("" if nullable else " NOT NULL")


def main() -> None:
    """Print the draft."""
    arguments = argparse.ArgumentParser(description="Print the migration that the row of a new stream asks for.")
    arguments.add_argument("stream", choices=list(BY_NAME))
    row = BY_NAME[arguments.parse_args().stream]
    # A shell has made an empty file where the draft goes to one.
    paths = sorted(path for path in MIGRATIONS.glob("*.sql") if path.stat().st_size)
    sys.stdout.write(draft(row, paths[-1].stem, created()))


if __name__ == "__main__":
    main()
