"""Notes of what is to be recomputed: one that is written in the middle of the work is not lost, whatever the order.

The other writer is a second connection; each test holds both where the order could lose a change.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from infra.clock import from_us
from infra.connection import Connection
from infra.database import connect
from ingest.recompute import containers, kpi_samples, recomputer, visits
from ingest.recompute.recomputer import Recomputer
from ingest.store.writer import SQL as WRITER_SQL
from ingest.store.writer import Span
from processing.model.device import Device
from tests.conftest import eventually
from tests.integration.test_ingest import rows
from tests.integration.test_period import START_MS, span, worked

SHOWN = (
    "INSERT INTO container_event VALUES ('t', 'crane_move', 'sts1', $1, 0, $2, 'CSQU3054383', $2, 'crane', $3, 1, true,"
    " NULL)"
)
STATE = "SELECT state, place FROM container_state WHERE container_id = 'CSQU3054383'"
NOTES = "SELECT container_id FROM recompute_containers WHERE container_id = 'CSQU3054383'"
START = from_us(START_MS * 1000)
PATIENT = "SET lock_timeout = 0"
BLOCKED = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@asynccontextmanager
async def other(url: str) -> AsyncIterator[Connection]:
    """A second connection, which waits for locks as long as it has to."""
    connection = await connect(url, "test")
    try:
        await connection.execute(PATIENT)
        yield connection
    finally:
        await connection.close()


async def all_of_it(recomputing: Recomputer) -> None:
    """Work off every note."""
    while await recomputing.step():
        pass


async def test_an_event_that_is_stored_while_a_state_is_made_is_judged(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Events are read; another one is stored, with its note, and committed; then the state is stored."""
    judge, calls = containers.following, 0
    async with worked(database_url) as (link, recomputing, _), other(database_url) as writer:

        async def disturbed(connection: Connection, boxes: containers.Boxes) -> Any:
            nonlocal calls
            found, calls = await judge(connection, boxes), calls + 1
            if calls == 1:
                storing.append(asyncio.create_task(writer.execute(SHOWN, "placed", from_us(START_MS * 1000 + 1), "A1")))
                await eventually(lambda: storing[0].done() or rows(database_url, BLOCKED) != [(0,)])
            return found

        storing: list[asyncio.Task[str]] = []
        await all_of_it(recomputing)
        await (await link.get()).execute(SHOWN, "discharged", START, "sts1")
        monkeypatch.setattr(containers, "following", disturbed)
        await all_of_it(recomputing)
        await storing[0]
        await all_of_it(recomputing)
    assert rows(database_url, STATE) == [("inside", "A1")]
    assert rows(database_url, NOTES) == []


async def test_a_state_waits_for_who_has_noted_its_box_and_not_committed(database_url: str) -> None:
    """The note is there already; another event is stored with it and not committed yet: then it must not be dropped."""
    async with worked(database_url) as (link, recomputing, _), other(database_url) as writer:
        await all_of_it(recomputing)
        await (await link.get()).execute(PATIENT)
        await (await link.get()).execute(SHOWN, "discharged", START, "sts1")
        async with writer.transaction():
            await writer.execute(SHOWN, "placed", from_us(START_MS * 1000 + 1), "A1")
            making = asyncio.create_task(all_of_it(recomputing))
            await eventually(lambda: making.done() or rows(database_url, BLOCKED) != [(0,)])
        await making
        await all_of_it(recomputing)
    assert rows(database_url, STATE) == [("inside", "A1")]
    assert rows(database_url, NOTES) == []


async def test_an_hour_waits_for_who_has_noted_it_and_not_committed(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an import does: it is derived without what is not committed, so its note must stay for what comes."""
    derive, hours = containers.changed_events, list[containers.StaleHours]()

    async def counted(connection: Connection, devices: list[Device], stale: containers.StaleHours) -> Any:
        hours.append(stale)
        return await derive(connection, devices, stale)

    async with worked(database_url) as (link, recomputing, _), other(database_url) as writer:
        connection = await link.get()
        await connection.execute(PATIENT)
        await all_of_it(recomputing)
        monkeypatch.setattr(containers, "changed_events", counted)
        await connection.execute(containers.SQL["stale_hour"], "t", START)
        async with writer.transaction():
            await writer.execute(containers.SQL["stale_hour"], "t", START)
            deriving = asyncio.create_task(all_of_it(recomputing))
            await eventually(lambda: deriving.done() or rows(database_url, BLOCKED) != [(0,)])
        await deriving
        await all_of_it(recomputing)
    assert len(hours) == 2
    assert rows(database_url, "SELECT count(*) FROM recompute_events") == [(0,)]


async def noted_meanwhile(
    url: str,
    monkeypatch: pytest.MonkeyPatch,
    owner: Any,
    name: str,
    note: Callable[[Connection, Device], Awaitable[object]],
) -> int:
    """How often something is done whose note is written once more, and committed, in the middle of the first time."""
    work, times = getattr(owner, name), 0
    async with worked(url) as (link, recomputing, devices), other(url) as writer:
        await all_of_it(recomputing)

        async def disturbed(*args: Any, **named: Any) -> Any:
            nonlocal times
            found, times = await work(*args, **named), times + 1
            if times == 1:
                await note(writer, devices[0])
            return found

        monkeypatch.setattr(owner, name, disturbed)
        await note(await link.get(), devices[0])
        await all_of_it(recomputing)
    return times


async def test_facts_noted_while_they_are_recomputed_are_recomputed_once_more(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same span: a smaller one than was read says nothing about what has changed in it since."""

    async def note(connection: Connection, device: Device) -> None:
        part = span(20, 40)
        values = [(device.device_id, from_us(part.first_us), from_us(part.last_us))]
        await connection.executemany(WRITER_SQL["mark_facts"], values)

    assert await noted_meanwhile(database_url, monkeypatch, recomputer, "recompute_facts", note) == 2


async def test_visits_noted_while_they_are_made_are_made_once_more(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def note(connection: Connection, _device: Device) -> None:
        part = span(0, 60)
        await connection.execute(visits.SQL["mark"], "t", from_us(part.first_us), from_us(part.last_us))

    assert await noted_meanwhile(database_url, monkeypatch, visits, "first_day", note) == 2


async def test_each_step_works_something_off_however_slow_the_machine_is(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time of a step is over before it has begun, as where to count the notes takes longer than a step may."""
    monkeypatch.setattr(recomputer, "ENOUGH_S", -1.0)
    async with worked(database_url) as (link, recomputing, _):
        await all_of_it(recomputing)
        for hour in range(3):
            at = from_us((START_MS + 2 * hour * 3_600_000) * 1000)
            await (await link.get()).execute(containers.SQL["stale_hour"], "t", at)
        assert [await recomputing.step() for _ in range(3)] == [True, True, False]
    assert rows(database_url, "SELECT count(*) FROM recompute_events") == [(0,)]


NOTE = "StaleKpis(terminal='t', fact='move', subject='sts2', since_us=1795000000000000)"
NOTED_KPIS = "INSERT INTO recompute_kpis VALUES ('t', 'move', $1, $2)"


async def test_a_defect_costs_its_own_note_only(
    database_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Visits, and KPI samples of one crane, cannot be made: those of others are, and nothing comes back for ever."""
    caplog.set_level(logging.ERROR)
    recompute, done = kpi_samples.recompute, set[str]()

    async def defective(connection: Connection, engine: Any, batch: Any) -> None:
        subjects = {note.subject for note, _ in batch.recomputed_kpis}
        if "sts2" in subjects:
            raise ZeroDivisionError
        done.update(subjects)
        await recompute(connection, engine, batch)

    async def whole(_connection: Connection, _terminal: str, day: Span) -> Span:
        return day

    async def none(*_args: object) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(kpi_samples, "recompute", defective)
    monkeypatch.setattr(visits, "first_day", whole)
    monkeypatch.setattr(visits, "make_visits", none)
    async with worked(database_url) as (link, recomputing, _):
        connection = await link.get()
        await all_of_it(recomputing)
        done.clear()
        for crane in ("sts1", "sts2", "sts3"):
            await connection.execute(NOTED_KPIS, crane, START)
        await connection.execute(visits.SQL["mark"], "t", START, from_us(START_MS * 1000 + 1))
        caplog.clear()
        await all_of_it(recomputing)
        assert await connection.fetchval(recomputer.SQL["pending"]) == 0
    assert done == {"sts1", "sts3"}
    assert [record.message for record in caplog.records] == [
        "visits of t cannot be recomputed; please report this",
        f"KPI samples of {NOTE} cannot be recomputed; please report this",
    ]


async def test_what_the_database_refuses_of_recomputed_samples_does_not_come_back(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with worked(database_url) as (link, recomputing, _):
        connection = await link.get()
        await all_of_it(recomputing)

        async def refused(_connection: Connection, _engine: Any, batch: Any) -> None:
            batch.kpis = [None]

        async def kpis(_self: Any, values: Any) -> None:
            if values:
                raise asyncpg.NumericValueOutOfRangeError("value out of range")

        monkeypatch.setattr(kpi_samples, "recompute", refused)
        monkeypatch.setattr("ingest.store.alarm_notes.of_kpis", lambda _kpis: [])
        monkeypatch.setattr("ingest.store.writer.BatchWriter._kpis", kpis)
        await connection.execute(NOTED_KPIS, "sts1", START)
        await all_of_it(recomputing)
        assert await connection.fetchval(recomputer.SQL["pending"]) == 0


async def test_facts_of_devices_that_others_have_registered_are_recomputed(database_url: str) -> None:
    """One came after the registry was read; one is no more: neither ends the worker."""
    async with worked(database_url) as (link, recomputing, _):
        connection = await link.get()
        await all_of_it(recomputing)
        device_id = await connection.fetchval(
            "INSERT INTO device (terminal, stream, device, type) VALUES ('t', 'reefer', 'r1-01', 'PLUG')"
            " RETURNING device_id"
        )
        await connection.execute(
            "INSERT INTO reefer_telemetry (time, device_id, seq, received_at, container_id, plugged)"
            " SELECT $2::timestamptz + at, $1, 0, now(), 'CSQU3054383', at < interval '1 h'"
            " FROM unnest('{0 h, 1 h}'::interval[]) at",
            device_id,
            START,
        )
        for number in (device_id, 4711):
            await connection.execute("INSERT INTO recompute_facts VALUES ($1, $2, $2)", number, START)
        await all_of_it(recomputing)
    changes = "SELECT plugged FROM reefer_plug_change ORDER BY time"
    assert rows(database_url, changes) == [(True,), (False,)]
    assert rows(database_url, "SELECT count(*) FROM recompute_facts") == [(0,)]
