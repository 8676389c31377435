"""What happens to messages between the source and the database, as a state machine: events in, actions out.

No I/O, no clock and no randomness of its own: time and chance are passed in, so that tests drive it through every
order of faults (tests/model). The shell that does what it asks for is `ingest.worker.shell`.

    received ─► waiting ─► Prepare ─► ready ─► Write ─► written: Acknowledge
                                               ▲    │
                                               └────┘ failed: the same again, later or in another way

One batch is prepared while the one before it is written; batches are prepared and written in order of arrival.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic

from ingest.source.protocol import Inbound
from ingest.store.outcome import Failure, WriteMode
from ingest.worker.actions import Acknowledge, Action, B, Done, Prepare, Read, RunIdleTask, Write
from ingest.worker.inbound_queue import BatchLimits, InboundQueue


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much the pipeline holds, and how long it waits.

    Attributes:
        batch: what fills a transaction.
        linger_s: longest wait for a batch to fill. [s]
        few: after a batch of fewer messages, another one begins no sooner than `few_every_s`: a transaction costs the
            same for one message as for dozens. One that comes alone, and the last of many, wait no longer than others.
        few_every_s: see `few`. [s]
        pause_messages: reading pauses when so many wait; at half of it, it goes on.
        pause_bytes: the same for their payload bytes.
        tick_s: an empty batch is made after so long without messages. [s]
        retry_s: shortest and longest pause before another try. [s]
        full_ahead: so many full batches are prepared beyond the one that waits to be written: a commit that takes its
            time holds up nothing.
        idle_task_share: most of the time that goes into idle tasks while messages wait.
        idle_patience_s: an idle task waits so long beyond its time while a full batch waits: a queue is drained first,
            and one that never ends holds nothing up. [s]
    """

    batch: BatchLimits
    linger_s: float
    pause_messages: int
    few: int = 32
    few_every_s: float = 0.2
    pause_bytes: int = 32 * 1024 * 1024
    tick_s: float = 1.0
    retry_s: tuple[float, float] = (0.1, 3.0)
    full_ahead: int = 1
    idle_task_share: float = 0.2
    idle_patience_s: float = 5.0


@dataclass(slots=True)
class _Lot(Generic[B]):
    """Messages on their way, and the batch that was made of them."""

    messages: list[Inbound]
    batch: B | None = None
    how: WriteMode = WriteMode.COPY


@dataclass(slots=True)
class _Tries:
    """Tries in a row that failed, and when the next is due; None while one is under way. [s]."""

    failed: int = 0
    next_s: float | None = None


@dataclass(slots=True)
class Pipeline(Generic[B]):
    """The state machine. Every event returns the actions that follow from it, in order.

    Args:
        bounds: how much it holds, and how long it waits.
        chance: gives numbers in [0, 1), for jitter.
    """

    bounds: Bounds
    chance: Callable[[], float]
    _waiting: InboundQueue = field(default_factory=InboundQueue)
    _since_s: float = 0.0
    _ticked_s: float = float("-inf")
    _begun_s: float = float("-inf")
    _begun: int = 0  # messages
    _preparing: _Lot[B] | None = None
    _ready: list[_Lot[B]] = field(default_factory=list)
    _writing: _Lot[B] | None = None
    _preparing_tries: _Tries = field(default_factory=_Tries)
    _writing_tries: _Tries = field(default_factory=_Tries)
    _reading: bool = True
    _stopping: bool = False
    _idle_running: bool = False
    _idle_due_s: float | None = None
    _idle_overdue_s: float = 0.0

    # What there is, for metrics.

    @property
    def waiting(self) -> int:
        """Messages read and not yet in a batch."""
        return len(self._waiting)

    @property
    def behind(self) -> bool:
        """Whether a full batch waits."""
        return self._waiting.fills(self.bounds.batch)

    @property
    def waiting_bytes(self) -> int:
        """Their payload bytes."""
        return self._waiting.payload_bytes

    @property
    def unacknowledged(self) -> int:
        """Messages read and not yet committed."""
        return len(self._waiting) + sum(
            len(lot.messages) for lot in (self._preparing, *self._ready, self._writing) if lot
        )

    @property
    def reading(self) -> bool:
        """Whether messages are read from the source."""
        return self._reading

    # Events.

    def received(self, messages: list[Inbound], now_s: float) -> list[Action[B]]:
        """Messages arrived together, in order."""
        if not self._waiting:
            self._since_s = now_s
        self._waiting.add(messages)
        return self._next(now_s)

    def prepared(self, batch: B, now_s: float) -> list[Action[B]]:
        """The messages of the last `Prepare` are decoded."""
        lot, self._preparing = self._preparing, None
        if lot is None:
            raise RuntimeError("nothing was being prepared")
        lot.batch = batch
        self._ready.append(lot)
        self._preparing_tries = _Tries()
        return self._next(now_s)

    def unprepared(self, now_s: float) -> list[Action[B]]:
        """Preparing needs the database, which is away; nothing was done."""
        self._later(self._preparing_tries, now_s)
        return self._next(now_s)

    def written(self, now_s: float) -> list[Action[B]]:
        """The batch of the last `Write` is committed."""
        lot, self._writing = self._writing, None
        if lot is None:
            raise RuntimeError("nothing was being written")
        self._writing_tries = _Tries()
        tokens = [message.token for message in lot.messages if message.token is not None]
        actions: list[Action[B]] = [Acknowledge(tokens)] if tokens else []
        return actions + self._next(now_s)

    def failed(self, failure: Failure, now_s: float) -> list[Action[B]]:
        """The batch of the last `Write` was not committed, or nobody knows."""
        lot, tries = self._writing, self._writing_tries
        if lot is None:
            raise RuntimeError("nothing was being written")
        bisecting = lot.how is WriteMode.BISECT
        if failure is Failure.CONTENT and not bisecting:
            lot.how, tries.next_s = WriteMode.BISECT, now_s
        elif failure is Failure.STORED and lot.how is WriteMode.COPY:
            lot.how, tries.next_s = WriteMode.UPSERT, now_s
        else:
            lot.how = WriteMode.BISECT if bisecting else WriteMode.UPSERT
            self._later(tries, now_s)
        return self._next(now_s)

    def tick(self, now_s: float) -> list[Action[B]]:
        """Time has passed; see `wake_s`."""
        return self._next(now_s)

    def request_idle_task(self, now_s: float, after_s: float = 0.0) -> list[Action[B]]:
        """There is work for an idle moment, due after a while."""
        due = now_s + after_s
        if self._idle_due_s is None or due < self._idle_due_s:
            self._idle_due_s, self._idle_overdue_s = due, due + self.bounds.idle_patience_s
        return self._next(now_s)

    def idle_task_finished(self, began_s: float, now_s: float, *, more: bool) -> list[Action[B]]:
        """The idle task is done for now; `more` waits for the next idle moment."""
        self._idle_running = False
        if more:
            share = self.bounds.idle_task_share
            self._idle_due_s = self._idle_overdue_s = now_s + (now_s - began_s) * (1 - share) / share
        return self._next(now_s)

    def stop(self, now_s: float) -> list[Action[B]]:
        """Read no more; bring what was read to its end, then `Done`."""
        self._stopping = True
        return self._next(now_s)

    def wake_s(self, now_s: float) -> float:
        """When `tick` should be called, if nothing else happens before: later than now, infinity for never."""
        times = [t.next_s for t in (self._preparing_tries, self._writing_tries) if t.next_s is not None]
        if self._idle_due_s is not None and not self._stopping and self._idle:
            times.append(self._idle_due_s)
        if self._preparing is None and not self._ready and self._may_prepare(now_s):
            if not self._stopping:
                times.append(self._ticked_s + self.bounds.tick_s)
            if self._waiting:
                times.append(self._due_s)
        return min(times, default=float("inf"))

    @property
    def _idle(self) -> bool:
        """Whether no batch is anywhere between reading and the end of its commit, and no idle task runs."""
        return self._preparing is None and not self._ready and self._writing is None and not self._idle_running

    @property
    def _due_s(self) -> float:
        """When a batch begins of what waits, full or not. [s]."""
        due_s = self._since_s + self.bounds.linger_s
        if max(len(self._waiting), self._begun) >= self.bounds.few:
            return due_s
        return max(due_s, self._begun_s + self.bounds.few_every_s)

    def _may_prepare(self, now_s: float) -> bool:
        """Whether no idle task runs, or is to run as soon as everything is written."""
        due = self._idle_due_s is not None and self._idle_due_s <= now_s and not self._stopping
        patient = now_s < self._idle_overdue_s and self.behind
        return not self._idle_running and (patient or not due)

    # What follows.

    def _later(self, tries: _Tries, now_s: float) -> None:
        """Wait longer with every failed try, and never all at the same time as others do."""
        low, high = self.bounds.retry_s
        wait_s = min(high, low * 2.0 ** min(tries.failed, 20))
        tries.failed += 1
        tries.next_s = now_s + wait_s * (0.5 + 0.5 * self.chance())

    def _next(self, now_s: float) -> list[Action[B]]:
        actions: list[Action[B]] = []
        self._try_writing(now_s, actions)
        self._try_idle_task(now_s, actions)
        self._try_preparing(now_s, actions)
        self._try_reading(actions)
        if self._stopping and not self.unacknowledged and not self._idle_running:
            actions.append(Done())
        return actions

    def _try_writing(self, now_s: float, actions: list[Action[B]]) -> None:
        if self._writing is None and self._ready:
            self._writing = self._ready.pop(0)
            self._writing_tries.next_s = now_s
        lot, tries = self._writing, self._writing_tries
        if lot is not None and lot.batch is not None and tries.next_s is not None and tries.next_s <= now_s:
            tries.next_s = None
            actions.append(Write(lot.batch, lot.how))

    def _try_idle_task(self, now_s: float, actions: list[Action[B]]) -> None:
        if self._idle and not self._stopping and self._idle_due_s is not None and self._idle_due_s <= now_s:
            self._idle_running, self._idle_due_s = True, None
            actions.append(RunIdleTask())

    def _try_preparing(self, now_s: float, actions: list[Action[B]]) -> None:
        tries = self._preparing_tries
        if self._preparing is not None:
            if tries.next_s is not None and tries.next_s <= now_s:
                tries.next_s = None
                actions.append(Prepare(self._preparing.messages))
            return
        if len(self._ready) > self.bounds.full_ahead or not self._may_prepare(now_s):
            return
        full = self._waiting.fills(self.bounds.batch)
        lingered = bool(self._waiting) and (self._stopping or now_s >= self._due_s)
        ticking = now_s >= self._ticked_s + self.bounds.tick_s and not self._stopping
        if full or (not self._ready and (lingered or ticking)):
            self._ticked_s = now_s
            if messages := self._waiting.take(self.bounds.batch):
                self._begun_s, self._begun = now_s, len(messages)
            self._preparing = _Lot(messages)
            self._since_s = now_s
            actions.append(Prepare(self._preparing.messages))

    def _try_reading(self, actions: list[Action[B]]) -> None:
        many = (
            len(self._waiting) >= self.bounds.pause_messages or self._waiting.payload_bytes >= self.bounds.pause_bytes
        )
        few = (
            len(self._waiting) <= self.bounds.pause_messages // 2
            and self._waiting.payload_bytes <= self.bounds.pause_bytes // 2
        )
        if self._reading and (many or self._stopping):
            self._reading = False
            actions.append(Read(on=False))
        elif not self._reading and few and not self._stopping:
            self._reading = True
            actions.append(Read(on=True))
