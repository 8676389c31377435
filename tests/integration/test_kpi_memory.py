"""KPI samples after restarts, late calls and late causes: always those that the stored facts give."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from infra import history
from infra.clock import from_us
from infra.database import Link
from infra.devices import devices
from ingest.decode.address import Address
from ingest.decode.protocol import Document
from ingest.recompute.differences import Differences, compare_kpis
from ingest.recompute.recomputer import Recomputer
from ingest.recompute.restore import restore, restore_terminal
from ingest.store.devices import DeviceRegistry
from ingest.store.site_configuration import all_kpis
from ingest.store.writer import Batch, BatchWriter
from processing.calls.call import Assignment, VesselCall
from processing.cranes.facts import CraneDelay, CraneMove
from processing.engine import Engine
from processing.kpi.horizon import HORIZON_US
from processing.model.facts import Fact
from processing.model.level import LevelChange
from processing.model.times import HOUR_US
from processing.site.configuration import Site, Sites
from processing.vehicles.facts import VehicleTrip
from tests.unit import test_crane_kpis

BEGIN_US = (time.time_ns() // 1_000 // (24 * HOUR_US) - 8) * 24 * HOUR_US
"""A midnight eight days ago."""
STATE_CAUSE = (
    "INSERT INTO crane_delay_edit (device_id, began_at, cause, remark, edited_by) VALUES ($1, $2, $3, '', 'anna')"
)
TELEMETRY = "INSERT INTO crane_telemetry (device_id, time, seq, received_at) VALUES ($1, $2, 1, $2)"
NOTE = (
    "INSERT INTO recompute_kpis AS r VALUES ('demo', $1, $2, $3) ON CONFLICT (terminal, fact, subject) "
    "DO UPDATE SET since = least(r.since, excluded.since)"
)


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


@pytest.mark.parametrize("restarted", [False, True], ids=["on and on", "restarted"])
async def test_a_call_within_a_longer_one(database_url: str, restarted: bool) -> None:
    """Its moves never pass to the longer one."""
    async with serving(database_url) as demo:
        await demo.go(0.5, calls=(call("a", 0.25, None), call("b", 2, 5, 5.5)))
        await demo.go(6, *(demo.move(hour / 4) for hour in range(2, 23)))
        for hour in range(8, 60, 2):
            await demo.go(hour, demo.move(hour - 0.5))
        if restarted:
            await demo.start()
        for hour in range(60, 64):
            await demo.go(hour, demo.move(hour - 0.5))
        assert await demo.settled() == []


async def test_a_call_that_is_announced_late(database_url: str) -> None:
    """Memory has forgotten the first moves: they are read back, and count in all samples to come."""
    async with serving(database_url) as demo:
        for hour in range(1, 50):
            await demo.go(hour, demo.move(hour - 0.5))
        await demo.go(50, calls=(call("late", 4, None),))
        assert await demo.settled() == []
        await demo.go(51, demo.move(50.5))
        assert demo.engine.evaluator("demo").missing_us() == {}
        assert await demo.settled() == []


@pytest.mark.parametrize("change", ["withdrawn", "another crane"])
async def test_a_call_of_long_ago_changes(database_url: str, change: str) -> None:
    """Terminals take the retained messages of calls away some day; nobody has such a call in memory any more."""
    async with serving(database_url) as demo:
        await demo.go(1, calls=(call("v1", 1, 5, 6),))
        for hour in range(2, 48):
            await demo.go(hour, demo.move(hour - 0.5))
        if change == "withdrawn":
            await demo.go(48, withdrawn="v1")
        else:
            other = (Assignment("sts7", at(1), at(5)),)
            await demo.go(48, calls=(replace(demo.calls["v1"], assignments=other),))
        assert await demo.settled() == []
        kept = await (await demo.link.get()).fetchval(
            "SELECT count(*) FROM kpi_sample WHERE subject = 'v1' AND kpi = 'boxes' AND value > 0"
        )
        assert kept == 0


@pytest.mark.parametrize("restarted", [False, True], ids=["on and on", "restarted"])
async def test_a_stated_cause_reaches_calls(database_url: str, restarted: bool) -> None:
    """Also where the worker is restarted between the statement and its note."""
    async with serving(database_url) as demo:
        stop = CraneDelay(demo.crane, at(2), at(3), "ship")
        await demo.go(1, calls=(call("v1", 1, 8, 9),))
        await demo.go(4, demo.move(1.5), stop)
        await demo.go(12, demo.move(11.5))
        await demo.execute(STATE_CAUSE, demo.crane, from_us(stop.began_us), "lashing")
        if restarted:
            await demo.start()
        for subject in ("demo", "sts1"):
            await demo.execute(NOTE, "stop", subject, from_us(stop.began_us))
        assert await demo.settled() == []


async def test_a_stated_cause_of_a_delay_that_lasts_for_a_week(database_url: str) -> None:
    """It counts in every sample to come, in this life and in the next."""
    async with serving(database_url) as demo:
        stop = CraneDelay(demo.crane, at(1), None, "not_assigned")
        await demo.go(2, stop)
        for hour in range(4, 110, 2):
            await demo.go(hour)
        await demo.execute(STATE_CAUSE, demo.crane, from_us(stop.began_us), "strike")
        for subject in ("demo", "sts1"):
            await demo.execute(NOTE, "stop", subject, from_us(stop.began_us))
        assert await demo.settled() == []
        await demo.go(112)
        assert await demo.settled() == []
        await demo.start()
        await demo.go(114)
        assert await demo.settled() == []


async def test_a_list_imported_while_no_worker_ran(database_url: str) -> None:
    """The note is all there is of it."""
    async with serving(database_url) as demo:
        await demo.go(1, calls=(call("v1", 1, 8, 9),))
        await demo.go(6, demo.move(1.5))
        assert await demo.settled() == []
        await demo.execute(
            "INSERT INTO tos_import (terminal, call_id, source, format, imported_by, lines) "
            "VALUES ('demo', 'v1', 'list.csv', 'csv', 'anna', 7)"
        )
        await demo.start()
        await demo.execute(NOTE, "tos", "v1", from_us(at(1)))
        assert await demo.settled() == []
        await demo.go(7)
        assert await demo.settled() == []


async def test_a_terminal_that_was_silent_while_others_were_not(database_url: str) -> None:
    """Its windows end where its own time stands, not where that of the others does."""
    async with serving(database_url) as demo:
        await demo.go(2, calls=(call("v1", 1, 5, 6),))
        other = await (await demo.link.get()).fetchval(
            "INSERT INTO device (terminal, stream, device, type) VALUES ('other', 'crane', 'sts1', 'STS') "
            "RETURNING device_id"
        )
        await demo.execute(TELEMETRY, other, from_us(at(7 * 24)))
        engine = Engine(Sites())
        await restore(await demo.link.get(), engine, DeviceRegistry(demo.link, Sites()))
        assert list(engine.evaluator("demo").store.calls) == ["v1"]


async def test_a_crane_that_turns_out_to_work_no_ships(database_url: str) -> None:
    """Its type comes with its status, later than its moves; the worker is killed before it writes anything more."""
    async with serving(database_url) as demo:
        for hour in range(1, 6):
            await demo.go(hour, demo.move(hour - 0.5))
        assert await demo.settled() == []
        assert await demo.registry.set_type(Address("telemetry", "demo", "crane", "sts1"), "ARMG") is not None
        await demo.execute("DELETE FROM recompute_facts")  # there are no raw samples here to make them from
        await demo.start()
        assert await demo.settled() == []
        await demo.go(6)
        assert await demo.settled() == []


def trip(vehicle: int, began: float, ended: float, x_m: float) -> VehicleTrip:
    """A trip of a vehicle along the quay from hour to hour."""
    places = (None, None, x_m, 10.0)
    return VehicleTrip(vehicle, at(began), at(ended), None, "block", "quay", *places, True, 500.0, 1.0, ())


@pytest.mark.parametrize("restarted", [False, True], ids=["on and on", "restarted"])
async def test_vehicles_decide_over_causes(database_url: str, restarted: bool) -> None:
    """Of delays of a call that lasts longer than facts of others are kept; of one that no window begins before."""
    async with serving(database_url) as demo:
        agv = await (await demo.link.get()).fetchval(
            "INSERT INTO device (terminal, stream, device, type) VALUES ('demo', 'vehicle', 'agv1', 'AGV') "
            "RETURNING device_id"
        )
        await demo.start()
        ship = [CraneDelay(demo.crane, at(hour), at(hour + 0.4), "ship") for hour in range(1, 40)]
        await demo.go(0.8, replace(demo.move(0.7), gantry_m=200.0), calls=(call("v1", 0.25, None),))
        for hour, delay in enumerate(ship, 1):
            x_m = 200.0 if hour % 3 else 600.0
            move = replace(demo.move(hour + 0.9), gantry_m=200.0)
            await demo.go(hour + 0.95, trip(agv, hour - 0.1, hour + 0.05, x_m), delay, move)
        if restarted:
            await demo.start()
        assert await demo.settled() == []
        for late in (38.15, 4.15):  # one of them of before what is in memory
            await demo.go(40, trip(agv, late - 0.05, late, 600.0))
            assert await demo.settled() == []
        await demo.go(42)
        assert await demo.settled() == []
        found = await (await demo.link.get()).fetchval(
            "SELECT max(value) FROM kpi_sample WHERE kpi = 'idle_waiting_transport_minutes' AND subject = 'v1'"
        )
        assert found == pytest.approx((13 + 2) * 24), "every third hour, and those of the late trips"


async def test_a_call_that_is_announced_late_has_causes_by_vehicles(database_url: str) -> None:
    """Memory has forgotten the first delays, and the trips that decide over them."""
    async with serving(database_url) as demo:
        agv = await (await demo.link.get()).fetchval(
            "INSERT INTO device (terminal, stream, device, type) VALUES ('demo', 'vehicle', 'agv1', 'AGV') "
            "RETURNING device_id"
        )
        await demo.start()
        for hour in range(1, 50):
            move = replace(demo.move(hour - 0.5), gantry_m=200.0)
            delay = CraneDelay(demo.crane, at(hour - 0.4), at(hour - 0.1), "ship")
            await demo.go(hour, move, delay, trip(agv, hour - 0.45, hour - 0.42, 600.0 if hour % 2 else 200.0))
        await demo.go(50, calls=(call("late", 4, None),))
        assert await demo.settled() == []
        await demo.go(51, demo.move(50.5))
        assert await demo.settled() == []
