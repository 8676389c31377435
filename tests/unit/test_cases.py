"""Each case of the corpus ends as it says: stored, duplicate or quarantined with its reason; alone and among others."""

import json
import math
from collections import Counter
from typing import Any

import pytest

from infra.clock import from_us, now_us
from ingest.decode.columns import Limits
from ingest.decode.rejects import REASONS
from ingest.source.protocol import Inbound
from ingest.worker.metrics import Metrics
from ingest.worker.preparation import Preparation, Prepared
from processing.engine import Engine
from processing.model.samples import Samples
from processing.site.configuration import Sites
from tests.cases.corpus import CASES, Case
from tests.unit.known_devices import KnownDevices

LIMITS = Limits(30, 60)
TERMINAL = "pechy"
METRICS = Metrics()
"""Counted by all cases; making them takes as long as most cases."""
EXPECTING = [case for case in CASES if case.row or case.absent or case.at or case.extra is not None]


async def prepared(messages: list[Inbound]) -> tuple[Prepared, KnownDevices]:
    """What a worker that has just started would write."""
    devices = KnownDevices()
    return await Preparation(LIMITS, Engine(Sites()), devices, METRICS, [], 20.0).prepare(messages), devices


def message(case: Case, now: int, token: int = 1) -> Inbound:
    """A case as it arrives. `now` in µs since 1970 UTC."""
    return Inbound(case.topic_in(TERMINAL), case.bytes_at(now // 1000), now, token, False)


def check(case: Case, batch: Prepared) -> None:
    """One message's fate."""
    assert Counter(reject.reason for reject in batch.batch.rejects) == case.reasons()
    assert all(len(reject.detail) > 10 for reject in batch.batch.rejects)
    total = batch.batch.tally.total()
    stored = sum(len(stream.samples) for stream in batch.batch.streams)
    assert (stored, total.duplicate, total.out_of_range) == (case.stored, case.duplicate, case.out_of_range)
    assert (len(batch.batch.statuses), len(batch.batch.documents)) == (case.statuses, case.documents)
    if any(reject.address is not None for reject in batch.batch.rejects) or stored:
        closing = 0 if not case.topic.endswith("telemetry") else len(batch.batch.rejects)
        assert total.received == stored + total.duplicate + closing


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_a_case_ends_as_it_expects(case: Case) -> None:
    batch, _ = await prepared([message(case, now_us())])
    check(case, batch)


@pytest.mark.parametrize("case", EXPECTING, ids=lambda case: case.name)
async def test_what_is_stored_of_a_case_is_what_it_expects(case: Case) -> None:
    now = now_us()
    batch, _ = await prepared([message(case, now)])
    (stream,) = batch.batch.streams
    samples = stream.samples
    for name, value in case.row.items():
        assert cell(samples, name) == value
    for name in case.absent:
        assert cell(samples, name) is None
    at = case.instant(now // 1000)
    if at is not None:
        assert from_us(int(samples.time_us[0])) == at
    if case.extra is not None:
        assert json.loads(samples.extra[0] or b"null") == case.extra


def cell(samples: Samples, name: str) -> Any:
    """The first sample's value of a signal, None where it is absent."""
    signal = samples.stream.by_name[name]
    if not signal.numeric:
        value = samples.texts[name][0]
        return list(value) if isinstance(value, tuple) else value
    number = float(samples.number(name)[0])
    if math.isnan(number):
        return None
    return signal.values[int(number)] if signal.kind == "enum" else number


async def test_all_cases_in_one_batch_end_as_they_do_alone() -> None:
    """Nobody's bad message costs a neighbour anything."""
    now = now_us()
    messages = [message(case, now, token) for token, case in enumerate(CASES, start=1)]
    batch, devices = await prepared(messages)
    reasons = {case.name: Counter[str]() for case in CASES}
    for reject in batch.batch.rejects:
        reasons[CASES[reject.message.token - 1].name][reject.reason] += 1
    assert reasons == {case.name: case.reasons() for case in CASES}
    stored: Counter[str] = Counter()
    for stream in batch.batch.streams:
        stored.update(devices.devices[device_id].name for device_id in stream.samples.device_id.tolist())
    assert stored == Counter({case.name: case.stored for case in CASES if case.stored})
    assert batch.batch.tally.total().out_of_range == sum(case.out_of_range for case in CASES)


def test_the_corpus_reaches_every_reason() -> None:
    """All but those that only a defect, the database, or a setting gives."""
    others = {"database", "internal", "unregistered"}
    assert {reason for case in CASES for reason in case.reasons()} == set(REASONS) - others
    assert len(CASES) > 60


def test_a_wrong_expectation_is_seen() -> None:
    """The check itself can fail."""
    assert Case("x", quarantined=["3 not_object", "empty"]).reasons() == {"not_object": 3, "empty": 1}
    assert Case("x", payload="NOW NOW-5 NOW+7").bytes_at(100) == b"100 95 107"
    assert Case("x", parts=[[2, "COUNT,"], "NOW"]).bytes_at(7) == b"0,1,7"
