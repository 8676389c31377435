"""What is recomputed while the database fails, or while others note more: nothing of it is lost."""

from typing import Any

import asyncpg
import psycopg
import pytest

from infra.clock import from_us
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
    derive, derived = containers.changed_events, list[containers.Hour]()

    async def disturbed(connection: Any, devices: list[Device], hour: containers.Hour) -> list[Fact]:
        found = await derive(connection, devices, hour)
        derived.append(hour)
        if len(derived) == 1:
            other = Link(database_url, "test")
            await (await other.get()).execute(containers.SQL["stale_hour"], hour[0], from_us(hour[1]))
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
        assert derived[0] == derived[1]


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
