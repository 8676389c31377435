"""Statements and tests of docs/guides run on the database as it is now."""

from typing import Any

import psycopg
from psycopg import sql

from processing.model.fact_type import FactType
from processing.model.signal import Signal
from tests.guides import blocks, module
from tests.integration import api_rows, test_columns


def test_the_migration_of_a_new_signal_fits_the_tables(database_url: str) -> None:
    (row,), (migration,) = blocks("add-a-signal"), blocks("add-a-signal", "sql")
    signal: Any = eval(row, {"Signal": Signal})  # noqa: S307 - the project's own documents
    with psycopg.connect(database_url) as connection:
        connection.execute(sql.SQL(migration))
        found = connection.execute(sql.SQL("SELECT {} FROM v_gate").format(sql.Identifier(signal.name)))
        assert found.fetchall() == []


def test_the_migration_of_a_new_document_has_the_columns_of_its_record(database_url: str) -> None:
    (record, _), (migration,) = blocks("add-a-document"), blocks("add-a-document", "sql")
    of: FactType[Any] = module("release", record).RELEASE
    with psycopg.connect(database_url) as connection:
        connection.execute(sql.SQL(migration))
        declared = test_columns.of_facts(of) | test_columns.EVERY_DOCUMENT
        assert test_columns.contradictions(connection, "Release", of.table, declared) == []


async def test_the_test_of_a_route_passes(database_url: str, ask_api: Any) -> None:
    known = {"Any": Any, "api_rows": api_rows, "NOON": api_rows.NOON}
    await module("route_test", blocks("add-a-route")[-1], **known).test_excursions(database_url, ask_api)
