"""What is recomputed while the database fails, or while others note more: nothing of it is lost."""

from typing import Any

import asyncpg
import psycopg
import pytest

from infra.clock import from_us
from infra.connection import Connection
from infra.database import Link
from infra.site_file.reader import load
from ingest.recompute import containers
from ingest.recompute.recomputer import Recomputer
from ingest.store.devices import DeviceRegistry
from ingest.store.outcome import WriteMode
from ingest.store.writer import Batch, BatchWriter, WriteResult
from processing.engine import Engine
from processing.model.device import Device
from processing.model.facts import Fact
from processing.model.times import HOUR_US
from tests.integration.test_ingest import rows
from tests.integration.test_period import MINUTES, START_MS, span, worked

EVENTS = "SELECT e::text FROM container_event e ORDER BY 1"


class FailingWriter(BatchWriter):
    """The database fails while the first batch is written."""

    failures = 0

    async def write(self, batch: Batch, how: WriteMode = WriteMode.COPY) -> WriteResult:
        """Write a batch; not the first one."""
        if not self.failures:
            self.failures += 1
            raise ConnectionResetError
        return await super().write(batch, how)


async def test_events_of_a_batch_that_was_not_written_are_written_later(database_url: str) -> None:
    async with worked(database_url) as (link, _, devices):
        expected = rows(database_url, EVENTS)
        assert len(expected) > 20
        with psycopg.connect(database_url) as connection:
            connection.execute("TRUNCATE crane_move, container_event, recompute_events, recompute_containers")
            whole = span(0, 2 * MINUTES)
            for device in devices:
                noted = device.device_id, from_us(whole.first_us), from_us(whole.last_us)
                connection.execute("INSERT INTO recompute_facts (device_id, first, last) VALUES (%s, %s, %s)", noted)
        registry, engine = DeviceRegistry(link, load(None)), Engine(load(None))
        for device in await registry.load():
            engine.register(device)
        recomputer = Recomputer(link, FailingWriter(link, registry.address_of), engine, registry)
        with pytest.raises(ConnectionResetError):
            await recomputer.step()
        while await recomputer.step():
            pass
        assert rows(database_url, EVENTS) == expected


async def test_an_hour_that_is_noted_while_it_is_derived_is_derived_once_more(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    derive, derived = containers.changed_events, list[containers.StaleHours]()

    async def disturbed(connection: Any, devices: list[Device], hours: containers.StaleHours) -> tuple[list[Fact], int]:
        found = await derive(connection, devices, hours)
        derived.append(hours)
        if len(derived) == 1:
            other = Link(database_url, "test")
            await (await other.get()).execute(containers.SQL["stale_hour"], hours.terminal, from_us(hours.since_us))
            other.drop()
        return found

    monkeypatch.setattr(containers, "changed_events", disturbed)
    async with worked(database_url) as (link, recomputer, _):
        connection = await link.get()
        await connection.execute("DELETE FROM recompute_events")
        await connection.execute(containers.SQL["stale_hour"], "t", from_us(START_MS * 1000))
        while await recomputer.step():
            pass
        assert len(derived) == 2
        assert derived[0].since_us == derived[1].since_us


async def test_hours_of_a_long_past_are_derived_together_and_a_defect_costs_only_its_own(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """100 hours, the last two of which have all events; hour 50 cannot be derived, hours 20 to 30 are not noted."""
    derive, first_us = containers.changed_events, START_MS * 1000 // HOUR_US * HOUR_US - 98 * HOUR_US
    bad_us, derived, failed = first_us + 50 * HOUR_US, list[int](), list[int]()

    async def counted(
        connection: Connection, devices: list[Device], hours: containers.StaleHours
    ) -> tuple[list[Fact], int]:
        if hours.since_us <= bad_us < hours.until_us:
            failed.append(len(hours.versions))
            raise ValueError("a defect")
        derived.extend(range(hours.since_us, hours.until_us, HOUR_US))
        pieces.append(len(hours.versions))
        return await derive(connection, devices, hours)

    pieces = list[int]()
    monkeypatch.setattr(containers, "changed_events", counted)
    async with worked(database_url) as (link, recomputer, _):
        connection = await link.get()
        expected = rows(database_url, EVENTS)
        noted = [first_us + n * HOUR_US for n in range(100) if not 20 <= n < 30]
        await connection.execute("TRUNCATE container_event, recompute_events")
        for since_us in noted:
            await connection.execute(containers.SQL["stale_hour"], "t", from_us(since_us))
        while await recomputer.step():
            pass
        assert rows(database_url, EVENTS) == expected
        assert rows(database_url, "SELECT count(*) FROM recompute_events") == [(0,)]
    assert sorted(derived) == [one for one in noted if one != bad_us]
    assert failed[0] > 1
    assert failed[-1] == 1
    assert len(pieces) < 30


async def test_a_box_whose_state_takes_too_long_holds_up_no_others(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = containers.make_states

    async def slow(connection: Any, boxes: containers.Boxes, engine: Engine) -> None:
        if ("t", "NOREAD") in boxes:
            raise asyncpg.QueryCanceledError("statement timeout")
        await make(connection, boxes, engine)

    monkeypatch.setattr(containers, "make_states", slow)
    async with worked(database_url) as (link, recomputer, _):
        connection = await link.get()
        await connection.execute("INSERT INTO recompute_containers VALUES ('t', 'NOREAD') ON CONFLICT DO NOTHING")
        while await recomputer.step():
            pass
        boxes = await connection.fetchval("SELECT count(DISTINCT container_id) FROM container_event")
        assert boxes > 10
        assert await connection.fetchval("SELECT count(*) FROM container_state") == boxes
