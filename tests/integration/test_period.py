"""A period made again in one pass: whatever its bounds, and however few facts are held at once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime

import numpy as np
import psycopg
import pytest

from infra.clock import from_us
from infra.database import Link
from infra.site_file.reader import load
from ingest.decode.address import Address
from ingest.recompute import period
from ingest.recompute.differences import Differences, compare_facts
from ingest.recompute.recomputer import Recomputer
from ingest.store.devices import DeviceRegistry
from ingest.store.writer import Batch, BatchWriter, Span, StreamBatch
from processing.cranes.signals import CRANE
from processing.engine import Engine
from processing.model.device import Device
from simulators.cranes import CraneSamples
from simulators.cranes.columns import to_samples
from simulators.fleet import Fleet
from simulators.parameters import PRESETS
from tests.integration.test_ingest import rows

START_MS = 1_795_000_000_000
MINUTE_US = 60_000_000
MINUTES = 100


@asynccontextmanager
async def worked(url: str) -> AsyncIterator[tuple[Link, Recomputer, list[Device]]]:
    """Cranes have worked; samples and facts are stored."""
    link, sites = Link(url, "test"), load(None)
    registry, engine = DeviceRegistry(link, sites), Engine(sites)
    store = BatchWriter(link, registry.address_of)
    cranes = Fleet(PRESETS["demo"], np.random.SeedSequence(5), START_MS).cranes[:3]
    addresses = [Address("telemetry", "t", CRANE.name, crane.name) for crane in cranes]
    await registry.ensure(addresses)
    devices = [registry.devices[registry.id_of(address)] for address in addresses]
    try:
        for device, crane in zip(devices, cranes, strict=True):
            engine.register(device)
            parts: list[CraneSamples] = []
            while not parts or parts[-1].time_ms[-1] < START_MS + MINUTES * 60_000:
                part = crane.work().samples
                parts += [part] if len(part.time_ms) else []
            samples = to_samples(device.device_id, parts)
            facts = engine.feed(samples, int(samples.time_us[-1]))
            await store.write(Batch([StreamBatch(samples, np.zeros(len(samples), bool))], facts=facts))
        yield link, Recomputer(link, store, engine, registry), devices
    finally:
        link.drop()


def span(first_minute: int, last_minute: int) -> Span:
    """Part of the time that the cranes worked."""
    return Span(START_MS * 1000 + first_minute * MINUTE_US, START_MS * 1000 + last_minute * MINUTE_US)


def until(minute: int) -> datetime:
    """That time as the database has it."""
    return from_us(START_MS * 1000 + minute * MINUTE_US)


@pytest.mark.parametrize("held", [1, 40, 10_000])
async def test_facts_of_any_part_are_those_that_were_stored(
    database_url: str, monkeypatch: pytest.MonkeyPatch, held: int
) -> None:
    monkeypatch.setattr(period, "HELD", held)
    async with worked(database_url) as (link, _, devices):
        (stored,) = rows(database_url, "SELECT count(*) FROM crane_move")
        assert stored[0] > 60
        for first, last in ((0, MINUTES), (0, 2 * MINUTES), (35, 36), (20, 70)):
            found = Differences()
            await compare_facts(await link.get(), devices, span(first, last), found, lambda *_: None)
            assert found.lines == []
            assert found.facts > 0


@pytest.mark.parametrize("held", [20, 10_000])
async def test_what_was_tampered_with_is_made_again(
    database_url: str, monkeypatch: pytest.MonkeyPatch, held: int
) -> None:
    monkeypatch.setattr(period, "HELD", held)
    every = "SELECT m::text FROM crane_move m ORDER BY device_id, locked_at"
    async with worked(database_url) as (link, recomputer, devices):
        before = rows(database_url, every)
        with psycopg.connect(database_url) as connection:
            connection.execute("UPDATE crane_move SET boxes = 7 WHERE device_id = 1 AND locked_at < %s", [until(20)])
            moved = connection.execute(
                "UPDATE crane_move SET locked_at = locked_at - interval '1 ms' WHERE device_id > 1 AND locked_at < %s",
                [until(90)],
            ).rowcount
        changed = rows(database_url, "SELECT count(*) FROM crane_move WHERE boxes = 7")[0][0]
        assert changed > 3
        assert moved > 30
        found = Differences()
        await compare_facts(await link.get(), devices, span(0, 2 * MINUTES), found, lambda *_: None)
        assert len([line for line in found.lines if "boxes 7 should be" in line]) == changed
        assert len(found.lines) == changed + 2 * moved  # each of these is missing, and another one is none
        reading = Link(database_url, "test")
        try:
            await recomputer.period(await reading.get(), devices, span(0, 2 * MINUTES), lambda *_: None)
        finally:
            reading.drop()
        assert rows(database_url, every) == before


async def test_a_pass_that_is_given_up_leaves_the_connection_usable(database_url: str) -> None:
    async with worked(database_url) as (link, _, devices):
        connection = await link.get()

        def tired(_samples: int, _until_us: int) -> None:
            raise InterruptedError

        with suppress(InterruptedError):
            await compare_facts(connection, devices, span(0, MINUTES), Differences(), tired)
        assert await connection.fetchval("SELECT count(*) FROM device") == len(devices)
