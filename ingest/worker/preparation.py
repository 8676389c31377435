"""From messages to a batch that can be written: decoded, checked, and fed to the engine."""

import asyncio
import logging
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

import numpy as np

from infra.clock import from_us, now_us
from ingest.decode.admitted import Admitted
from ingest.decode.assembly import Assembled, Assembler
from ingest.decode.codecs.registry import CODECS
from ingest.decode.columns import Checked, Limits, in_steps
from ingest.decode.protocol import Document, Status
from ingest.source.protocol import Inbound
from ingest.store.devices import DeviceRegistry
from ingest.store.time_limit import within
from ingest.store.writer import Batch, StreamBatch
from ingest.worker.metrics import Metrics
from ingest.worker.receipts import Delivered, Receipt
from processing.calls.call import VesselCall
from processing.documents import CALL
from processing.engine import Engine
from processing.kpi.definition import KpiValue
from processing.model.facts import Fact
from processing.model.samples import Samples, groups
from processing.streams import STREAMS

log = logging.getLogger(__name__)

T = TypeVar("T")
TICK_S = 1.0
FORGET_S = 15.0
"""Between two looks at all that is in memory for what no window can see any more. [s]"""
TURN_MESSAGES = 100
"""Messages that are decoded before others have their turn: one millisecond, or two."""


@dataclass(slots=True)
class Prepared:
    """A batch, and what is published once it is committed.

    Attributes:
        messages: what it was made from.
        batch: what is to be written.
        live: KPI values that changed.
        receipts: end-to-end acknowledgements.
        newest_us: latest event time of its samples, None where there are none. [µs since 1970 UTC]
        oldest_us: earliest one, None where there are no samples. [µs since 1970 UTC]
        heard_us: the latest by terminal, without late samples. [µs since 1970 UTC]
        arrived_us: whatever arrived before is in this batch, or in one before it. [µs since 1970 UTC]
    """

    messages: list[Inbound]
    batch: Batch
    live: list[KpiValue] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    newest_us: int | None = None
    oldest_us: int | None = None
    heard_us: dict[str, int] = field(default_factory=dict)
    arrived_us: int = 0


class Preparation:
    """Decodes messages in order of arrival.

    Args:
        limits: bounds of event time.
        engine: is fed.
        registry: knows the devices.
        metrics: what is counted.
        facts: to be written with the first batch.
        patience_s: the database registers new devices within that, or is given up. [s]
        admitted: devices whose messages are taken; None: those of all.
    """

    def __init__(
        self,
        limits: Limits,
        engine: Engine,
        registry: DeviceRegistry,
        metrics: Metrics,
        facts: list[Fact],
        patience_s: float,
        admitted: Admitted | None = None,
    ) -> None:
        self._limits = limits
        self._engine = engine
        self._registry = registry
        self._metrics = metrics
        self._facts = facts
        self._patience_s = patience_s
        self._assembler = Assembler(CODECS, admitted)
        self.delivered = Delivered()
        self._next_tick_s = 0.0
        self._next_forget_s = 0.0
        self._live_s = float("-inf")
        self._everything = False

    def republish_all(self) -> None:
        """Publish all live values with the next batch: the broker may have forgotten them."""
        self._everything = True
        for evaluator in self._engine.evaluators.values():
            evaluator.republish_all()

    async def prepare(self, messages: list[Inbound], *, live_every_s: float = 0.0) -> Prepared:
        """Make a batch of messages.

        Args:
            messages: in order of arrival.
            live_every_s: between live values at least, where another batch follows at once. [s]

        Raises:
            asyncpg.PostgresError, OSError, TimeoutError: the database is away, and devices are not known; nothing
                was fed to the engine, the same messages may come again.
        """
        done = Assembled()
        for begin in range(0, len(messages), TURN_MESSAGES):
            self._assembler.assemble(messages[begin : begin + TURN_MESSAGES], done)
            await asyncio.sleep(0)  # here and below: the batch before is being written, and wants its turns
        # The only limit of time: who gave up behind it, after a standstill say, would lose what the engine has found.
        await within(self._patience_s, self._register(done), self._registry.link)
        now = now_us()
        prepared = Prepared(messages, Batch(rejects=done.rejects, documents=done.documents, facts=self._facts))
        self._facts = []
        for name, rows in done.streams.items():
            if not rows.rows:
                continue
            ids = {address: self._registry.id_of(address) for address in rows.addresses}
            checked = await _in_turns(in_steps(STREAMS[name], rows, ids, now, self._limits))
            prepared.batch.rejects += checked.rejects
            self._count_odd(prepared.batch, name, checked)
            if len(checked.samples):
                self._feed(prepared, checked.samples, now)
            await asyncio.sleep(0)
        prepared.batch.statuses += self._statuses(done.statuses)
        for document in done.documents:
            if document.address.kind == CALL.name:
                self._announce_call(document)
        self._count_rejects(prepared.batch)
        self._kpis(prepared, now, live_every_s)
        prepared.arrived_us = messages[-1].received_us if messages else now
        return prepared

    def _feed(self, prepared: Prepared, arrived: Samples, now: int) -> None:
        batch = prepared.batch
        batch.tally.received(arrived)
        first_us, last_us = int(arrived.time_us.min()), int(arrived.time_us.max())
        prepared.oldest_us = first_us if prepared.oldest_us is None else min(prepared.oldest_us, first_us)
        prepared.newest_us = max(prepared.newest_us or 0, last_us)
        samples = arrived.in_order()
        for device_id, count in _repeated(arrived, samples).items():
            batch.tally.of(device_id).duplicate += count
        behind = self._engine.watermarks.behind(samples)
        batch.streams.append(StreamBatch(samples, behind))
        for device_id, missing in self.delivered.add(samples, *groups(samples)).items():
            batch.tally.of(device_id).seq_gaps += missing
            self._metrics.seq_missing.inc(missing)
        fresh = samples.take(np.flatnonzero(~behind)) if behind.any() else samples
        try:
            batch.facts += self._engine.feed(fresh, now)
        except Exception:  # a detector's defect must not hold up what is measured: samples are stored all the same
            log.exception("facts of %d %s samples are missing; please report this", len(fresh), fresh.stream.name)
            self._metrics.engine_errors.inc()

    def _announce_call(self, call: Document) -> None:
        if isinstance(call.content, VesselCall):
            self._engine.announce_call(call.content)
        else:
            self._engine.withdraw_call(call.address.terminal, call.address.device)

    async def _register(self, done: Assembled) -> None:
        addresses = {address for rows in done.streams.values() for address in rows.addresses}
        addresses |= {status.address for status in done.statuses}
        addresses |= {r.address for r in done.rejects if r.address is not None and r.address.kind == "telemetry"}
        for device in await self._registry.ensure(addresses):
            self._engine.register(device)
        for status in done.statuses:
            if status.type is not None:
                changed = await self._registry.set_type(status.address, status.type)
                if changed is not None:
                    self._engine.register(changed)

    def _statuses(self, statuses: list[Status]) -> list[tuple[int, bool, datetime]]:
        last: dict[int, tuple[int, bool, datetime]] = {}
        for status in statuses:
            device_id = self._registry.id_of(status.address)
            last[device_id] = (device_id, status.online, status.at or from_us(status.received_us))
        return list(last.values())

    def _count_rejects(self, batch: Batch) -> None:
        for reject in batch.rejects:
            if reject.address is not None and reject.address.kind == "telemetry":
                device_id = self._registry.id_of(reject.address)
                batch.tally.of(device_id).received += 1
                batch.tally.quarantined(device_id, reject.reason)
                if reject.seq is not None:
                    self.delivered.add_one(device_id, reject.boot, reject.seq)

    def _count_odd(self, batch: Batch, stream: str, checked: Checked) -> None:
        for (device_id, signal), count in checked.out_of_range.items():
            batch.tally.out_of_range(device_id, signal, count)
            self._metrics.out_of_range.labels(f"{stream}.{signal}").inc(count)
        for (device_id, signals), count in checked.contradictory.items():
            batch.tally.contradictory(device_id, signals, count)
            self._metrics.contradictory.labels(f"{stream}: {signals}").inc(count)

    def _kpis(self, prepared: Prepared, now: int, live_every_s: float) -> None:
        monotonic_s = asyncio.get_running_loop().time()  # the wall clock may be set back by hours
        if monotonic_s >= self._next_tick_s:
            self._next_tick_s = monotonic_s + TICK_S
            prepared.batch.facts += self._engine.tick(now)
            prepared.receipts = self.delivered.receipts()
        if monotonic_s >= self._next_forget_s:
            self._next_forget_s = monotonic_s + FORGET_S
            self._engine.forget()
        live = monotonic_s >= self._live_s + live_every_s
        output = self._engine.kpis(everything=self._everything, live=live)
        if live:
            self._live_s = monotonic_s
            self._everything = False
        prepared.batch.kpis += output.samples
        prepared.batch.stale += output.stale
        prepared.batch.event_hours |= self._engine.stale_events()
        prepared.live = output.live
        prepared.heard_us, self._engine.heard_us = self._engine.heard_us, {}


async def _in_turns(steps: Generator[None, None, T]) -> T:
    """The result of a generator; others have their turn after each of its steps."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: T = end.value
            return result
        await asyncio.sleep(0)


def _repeated(arrived: Samples, once: Samples) -> dict[int, int]:
    """By device id, how many samples of a batch were there already, in the same batch."""
    if len(arrived) == len(once):
        return {}
    extra = np.bincount(arrived.device_id) - np.bincount(once.device_id, minlength=int(arrived.device_id.max()) + 1)
    return {int(device_id): int(extra[device_id]) for device_id in np.flatnonzero(extra)}
