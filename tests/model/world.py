"""Everything that a history is made of, what can happen in it, and what must hold at each step."""

from dataclasses import dataclass, field
from random import Random

from ingest.source.broker_session import BrokerSession
from ingest.source.protocol import Inbound
from ingest.store.outcome import WriteMode
from ingest.worker.actions import Acknowledge, Action, Done, Prepare, Read, RunIdleTask, Write
from ingest.worker.inbound_queue import BatchLimits
from ingest.worker.pipeline import Bounds, Pipeline
from tests.model.broker import BrokerSource, ModelBroker
from tests.model.database import ModelDatabase
from tests.model.journal import ModelJournal

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
