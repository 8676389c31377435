"""The shell of the pipeline: does what the state machine asks for, and tells it what became of it."""

import asyncio
import logging
import random
from collections.abc import Coroutine
from typing import Any

import msgspec

from infra.clock import from_us, now_us
from infra.database import Link
from infra.mqtt.connection import Mqtt
from infra.mqtt.packet_reader import Message
from infra.settings import Settings
from ingest.decode.columns import Limits
from ingest.decode.messages import Inbound
from ingest.recompute.recomputer import Recomputer
from ingest.store.devices import DeviceRegistry
from ingest.store.failures import AWAY, breaks_connection, cause, classify
from ingest.store.outcome import WriteMode
from ingest.store.writer import BatchWriter, WriteResult
from ingest.worker.inbound_queue import BatchLimits
from ingest.worker.metrics import Metrics
from ingest.worker.pipeline import (
    Acknowledge,
    Action,
    Bounds,
    Done,
    Pipeline,
    Prepare,
    Read,
    RunIdleTask,
    SessionLost,
    Write,
)
from ingest.worker.preparation import Preparation, Prepared
from ingest.worker.receipts import Receipt
from processing.engine import Engine
from processing.kpi.definition import KpiValue
from processing.model import topics
from processing.model.facts import Fact

log = logging.getLogger(__name__)

WRITE_TIMEOUT_S = 20.0
REMAKE_TIMEOUT_S = 120.0
REMAKE_AFTER_S = 2.0
"""Late samples often come in company: what they change is made again only after a while. [s]"""


class Worker:
    """Moves messages into the database.

    Args:
        settings: the settings.
        engine: rebuilt by `restore` already.
        registry: devices; over a link of its own.
        link: to the database, for batches.
        metrics: what is counted.
        told: facts to be written with the first batch.
    """

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        registry: DeviceRegistry,
        link: Link,
        metrics: Metrics,
        told: list[Fact],
    ) -> None:
        bounds = Bounds(
            BatchLimits(settings.batch_messages),
            settings.batch_linger_ms / 1000,
            pause_messages=settings.receive_maximum,
        )
        self.pipeline: Pipeline[Prepared] = Pipeline(bounds, random.random)
        self._preparation = Preparation(
            Limits(settings.retention_days, settings.future_s), engine, registry, metrics, told
        )
        self._registry = registry
        self._link = link
        self._writer = BatchWriter(link, registry.address_of)
        self._remaker = Recomputer(link, self._writer, engine, registry)
        self._metrics = metrics
        self.mqtt: Mqtt | None = None
        self.broker_problem: str | None = None
        self._problem: str | None = None
        self._tasks: asyncio.TaskGroup | None = None
        self._asked: list[Action[Prepared]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._done = asyncio.Event()

    def remember(self, last: list[tuple[int, str | None, int]]) -> None:
        """Go on from earlier lives, told as device id, boot and seq of what is stored.

        Where there were any, the broker must still have our session, and seqs go on.
        """
        if last:
            self.pipeline.expect_session()
        for device_id, boot, seq in last:
            self._preparation.delivered.add_one(device_id, boot, seq)
        self._preparation.delivered.receipts()  # they were told in that life

    # What the connection tells.

    def received(self, messages: list[Message]) -> None:
        """Take messages from the connection."""
        now, epoch = now_us(), self.mqtt.epoch if self.mqtt is not None else 0
        inbound = [Inbound(m.topic, m.payload, now, m.mid, epoch, m.dup) for m in messages]
        self._metrics.messages.inc(len(messages))
        self._do(self.pipeline.received(inbound, self._now()))

    def connected(self, session_present: bool) -> None:
        """Note a new connection."""
        self._preparation.retell()
        epoch = self.mqtt.epoch if self.mqtt is not None else 1
        self._do(self.pipeline.connected(epoch, session_present=session_present))

    def disconnected(self) -> None:
        """Note that the connection has ended."""
        self.pipeline.disconnected()

    def problems(self) -> list[str]:
        """What keeps the worker from doing its work now; empty when all is well."""
        found = []
        if self.mqtt is None or not self.mqtt.receiving:
            found.append("no connection to the broker")
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

    def remake(self, pending: int) -> None:
        """There are so many devices and KPIs whose facts or samples are to be made again."""
        self._remaker.pending = max(self._remaker.pending, pending)
        self._do(self.pipeline.request_idle_task(self._now()))

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()

    def _do(self, actions: list[Action[Prepared]]) -> None:
        self._asked += actions
        if self._tasks is None:  # not running yet: kept until then
            return
        asked, self._asked = self._asked, []
        for action in asked:
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
                return self._prepare(action.messages, behind=self.pipeline.waiting > 0)
            case Write():
                return self._write(action.batch, action.how)
            case RunIdleTask():
                return self._remake()
            case _:
                return None

    def _at_once(self, action: Action[Prepared]) -> None:
        mqtt = self.mqtt
        match action:
            case Acknowledge() if mqtt is not None:
                mqtt.ack(action.mids, action.epoch)
            case Read() if mqtt is not None:
                (mqtt.resume if action.on else mqtt.pause)()
            case SessionLost():
                self._metrics.session_lost.inc()
                log.error("the broker lost our session: messages queued there may be gone; gaps in seq tell which")
            case Done():
                self._done.set()

    def _tick(self) -> None:
        self._do(self.pipeline.tick(self._now()))

    async def _prepare(self, messages: list[Inbound], *, behind: bool) -> None:
        try:
            async with asyncio.timeout(WRITE_TIMEOUT_S):
                prepared = await self._preparation.prepare(messages, behind=behind)
        except AWAY as error:
            self._broke(error)
            self._do(self.pipeline.unprepared(self._now()))
        else:
            self._do(self.pipeline.prepared(prepared, self._now()))

    async def _write(self, prepared: Prepared, how: WriteMode) -> None:
        began = self._now()
        try:
            written = await within(WRITE_TIMEOUT_S, self._writer.write(prepared.batch, how), self._link)
        except AWAY as error:
            self._broke(error)
            self._do(self.pipeline.failed(classify(error), self._now()))
            return
        self._problem = None
        self._metrics.write_s.observe(self._now() - began)
        self._do(self.pipeline.written(self._now()))
        self._publish(prepared)
        self._count(prepared, written)
        if written.again or prepared.batch.stale:
            self._remaker.pending += len(written.again) + len(prepared.batch.stale)
            self._do(self.pipeline.request_idle_task(self._now(), REMAKE_AFTER_S))

    async def _remake(self) -> None:
        began, more = self._now(), True
        try:
            more = await within(REMAKE_TIMEOUT_S, self._remaker.step(), self._link)
        except AWAY as error:
            self._broke(error)
        self._do(self.pipeline.idle_task_finished(began, self._now(), more=more))

    def _broke(self, error: BaseException) -> None:
        self._problem = f"{type(error).__name__}: {error}"
        log.warning("the database does not take the batch, it will be written again: %s", self._problem)
        self._metrics.retries.labels(cause(error)).inc()
        if breaks_connection(error):
            self._link.drop()
            self._registry.link.drop()

    # After the commit.

    def _publish(self, prepared: Prepared) -> None:
        mqtt = self.mqtt
        if mqtt is None or not mqtt.connected:
            return
        for value in prepared.live:
            topic = topics.kpi(value.terminal, value.kpi, value.subject, None if value.main else value.window)
            mqtt.publish(topic, kpi_payload(value), retain=True)
        mqtt.tell([self._receipt(receipt) for receipt in prepared.receipts])
        self._metrics.kpi_published.inc(len(prepared.live))

    def _receipt(self, receipt: Receipt) -> tuple[str, bytes]:
        address = self._registry.address_of(receipt.device_id)
        told = {"boot": receipt.boot, "from": receipt.first, "seq": receipt.last}
        return topics.ack(address.terminal, address.stream, address.device), msgspec.json.encode(told)

    def _count(self, prepared: Prepared, written: WriteResult) -> None:
        total = written.tally.total()
        rejects = prepared.batch.rejects + written.refused
        nobodys = sum(r.address is None or r.address.kind != "telemetry" for r in prepared.batch.rejects)
        for fate in ("received", "stored", "duplicate", "late", "quarantined"):
            more = nobodys if fate in ("received", "quarantined") else 0
            self._metrics.samples.labels(fate).inc(getattr(total, fate) + more)
        for reject in rejects:
            self._metrics.quarantined.labels(reject.reason).inc()
        self._metrics.left_out.inc(written.left_out)
        for fact in prepared.batch.facts:
            self._metrics.facts.labels(type(fact).__name__).inc()
        if prepared.messages:
            now = now_us()
            self._metrics.batch.observe(len(prepared.messages))
            self._metrics.delay_s.observe(max(0, now - prepared.messages[0].received_us) / 1e6)
            if prepared.newest_us is not None:
                self._metrics.event_delay_s.observe(max(0, now - prepared.newest_us) / 1e6)

    def measure(self) -> None:
        """Bring the gauges up to date."""
        self._metrics.buffered.set(self.pipeline.waiting)
        self._metrics.buffered_bytes.set(self.pipeline.waiting_bytes)
        self._metrics.unacked.set(self.pipeline.unacknowledged)
        self._metrics.paused.set(not self.pipeline.reading)
        self._metrics.remaking.set(self._remaker.pending)
        if self.mqtt is not None:
            self._metrics.connected.set(self.mqtt.connected)


async def within(limit_s: float, work: Any, link: Link) -> Any:
    """The result of work on a link, given up after a limit: a server that is frozen does not even take a rollback.

    Raises:
        TimeoutError: the limit is over; the link is dropped, the outcome unknown.
    """
    task = asyncio.ensure_future(work)
    try:
        done, _ = await asyncio.wait({task}, timeout=limit_s)
        if not done:
            raise TimeoutError(f"no answer within {limit_s:.0f} s")
        return task.result()
    finally:
        if not task.done():
            link.drop()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


def kpi_payload(value: KpiValue) -> bytes:
    """Payload of a `kpi/…` message; an empty one takes the retained value of a subject that is gone off the broker."""
    if value.tombstone:
        return b""
    told = {"ts": from_us(value.time_us), "value": value.value, "unit": value.unit, "window": value.window}
    return msgspec.json.encode(told if value.state is None else told | {"state": value.state})
