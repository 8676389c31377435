"""All rows of a database as compressed text, a file a table, and back: whatever versions the servers have.

`python tests/upgrade/tables.py FOLDER` writes those of the stack that `quaystream env` names.
"""

import lzma
import os
import sys
from pathlib import Path

import psycopg
from psycopg import Connection, sql
from psycopg.rows import TupleRow

SUFFIX = ".tsv.xz"
TABLES = """
SELECT c.relname, array_agg(a.attname ORDER BY a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
  AND c.relname <> 'yoyo_lock'
GROUP BY c.relname ORDER BY c.relname
"""
KEY = """
SELECT array_agg(a.attname ORDER BY k.place)
FROM (SELECT indrelid, indkey FROM pg_index WHERE indrelid = %s::regclass AND indisunique
      ORDER BY indisprimary DESC LIMIT 1) i,
     unnest(i.indkey::int[]) WITH ORDINALITY k (number, place)
     JOIN pg_attribute a ON a.attnum = k.number
WHERE a.attrelid = i.indrelid
"""
IDENTITIES = """
SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND is_identity = 'YES'
"""
WAITING = "SELECT (SELECT count(*) FROM recompute_facts) + (SELECT count(*) FROM recompute_kpis)"
ELSEWHERE = {"id": "md5(id)::uuid", "username": "'quaystream'", "hostname": "'terminal'"}
"""Columns of yoyo's log that name who applied a migration, and on which machine."""


def dump(url: str, folder: Path) -> dict[str, int]:
    """Write all tables of a database, as they are at one instant, in order of their keys.

    Returns: the number of rows by table.

    Raises:
        RuntimeError: something waits to be recomputed; what is written then need not agree with itself.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.execute("SET timezone = 'UTC'")
        waiting = connection.execute(WAITING).fetchone()
        if waiting != (0,):
            raise RuntimeError(f"wait until recompute_facts and recompute_kpis are empty; there are {waiting}")
        tables = connection.execute(TABLES).fetchall()
        return {name: _dump(connection, name, columns, folder) for name, columns in tables}


def _dump(connection: Connection[TupleRow], name: str, columns: list[str], folder: Path) -> int:
    (key,) = connection.execute(KEY, (name,)).fetchone() or (columns,)
    shown = [ELSEWHERE.get(one) if name == "_yoyo_log" else None for one in columns]
    query = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
        sql.SQL(", ").join(
            sql.Identifier(one) if text is None else sql.SQL(text) for one, text in zip(columns, shown, strict=True)
        ),
        sql.Identifier(name),
        sql.SQL(", ").join(map(sql.Identifier, key)),
    )
    rows = _copy(connection, query)
    text = "\t".join(columns).encode() + b"\n" + rows
    (folder / f"{name}{SUFFIX}").write_bytes(lzma.compress(text, preset=9 | lzma.PRESET_EXTREME))
    return rows.count(b"\n")


def load(url: str, folder: Path) -> dict[str, int]:
    """Put the rows into tables that are there; what stood in them before, such as yoyo's own notes, is replaced.

    Returns: the number of rows by table.
    """
    with psycopg.connect(url) as connection:
        counts = {
            path.name.removesuffix(SUFFIX): _load(connection, path)
            for path in sorted(folder.glob(f"*{SUFFIX}"))  # tos_import comes before tos_move, which refers to it
        }
        for table, column in connection.execute(IDENTITIES).fetchall():
            query = sql.SQL("SELECT setval(pg_get_serial_sequence({}, {}), max({})) FROM {}").format(
                table, column, sql.Identifier(column), sql.Identifier(table)
            )
            connection.execute(query)
        return counts


def missing(url: str, folder: Path, table: str) -> set[bytes]:
    """Rows of the files that are not, or not unchanged, in a table; it may have more rows and more columns."""
    columns, rows = _read(folder / f"{table}{SUFFIX}")
    query = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(columns, sql.Identifier(table))
    with psycopg.connect(url) as connection:
        connection.execute("SET timezone = 'UTC'")
        return set(rows.split(b"\n")) - set(_copy(connection, query).split(b"\n"))


def _copy(connection: Connection[TupleRow], query: sql.Composed) -> bytes:
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        return b"".join(bytes(part) for part in copy)


def _read(path: Path) -> tuple[sql.Composed, bytes]:
    """Names of columns, and rows."""
    head, _, rows = lzma.decompress(path.read_bytes()).partition(b"\n")
    return sql.SQL(", ").join(map(sql.Identifier, head.decode().split("\t"))), rows


def _load(connection: Connection[TupleRow], path: Path) -> int:
    name = sql.Identifier(path.name.removesuffix(SUFFIX))
    columns, rows = _read(path)
    connection.execute(sql.SQL("DELETE FROM {}").format(name))
    with connection.cursor() as cursor:
        with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(name, columns)) as copy:
            copy.write(rows)
        return cursor.rowcount


if __name__ == "__main__":
    found = dump(os.environ["QUAYSTREAM_DATABASE_URL"], Path(sys.argv[1]))
    sys.stdout.writelines(f"| `{table}` | {count} |\n" for table, count in found.items())
