"""The pipeline against a model broker and a model database, in every order of faults that chance finds.

One seed is one history of a few hundred events. A seed that fails is printed, and belongs into `KNOWN_SEEDS` for ever.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from infra.mqtt.packet_reader import Message
from ingest.source.broker_session import MID_MASK, BrokerSession
from ingest.source.protocol import Inbound, Token
from ingest.store.outcome import Failure, WriteMode
from ingest.worker.actions import Acknowledge, Action, Done, Prepare, Read, RunIdleTask, Write
from ingest.worker.inbound_queue import BatchLimits, InboundQueue
from ingest.worker.pipeline import Bounds, Pipeline
from tests.model.broker import BrokerSource, ModelBroker
from tests.model.database import ModelDatabase
from tests.model.journal import ModelJournal

SEEDS = int(os.environ.get("QUAYSTREAM_TEST_SEEDS", "10000"))
"""Histories in one run of the tests."""
EVENTS = 120
WINDOW = 24
PAUSE = 12
BATCH = 6
READ_AT_ONCE = 8


@dataclass
class World:
    """Everything that a history is made of.

    Attributes:
        random: the only source of chance.
        early: whether messages are acknowledged when they are read: the defect that the checks must find.
        journal: whether the source is a log with positions, and no MQTT broker.
        session: what keeps connections apart at the MQTT broker.
    """

    random: Random
    early: bool = False
    journal: bool = False
    session: type[BrokerSession] = BrokerSession
    broker: ModelBroker | ModelJournal = field(init=False)
    source: BrokerSource | ModelJournal = field(init=False)
    database: ModelDatabase = field(init=False)
    pipeline: Pipeline[list[int]] = field(init=False)
    now_s: float = 0.0
    sent: int = 0
    preparing: list[Inbound] | None = None
    writing: tuple[list[int], WriteMode] | None = None
    idle_began_s: float | None = None
    done: bool = False
    losses: int = 0
    losses_reported: int = 0
    had_session: bool = False

    def __post_init__(self) -> None:
        bad = frozenset(n for n in range(2_000) if self.random.random() < 0.03)
        if self.journal:
            self.broker = self.source = ModelJournal(WINDOW, self, self.random)
        else:
            self.broker = ModelBroker(WINDOW)
            self.source = BrokerSource(self.broker, self, self.session)
        self.database = ModelDatabase(self.random, self.random.choice((0.0, 0.2, 0.6)), bad)
        bounds = Bounds(BatchLimits(BATCH, payload_bytes=9), 0.02, PAUSE, pause_bytes=60, tick_s=1.0)
        self.pipeline = Pipeline(bounds, self.random.random)

    # What can happen.

    def event(self) -> None:
        """One thing happens, and then everything that must hold is looked at."""
        happenings = [self.publish, self.publish, self.deliver, self.deliver, self.deliver, self.prepare, self.write]
        happenings += [self.write, self.time, self.connect, self.connect, self.idle]
        if self.random.random() < 0.15:
            happenings = [self.cut, self.lose_session, self.crash, self.late]
        self.random.choice(happenings)()
        self.check()

    def publish(self) -> None:
        """A device publishes, and the broker takes it."""
        if self.broker.session:  # before the worker's first session the broker keeps nothing for it
            self.broker.queue += range(self.sent, self.sent + 5)
            self.sent += 5

    def deliver(self) -> None:
        """The worker reads what the broker sends."""
        self.source.deliver(self.random.randint(1, READ_AT_ONCE))

    def prepare(self) -> None:
        """Preparing ends, or needs the database, which is away."""
        if self.preparing is not None:
            messages, self.preparing = self.preparing, None
            if self.random.random() < self.database.trouble / 2:
                self.do(self.pipeline.unprepared(self.now_s))
            else:
                self.do(self.pipeline.prepared([int(m.payload) for m in messages], self.now_s))

    def write(self) -> None:
        """A transaction ends, somehow."""
        if self.writing is not None:
            (batch, how), self.writing = self.writing, None
            failure = self.database.write(batch, how)
            if failure is None:
                self.do(self.pipeline.written(self.now_s))
            else:
                self.do(self.pipeline.failed(failure, self.now_s))

    def time(self) -> None:
        """Time passes, up to when the pipeline wants to be woken and a little more."""
        wake_s = self.pipeline.wake_s(self.now_s)
        self.now_s = max(self.now_s + 0.001, min(wake_s, self.now_s + 5.0) + self.random.choice((0.0, 0.0, 0.5)))
        self.do(self.pipeline.tick(self.now_s))
        assert self.pipeline.wake_s(self.now_s) > self.now_s, "it wants to be woken for nothing, again and again"

    def connect(self) -> None:
        """The worker connects, unless it is connected."""
        if not self.broker.up:
            if self.had_session and not self.broker.session:
                self.losses += 1
            self.had_session = True
            self.source.connect()

    def cut(self) -> None:
        """The connection breaks; the worker may notice only later."""
        if self.broker.up:
            self.source.cut()

    def lose_session(self) -> None:
        """The broker forgets."""
        if self.broker.up and self.random.random() < 0.3:
            self.source.lose()

    def crash(self) -> None:
        """The worker is killed and starts again: everything in its memory is gone."""
        if self.random.random() < 0.5:
            if self.writing is not None and self.random.random() < 0.5:
                self.database.write(*self.writing)  # the commit got through, nobody heard of it
            self.source.restart()
            self.preparing = self.writing = self.idle_began_s = None
            self.had_session = False
            self.losses_reported = self.losses
            self.pipeline = Pipeline(self.pipeline.bounds, self.random.random)

    def late(self) -> None:
        """There is work for an idle moment."""
        self.do(self.pipeline.request_idle_task(self.now_s, self.random.choice((0.0, 1.0))))

    def idle(self) -> None:
        """The idle task ends."""
        if self.idle_began_s is not None:
            began_s, self.idle_began_s = self.idle_began_s, None
            self.do(self.pipeline.idle_task_finished(began_s, self.now_s, more=self.random.random() < 0.3))

    # What the source reports.

    def received(self, messages: list[Inbound]) -> None:
        """Messages arrive."""
        if self.early:
            self.source.acknowledge([message.token for message in messages])
        self.do(self.pipeline.received(messages, self.now_s))

    def connected(self) -> None:
        """Nothing follows for the pipeline."""

    def lost(self) -> None:
        """The source has forgotten."""
        self.losses_reported += 1

    # What the pipeline asks for.

    def do(self, actions: list[Action[list[int]]]) -> None:
        """Do what a shell does."""
        for action in actions:
            match action:
                case Prepare():
                    assert self.preparing is None, "two batches at once are prepared"
                    self.preparing = action.messages
                case Write():
                    assert self.writing is None, "two batches at once are written"
                    self.writing = (action.batch, action.how)
                case Acknowledge():
                    if not self.early:
                        self.source.acknowledge(action.tokens)
                case Read():
                    assert action.on != self.source.on
                    self.source.reading(action.on)
                case RunIdleTask():
                    assert (self.preparing, self.writing) == (None, None), "not idle"
                    self.idle_began_s = self.now_s
                case Done():
                    self.done = True

    # What must hold.

    def check(self) -> None:
        """No acknowledgement before the commit, nothing twice, memory within its bounds."""
        safe = self.database.stored | self.database.quarantined
        assert self.broker.acknowledged <= safe, f"acknowledged, not stored: {self.broker.acknowledged - safe}"
        assert set(self.database.inserted.values()) <= {1}, "stored twice"
        assert self.pipeline.waiting < PAUSE + READ_AT_ONCE, "the buffer grows beyond its mark"
        assert self.pipeline.unacknowledged < PAUSE + READ_AT_ONCE + 3 * BATCH
        assert len(self.broker.flight) <= WINDOW
        assert self.losses_reported == self.losses, "what the source lost was not reported"
        busy = self.preparing is not None or self.writing is not None or self.idle_began_s is not None
        assert busy or self.pipeline.wake_s(self.now_s) < float("inf"), "nothing is under way, and nobody wakes it"

    def come_to_rest(self) -> None:
        """All faults end; whatever was promised must be there soon."""
        self.database.trouble = 0.0
        for _ in range(3_000):
            if not self.broker.up:
                self.connect()
            self.deliver()
            self.prepare()
            self.write()
            self.idle()
            self.time()
            self.check()
            if self.broker.idle and not self.pipeline.unacknowledged:
                break
        promised = set(range(self.sent)) - self.broker.forgotten
        missing = promised - self.database.stored - self.database.quarantined
        assert not missing, f"lost: {sorted(missing)}"
        assert self.database.quarantined <= self.database.bad, "a good row was set apart"
        assert not self.broker.flight, "never acknowledged"
        self.do(self.pipeline.stop(self.now_s))
        for _ in range(20):
            self.prepare()
            self.write()
            self.idle()
            self.time()
        assert self.done, "does not stop"


def history(
    seed: int, *, early: bool = False, journal: bool = False, session: type[BrokerSession] = BrokerSession
) -> World:
    """One history, checked on the way and at its end."""
    world = World(Random(seed), early, journal, session)
    world.connect()
    for _ in range(EVENTS):
        world.event()
    world.come_to_rest()
    return world


@settings(max_examples=SEEDS, deadline=None, database=None)
@example(seed=0)
@given(seed=st.integers(0, 2**64 - 1))
def test_nothing_lost_nothing_twice_whatever_fails(seed: int) -> None:
    """Ten thousand histories; the seed of one that fails is told."""
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
