"""Statements of docs/guides run on the database as it is now."""

from typing import Any

import psycopg
from psycopg import sql

from processing.model.signal import Signal
from tests.guides import blocks


def test_the_migration_of_a_new_signal_fits_the_tables(database_url: str) -> None:
    (row,), (migration,) = blocks("add-a-signal"), blocks("add-a-signal", "sql")
    signal: Any = eval(row, {"Signal": Signal})  # noqa: S307 - the project's own documents
    with psycopg.connect(database_url) as connection:
        connection.execute(sql.SQL(migration))
        found = connection.execute(sql.SQL("SELECT {} FROM v_gate").format(sql.Identifier(signal.name)))
        assert found.fetchall() == []
