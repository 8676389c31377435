"""Binary COPY rows: read back by a parser of the test's own, and in the order of the table's columns."""

import json
import math
import re
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.database import MIGRATIONS
from ingest.copy_rows import column_names, encode
from processing.samples import Samples
from processing.streams import STREAMS, Stream

SQL_TYPES = {
    "float": "double precision",
    "bool": "boolean",
    "int": "bigint",
    "enum": "text",
    "text": "text",
    "texts": "text[]",
}
CRANE = STREAMS["crane"]
Value = float | bool | str | tuple[str, ...] | None


def empty(stream: Stream, n: int) -> Samples:
    """Samples without any signal."""
    return Samples(
        stream,
        np.arange(1, n + 1, dtype=np.int32),
        np.full(n, 946_684_800_000_000 + 5, np.int64),
        np.arange(n, dtype=np.int64),
        np.full(n, 946_684_800_000_000 - 7, np.int64),
        np.full((len(stream.numeric), n), np.nan),
        {signal.name: [None] * n for signal in stream.textual},
        [None] * n,
        [None] * n,
    )


def parsed(raw: bytes) -> list[list[bytes | None]]:
    """Fields of each row of a binary COPY stream. Source: PostgreSQL, COPY, binary format."""
    assert raw.startswith(b"PGCOPY\n\xff\r\n\0")
    at, rows = 19, list[list[bytes | None]]()
    while True:
        (count,) = struct.unpack_from(">h", raw, at)
        at += 2
        if count == -1:
            assert at == len(raw)
            return rows
        row: list[bytes | None] = []
        for _ in range(count):
            (length,) = struct.unpack_from(">i", raw, at)
            at += 4
            row.append(None if length == -1 else raw[at : at + length])
            at += max(length, 0)
        rows.append(row)


def texts(raw: bytes) -> tuple[str, ...]:
    """A text[] as PostgreSQL sends it."""
    dimensions, _, oid = struct.unpack_from(">iii", raw)
    assert oid == 25
    if not dimensions:
        assert len(raw) == 12
        return ()
    (count, lower), at, found = struct.unpack_from(">ii", raw, 12), 20, []
    assert lower == 1
    for _ in range(count):
        (length,) = struct.unpack_from(">i", raw, at)
        found.append(raw[at + 4 : at + 4 + length].decode())
        at += 4 + length
    assert at == len(raw)
    return tuple(found)


@pytest.mark.parametrize("stream", STREAMS.values(), ids=list(STREAMS))
def test_columns_stand_as_in_the_table(stream: Stream) -> None:
    sql = (Path(MIGRATIONS) / "0001_streams.sql").read_text()
    body = re.search(rf"CREATE TABLE {stream.table} \((.*?)\n\);", sql, re.DOTALL)
    assert body
    columns = re.findall(r"^    (\w+)\s+(double precision|text\[\]|\w+)", body[1], re.MULTILINE)
    columns = [column for column in columns if column[0] != "UNIQUE"]
    assert [name for name, _ in columns] == column_names(empty(stream, 1))
    signals = {signal.name: SQL_TYPES[signal.kind] for signal in stream.signals}
    assert {name: kind for name, kind in columns if name in signals} == signals


def test_times_ids_and_absent_signals() -> None:
    (row,) = parsed(encode(empty(CRANE, 1)))
    assert row[0] == struct.pack(">q", 5)  # µs since 2000
    assert row[1] == struct.pack(">i", 1)
    assert row[2] == struct.pack(">q", 0)
    assert row[3] == struct.pack(">q", -7)
    assert row[4:] == [None] * (len(CRANE.signals) + 2)


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "hoist_height_m": st.none() | st.floats(-30, 60),
            "landed": st.none() | st.booleans(),
            "spreader_size_ft": st.none() | st.sampled_from([20, 30, 40, 45]),
            "state": st.none() | st.sampled_from(["off", "standby", "idle", "working", "fault"]),
            "container_ids": st.none() | st.lists(st.text(max_size=200), max_size=3).map(tuple),
            "boot": st.none() | st.text(max_size=300),
            "extra": st.none() | st.dictionaries(st.text(max_size=4), st.integers(), min_size=1, max_size=2),
        }
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_what_goes_in_comes_out(rows: list[dict[str, Value]]) -> None:
    samples = empty(CRANE, len(rows))
    states = CRANE.by_name["state"].values
    for i, row in enumerate(rows):
        for name in ("hoist_height_m", "landed", "spreader_size_ft"):
            value = row[name]
            samples.number(name)[i] = math.nan if value is None else float(value)  # type: ignore[arg-type] # numbers only
        samples.number("state")[i] = math.nan if row["state"] is None else states.index(row["state"])
        samples.texts["container_ids"][i] = row["container_ids"]
        samples.boot[i] = row["boot"]  # type: ignore[assignment] # text or None, by the strategy
        samples.extra[i] = None if row["extra"] is None else json.dumps(row["extra"]).encode()
    found = {int.from_bytes(fields[1] or b""): fields for fields in parsed(encode(samples))}
    assert sorted(found) == list(range(1, len(rows) + 1))
    at = {name: place for place, name in enumerate(column_names(samples))}
    for i, row in enumerate(rows):
        got = {name: found[i + 1][place] for name, place in at.items()}
        told = {
            "hoist_height_m": _read(got["hoist_height_m"], lambda raw: struct.unpack(">d", raw)[0]),
            "landed": _read(got["landed"], lambda raw: {b"\0": False, b"\1": True}[raw]),
            "spreader_size_ft": _read(got["spreader_size_ft"], lambda raw: struct.unpack(">q", raw)[0]),
            "state": _read(got["state"], bytes.decode),
            "container_ids": _read(got["container_ids"], texts),
            "boot": _read(got["boot"], bytes.decode),
            "extra": _read(got["extra"], lambda raw: json.loads(raw[1:]) if raw[:1] == b"\1" else raw),
        }
        assert told == row


def _read(raw: bytes | None, read: Callable[[bytes], Any]) -> Any:
    return None if raw is None else read(raw)
