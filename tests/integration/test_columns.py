"""The registry and the migrations have the same tables: columns, their types, whether they may be NULL, the keys."""

import re
from typing import Any

import psycopg

from infra.clock import from_us
from infra.database import MIGRATIONS, connect
from infra.facts.rows import decode, encode_keys, encode_rows
from infra.facts.statements import statement
from ingest.store.documents import STORED
from processing.model.fact_type import FactType
from processing.model.signal import Kind
from processing.model.stream import Stream
from processing.reefers.facts import EXCURSION
from processing.streams import FACT_TYPES, STREAMS
from tests.unit.fact_values import PLAIN, plain_fact

COLUMNS = """
SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull
FROM pg_attribute a WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
KEYS = """
SELECT i.indisprimary, array_agg(a.attname::text ORDER BY k.place) FROM pg_index i
CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
WHERE i.indrelid = %s::regclass AND i.indisunique GROUP BY i.indexrelid, i.indisprimary
"""
HYPERTABLES = "SELECT hypertable_name FROM timescaledb_information.hypertables"
SIGNAL_TYPES: dict[Kind, str] = {
    "float": "double precision",
    "int": "bigint",
    "bool": "boolean",
    "enum": "text",
    "text": "text",
    "texts": "text[]",
}
EVERY_SAMPLE = {
    "time": ("timestamp with time zone", "NOT NULL"),
    "device_id": ("integer", "NOT NULL"),
    "seq": ("bigint", "NOT NULL"),
    "received_at": ("timestamp with time zone", "NOT NULL"),
    "boot": ("text", "NULL"),
    "extra": ("jsonb", "NULL"),
}
EVERY_DOCUMENT = {
    "payload": ("jsonb", "NOT NULL"),
    "received_at": ("timestamp with time zone", "NOT NULL"),
    "announced_at": ("timestamp with time zone", "NOT NULL"),
}
Declared = dict[str, tuple[str, str]]


def of_facts(of: FactType[Any]) -> Declared:
    """Columns that a type of fact declares. Lists of texts are written as `{}`, and may be NULL in older rows."""
    return {
        column.name: (column.sql_type, "NULL" if column.optional or column.kind == "texts" else "NOT NULL")
        for column in of.columns
    }


def of_samples(stream: Stream) -> Declared:
    """Columns that the signals of a stream declare."""
    return EVERY_SAMPLE | {signal.name: (SIGNAL_TYPES[signal.kind], "NULL") for signal in stream.signals}


def contradictions(connection: psycopg.Connection[Any], where: str, table: str, declared: Declared) -> list[str]:
    """What a registry row and the table that the migrations made do not agree on, in words that name both."""
    rows = connection.execute(COLUMNS, (table,)).fetchall()
    stored = {name: (kind, "NOT NULL" if fixed else "NULL") for name, kind, fixed in rows}
    shapes = re.compile(rf"(?:CREATE|ALTER) TABLE {table}\b")
    made_by = ", ".join(sorted(path.name for path in MIGRATIONS.glob("*.sql") if shapes.search(path.read_text())))
    return [
        f"{name}: {_shown(declared.get(name))} in {where}, {_shown(stored.get(name))} in {table} of {made_by}"
        for name in sorted(declared.keys() | stored.keys())
        if declared.get(name) != stored.get(name)
    ]


def _shown(column: tuple[str, str] | None) -> str:
    return "none" if column is None else " ".join(column)


def all_contradictions(connection: psycopg.Connection[Any]) -> list[str]:
    """Of every type of fact, every stream and every document."""
    found: list[str] = []
    for of in FACT_TYPES.values():
        found += contradictions(connection, of.record.__name__, of.table, of_facts(of))
    for stream in STREAMS.values():
        found += contradictions(connection, f"stream {stream.name}", stream.table, of_samples(stream))
    for of in STORED.values():
        found += contradictions(connection, of.record.__name__, of.table, of_facts(of) | EVERY_DOCUMENT)
    return found


def test_the_registry_agrees_with_the_migrations(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        assert all_contradictions(connection) == []
        for of in (*FACT_TYPES.values(), *STORED.values()):
            keys = {(primary, tuple(names)) for primary, names in connection.execute(KEYS, (of.table,))}
            assert keys == {(True, tuple(column.name for column in of.key))}, f"key of {of.record.__name__}, {of.table}"
        hypertables = {name for (name,) in connection.execute(HYPERTABLES)}
        for stream in STREAMS.values():
            keys = {(primary, tuple(names)) for primary, names in connection.execute(KEYS, (stream.table,))}
            assert keys == {(False, ("device_id", "time", "seq"))}, f"key of stream {stream.name}, {stream.table}"
            assert stream.table in hypertables
            view = {name for name, _, _ in connection.execute(COLUMNS, (f"v_{stream.name}",))}
            assert of_samples(stream).keys() <= view, f"view of stream {stream.name}"


def test_a_contradiction_names_the_row_and_the_migrations(database_url: str) -> None:
    declared = of_facts(EXCURSION) | {"worst_degc": ("integer", "NULL"), "cause": ("text", "NULL")}
    del declared["container_id"]
    with psycopg.connect(database_url) as connection:
        found = contradictions(connection, "ReeferExcursion", "reefer_excursion", declared)
    table = "reefer_excursion of 0002_facts.sql"
    assert found == [
        f"cause: text NULL in ReeferExcursion, none in {table}",
        f"container_id: none in ReeferExcursion, text NULL in {table}",
        f"worst_degc: integer NULL in ReeferExcursion, double precision NOT NULL in {table}",
    ]


async def test_facts_are_read_as_they_were_written_and_can_be_removed(database_url: str) -> None:
    """With and without what may be absent; written twice, which changes nothing."""
    connection = await connect(database_url, "test")
    try:
        for of in FACT_TYPES.values():
            first = {of.key[-1].attribute: PLAIN[of.key[-1].kind]}
            second = {name: value + (1 if of.key[-1].kind == "time" else "x") for name, value in first.items()}
            facts = [plain_fact(of, whole=True, **first), plain_fact(of, whole=False, **second)]
            for _ in range(2):
                await connection.executemany(statement(of, "upsert"), encode_rows(of)(facts))
            keys = encode_keys(of)(facts)
            for fact, key in zip(facts, keys, strict=True):
                assert decode(of, await connection.fetch(statement(of, "one"), *key)) == [fact]
            await connection.executemany(statement(of, "delete"), keys[:1])
            assert decode(of, await connection.fetch(statement(of, "one"), *keys[0])) == []
            if of.key[-1].kind == "time":
                span = [keys[1][0]], from_us(0), from_us(2**52)
                assert decode(of, await connection.fetch(statement(of, "between"), *span)) == facts[1:]
    finally:
        await connection.close()


async def test_every_word_that_a_text_may_be_can_be_stored(database_url: str) -> None:
    connection = await connect(database_url, "test")
    try:
        for of in FACT_TYPES.values():
            for column in of.columns:
                facts = [plain_fact(of, whole=True, **{column.attribute: word}) for word in column.words]
                await connection.executemany(statement(of, "upsert"), encode_rows(of)(facts))
    finally:
        await connection.close()


async def test_a_list_of_texts_is_never_null(database_url: str) -> None:
    """It is written as an empty list; rows of older versions that have NULL are read as one."""
    connection = await connect(database_url, "test")
    try:
        for of in FACT_TYPES.values():
            for column in of.columns:
                if column.kind != "texts":
                    continue
                fact = plain_fact(of, whole=True, **{column.attribute: ()})
                await connection.executemany(statement(of, "upsert"), encode_rows(of)([fact]))
                assert await connection.fetchval(f"SELECT {column.name} FROM {of.table}") == []  # noqa: S608 - names of the registry
                await connection.execute(f"UPDATE {of.table} SET {column.name} = NULL")  # noqa: S608 - the same
                (key,) = encode_keys(of)([fact])
                assert decode(of, await connection.fetch(statement(of, "one"), *key)) == [fact]
    finally:
        await connection.close()
