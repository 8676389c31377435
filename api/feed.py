"""The live frames of one terminal: one poller and one KPI pusher, shared by all its clients."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from api import readings
from api.answers import KpiValue, Readiness, rfc3339
from api.board import Board
from api.database import Database
from api.errors import BusyError, DatabaseAwayError, QueryTooSlowError, SchemaMissingError
from api.frames import (
    ExcursionsFrame,
    Frame,
    HealthFrame,
    KpiFrame,
    LatestFrame,
    MovesFrame,
    Snapshot,
    VisitsFrame,
)
from api.outbox import Outbox
from api.picture import Coalescer, Picture
from api.spans import Span
from infra.clock import utc_now
from processing.streams import STREAMS

log = logging.getLogger(__name__)

TICK_S = 1.0
HEALTH_TICKS, OTHERS_TICKS, RECOUNT_TICKS = 2, 5, 60
KPI_GATHER_S = 0.01
"""Values of one commit arrive within a few ms: one frame for all of them."""
KPI_INTERVAL_S = 0.2
FACTS_SPAN = timedelta(hours=24)
NEWEST_FACTS = 100
NEWEST_EXCURSIONS = 1_000
AWAY = (BusyError, DatabaseAwayError, QueryTooSlowError, SchemaMissingError)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where frames come from."""

    database: Database
    board: Board
    readiness: Callable[[], Awaitable[Readiness]]


class Feed:
    """Tells every client of a terminal what changes.

    Args:
        terminal: its id.
        sources: where frames come from.
        dropped: told of each client that was too slow.
    """

    def __init__(self, terminal: str, sources: Sources, dropped: Callable[[], None]) -> None:
        self.terminal = terminal
        self._dropped = dropped
        self._sources = sources
        self._database = sources.database
        self._picture: Picture | None = None
        self._kpis = Coalescer()
        self._kpi_came = asyncio.Event()
        self._encoder = msgspec.json.Encoder()
        self.outboxes: set[Outbox] = set()

    def join(self, outbox: Outbox) -> None:
        """Add a client; it gets its snapshot now, or as soon as there is one."""
        self.outboxes.add(outbox)
        if self._picture is not None:
            outbox.offer(self._encoder.encode(self._snapshot(self._picture)))

    def kpi(self, value: KpiValue) -> None:
        """A KPI value came from the broker."""
        self._kpis.put(value)
        self._kpi_came.set()

    def end(self, code: int, reason: str) -> None:
        """End every client."""
        for outbox in tuple(self.outboxes):
            outbox.end(code, reason)

    async def run(self) -> None:
        """Poll and push until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._poll(), name=f"poll {self.terminal}")
            group.create_task(self._push_kpis(), name=f"kpis {self.terminal}")

    async def _push_kpis(self) -> None:
        while True:
            await self._kpi_came.wait()
            await asyncio.sleep(KPI_GATHER_S)
            self._kpi_came.clear()  # here, with `take`, or what comes during the pauses would wait for the next
            values = self._kpis.take()
            if self._picture is not None:  # without it, they come with the snapshot
                self._tell(KpiFrame(values))
                await asyncio.sleep(KPI_INTERVAL_S - KPI_GATHER_S)

    async def _poll(self) -> None:
        loop, tick = asyncio.get_running_loop(), 0
        due = loop.time()
        while True:
            try:
                await self._step(tick)
            except AWAY:
                await self._tell_health()
            tick += 1
            due = max(due + TICK_S, loop.time())
            await asyncio.sleep(due - loop.time())

    async def _step(self, tick: int) -> None:
        picture = self._picture
        if picture is None:
            picture = await self._load()
            self._picture = picture
            self._tell(self._snapshot(picture))
            return
        others = tick % OTHERS_TICKS == 0
        for stream in STREAMS:
            if stream == "crane" or others:
                found = await readings.recent(self._database, self.terminal, stream, utc_now())
                if news := picture.latest.update(found):
                    self._tell(LatestFrame(news))
        await self._poll_facts(picture)
        if tick % RECOUNT_TICKS == 0:
            picture.quarantine_total = picture.quarantine_newest = 0
        if tick % HEALTH_TICKS == 0:
            await self._poll_health(picture)

    async def _load(self) -> Picture:
        picture = Picture()
        picture.devices.update(await readings.devices(self._database, self.terminal))
        picture.latest.update(await readings.latest(self._database, self.terminal, None, utc_now()))
        await self._poll_facts(picture, tell=False)
        await self._count_quarantine(picture)
        return picture

    async def _poll_facts(self, picture: Picture, *, tell: bool = True) -> None:
        database, terminal, now = self._database, self.terminal, utc_now()
        day, hour = Span(now - FACTS_SPAN, now + FACTS_SPAN), Span(now - timedelta(hours=1), now + FACTS_SPAN)
        moves = picture.moves.replace(await readings.moves(database, terminal, None, day, NEWEST_FACTS))
        visits = picture.visits.replace(await readings.visits(database, terminal, day, NEWEST_FACTS))
        excursions = picture.excursions.replace(
            await readings.excursions(database, terminal, None, hour, NEWEST_EXCURSIONS)
        )
        if tell and moves:
            self._tell(MovesFrame(moves))
        if tell and visits:
            self._tell(VisitsFrame(visits))
        if tell and excursions:
            self._tell(ExcursionsFrame(excursions))

    async def _poll_health(self, picture: Picture) -> None:
        devices = picture.devices.update(await readings.devices(self._database, self.terminal))
        await self._count_quarantine(picture)
        self._tell(HealthFrame(devices, picture.quarantine_total, await self._sources.readiness()))

    async def _tell_health(self) -> None:
        total = self._picture.quarantine_total if self._picture is not None else 0
        self._tell(HealthFrame([], total, await self._sources.readiness()))

    async def _count_quarantine(self, picture: Picture) -> None:
        """Count only what came since; a full count now and then also sees rows that were removed."""
        count, newest = await readings.quarantine_since(self._database, self.terminal, picture.quarantine_newest)
        picture.quarantine_total += count
        picture.quarantine_newest = newest

    def _snapshot(self, picture: Picture) -> Snapshot:
        return Snapshot(
            terminal=self.terminal,
            now=rfc3339(utc_now()),
            kpis=self._sources.board.values(self.terminal),
            devices=picture.devices.all(),
            latest=picture.latest.all(),
            moves=picture.last_moves(),
            quarantine_total=picture.quarantine_total,
        )

    def _tell(self, frame: Frame) -> None:
        """Encode once, hand to all; a client without room is dropped."""
        encoded = self._encoder.encode(frame)
        for outbox in tuple(self.outboxes):
            if not outbox.ended.is_set() and not outbox.offer(encoded):
                self._dropped()
