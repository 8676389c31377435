"""The live frames of one terminal: one poller and two pushers, shared by all its clients."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import msgspec

from api.database.database import Database
from api.database.errors import UNANSWERED, SchemaMissingError
from api.devices import latest
from api.devices.queries import devices
from api.health.answers import Readiness
from api.http.rows import rfc3339
from api.kpis.answers import KpiValue
from api.kpis.values import KpiValueCache
from api.live.facts import LIVE_FACTS, TABLES
from api.live.frames import Frame, HealthFrame, KpiFrame, LatestFrame, Snapshot
from api.live.outbox import Outbox
from api.live.pulse import Pulse
from api.live.snapshot import Coalescer, TerminalSnapshot
from api.quarantine.queries import quarantine_since
from infra.clock import utc_now
from processing.streams import BY_NAME

log = logging.getLogger(__name__)

TICK_S = 1.0
HEALTH_TICKS, RECOUNT_TICKS = 2, 60
FALLBACK_TICKS = 30
"""Facts are looked for this often although notifications come, so that none is missed for long."""
AWAY = (*UNANSWERED, SchemaMissingError)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where frames come from.

    Attributes:
        database: facts, samples, counters.
        kpi_values: as the worker published them.
        notified: whether `Feed.facts_changed` is called at each commit of facts, so that polling is a fallback.
        readiness: whether all parts are there.
    """

    database: Database
    kpi_values: KpiValueCache
    notified: Callable[[], bool]
    readiness: Callable[[], Awaitable[Readiness]]


class Feed:
    """Sends every client of a terminal what changes.

    Args:
        terminal: its id.
        sources: where frames come from.
        dropped: called for each client that was too slow.
    """

    def __init__(self, terminal: str, sources: Sources, dropped: Callable[[], None]) -> None:
        self.terminal = terminal
        self._dropped = dropped
        self._sources = sources
        self._database = sources.database
        self._snapshot: TerminalSnapshot | None = None
        self._kpis = Coalescer()
        self._kpi_pulse = Pulse()
        self._changed: set[str] = set()
        self._facts_pulse = Pulse()
        self._encoder = msgspec.json.Encoder()
        self.outboxes: set[Outbox] = set()

    def join(self, outbox: Outbox) -> None:
        """Add a client; it gets its snapshot now, or as soon as there is one."""
        self.outboxes.add(outbox)
        if self._snapshot is not None:
            outbox.offer(self._encoder.encode(self._snapshot_frame(self._snapshot)))

    def kpi(self, value: KpiValue) -> None:
        """A KPI value came from the broker."""
        self._kpis.put(value)
        self._kpi_pulse.signal()

    def facts_changed(self, tables: Iterable[str]) -> None:
        """Facts of this terminal changed in these tables."""
        self._changed |= TABLES.intersection(tables)
        self._facts_pulse.signal()

    def end(self, code: int, reason: str) -> None:
        """End every client."""
        for outbox in tuple(self.outboxes):
            outbox.end(code, reason)

    async def run(self) -> None:
        """Poll and push until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._poll(), name=f"poll {self.terminal}")
            group.create_task(self._push_facts(), name=f"facts {self.terminal}")
            group.create_task(self._push_kpis(), name=f"kpis {self.terminal}")

    async def _push_kpis(self) -> None:
        while True:
            await self._kpi_pulse.wait()
            values = self._kpis.take()
            if self._snapshot is not None:  # without it, they come with the snapshot
                self._send(KpiFrame(values))

    async def _push_facts(self) -> None:
        while True:
            await self._facts_pulse.wait()
            if self._snapshot is None:  # the pulse that follows the snapshot sends what changed meanwhile
                continue
            try:
                await self._send_facts(self._snapshot)
            except AWAY:
                self._facts_pulse.signal()
                await asyncio.sleep(TICK_S)

    async def _send_facts(self, snapshot: TerminalSnapshot) -> None:
        for fact in LIVE_FACTS:
            if fact.table in self._changed:
                self._changed.discard(fact.table)
                try:
                    frame = await fact.news(self._database, snapshot, self.terminal, utc_now())
                except AWAY:
                    self._changed.add(fact.table)
                    raise
                if frame is not None:
                    self._send(frame)

    async def _poll(self) -> None:
        loop, tick = asyncio.get_running_loop(), 0
        due = loop.time()
        while True:
            try:
                await self._step(tick)
            except AWAY:
                await self._send_readiness()
            tick += 1
            due = max(due + TICK_S, loop.time())
            await asyncio.sleep(due - loop.time())

    async def _step(self, tick: int) -> None:
        snapshot = self._snapshot
        if snapshot is None:
            snapshot = await self._load()
            self._snapshot = snapshot
            self._send(self._snapshot_frame(snapshot))
            self._facts_pulse.signal()
            return
        for stream, row in BY_NAME.items():
            if tick % row.live_s == 0:
                found = await latest.recent(self._database, self.terminal, stream, utc_now())
                if news := snapshot.latest.update(found):
                    self._send(LatestFrame(news))
        if tick % FALLBACK_TICKS == 0 or not self._sources.notified():
            self.facts_changed(TABLES)
        if tick % RECOUNT_TICKS == 0:
            snapshot.quarantine_total = snapshot.quarantine_newest = 0
        if tick % HEALTH_TICKS == 0:
            await self._poll_health(snapshot)

    async def _load(self) -> TerminalSnapshot:
        snapshot = TerminalSnapshot()
        snapshot.devices.update(await devices(self._database, self.terminal))
        snapshot.latest.update(await latest.latest(self._database, self.terminal, None, utc_now()))
        for fact in LIVE_FACTS:
            await fact.news(self._database, snapshot, self.terminal, utc_now())
        await self._count_quarantine(snapshot)
        return snapshot

    async def _poll_health(self, snapshot: TerminalSnapshot) -> None:
        news = snapshot.devices.update(await devices(self._database, self.terminal))
        await self._count_quarantine(snapshot)
        self._send(HealthFrame(news, snapshot.quarantine_total, await self._sources.readiness()))

    async def _send_readiness(self) -> None:
        """While the database is away, clients learn at least that."""
        total = self._snapshot.quarantine_total if self._snapshot is not None else 0
        self._send(HealthFrame([], total, await self._sources.readiness()))

    async def _count_quarantine(self, snapshot: TerminalSnapshot) -> None:
        """Count only what came since; a full count now and then also sees rows that were removed."""
        count, newest = await quarantine_since(self._database, self.terminal, snapshot.quarantine_newest)
        snapshot.quarantine_total += count
        snapshot.quarantine_newest = newest

    def _snapshot_frame(self, snapshot: TerminalSnapshot) -> Snapshot:
        return Snapshot(
            terminal=self.terminal,
            now=rfc3339(utc_now()),
            kpis=self._sources.kpi_values.values(self.terminal),
            devices=snapshot.devices.all(),
            latest=snapshot.latest.all(),
            moves=snapshot.last_moves(),
            quarantine_total=snapshot.quarantine_total,
        )

    def _send(self, frame: Frame) -> None:
        """Encode once, hand to all; a client without room is dropped."""
        encoded = self._encoder.encode(frame)
        for outbox in tuple(self.outboxes):
            if not outbox.ended.is_set() and not outbox.offer(encoded):
                self._dropped()
