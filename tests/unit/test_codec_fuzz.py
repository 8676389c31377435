"""Whatever arrives: no exception, each good sample stored, a reason for all else, however it is cut into batches.

What is good is decided by `tests/rules.py`.
"""

import asyncio
import itertools
import json
import math
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.decode.columns import Limits
from ingest.decode.rejects import REASONS
from ingest.source.protocol import Inbound
from ingest.worker.metrics import Metrics
from ingest.worker.preparation import Preparation, Prepared
from processing.engine import Engine
from processing.site.configuration import Sites
from processing.streams import STREAMS
from tests.cases.corpus import CASES
from tests.length import length
from tests.rules import DAY_MS, NOW_MS, TIME, rules
from tests.unit.known_devices import KnownDevices

HOUR_MS = 3_600_000
METRICS = Metrics()
"""Counted into by all, looked at by none."""
TOPICS = {name: f"port/pechy/{name}/d1/telemetry" for name in STREAMS}

Key = tuple[str, int, int]
"""What names a sample: device, time [ms since 1970 UTC, fractions dropped], seq."""


def message(payload: bytes, stream: str, token: int = 1) -> Inbound:
    """It arrives."""
    return Inbound(TOPICS[stream], payload, NOW_MS * 1000, token, False)


def prepared(batches: list[list[Inbound]]) -> tuple[list[Prepared], KnownDevices]:
    """What a worker makes of batches that come one after the other."""
    devices = KnownDevices()
    preparation = Preparation(Limits(30, 60), Engine(Sites()), devices, METRICS, [], 20.0)

    async def run() -> list[Prepared]:
        return [await preparation.prepare(batch) for batch in batches]

    loop = asyncio.new_event_loop()  # `asyncio.run` sets a signal handler, which costs more than the run itself
    try:
        return loop.run_until_complete(run()), devices
    finally:
        loop.close()


def kept(done: list[Prepared], devices: KnownDevices) -> list[Key]:
    """The samples that are written; one that is there already is not written again."""
    found: dict[Key, None] = {}
    for batch in done:
        for stream in batch.batch.streams:
            rows = stream.samples
            columns = zip(rows.device_id.tolist(), rows.time_us.tolist(), rows.seq.tolist(), strict=True)
            # Without seq what it holds numbers it, below 0: tests/unit/test_unnumbered.py.
            found.update(
                ((devices.devices[one].stream, time_us // 1000, max(seq, 0)), None) for one, time_us, seq in columns
            )
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
    some = st.one_of([st.tuples(st.just(name), values) for name, values in sorted(optional.items())])
    body = st.lists(some, max_size=4, unique_by=lambda one: one[0]).map(dict)
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
    @settings(max_examples=length(25, 500))
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


@settings(max_examples=length(50, 1_000))
@given(CHANGES)
def test_any_change_of_a_good_message(changes: list[tuple[int, int, bytes]]) -> None:
    payload = VALID.encode()
    for at, removed, piece in changes:
        payload = payload[:at] + piece + payload[at + removed :]
    holds(payload, "crane")


SMALL = [case for case in CASES if case.parts is None and case.topic.endswith("telemetry")]
MESSAGES = st.lists(st.sampled_from(SMALL), min_size=1, max_size=12)


@settings(max_examples=length(30, 300))
@given(MESSAGES, st.lists(st.integers(0, 12), max_size=5))
def test_batches_may_be_cut_anywhere(cases: list[Any], cuts: list[int]) -> None:
    """The same is stored and refused, whatever comes together in a batch."""
    messages = [
        Inbound(case.topic_in("pechy"), case.bytes_at(NOW_MS), NOW_MS * 1000, token, False)
        for token, case in enumerate(cases, start=1)
    ]
    edges = [0, *sorted(min(cut, len(messages)) for cut in cuts), len(messages)]
    parts = [messages[a:b] for a, b in itertools.pairwise(edges) if b > a]
    assert fate(parts) == fate([messages])


def fate(batches: list[list[Inbound]]) -> tuple[Any, ...]:
    """What does not hang on batches: samples, refusals, and the account."""
    done, devices = prepared(batches)
    refused = Counter((r.message.token, r.place, r.reason, r.payload) for batch in done for r in batch.batch.rejects)
    totals = [batch.batch.tally.total() for batch in done]
    account = [sum(getattr(total, name) for total in totals) for name in ("received", "quarantined", "out_of_range")]
    return kept(done, devices), refused, account
