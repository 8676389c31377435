"""KPI samples after restarts, late calls and changes of calls: always those that the stored facts give."""

from dataclasses import replace

import pytest

from infra.clock import from_us
from ingest.decode.address import Address
from ingest.recompute.restore import restore
from ingest.store.devices import DeviceRegistry
from processing.calls.call import Assignment
from processing.engine import Engine
from processing.site.configuration import Sites
from tests.integration.kpi_terminal import NOTE, TELEMETRY, at, call, serving


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
