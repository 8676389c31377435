"""The worker's loop: take a batch, understand it, feed the engine, write it all in one transaction, acknowledge."""

import asyncio
import logging
import random
from dataclasses import dataclass, replace
from datetime import datetime

import asyncpg
import msgspec
import numpy as np

from infra.clock import from_us, now_us
from infra.database import Link
from infra.mqtt import Mqtt
from infra.settings import Settings
from infra.wire import Message
from ingest.assembly import Assembled, Assembler, Status
from ingest.columns import Limits, to_columns
from ingest.inbox import Inbox
from ingest.messages import Inbound
from ingest.metrics import Metrics
from ingest.refused import CONTENT
from ingest.registry import Registry
from ingest.store import Batch, Store, StoredAlreadyError, StreamBatch, Written
from processing import topics
from processing.engine import Engine
from processing.facts import Fact
from processing.kpis import KpiValue
from processing.samples import Samples
from processing.streams import STREAMS

log = logging.getLogger(__name__)

TICK_S = 1.0
REFRESH_EVERY = 5
"""Live values of sliding windows are made again every so many ticks."""
WRITE_TIMEOUT_S = 60.0
RETRY_DELAY_S = (0.2, 5.0)
TRANSIENT = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)


@dataclass(slots=True)
class Prepared:
    """A batch ready to be written, with what to do after the commit."""

    messages: list[Inbound]
    batch: Batch
    live: list[KpiValue]


class Worker:
    """Moves messages into the database.

    Args:
        settings: the settings.
        engine: rebuilt by `recall` already.
        registry: devices; over a link of its own.
        link: to the database, for batches.
        metrics: what is counted.
    """

    def __init__(self, settings: Settings, engine: Engine, registry: Registry, link: Link, metrics: Metrics) -> None:
        self._limits = Limits(settings.retention_days, settings.future_s)
        self._engine = engine
        self._registry = registry
        self._link = link
        self._store = Store(link, registry.address_of)
        self._metrics = metrics
        self._assembler = Assembler()
        self.inbox = Inbox(settings.batch_messages, settings.receive_maximum, settings.batch_linger_ms / 1000)
        self.mqtt: Mqtt | None = None
        self.writing_since: float | None = None
        self.problem: str | None = None
        self._ticks = 0
        self._next_tick_us = 0
        self._unacked = 0
        self._had_session = False
        self._everything = False

    def received(self, messages: list[Message]) -> None:
        """Take messages from the connection."""
        now, epoch = now_us(), self.mqtt.epoch if self.mqtt is not None else 0
        self.inbox.put([Inbound(m.topic, m.payload, now, m.mid, epoch, m.dup) for m in messages])
        self._metrics.messages.inc(len(messages))
        self._unacked += len(messages)

    def connected(self, session_present: bool) -> None:
        """Note a new connection; a broker that forgot the session may have dropped what it had queued."""
        self._everything = True
        if not session_present and self._had_session:
            self._metrics.session_lost.inc()
            log.error("the broker lost our session: messages queued there may be gone; gaps in seq tell which")
        self._had_session = True

    def problems(self) -> list[str]:
        """What keeps the worker from doing its work now; empty when all is well."""
        found = []
        if self.mqtt is None or not self.mqtt.receiving:
            found.append("no connection to the broker")
        if self.problem is not None:
            found.append(f"the database does not take the batch: {self.problem}")
        return found

    async def run(self, told: list[Fact]) -> None:
        """Work until cancelled; `told` are facts to be written with the first batch."""
        writing: asyncio.Task[None] | None = None
        try:
            while True:
                messages = await self.inbox.take(TICK_S)
                prepared = await self.prepare(messages)
                prepared.batch.facts[:0] = told
                told = []
                if writing is not None:
                    await writing
                writing = asyncio.create_task(self._write(prepared), name="write batch")
        finally:
            if writing is not None:
                writing.cancel()
                await asyncio.gather(writing, return_exceptions=True)

    async def prepare(self, messages: list[Inbound]) -> Prepared:
        """Understand messages and feed the engine."""
        done = self._assembler.assemble(messages)
        await asyncio.sleep(0)  # here and below: the batch before is being written, and wants its turns
        await self._register(done)
        now = now_us()
        batch = Batch(rejects=done.rejects, calls=done.calls)
        for name, rows in done.streams.items():
            if rows.rows:
                ids = {address: self._registry.id_of(address) for address in set(rows.addresses)}
                checked = to_columns(STREAMS[name], rows, ids, now, self._limits)
                await asyncio.sleep(0)
                batch.rejects += checked.rejects
                for (device_id, signal), count in checked.out_of_range.items():
                    batch.tally.of(device_id).out_of_range += count
                    self._metrics.out_of_range.labels(f"{name}.{signal}").inc(count)
                self._feed(batch, checked.samples, now)
                await asyncio.sleep(0)
        await self._statuses(done.statuses, batch)
        for reject in batch.rejects:
            if reject.address is not None and reject.address.kind == "telemetry":
                of_device = batch.tally.of(self._registry.id_of(reject.address))
                of_device.received += 1
                of_device.quarantined += 1
        return Prepared(messages, batch, self._kpis(batch, now))

    def _feed(self, batch: Batch, arrived: Samples, now: int) -> None:
        batch.tally.received(arrived)
        samples = arrived.in_order()
        for device_id in self._repeated(arrived, samples):
            batch.tally.of(device_id).duplicate += 1
        behind = self._engine.watermarks.behind(samples)
        fresh = samples.take(np.flatnonzero(~behind)) if behind.any() else samples
        batch.facts += self._engine.feed(fresh, now)
        batch.streams.append(StreamBatch(samples, bool(behind.any())))

    @staticmethod
    def _repeated(arrived: Samples, once: Samples) -> list[int]:
        """Device ids of samples that stand in the batch more than once, one entry a repetition."""
        if len(arrived) == len(once):
            return []
        extra = np.bincount(arrived.device_id) - np.bincount(once.device_id, minlength=arrived.device_id.max() + 1)
        return [int(d) for d in np.flatnonzero(extra) for _ in range(int(extra[d]))]

    async def _register(self, done: Assembled) -> None:
        addresses = {address for rows in done.streams.values() for address in set(rows.addresses)}
        addresses |= {status.address for status in done.statuses}
        addresses |= {r.address for r in done.rejects if r.address is not None and r.address.kind == "telemetry"}
        while True:
            try:
                async with asyncio.timeout(WRITE_TIMEOUT_S):
                    new = await self._registry.ensure(addresses)
                break
            except TRANSIENT as error:
                await self._pause_after(error)
        for device in new:
            self._engine.register(device)

    async def _statuses(self, statuses: list[Status], batch: Batch) -> None:
        last: dict[int, tuple[int, bool, datetime]] = {}
        for status in statuses:
            device_id = self._registry.id_of(status.address)
            last[device_id] = (device_id, status.online, status.at or from_us(status.received_us))
            if status.type is not None:
                device = await self._registry.set_type(status.address, status.type)
                if device is not None:
                    self._engine.register(device)
        batch.statuses += last.values()

    def _kpis(self, batch: Batch, now: int) -> list[KpiValue]:
        everything, self._everything = self._everything, False
        if everything:
            for board in self._engine.boards.values():
                board.retell()
        if now >= self._next_tick_us:
            self._next_tick_us = now + int(TICK_S * 1e6)
            self._ticks += 1
            everything = everything or self._ticks % REFRESH_EVERY == 0
            batch.facts += self._engine.tick(now)
            for board in self._engine.boards.values():
                board.forget()
        output = self._engine.kpis(everything=everything)
        batch.kpis += output.samples
        return output.live

    async def _write(self, prepared: Prepared) -> None:
        """Write until it is written, then acknowledge and publish."""
        started = asyncio.get_running_loop().time()
        self.writing_since = started
        careful = False
        while True:
            try:
                async with asyncio.timeout(WRITE_TIMEOUT_S):
                    written = await self._store.write(prepared.batch, careful=careful)
                break
            except CONTENT as error:
                if careful:  # it is no sample that is refused
                    await self._pause_after(error)
                log.warning("the database refuses a row, looking for it: %s", error)
                careful = True
            except StoredAlreadyError:
                self._mark_behind(prepared.batch)
            except TRANSIENT as error:
                self._mark_behind(prepared.batch)
                await self._pause_after(error)
        self.problem = self.writing_since = None
        self._metrics.write_s.observe(asyncio.get_running_loop().time() - started)
        self._committed(prepared, written)

    @staticmethod
    def _mark_behind(batch: Batch) -> None:
        """After an error nobody knows what was written: let the database tell new samples from known ones."""
        batch.streams = [replace(stream, behind=True) for stream in batch.streams]

    async def _pause_after(self, error: BaseException) -> None:
        self.problem = f"{type(error).__name__}: {error}"
        log.warning("the database does not take the batch, it will be written again: %s", self.problem)
        self._metrics.retries.inc()
        if not isinstance(error, asyncpg.PostgresError):
            self._link.drop()
            self._registry.link.drop()
        await asyncio.sleep(random.uniform(*RETRY_DELAY_S))

    def _committed(self, prepared: Prepared, written: Written) -> None:
        mqtt = self.mqtt
        if mqtt is not None:
            mqtt.ack([m.mid for m in prepared.messages if m.mid and m.epoch == mqtt.epoch], mqtt.epoch)
            if mqtt.connected:
                for value in prepared.live:
                    mqtt.publish(topics.kpi(value.terminal, value.kpi, value.subject), kpi_payload(value), retain=True)
                self._metrics.kpi_published.inc(len(prepared.live))
        self._unacked -= len(prepared.messages)
        self._count(prepared, written)

    def _count(self, prepared: Prepared, written: Written) -> None:
        total = written.tally.total()
        for fate in ("received", "stored", "duplicate", "late"):
            self._metrics.samples.labels(fate).inc(getattr(total, fate))
        for reject in prepared.batch.rejects + written.refused:
            self._metrics.quarantined.labels(reject.reason).inc()
        for fact in prepared.batch.facts:
            self._metrics.facts.labels(type(fact).__name__).inc()
        if prepared.messages:
            self._metrics.batch.observe(len(prepared.messages))
            self._metrics.delay_s.observe((now_us() - prepared.messages[0].received_us) / 1e6)

    def measure(self) -> None:
        """Bring the gauges up to date."""
        self._metrics.buffered.set(len(self.inbox))
        self._metrics.buffered_bytes.set(self.inbox.waiting_bytes)
        self._metrics.unacked.set(self._unacked)
        if self.mqtt is not None:
            self._metrics.paused.set(self.mqtt.paused)
            self._metrics.connected.set(self.mqtt.connected)


def kpi_payload(value: KpiValue) -> bytes:
    """Payload of a `kpi/…` message."""
    return msgspec.json.encode(
        {"ts": from_us(value.time_us), "value": value.value, "unit": value.unit, "window": value.window}
    )
