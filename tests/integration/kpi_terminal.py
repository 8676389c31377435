"""A terminal whose KPI samples are written and recomputed without broker and raw samples."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from infra import history
from infra.clock import from_us
from infra.database import Link
from infra.devices import devices
from ingest.decode.address import Address
from ingest.decode.protocol import Document
from ingest.recompute.differences import Differences, compare_kpis
from ingest.recompute.recomputer import Recomputer
from ingest.recompute.restore import restore_terminal
from ingest.store.devices import DeviceRegistry
from ingest.store.site_configuration import all_kpis
from ingest.store.writer import Batch, BatchWriter
from processing.calls.call import Assignment, VesselCall
from processing.cranes.facts import CraneMove
from processing.engine import Engine
from processing.kpi.horizon import HORIZON_US
from processing.model.facts import Fact
from processing.model.level import LevelChange
from processing.model.times import HOUR_US
from processing.site.configuration import Site, Sites
from tests.unit import test_crane_kpis

BEGIN_US = (time.time_ns() // 1_000 // (24 * HOUR_US) - 8) * 24 * HOUR_US
"""A midnight eight days ago."""
TELEMETRY = "INSERT INTO crane_telemetry (device_id, time, seq, received_at) VALUES ($1, $2, 1, $2)"
NOTE = (
    "INSERT INTO recompute_kpis AS r VALUES ('demo', $1, $2, $3) ON CONFLICT (terminal, fact, subject) "
    "DO UPDATE SET since = least(r.since, excluded.since)"
)
"""Leaves a note that a fact of a kind changed for a subject, from a time on."""


def at(hour: float) -> int:
    """A time in hours after the beginning."""
    return BEGIN_US + round(hour * HOUR_US)


class Terminal:
    """A worker without broker and raw samples: it receives facts and calls, writes, and recomputes what is noted."""

    def __init__(self, link: Link, crane: int) -> None:
        self.link, self.crane = link, crane
        self.calls: dict[str, VesselCall] = {}
        self.now_us = BEGIN_US

    async def start(self) -> None:
        """Begin from what is stored."""
        self.engine, self.registry = Engine(Sites()), DeviceRegistry(self.link, Sites())
        for device in await self.registry.load():
            self.engine.register(device)
        self.writer = BatchWriter(self.link, self.registry.address_of)
        self.recomputer = Recomputer(self.link, self.writer, self.engine, self.registry)
        await restore_terminal(await self.link.get(), self.engine, "demo", self.now_us - HORIZON_US)
        evaluator = self.engine.evaluator("demo")
        evaluator.advance(self.now_us)
        evaluator.forget_changes()

    async def go(
        self, hour: float, *facts: Fact, calls: tuple[VesselCall, ...] = (), withdrawn: str | None = None
    ) -> None:
        """Time goes on to an hour; then facts and calls arrive, and all is written and recomputed."""
        batch = Batch(facts=list(facts))
        self.now_us = max(self.now_us, at(hour))
        self.engine.evaluator("demo").advance(self.now_us)
        self.engine.restore(facts)
        for call in calls:
            self.calls[call.call_id] = call
            self.engine.announce_call(call)
            batch.documents.append(self._call(call.call_id, call))
        if withdrawn is not None:
            del self.calls[withdrawn]
            self.engine.withdraw_call("demo", withdrawn)
            batch.documents.append(self._call(withdrawn, None))
        self.engine.forget()
        output = self.engine.kpis()
        batch.kpis, batch.stale = output.samples, output.stale
        await self.writer.write(batch)

    def _call(self, call_id: str, call: VesselCall | None) -> Document:
        payload = None if call is None else f'{{"call": {hash(call)}}}'
        return Document(
            Address("call", "demo", "vessel", call_id), call, payload, self.now_us, f"port/demo/vessel/{call_id}/call"
        )

    async def settled(self) -> list[str]:
        """Differences from what the stored facts give, when all that is noted has been recomputed."""
        while await self.recomputer.step():
            pass
        connection = await self.link.get()
        found, own = Differences(), await devices(connection, Sites(), "demo")
        calls = await history.calls(connection, ["demo"], 0, None)
        stale = sorted(all_kpis(own, calls, BEGIN_US))
        await compare_kpis(connection, Site(), own, stale, self.now_us, found, lambda _count, _time_us: None)
        assert found.kpis > 100
        return found.lines[:5]

    async def execute(self, query: str, *values: Any) -> None:
        """Something that others write."""
        await (await self.link.get()).execute(query, *values)

    def move(self, hour: float) -> CraneMove:
        """A discharge of one box."""
        shift_us = at(hour) - test_crane_kpis.T0
        plain = test_crane_kpis.move(0)
        times = ("locked_us", "lifted_us", "landed_us", "unlocked_us")
        return replace(plain, device_id=self.crane, **{name: getattr(plain, name) + shift_us for name in times})


def call(name: str, begin: float, until: float | None, last_line: float | None = None) -> VesselCall:
    """A call that sts1 works."""
    plain = test_crane_kpis.call((0, None))
    last_line_us = None if last_line is None else at(last_line)
    works = Assignment("sts1", at(begin), None if until is None else at(until))
    return replace(
        plain,
        call_id=name,
        first_line_us=at(begin),
        all_fast_us=at(begin),
        last_line_us=last_line_us,
        assignments=(works,),
    )


@asynccontextmanager
async def serving(url: str) -> AsyncIterator[Terminal]:
    """The terminal demo with the crane sts1."""
    link = Link(url, "test")
    try:
        connection = await link.get()
        crane = await connection.fetchval(
            "INSERT INTO device (terminal, stream, device, type) VALUES ('demo', 'crane', 'sts1', 'STS') "
            "RETURNING device_id"
        )
        await connection.execute(TELEMETRY, crane, from_us(BEGIN_US))
        terminal = Terminal(link, crane)
        await terminal.start()
        await terminal.go(0, LevelChange(crane, "logged_on", BEGIN_US, 1.0))
        yield terminal
    finally:
        link.drop()
