"""The codec of docs/guides/add-a-codec.md reads what the guide says, beside the native one."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.decode.address import Address
from ingest.decode.assembly import Assembled, Assembler
from ingest.decode.codecs import registry
from ingest.decode.rejects import REASONS
from ingest.source.protocol import Inbound
from tests.guides import blocks, module

_, CODEC, ROW = blocks("add-a-codec")
GateCsvCodec: Any = module("gate_csv", CODEC).GateCsvCodec
CODECS = module("codec_row", ROW, **{**vars(registry), "GateCsvCodec": GateCsvCodec}).CODECS
LANE = Address("telemetry", "pechy", "gate", "lane9")


def assembled(payload: bytes, topic: str = "gatecsv/pechy/lane9") -> Assembled:
    """What the worker makes of a message."""
    return Assembler(CODECS).assemble([Inbound(topic, payload, 0, None, False)])


def test_lines_become_rows_of_the_stream() -> None:
    payload = (
        "time,no,what,way,plate,boxes,kg\r\n"
        "2026-11-23T06:15:00.250Z,7,lane_enter,in,VD 12345,,\r\n"
        '1795414501000,8,ocr,,"VD ""1""","MSKU1234565 TCLU7654321",28400.5\r\n'
    )
    done = assembled(payload.encode("utf-8-sig"))
    rows = done.streams["gate"]
    assert done.rejects == []
    assert rows.addresses == [LANE]
    assert [(row.ts, row.seq, row.event, row.direction, row.plate, row.container_ids) for row in rows.rows] == [
        (datetime(2026, 11, 23, 6, 15, 0, 250_000, UTC), 7, "lane_enter", "in", "VD 12345", None),
        (1_795_414_501_000, 8, "ocr", None, 'VD "1"', ("MSKU1234565", "TCLU7654321")),
    ]
    assert rows.rows[1].gross_weight_kg == 28_400.5


def test_a_wrong_line_is_refused_and_the_others_are_kept() -> None:
    done = assembled(b"time,kg\n5,heavy\n6,7\nnow,\n,1\n8,9,10\n9,11\n")
    rows = done.streams["gate"]
    assert [(row.ts, row.gross_weight_kg) for row in rows.rows] == [(6, 7), (9, 11)]
    assert [rows.place(i) for i in range(2)] == [1, 5]
    assert [(reject.reason, reject.place, reject.address) for reject in done.rejects] == [
        ("wrong_type", place, LANE) for place in (0, 2, 3, 4)
    ]
    assert done.rejects[0].payload == b'{"time":"5","kg":"heavy"}'
    assert done.rejects[0].detail == "line 1: Expected `float | null`, got `str` - at `$.gross_weight_kg`"


@pytest.mark.parametrize(
    ("topic", "payload", "reason"),
    [
        ("gatecsv/pechy/lane9", b"", "empty"),
        ("gatecsv/pechy/lane9", b"time,no\n", "empty"),
        ("gatecsv/pechy/lane9", b"time\n\xff\n", "bad_text"),
        ("gatecsv/pechy/lane9", b"time,plate\n5,a\0\n", "bad_text"),
        ("gatecsv/pechy/lane9", b"time\n" + b"x" * 200_000, "wrong_type"),
        ("gatecsv/pechy/lane9", b"x" * (1024 * 1024 + 1), "too_large"),
        ("gatecsv/pechy/Lane 9", b"time\n5\n", "bad_device_id"),
        ("gatecsv/pechy/lane9/x", b"time\n5\n", "unknown_topic"),
    ],
)
def test_what_is_refused_as_a_whole(topic: str, payload: bytes, reason: str) -> None:
    done = assembled(payload, topic)
    assert done.streams == {}
    assert [(reject.reason, reject.payload) for reject in done.rejects] == [(reason, payload)]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: f"time,kg,{text}\n5,6,{text}\n".encode()))
def test_whatever_comes_has_a_reason_that_there_is(payload: bytes) -> None:
    done = assembled(payload)
    assert {reject.reason for reject in done.rejects} <= set(REASONS) - {"internal", "database"}
    assert done.streams or done.rejects


def test_the_native_codec_still_gets_its_own() -> None:
    done = assembled(b'{"ts": 5, "event": "ocr"}', "port/pechy/gate/lane1/telemetry")
    assert [row.event for row in done.streams["gate"].rows] == ["ocr"]
