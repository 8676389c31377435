"""The shell of the pipeline: does what the state machine asks for, and reports the outcome to it."""

import asyncio
import logging
import random
from collections.abc import Coroutine, Mapping
from typing import Any, Protocol

from infra.database import Link
from infra.settings import Settings
from ingest.decode.admitted import Admitted
from ingest.decode.columns import Limits
from ingest.recompute.recomputer import Recomputer
from ingest.source.protocol import Inbound, Source
from ingest.store.devices import DeviceRegistry
from ingest.store.failures import AWAY, breaks_connection, cause, classify
from ingest.store.outcome import WriteMode
from ingest.store.time_limit import within
from ingest.store.writer import BatchWriter
from ingest.worker.account import count
from ingest.worker.actions import Acknowledge, Action, Done, Prepare, Read, RunIdleTask, Write
from ingest.worker.inbound_queue import BatchLimits
from ingest.worker.metrics import Metrics
from ingest.worker.pipeline import Bounds, Pipeline
from ingest.worker.preparation import Preparation, Prepared
from ingest.worker.publication import Publication
from processing.engine import Engine
from processing.model.facts import Fact

log = logging.getLogger(__name__)

FEW_LINGERS = 10
"""Batches of few messages begin so many times the longest wait apart."""
WRITE_TIMEOUT_S = 20.0
RECOMPUTE_TIMEOUT_S = 120.0
RECOMPUTE_AFTER_S = 2.0
"""Late samples often come in company: what they change is recomputed only after a while. [s]"""
LIVE_WAITING_S = 0.25
LIVE_BEHIND_S = 1.0
"""Between live values while messages wait, and while a whole batch does: each is overtaken at once. [s]"""


class Beside(Protocol):
    """What goes on beside the batches, such as alarms."""

    def committed(self, heard_us: Mapping[str, int], oldest_us: int | None, arrived_us: int, *, news: bool) -> None:
        """A batch was committed.

        Args:
            heard_us: time of its newest sample, by terminal. [µs since 1970 UTC]
            oldest_us: time of the oldest one of all, None where there is none. [µs since 1970 UTC]
            arrived_us: whatever arrived before is stored. [µs since 1970 UTC]
            news: whether there are facts or KPI samples among it.
        """

    def connected(self) -> None:
        """The source has a new connection."""


class Worker:
    """Moves messages from a source into the database.

    Args:
        settings: the settings.
        source: delivers messages.
        publication: publishes what follows from them.
        engine: restored already.
        registry: devices; over a link of its own.
        link: to the database, for batches.
        metrics: what is counted.
        facts: to be written with the first batch.
        beside: gets to know of batches.
        admitted: devices whose messages are taken; None: those of all.
    """

    def __init__(
        self,
        settings: Settings,
        source: Source,
        publication: Publication,
        engine: Engine,
        registry: DeviceRegistry,
        link: Link,
        metrics: Metrics,
        facts: list[Fact],
        beside: Beside,
        admitted: Admitted | None = None,
    ) -> None:
        bounds = Bounds(
            BatchLimits(settings.batch_messages),
            settings.batch_linger_ms / 1000,
            pause_messages=settings.receive_maximum,
            few_every_s=FEW_LINGERS * settings.batch_linger_ms / 1000,
        )
        self.pipeline: Pipeline[Prepared] = Pipeline(bounds, random.random)
        limits = Limits(settings.retention_days, settings.future_s)
        self._preparation = Preparation(limits, engine, registry, metrics, facts, WRITE_TIMEOUT_S, admitted)
        self._source = source
        self._publication = publication
        self._registry = registry
        self._link = link
        self._writer = BatchWriter(link, registry.address_of)
        self._recomputer = Recomputer(link, self._writer, engine, registry)
        self._metrics = metrics
        self._beside = beside
        self.broker_problem: str | None = None
        self.received_messages = 0
        self._problem: str | None = None
        self._tasks: asyncio.TaskGroup | None = None
        self._pending: list[Action[Prepared]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._done = asyncio.Event()

    def carry_on(self, last: list[tuple[int, str | None, int]]) -> None:
        """Go on from earlier runs: device id, boot and seq of what is stored; seqs go on from there."""
        for device_id, boot, seq in last:
            self._preparation.delivered.add_one(device_id, boot, seq)
        self._preparation.delivered.receipts()  # published in that run

    # What the source reports.

    def received(self, messages: list[Inbound]) -> None:
        """Take messages from the source."""
        self._metrics.messages.inc(len(messages))
        self.received_messages += len(messages)
        self._do(self.pipeline.received(messages, self._now()))

    def connected(self) -> None:
        """Publish everything again: what was published may be forgotten."""
        self._preparation.republish_all()
        self._beside.connected()

    def lost(self) -> None:
        """Report that the source has forgotten messages."""
        self._metrics.session_lost.inc()
        log.error("the broker has lost our session: messages queued there may be lost; gaps in seq show which")

    @property
    def caught_up(self) -> bool:
        """Whether all that has arrived is stored."""
        return self.pipeline.reading and not self.pipeline.unacknowledged and self._source.problem is None

    def problems(self) -> list[str]:
        """What keeps the worker from doing its work now; empty when all is well."""
        problems = (self._source.problem, self._publication.problem)  # the same words where the source is the broker
        found = list(dict.fromkeys(problem for problem in problems if problem is not None))
        if self._problem is not None:
            found.append(f"the database does not take the batch: {self._problem}")
        if self.broker_problem is not None:
            found.append(self.broker_problem)
        return found

    # The loop.

    async def run(self) -> None:
        """Work until cancelled, or stopped and done."""
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            self._do(self.pipeline.tick(self._now()))
            await self._done.wait()
            self._tasks = None
            if self._timer is not None:
                self._timer.cancel()

    def stop(self) -> None:
        """Read no more; `run` ends when what was read is committed and acknowledged."""
        self._do(self.pipeline.stop(self._now()))

    def request_recompute(self, pending: int) -> None:
        """There are so many devices and KPIs whose facts or samples are to be recomputed."""
        self._recomputer.pending = max(self._recomputer.pending, pending)
        self._do(self.pipeline.request_idle_task(self._now()))

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()

    def _do(self, actions: list[Action[Prepared]]) -> None:
        self._pending += actions
        if self._tasks is None:  # not running yet: kept until then
            return
        pending, self._pending = self._pending, []
        for action in pending:
            work = self._work_for(action)
            if work is None:
                self._at_once(action)
            else:
                self._tasks.create_task(work, name=type(action).__name__)
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_at(self.pipeline.wake_s(self._now()), self._tick)

    def _work_for(self, action: Action[Prepared]) -> Coroutine[Any, Any, None] | None:
        match action:
            case Prepare():
                return self._prepare(action.messages, self._live_every_s())
            case Write():
                return self._write(action.batch, action.how)
            case RunIdleTask():
                return self._recompute()
            case _:
                return None

    def _at_once(self, action: Action[Prepared]) -> None:
        match action:
            case Acknowledge():
                self._source.acknowledge(action.tokens)
            case Read():
                self._source.reading(action.on)
            case Done():
                self._done.set()

    def _tick(self) -> None:
        self._do(self.pipeline.tick(self._now()))

    def _live_every_s(self) -> float:
        if self.pipeline.behind:
            return LIVE_BEHIND_S
        return LIVE_WAITING_S if self.pipeline.waiting else 0.0

    async def _prepare(self, messages: list[Inbound], live_every_s: float) -> None:
        try:
            prepared = await self._preparation.prepare(messages, live_every_s=live_every_s)
        except AWAY as error:
            self._broke(error)
            self._do(self.pipeline.unprepared(self._now()))
        else:
            self._do(self.pipeline.prepared(prepared, self._now()))

    async def _write(self, prepared: Prepared, how: WriteMode) -> None:
        began = self._now()
        try:
            await within(WRITE_TIMEOUT_S, self._recomputer.settle(), self._link)
            written = await within(WRITE_TIMEOUT_S, self._writer.write(prepared.batch, how), self._link)
        except AWAY as error:
            self._broke(error)
            self._do(self.pipeline.failed(classify(error), self._now()))
            return
        self._problem = None
        self._metrics.write_s.observe(self._now() - began)
        news = bool(prepared.batch.facts or prepared.batch.kpis)
        self._beside.committed(prepared.heard_us, prepared.oldest_us, prepared.arrived_us, news=news)
        self._do(self.pipeline.written(self._now()))
        self._metrics.kpi_published.inc(self._publication.publish(prepared.live, prepared.receipts))
        count(self._metrics, prepared, written)
        noted = len(written.touched) + len(prepared.batch.stale) + len(prepared.batch.event_hours)
        if noted:
            self._recomputer.pending += noted
            self._do(self.pipeline.request_idle_task(self._now(), RECOMPUTE_AFTER_S))

    async def _recompute(self) -> None:
        began, more = self._now(), True
        try:
            more = await within(RECOMPUTE_TIMEOUT_S, self._recomputer.step(), self._link)
        except AWAY as error:
            self._broke(error)
        except Exception:  # a defect of ours must keep no sample from being stored
            log.exception("what changed is not recomputed now, it is tried again; please report this")
            self._metrics.engine_errors.inc()
        self._do(self.pipeline.idle_task_finished(began, self._now(), more=more))

    def _broke(self, error: BaseException) -> None:
        self._problem = f"{type(error).__name__}: {error}"
        log.warning("the database does not take the batch, it will be written once more: %s", self._problem)
        self._metrics.retries.labels(cause(error)).inc()
        if breaks_connection(error):
            self._link.drop()
            self._registry.link.drop()

    def measure(self) -> None:
        """Bring the gauges up to date."""
        self._metrics.buffered.set(self.pipeline.waiting)
        self._metrics.buffered_bytes.set(self.pipeline.waiting_bytes)
        self._metrics.unacked.set(self.pipeline.unacknowledged)
        self._metrics.paused.set(not self.pipeline.reading)
        self._metrics.recompute_pending.set(self._recomputer.pending)
        self._metrics.connected.set(self._publication.connected)
