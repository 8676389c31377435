"""Whatever arrives: no exception, each good sample stored, a reason for all else, however it is cut into batches.

What is good is decided by a slow reading of the rules in docs/quarantine.md and docs/signals.md, written down here
again; of the code under test it uses the table of signals only.
"""

import asyncio
import calendar
import itertools
import json
import math
import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.clock import now_us
from ingest.columns import Limits
from ingest.messages import REASONS, Inbound
from ingest.metrics import Metrics
from ingest.preparation import Preparation, Prepared
from processing.engine import Engine
from processing.streams import STREAMS
from tests.cases.corpus import CASES
from tests.unit.known_devices import KnownDevices

NOW_MS = now_us() // 1000
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
TOPICS = {name: f"port/pechy/{name}/d1/telemetry" for name in STREAMS}
TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?([Zz]|[+-][0-9]{2}:?[0-9]{2})"
)

Key = tuple[str, int, int]
"""What names a sample: device, time [ms since 1970 UTC, fractions dropped], seq."""


class BadError(Exception):
    """The rules refuse it."""


def rules(payload: bytes, stream: str) -> tuple[list[tuple[int, int]], int]:
    """Time and seq of each sample that is good by the rules, and how many refusals there must be."""
    try:
        value = json.loads(payload.decode("utf-8", "strict"))
    except (ValueError, RecursionError):
        return [], 1
    samples = value if isinstance(value, list) else [value]
    if not samples or deep(value) > 8 or len(payload) > 1024 * 1024 or len(samples) > 10_000:
        return [], 1
    good = []
    for sample in samples:
        try:
            good.append(one(sample, stream))
        except BadError:
            continue
    return good, len(samples) - len(good)


def deep(value: Any) -> int:
    """Levels of lists and objects."""
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + max(map(deep, value), default=0) if isinstance(value, list) else 0


def one(sample: Any, stream: str) -> tuple[int, int]:
    """Time and seq of a good sample."""
    need(isinstance(sample, dict))
    own = {"device": "d1", "device_id": "d1", "terminal": "pechy", "stream": stream}
    for key, value in sample.items():
        if key in own:
            need(value == own[key])
        elif key == "boot":
            need(value is None or short(value))
        elif key in STREAMS[stream].by_name:
            need(value is None or fits(STREAMS[stream].by_name[key].kind, value))
        elif key not in ("ts", "seq"):
            need(clean([key, value]))
    seq = sample.get("seq")
    need(seq is None or (type(seq) is int and 0 <= seq < 2**63))
    time_ms = instant(sample.get("ts"))
    need(NOW_MS - 30 * DAY_MS <= time_ms <= NOW_MS + 60_000)
    return time_ms, seq or 0


def need(holds: object) -> None:
    """A rule."""
    if not holds:
        raise BadError


def fits(kind: str, value: Any) -> bool:
    """Whether a signal of a kind may have a value, plausible or not."""
    number = type(value) in (int, float)
    whole = number and (type(value) is int or not math.isfinite(value) or value.is_integer())
    listed = type(value) is list and all(short(item) for item in value)
    return {
        "float": number,
        "int": whole,
        "bool": type(value) is bool,
        "enum": type(value) is str and clean(value),
        "text": short(value),
        "texts": listed,
    }[kind]


def short(value: Any) -> bool:
    """Whether it is a text that can be stored."""
    return type(value) is str and len(value) <= 256 and clean(value)


def clean(value: Any) -> bool:
    """Whether no text in it holds U+0000 or half a surrogate pair."""
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list):
        return all(map(clean, value))
    return not isinstance(value, str) or not any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value)


def instant(ts: Any) -> int:
    """Milliseconds since 1970."""
    if type(ts) is float:
        need(math.isfinite(ts) and ts.is_integer())
        return int(ts)
    if type(ts) is int:
        return ts
    need(type(ts) is str)
    found = TIME.fullmatch(ts)
    need(found)
    assert found is not None
    year, month, day, hour, minute, second = map(int, found.groups()[:6])
    need(year and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1])
    need(hour < 24 and minute < 60 and second <= 60)
    offset_min = 0
    if found[8] not in "zZ":
        hours, minutes = int(found[8][1:3]), int(found[8][-2:])
        need(hours < 24 and minutes < 60)
        offset_min = (hours * 60 + minutes) * (-1 if found[8][0] == "-" else 1)
    whole = calendar.timegm((year, month, day, hour, minute, second)) - offset_min * 60
    return whole * 1000 + int(float("0" + (found[7] or "")[:7]) * 1000 + 1e-6)


def message(payload: bytes, stream: str, mid: int = 1) -> Inbound:
    """It arrives."""
    return Inbound(TOPICS[stream], payload, NOW_MS * 1000, mid, 1, False)


def prepared(batches: list[list[Inbound]]) -> tuple[list[Prepared], KnownDevices]:
    """What a worker makes of batches that come one after the other."""
    devices = KnownDevices()
    preparation = Preparation(Limits(30, 60), Engine(), devices, Metrics(), [])

    async def run() -> list[Prepared]:
        return [await preparation.prepare(batch) for batch in batches]

    return asyncio.run(run()), devices


def kept(done: list[Prepared], devices: KnownDevices) -> list[Key]:
    """The samples that are written; one that is there already is not written again."""
    found: dict[Key, None] = {}
    for batch in done:
        for stream in batch.batch.streams:
            rows = stream.samples
            columns = zip(rows.device_id.tolist(), rows.time_us.tolist(), rows.seq.tolist(), strict=True)
            found.update(((devices.devices[one].stream, time_us // 1000, seq), None) for one, time_us, seq in columns)
    return sorted(found)


def holds(payload: bytes, stream: str) -> None:
    """Code and rules agree on one message."""
    good, refused = rules(payload, stream)
    (done,), devices = prepared([[message(payload, stream)]])
    assert kept([done], devices) == sorted({(stream, time_ms, seq) for time_ms, seq in good})
    rejects = done.batch.rejects
    assert len(rejects) == refused
    assert all(reject.reason in set(REASONS) - {"internal", "database"} for reject in rejects)
    total = done.batch.tally.total()
    written = sum(len(stream.samples) for stream in done.batch.streams)
    assert total.received == written + total.duplicate + total.quarantined == len(good) + refused


ODD = st.sampled_from(
    [math.nan, math.inf, -math.inf, 10**400, -(10**20), 2**63, -1, 0.5, -0.0, 1e300, "", "\0", "\ud800", "é", "x" * 257]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | ODD
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
TIMES = (
    st.integers(NOW_MS - 29 * DAY_MS, NOW_MS)
    | st.sampled_from([NOW_MS + HOUR_MS, NOW_MS - 31 * DAY_MS, 0, float(NOW_MS), NOW_MS + 0.5, "", None, True])
    | st.datetimes().map(lambda t: f"2026-11-{1 + t.day % 28:02}T{t:%H:%M:%S.%f}Z")
    | st.from_regex(TIME, fullmatch=True)
)


def samples(stream: str) -> st.SearchStrategy[Any]:
    """Mostly what a device sends, with anything in any place."""
    signals = STREAMS[stream].by_name
    right = {
        "float": st.floats(-100, 100) | st.integers(-100, 100),
        "int": st.integers(0, 45) | st.sampled_from([20.0, 40]),
        "bool": st.booleans(),
        "enum": st.sampled_from(["working", "ocr", "off", "?"]),
        "text": st.text("AB1", max_size=4),
        "texts": st.lists(st.text("AB1", max_size=4), max_size=2),
    }
    optional: dict[str, st.SearchStrategy[Any]] = {name: right[signal.kind] | ODD for name, signal in signals.items()}
    some = st.lists(st.sampled_from(sorted(optional)), max_size=4, unique=True)
    body = some.flatmap(lambda names: st.fixed_dictionaries({name: optional[name] for name in names}))
    frame = st.fixed_dictionaries(
        {"ts": TIMES},
        optional={
            "seq": st.integers(0, 9) | SCALARS,
            "boot": st.sampled_from(["b1", None]) | ODD,
            "device": st.sampled_from(["d1", "d2", None]),
            "other": JSON,
        },
    )
    return st.tuples(body, frame).map(lambda both: both[0] | both[1]) | JSON


@pytest.mark.parametrize("stream", list(STREAMS))
def test_any_json(stream: str) -> None:
    @settings(max_examples=120, deadline=None)
    @given(samples(stream) | st.lists(samples(stream), max_size=4))
    def check(value: Any) -> None:
        holds(json.dumps(value).encode(), stream)

    check()


PIECES = [
    b"",
    b"\0",
    b"\xff",
    b"NaN",
    b"\\u0000",
    b"\\ud800",
    b"1e999",
    b"[",
    b"}",
    b'"',
    b",",
    b" ",
    b"-",
    b"null",
    b"9",
]
VALID = json.dumps([{"ts": NOW_MS, "seq": 1, "load_t": 12.5, "state": "working"}, {"ts": NOW_MS, "seq": 2, "x": "é"}])
CHANGES = st.lists(st.tuples(st.integers(0, len(VALID)), st.integers(0, 3), st.sampled_from(PIECES)), max_size=3)


@settings(max_examples=300, deadline=None)
@given(CHANGES)
def test_any_change_of_a_good_message(changes: list[tuple[int, int, bytes]]) -> None:
    payload = VALID.encode()
    for at, gone, piece in changes:
        payload = payload[:at] + piece + payload[at + gone :]
    holds(payload, "crane")


SMALL = [case for case in CASES if case.parts is None and case.topic.endswith("telemetry")]
MESSAGES = st.lists(st.sampled_from(SMALL), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(MESSAGES, st.lists(st.integers(0, 12), max_size=5))
def test_batches_may_be_cut_anywhere(cases: list[Any], cuts: list[int]) -> None:
    """The same is stored and refused, whatever comes together in a batch."""
    messages = [
        Inbound(case.topic_in("pechy"), case.bytes_at(NOW_MS), NOW_MS * 1000, mid, 1, False)
        for mid, case in enumerate(cases, start=1)
    ]
    edges = [0, *sorted(min(cut, len(messages)) for cut in cuts), len(messages)]
    parts = [messages[a:b] for a, b in itertools.pairwise(edges) if b > a]
    assert fate(parts) == fate([messages])


def fate(batches: list[list[Inbound]]) -> tuple[Any, ...]:
    """What does not hang on batches: samples, refusals, and the account."""
    done, devices = prepared(batches)
    refused = Counter((r.message.mid, r.place, r.reason, r.payload) for batch in done for r in batch.batch.rejects)
    totals = [batch.batch.tally.total() for batch in done]
    account = [sum(getattr(total, name) for total in totals) for name in ("received", "quarantined", "out_of_range")]
    return kept(done, devices), refused, account
