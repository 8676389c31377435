"""The pipeline against a model broker and a model database, in every order of faults that chance finds.

One seed is one history of a few hundred events. A seed that fails is printed, and belongs into `KNOWN_SEEDS` for ever.
"""

import os
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from infra.mqtt.packet_reader import Message
from ingest.source.broker_session import MID_MASK, BrokerSession
from ingest.source.protocol import Inbound, Token
from ingest.store.outcome import Failure, WriteMode
from ingest.worker.actions import Acknowledge, Prepare, Write
from ingest.worker.inbound_queue import BatchLimits, InboundQueue
from ingest.worker.pipeline import Bounds, Pipeline
from tests.model.world import history

SEEDS = int(os.environ.get("QUAYSTREAM_TEST_SEEDS", "10000"))
"""Histories in one run of the tests."""


@settings(max_examples=SEEDS, deadline=None, database=None)
@example(seed=0)
@given(seed=st.integers(0, 2**64 - 1))
def test_nothing_lost_nothing_twice_whatever_fails(seed: int) -> None:
    """Ten thousand histories; the seed of one that fails is shown."""
    history(seed)


@settings(max_examples=max(SEEDS // 5, 1), deadline=None, database=None)
@example(seed=0)
@given(seed=st.integers(0, 2**64 - 1))
def test_the_same_holds_for_a_source_whose_positions_outlive_connections(seed: int) -> None:
    """No word of MQTT is in the pipeline: a log that delivers again at any time is served as well."""
    history(seed, journal=True)


@pytest.mark.parametrize("journal", [False, True])
def test_the_histories_are_worth_something(journal: bool) -> None:
    """What chance makes of a thousand seeds contains every fault and every way of writing."""
    stored = quarantined = forgotten = reported = 0
    for seed in range(300):
        world = history(seed, journal=journal)
        stored += len(world.database.stored)
        quarantined += len(world.database.quarantined)
        forgotten += len(world.broker.forgotten)
        reported += world.losses_reported
    assert stored > 3_000
    assert quarantined > 100
    assert forgotten > 100
    assert reported > 10


def test_a_worker_that_acknowledges_too_early_is_caught() -> None:
    """The control: were messages acknowledged when they are read, the checks would say so."""
    with pytest.raises(AssertionError, match="acknowledged, not stored"):
        history(1, early=True)


class OneConnection(BrokerSession):
    """A session for which every connection is the first one."""

    def mids(self, tokens: Sequence[Token]) -> list[int]:
        """All of them, whatever connection they came over."""
        return [token & MID_MASK for token in tokens] if self._up else []


def test_a_worker_that_forgets_over_which_connection_a_message_came_is_caught() -> None:
    """The control: its acknowledgements hit other messages, which nobody has stored."""
    with pytest.raises(AssertionError, match="acknowledged, not stored"):
        history(0, session=OneConnection)


def test_a_batch_refused_for_its_content_is_looked_through_and_not_tried_again_as_it_is() -> None:
    pipeline: Pipeline[list[int]] = Pipeline(Bounds(BatchLimits(2), 0.0, 10), lambda: 0.5)
    messages = [Inbound("t", b"1", 0, 7, False), Inbound("t", b"2", 0, 8, False)]
    assert Prepare(messages) in pipeline.received(messages, 0.0)
    assert pipeline.prepared([1, 2], 0.0) == [Write([1, 2], WriteMode.COPY)]
    assert pipeline.failed(Failure.CONTENT, 0.0) == [Write([1, 2], WriteMode.BISECT)]
    assert pipeline.failed(Failure.AWAY, 0.0) == []
    assert pipeline.tick(0.01) == []
    assert Write([1, 2], WriteMode.BISECT) in pipeline.tick(10.0)
    assert pipeline.written(10.0)[0] == Acknowledge([7, 8])


def test_tries_come_later_and_later_and_never_all_at_once() -> None:
    """0.1 s doubles up to 3 s, of which chance takes up to half away."""
    waits = []
    pipeline: Pipeline[list[int]] = Pipeline(Bounds(BatchLimits(1), 0.0, 10, tick_s=1e9), lambda: 0.5)
    message = Inbound("t", b"1", 0, 7, False)
    pipeline.received([message], 0.0)
    pipeline.prepared([1], 0.0)
    now_s = 0.0
    for _ in range(7):
        assert pipeline.failed(Failure.AWAY, now_s) == []
        waits.append(round(pipeline.wake_s(now_s) - now_s, 6))
        now_s = pipeline.wake_s(now_s)
        assert pipeline.tick(now_s) == [Write([1], WriteMode.UPSERT)]
    assert waits == [0.075, 0.15, 0.3, 0.6, 1.2, 2.25, 2.25]


def test_acknowledgements_of_an_earlier_connection_are_not_sent() -> None:
    """The pipeline hands over what is committed; the session leaves out what another connection brought."""
    pipeline: Pipeline[list[int]] = Pipeline(Bounds(BatchLimits(1), 0.0, 10), lambda: 0.5)
    session = BrokerSession(expected=False)
    session.connected(present=False)
    pipeline.received(session.inbound([Message("t", b"1", 7, False, False)], 0), 0.0)
    pipeline.prepared([1], 0.0)
    session.disconnected()
    assert not session.connected(present=True)
    (acknowledge,) = [a for a in pipeline.written(0.0) if isinstance(a, Acknowledge)]
    assert session.mids(acknowledge.tokens) == []


def test_batches_of_few_messages_begin_apart_and_one_that_comes_alone_does_not_wait_for_that() -> None:
    """Few are fewer than three here; a batch waits 0.02 s to fill, those of few begin 0.2 s apart."""
    bounds = Bounds(BatchLimits(100), 0.02, 1000, few=3, few_every_s=0.2, tick_s=1e9)
    pipeline: Pipeline[list[int]] = Pipeline(bounds, lambda: 0.5)
    message = Inbound("t", b"x", 0, 1, False)

    def finish(now_s: float) -> None:
        pipeline.prepared([], now_s)
        pipeline.written(now_s)

    pipeline.tick(0.0)  # the empty batch of the first tick
    finish(0.0)
    assert pipeline.received([message], 10.0) == []
    assert pipeline.wake_s(10.0) == pytest.approx(10.02)
    assert pipeline.tick(10.02) == [Prepare([message])]
    finish(10.03)
    assert pipeline.received([message], 10.04) == []
    assert pipeline.wake_s(10.04) == pytest.approx(10.22)
    assert pipeline.tick(10.07) == []
    assert pipeline.received([message], 10.08) == []
    assert pipeline.received([message], 10.09) == [
        Prepare([message] * 3)
    ]  # three are not few, and the first waits long
    finish(10.1)
    assert pipeline.received([message], 10.12) == []
    assert pipeline.wake_s(10.12) == pytest.approx(10.14)  # the last of many


def test_bytes_fill_a_batch_too() -> None:
    """Each message comes in its turn, one that alone is too many bytes as well, and no batch waits that is full."""
    pipeline: Pipeline[list[int]] = Pipeline(
        Bounds(BatchLimits(100, payload_bytes=10), 1.0, 1000, tick_s=1e9), lambda: 0.5
    )
    pipeline.tick(0.0)
    pipeline.prepared([], 0.0)
    pipeline.written(0.0)
    sizes = [4, 4, 4, 30, 1, 9, 5, 5, 2]
    messages = [Inbound("t", b"x" * size, 0, token, False) for token, size in enumerate(sizes, 1)]
    found = []
    actions = pipeline.received(messages, 0.0)
    while prepares := [action for action in actions if isinstance(action, Prepare)]:
        found.append([len(message.payload) for message in prepares[0].messages])
        actions = pipeline.prepared([1], 0.0) + pipeline.written(0.0)
    assert found == [[4, 4, 4], [30], [1, 9], [5, 5]]
    assert (pipeline.waiting, pipeline.waiting_bytes) == (1, 2)


def test_samples_fill_a_batch_too() -> None:
    """Many small samples in a message make a batch of few messages; each is taken as it is."""
    waiting, full = InboundQueue(), BatchLimits(100, samples=10)
    for count in (3, 6, 4, 25, 1):
        waiting.add([Inbound("t", b"[" + b"{}" * count + b"]", 0, 1, False)])
    assert waiting.fills(full)
    assert [message.payload.count(b"{") for message in waiting.take(full)] == [3, 6, 4]
    assert waiting.fills(full)
    assert [message.payload.count(b"{") for message in waiting.take(full)] == [25]
    assert not waiting.fills(full)
    assert [message.payload.count(b"{") for message in waiting.take(full)] == [1]
    assert (len(waiting), waiting.samples, waiting.payload_bytes) == (0, 0, 0)


def test_a_full_batch_is_prepared_ahead_of_a_slow_commit() -> None:
    """One is written, two at most wait for it; a batch that is not full waits until they are fewer."""
    pipeline: Pipeline[list[int]] = Pipeline(Bounds(BatchLimits(1), 0.0, 10, tick_s=1e9), lambda: 0.5)
    messages = [Inbound("t", b"%d" % n, 0, n, False) for n in range(1, 5)]
    assert pipeline.received(messages, 0.0) == [Prepare(messages[:1])]
    assert pipeline.prepared([1], 0.0) == [Write([1], WriteMode.COPY), Prepare(messages[1:2])]
    assert pipeline.prepared([2], 0.0) == [Prepare(messages[2:3])]
    assert pipeline.prepared([3], 0.0) == []
    assert pipeline.written(0.0) == [Acknowledge([1]), Write([2], WriteMode.COPY), Prepare(messages[3:])]
    few: Pipeline[list[int]] = Pipeline(Bounds(BatchLimits(2), 0.0, 10, tick_s=1e9), lambda: 0.5)
    few.received(messages, 0.0)
    few.prepared([1, 2], 0.0)
    assert few.prepared([3, 4], 0.0) == []
    assert few.received(messages[:1], 9.0) == []
