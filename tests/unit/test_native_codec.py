"""Fast and patient way read the same; limits hold at their edges; values and keys that do not fit are reported."""

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.decode.address import InputTopicError
from ingest.decode.codecs.native import topics
from ingest.decode.columns import Checked
from ingest.store.counts import Tally
from processing.model.samples import Samples
from processing.model.signal import Signal
from processing.model.stream import Stream
from processing.streams import STREAMS
from tests.length import length
from tests.unit.test_refusals import GOOD, NOW_MS, reasons, stored, understood

MIB = 1_048_576
TOPICS = {name: f"port/pechy/{name}/d1/telemetry" for name in STREAMS}


def only(payload: Any, stream: str = "crane") -> Checked:
    """The samples of a message of which nothing is refused."""
    done, (checked,) = understood(payload, TOPICS[stream])
    assert done.rejects == []
    return checked


def columns(samples: Samples) -> tuple[Any, ...]:
    """Everything but `extra`, in a form that compares."""
    numbers = samples.numbers.tobytes()
    return samples.time_us.tolist(), samples.seq.tolist(), numbers, samples.texts, samples.boot


def values(signal: Signal) -> st.SearchStrategy[Any]:
    """What a device may send for a signal, plausible or not."""
    words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
    if signal.kind == "float":
        return st.floats(-1e6, 1e6) | st.integers(-(10**6), 10**6) | st.none()
    if signal.kind == "int":
        return st.integers(-5, 60) | st.integers(-(2**70), 2**70) | st.none()
    if signal.kind == "enum":
        return st.sampled_from(signal.values) | st.just("no such word") | st.none()
    return {"bool": st.booleans(), "text": words, "texts": st.lists(words, max_size=3)}[signal.kind] | st.none()


def sample_of(stream: Stream) -> st.SearchStrategy[dict[str, Any]]:
    """A sample that is understood, with any of the stream's signals."""
    text = st.datetimes(timezones=st.sampled_from([None])).map(lambda t: f"2026-11-17T{t:%H:%M:%S.%f}-05:00")
    optional = {signal.name: values(signal) for signal in stream.signals}
    optional |= {"seq": st.integers(0, 2**63 - 1), "boot": st.sampled_from(["a", "b1", None])}
    return st.fixed_dictionaries({"ts": st.integers(NOW_MS - 10**9, NOW_MS) | text}, optional=optional)


JUNK = st.dictionaries(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=12, max_size=20),
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.text("aé\\u0", max_size=8)
    | st.lists(st.integers()),
    min_size=1,
    max_size=3,
)


@pytest.mark.parametrize("stream", STREAMS.values(), ids=list(STREAMS))
def test_junk_beside_a_sample_changes_nothing_of_it(stream: Stream) -> None:
    """A key that is no signal, and a bad neighbour, send a sample the patient way."""

    @settings(max_examples=length(20, 400))
    @given(sample_of(stream), JUNK.filter(lambda junk: not set(junk) & set(stream.by_name)))
    def holds(sample: dict[str, Any], junk: dict[str, Any]) -> None:
        if "\\u0000" in json.dumps(sample):
            assert set(reasons(sample, TOPICS[stream.name])) <= {"bad_text"}
            return
        if "seq" not in sample:
            sample |= {"seq": 7}  # else the number is made of all that it holds, junk too
        fast, patient = only(sample, stream.name), only(junk | sample, stream.name)
        assert columns(patient.samples) == columns(fast.samples)
        assert patient.out_of_range == fast.out_of_range
        assert json.loads(patient.samples.extra[0] or b"") == junk
        beside = understood([5, sample], TOPICS[stream.name])[1][0]
        assert columns(beside.samples) == columns(fast.samples)

    holds()


@pytest.mark.parametrize(
    ("ts", "us"), [("11:06:40.1234564Z", 123_456), ("11:06:40.1234567Z", 123_457), ("11:06:39.9999996Z", 0)]
)
@pytest.mark.parametrize("more", [{}, {"no_signal": 1}], ids=["fast", "patient"])
def test_more_digits_than_microseconds_are_rounded(ts: str, us: int, more: dict[str, int]) -> None:
    samples = only({"ts": f"2026-11-18T{ts}", **more}).samples
    assert samples.time_us.tolist() == [NOW_MS * 1000 + us]


def test_limits_of_a_message_hold_at_their_edges() -> None:
    assert stored([{"ts": NOW_MS, "seq": n} for n in range(10_000)]) == 10_000
    short = json.dumps(GOOD)
    assert stored(short + " " * (MIB - len(short))) == 1
    assert reasons(short + " " * (MIB + 1 - len(short))) == ["too_large"]
    assert stored({**GOOD, "x": [[[[[[[1]]]]]]]}) == 1  # the object, and seven lists in it
    assert reasons({**GOOD, "x": [[[[[[[[1]]]]]]]]}) == ["too_deep"]


def test_limits_of_time_hold_at_their_edges() -> None:
    assert stored({"ts": NOW_MS + 60_000}) == 1
    assert reasons({"ts": NOW_MS + 60_001}) == ["ts_future"]
    assert stored({"ts": NOW_MS - 30 * 86_400_000}) == 1
    assert reasons({"ts": NOW_MS - 30 * 86_400_000 - 1}) == ["ts_too_old"]


@pytest.mark.parametrize(
    ("key", "own"), [("device", "d1"), ("device_id", "d1"), ("terminal", "pechy"), ("stream", "crane")]
)
def test_a_sample_may_name_its_own_device_only(key: str, own: str) -> None:
    assert only({**GOOD, key: own}).samples.extra == [None]
    for other in ("else", None, 1, [own]):
        assert reasons({**GOOD, key: other}, TOPICS["crane"]) == ["wrong_device"]


@pytest.mark.parametrize(
    ("name", "kept", "left_out"),
    [
        ("hoist_height_m", [-30, 80], [-30.01, 80.01]),
        ("spreader_size_ft", [20, 30, 40, 45], [0, 25, 46, -20]),
        ("move_count", [0, 2**53], [-1, 2**63, 10**320, -(10**320)]),
        ("state", ["off", "fault"], ["", "OFF", "asleep"]),
    ],
)
def test_plausible_values_are_kept_others_left_out_and_counted(name: str, kept: list[Any], left_out: list[Any]) -> None:
    samples = [{"ts": NOW_MS, "seq": n, name: value} for n, value in enumerate([*kept, *left_out])]
    for sent in (samples, [{**sample, "no_signal": 1} for sample in samples]):
        checked = only(sent)
        absent = np.isnan(checked.samples.number(name))
        assert absent.tolist() == [False] * len(kept) + [True] * len(left_out)
        assert checked.out_of_range == {(7, name): len(left_out)}


def test_each_nan_is_left_out_alone() -> None:
    checked = only(f'[{{"ts": {NOW_MS}, "load_t": NaN, "power_kw": -Infinity}}, {{"ts": {NOW_MS}, "load_t": 3}}]')
    assert [None if math.isnan(v) else v for v in checked.samples.number("load_t").tolist()] == [None, 3]
    assert checked.out_of_range == {(7, "load_t"): 1, (7, "power_kw"): 1}


def test_samples_with_unknown_keys_are_counted() -> None:
    tally = Tally()
    tally.received(only([{**GOOD, "a": 1, "b": 2}, GOOD, {**GOOD, "a": math.nan}]).samples)
    assert (tally.counts[7].received, tally.counts[7].unknown_keys) == (3, 2)


def test_extra_keeps_a_backslash_and_writes_nan_as_text() -> None:
    extra = only(f'{{"ts": {NOW_MS}, "path": "C:\\\\u0000", "k": [NaN, 1e999]}}').samples.extra[0]
    assert json.loads(extra or b"") == {"path": "C:\\u0000", "k": ["nan", "inf"]}


def test_a_refused_sample_keeps_its_place_and_its_keys() -> None:
    done, checked = understood([5, {"ts": NOW_MS + 10**6, "load_t": 2, "oil_degc": 61}, GOOD])
    assert [(reject.reason, reject.place) for reject in done.rejects] == [("not_object", 0), ("ts_future", 1)]
    assert json.loads(done.rejects[1].payload) == {"ts": NOW_MS + 10**6, "load_t": 2, "oil_degc": 61}
    assert len(checked[0].samples) == 1


TELEMETRY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=length(50, 500))
@given(st.sampled_from(list(STREAMS)), st.binary(max_size=80) | TELEMETRY_JSON.map(json.dumps))
def test_a_refusal_can_be_stored_whatever_it_quotes(stream: str, payload: bytes | str) -> None:
    """The detail is database text: valid Unicode without U+0000."""
    done, _ = understood(payload, TOPICS[stream])
    assert all("\0" not in reject.detail and reject.detail.encode() for reject in done.rejects)


def test_a_document_under_a_wrong_family_is_refused_with_its_place() -> None:
    """Whoever announces a call at a berth gets to know where calls are announced."""
    with pytest.raises(InputTopicError) as error:
        topics.parse("port/demo/berth/b1/call")
    assert (error.value.reason, error.value.detail) == (
        "unknown_stream",
        "documents 'call' are announced on port/demo/vessel/{id}/call, not under 'berth'",
    )
