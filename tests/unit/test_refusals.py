"""Every reason for quarantine is reached by its message, says what to change, and spares the good samples beside it."""

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.decode.assembly import Assembled, Assembler
from ingest.decode.codecs.registry import CODECS
from ingest.decode.columns import Checked, Limits, to_columns
from ingest.decode.rejects import REASONS
from ingest.source.protocol import Inbound
from processing.streams import STREAMS
from tests.length import length

NOW_US = 1_795_000_000_000_000
NOW_MS = NOW_US // 1000
CRANE = "port/pechy/crane/sts1/telemetry"
GOOD = {"ts": NOW_MS, "seq": 1, "hoist_height_m": 12.5}
DAY_MS = 86_400_000


def understood(payload: bytes | str | object, topic: str = CRANE) -> tuple[Assembled, list[Checked]]:
    """What becomes of one message, times and ranges checked."""
    raw = payload if isinstance(payload, bytes) else payload.encode() if isinstance(payload, str) else _json(payload)
    done = Assembler(CODECS).assemble([Inbound(topic, raw, NOW_US, 1, False)])
    checked = []
    for name, rows in done.streams.items():
        if rows.rows:
            ids = dict.fromkeys(rows.addresses, 7)
            checked.append(to_columns(STREAMS[name], rows, ids, NOW_US, Limits(30, 60)))
            done.rejects += checked[-1].rejects
    return done, checked


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def reasons(payload: Any, topic: str = CRANE) -> list[str]:
    """Reasons of the refusals of one message."""
    return [reject.reason for reject in understood(payload, topic)[0].rejects]


def stored(payload: Any, topic: str = CRANE) -> int:
    """How many samples of a message are kept."""
    return sum(len(one.samples) for one in understood(payload, topic)[1])


WHOLE: list[tuple[str, str, Any]] = [
    ("unknown_topic", "port/pechy/crane/sts1/telemetry/more", GOOD),
    ("unknown_topic", "port/pechy/crane", GOOD),
    ("unknown_stream", "port/pechy/forklift/f1/telemetry", GOOD),
    ("bad_device_id", "port/pechy/crane/STS 1/telemetry", GOOD),
    ("bad_device_id", f"port/pechy/crane/{'a' * 65}/telemetry", GOOD),
    ("too_large", CRANE, '{"ts": 1, "x": "' + "a" * 1_048_576 + '"}'),
    ("too_deep", CRANE, "[" * 100_000),
    ("too_deep", CRANE, {**GOOD, "x": [[[[[[[[[1]]]]]]]]]}),
    ("too_many_samples", CRANE, [{"ts": NOW_MS, "seq": n} for n in range(10_001)]),
    ("not_json", CRANE, "hello"),
    ("not_json", CRANE, b'{"ts": 1, "plate": "\xff"}'),
    ("not_json", CRANE, b""),
    ("not_object", CRANE, 5),
    ("not_object", CRANE, "null"),
    ("empty", CRANE, []),
    ("ts_missing", CRANE, {"hoist_height_m": 1}),
    ("ts_missing", CRANE, {"ts": None}),
    ("ts_invalid", CRANE, {"ts": "yesterday"}),
    ("ts_invalid", CRANE, {"ts": "2026-11-23T06:15:00"}),
    ("ts_invalid", CRANE, {"ts": True}),
    ("ts_invalid", CRANE, {"ts": 1.5}),
    ("ts_future", CRANE, {"ts": NOW_MS + 61_000}),
    ("ts_future", CRANE, {"ts": 10**30}),
    ("ts_too_old", CRANE, {"ts": NOW_MS - 31 * DAY_MS}),
    ("ts_too_old", CRANE, {"ts": -(10**30)}),
    ("wrong_type", CRANE, {**GOOD, "hoist_height_m": "high"}),
    ("wrong_type", CRANE, {**GOOD, "landed": 1}),
    ("wrong_type", CRANE, {**GOOD, "seq": -1}),
    ("wrong_type", CRANE, {**GOOD, "container_ids": "CSQU3054383"}),
    ("wrong_device", CRANE, {**GOOD, "device": "sts2"}),
    ("bad_text", CRANE, '{"ts": 1795000000000, "boot": "a\\u0000b"}'),
    ("bad_text", CRANE, '{"ts": 1795000000000, "boot": "\\ud800"}'),
    ("bad_status", "port/pechy/crane/sts1/status", {"online": "yes"}),
    ("bad_call", "port/pechy/vessel/c1/call", [1]),
    ("bad_announcement", "port/pechy/container/MSKU9070323/announcement", [1]),
    ("bad_treatment", "port/pechy/container/MSKU9070323/treatment", {"schedule": "cn"}),
]


@pytest.mark.parametrize(("reason", "topic", "payload"), WHOLE, ids=[f"{w[0]}-{n}" for n, w in enumerate(WHOLE)])
def test_a_bad_message_is_refused_with_its_reason(reason: str, topic: str, payload: Any) -> None:
    done, _ = understood(payload, topic)
    assert [reject.reason for reject in done.rejects] == [reason]
    assert len(done.rejects[0].detail) > 10
    assert stored(payload, topic) == 0


def test_every_reason_is_reached() -> None:
    """All but those that only a defect, the database, or a setting gives."""
    assert {reason for reason, _, _ in WHOLE} == set(REASONS) - {"database", "internal", "unregistered"}


def test_good_samples_of_a_bad_message_are_kept() -> None:
    mixed = [GOOD, {"hoist_height_m": 1}, 5, {**GOOD, "seq": 2, "landed": "no"}, {**GOOD, "seq": 3}]
    done, checked = understood(mixed)
    assert [reject.reason for reject in done.rejects] == ["ts_missing", "not_object", "wrong_type"]
    assert [reject.place for reject in done.rejects] == [1, 2, 3]
    assert json.loads(done.rejects[2].payload) == mixed[3]
    assert checked[0].samples.seq.tolist() == [1, 3]


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999", "500", "-500", "9" * 400])
def test_an_impossible_number_is_left_out_and_counted_and_its_sample_kept(value: str) -> None:
    done, checked = understood(f'{{"ts": {NOW_MS}, "hoist_height_m": {value}, "load_t": 20}}')
    assert done.rejects == []
    samples = checked[0].samples
    assert math.isnan(samples.number("hoist_height_m")[0])
    assert samples.number("load_t")[0] == 20
    assert checked[0].out_of_range == {(7, "hoist_height_m"): 1}


def test_a_key_that_is_no_signal_is_kept_as_extra() -> None:
    _, checked = understood({**GOOD, "oil_degc": 61, "nested": {"a": [1]}})
    extra = checked[0].samples.extra[0]
    assert extra is not None
    assert json.loads(extra) == {"oil_degc": 61, "nested": {"a": [1]}}


@pytest.mark.parametrize(
    "ts",
    ["2026-11-18T11:06:40Z", "2026-11-18T06:06:40-05:00", "2026-11-18T11:06:40.000000Z", "2026-11-18t11:06:40.0Z"],
)
@pytest.mark.parametrize("more", [{}, {"no_signal": 1}], ids=["fast", "patient"])
def test_times_are_read_with_their_offset(ts: str, more: dict[str, int]) -> None:
    _, checked = understood({"ts": ts, **more})
    assert checked[0].samples.time_us.tolist() == [NOW_US]


def test_a_leap_second_is_the_first_instant_after_it() -> None:
    assert stored({"ts": "2026-10-31T23:59:60Z"}) == 1


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.lists(st.text(max_size=3), max_size=2)
)
KEYS = st.one_of(st.sampled_from(["ts", "seq", "boot", "device", *STREAMS["crane"].by_name]), st.text(max_size=6))


@settings(max_examples=length(60, 600))  # test_codec_fuzz.py holds more of it, for all streams
@given(st.lists(st.dictionaries(KEYS, VALUES, max_size=6), max_size=4))
def test_whatever_json_comes_each_sample_is_kept_or_refused(samples: list[dict[str, Any]]) -> None:
    done, checked = understood(json.dumps(samples))
    kept = sum(len(one.samples) for one in checked)
    assert kept + len(done.rejects) == max(1, len(samples))
    assert all(reject.reason in REASONS for reject in done.rejects)


@settings(max_examples=length(150, 2_000))
@given(st.binary(max_size=60))
def test_whatever_bytes_come_nothing_is_raised(payload: bytes) -> None:
    done, checked = understood(payload)
    assert done.rejects or checked


@settings(max_examples=length(60, 600))
@given(
    st.fixed_dictionaries(
        {"ts": st.integers(NOW_MS - DAY_MS, NOW_MS), "seq": st.integers(0, 2**63 - 1)},
        optional={
            "hoist_height_m": st.floats(-30, 50),
            "landed": st.booleans(),
            "state": st.sampled_from(["working", "idle"]),
            "container_ids": st.lists(st.text("ABC123", max_size=4), max_size=2),
        },
    )
)
def test_the_patient_way_reads_what_the_fast_way_reads(sample: dict[str, Any]) -> None:
    """A key that is no signal sends a sample the patient way."""
    fast, patient = understood(sample)[1][0].samples, understood({**sample, "no_signal": 1})[1][0].samples
    assert fast.time_us.tolist() == patient.time_us.tolist()
    assert fast.seq.tolist() == patient.seq.tolist()
    assert fast.numbers.tobytes() == patient.numbers.tobytes()
    assert fast.texts == patient.texts
