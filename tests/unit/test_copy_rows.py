"""Binary COPY rows: read back by a parser of the test's own, and in the order of the table's columns."""

import json
import math
import re
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.database import MIGRATIONS
from ingest.store.copy_in import column_names, encode
from processing.model.samples import Samples
from processing.model.stream import Stream
from processing.streams import STREAMS
from tests.length import length

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
def test_columns_are_those_of_the_table(stream: Stream) -> None:
    """COPY names its columns, so those that a later migration has added may stand elsewhere."""
    sql = "".join(path.read_text() for path in sorted(Path(MIGRATIONS).glob("*.sql")))
    body = re.search(rf"CREATE TABLE {stream.table} \((.*?)\n\);", sql, re.DOTALL)
    assert body
    columns = re.findall(r"^    (\w+)\s+(double precision|text\[\]|\w+)", body[1], re.MULTILINE)
    columns = [column for column in columns if column[0] != "UNIQUE"]
    altered = re.findall(rf"ALTER TABLE {stream.table}\b(.*?);", sql, re.DOTALL)
    columns += re.findall(r"ADD COLUMN (\w+)\s+(double precision|text\[\]|\w+)", "".join(altered))
    assert sorted(name for name, _ in columns) == sorted(column_names(empty(stream, 1)))
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


@settings(max_examples=length(50, 500))
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
        unpacked = {
            "hoist_height_m": _read(got["hoist_height_m"], lambda raw: struct.unpack(">d", raw)[0]),
            "landed": _read(got["landed"], lambda raw: {b"\0": False, b"\1": True}[raw]),
            "spreader_size_ft": _read(got["spreader_size_ft"], lambda raw: struct.unpack(">q", raw)[0]),
            "state": _read(got["state"], bytes.decode),
            "container_ids": _read(got["container_ids"], texts),
            "boot": _read(got["boot"], bytes.decode),
            "extra": _read(got["extra"], lambda raw: json.loads(raw[1:]) if raw[:1] == b"\1" else raw),
        }
        assert unpacked == row


def _read(raw: bytes | None, read: Callable[[bytes], Any]) -> Any:
    return None if raw is None else read(raw)


def test_a_gate_row_byte_by_byte() -> None:
    """Of the first ten signals of gates: others may join them."""
    samples = empty(replace(STREAMS["gate"], signals=STREAMS["gate"].signals[:10]), 1)
    samples.seq[0] = 258
    samples.number("event")[0] = 2  # ocr
    samples.number("confidence")[0] = -0.5
    samples.number("queue_length")[0] = -2
    samples.texts["plate"][0] = "Ñ"
    samples.texts["container_ids"][0] = ()
    samples.texts["iso_codes"][0] = ("22G1", "")
    samples.extra[0] = b'{"a": -1}'
    null = b"\xff\xff\xff\xff"
    two = bytes.fromhex("00000001 00000000 00000019 00000002 00000001 00000004") + b"22G1" + bytes(4)
    assert encode(samples) == b"".join(
        [
            b"PGCOPY\n\xff\r\n\0" + bytes(8),
            bytes.fromhex("0010"),  # 16 columns
            bytes.fromhex("00000008 0000000000000005"),  # 5 µs after 2000
            bytes.fromhex("00000004 00000001"),
            bytes.fromhex("00000008 0000000000000102"),
            bytes.fromhex("00000008 fffffffffffffff9"),  # 7 µs before 2000
            null,  # boot
            bytes.fromhex("00000003") + b"ocr",
            null + null,  # direction, visit_id
            bytes.fromhex("00000002 c391"),  # Ñ
            bytes.fromhex("0000000c 00000000 00000000 00000019"),
            bytes.fromhex("00000020") + two,
            bytes.fromhex("00000008 bfe0000000000000"),  # -0.5
            null + null,  # gross_weight_kg, appointment_id
            bytes.fromhex("00000008 fffffffffffffffe"),
            bytes.fromhex("0000000a 01") + b'{"a": -1}',
            b"\xff\xff",
        ]
    )


@pytest.mark.parametrize("stream", STREAMS.values(), ids=list(STREAMS))
def test_each_signal_lands_in_its_own_column(stream: Stream) -> None:
    """Row n holds signal n only; long texts, which are laid out apart, are among them."""
    sent: dict[str, tuple[Any, bytes]] = {
        "float": (-1.5, struct.pack(">d", -1.5)),
        "bool": (1.0, b"\1"),
        "int": (2.0**53, struct.pack(">q", 2**53)),
        "text": ("x" * 300, b"x" * 300),
        "texts": (("A", "é"), bytes.fromhex("0000000100000000000000190000000200000001 00000001 41 00000002 c3a9")),
    }
    samples = empty(stream, len(stream.signals))
    wanted: dict[int, tuple[str, bytes]] = {}
    for i, signal in enumerate(stream.signals):
        value, raw = (0.0, signal.values[0].encode()) if signal.kind == "enum" else sent[signal.kind]
        if signal.numeric:
            samples.number(signal.name)[i] = value
        else:
            samples.texts[signal.name][i] = value
        wanted[i + 1] = signal.name, raw
    names = column_names(samples)
    found = {}
    for row in parsed(encode(samples)):
        present = [(name, raw) for name, raw in zip(names[4:], row[4:], strict=True) if raw is not None]
        assert len(present) == 1
        found[int.from_bytes(row[1] or b"")] = present[0]
    assert found == wanted


def test_no_samples_are_an_empty_stream() -> None:
    assert parsed(encode(empty(CRANE, 0))) == []
