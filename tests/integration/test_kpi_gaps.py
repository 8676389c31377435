"""KPI samples of days in which a device was not there yet are not evaluated: what is found is the same all the same."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from infra import history
from infra.clock import from_us
from infra.connection import Connection
from infra.database import Link
from infra.devices import devices
from ingest.recompute import device as recomputed
from ingest.recompute.differences import Differences, compare_kpis
from ingest.store.devices import DeviceRegistry
from ingest.store.site_configuration import all_kpis
from ingest.store.writer import Batch, BatchWriter
from processing.kpi.definition import KpiValue, StaleKpis
from processing.model.device import Device
from processing.model.facts import Fact
from processing.model.level import LevelChange
from processing.model.times import HOUR_US
from processing.site.configuration import Site, Sites
from tests.unit.test_crane_kpis import T0 as MOVES_T0
from tests.unit.test_crane_kpis import move
from tests.unit.test_vehicle_kpis import T0 as TRIPS_T0
from tests.unit.test_vehicle_kpis import trip

BEGIN_US = 1_795_046_400_000_000
"""The midnight of 2026-11-19, UTC."""
HOURS = 36
DEVICE = "INSERT INTO device (terminal, stream, device, type) VALUES ('demo', $1, $2, $3) RETURNING device_id"
SAMPLE = "INSERT INTO {table} (device_id, time, seq, received_at) VALUES ($1, $2, 1, $2)"
CHANGE = (
    "UPDATE kpi_sample SET value = 77 WHERE kpi = 'boxes' AND subject = 'sts1' AND \"window\" = 'PT1H' AND time = $1"
)
REMOVE = "DELETE FROM kpi_sample WHERE kpi = 'boxes' AND subject = 'sts2' AND \"window\" = 'PT1H' AND time = $1"
INSERT = (
    'INSERT INTO kpi_sample (time, terminal, kpi, subject, "window", value) '
    "VALUES ($1, 'demo', 'boxes', 'sts2', 'PT1H', 3), ($1, 'demo', 'lifts', 'sts1', 'shift', 4)"
)
GATE_SAMPLE = "INSERT INTO gate_event (device_id, time, seq, received_at, event) VALUES ($1, $2, 1, $2, 'ocr')"


def at(hour: float) -> int:
    """A time in hours after the beginning. [µs since 1970 UTC]."""
    return BEGIN_US + round(hour * HOUR_US)


def moved(crane: int, hour: float) -> Fact:
    """A discharge of one box."""
    plain = move(0)
    times = ("locked_us", "lifted_us", "landed_us", "unlocked_us")
    return replace(plain, device_id=crane, **{name: getattr(plain, name) + at(hour) - MOVES_T0 for name in times})


def drove(vehicle: int, hour: float) -> Fact:
    """A trip of four minutes."""
    plain = trip(0)
    times = {name: getattr(plain, name) + at(hour) - TRIPS_T0 for name in ("began_us", "ended_us")}
    return replace(plain, device_id=vehicle, **times)


@asynccontextmanager
async def stored(url: str) -> AsyncIterator[tuple[Connection, list[Device], list[StaleKpis]]]:
    """A reefer reports once; cranes, a vehicle and a lane work a day later; facts and KPI samples are stored."""
    link = Link(url, "test")
    try:
        connection = await link.get()
        one, two = [await connection.fetchval(DEVICE, "crane", name, "STS") for name in ("sts1", "sts2")]
        agv = await connection.fetchval(DEVICE, "vehicle", "agv1", "AGV")
        lane = await connection.fetchval(DEVICE, "gate", "in1", "GATE")
        plug = await connection.fetchval(DEVICE, "reefer", "r01-1", "PLUG")
        for table, device_id, hour in (
            ("reefer_telemetry", plug, 0),
            ("crane_telemetry", one, 29),
            ("crane_telemetry", two, 33),
            ("vehicle_telemetry", agv, 30),
        ):
            await connection.execute(SAMPLE.format(table=table), device_id, from_us(at(hour)))
        await connection.execute(GATE_SAMPLE, lane, from_us(at(31)))
        facts = [
            *(moved(one, 29.5 + n / 10) for n in range(10)),
            moved(two, 33.5),
            drove(agv, 30.5),
            LevelChange(plug, "plugged", at(0.2), 1.0),
            LevelChange(lane, "queue_length", at(31.2), 2.0),
        ]
        registry = DeviceRegistry(link, Sites())
        await registry.load()
        writer = BatchWriter(link, registry.address_of)
        await writer.write(Batch(facts=facts))
        own = await devices(connection, Sites(), "demo")
        stale = sorted(all_kpis(own, await history.calls(connection, ["demo"], 0, None), BEGIN_US))
        yield await _with_samples(link, writer, own, stale), own, stale
    finally:
        link.drop()


async def _with_samples(link: Link, writer: BatchWriter, own: list[Device], stale: list[StaleKpis]) -> Connection:
    values: list[KpiValue] = []
    async for some in recomputed.recompute_kpis(await link.get(), Site(), own, stale, at(HOURS)):
        values += some
    await writer.write(Batch(kpis=values))
    return await link.get()


async def evaluated(connection: Connection, own: list[Device], stale: list[StaleKpis]) -> tuple[int, list[KpiValue]]:
    """How many values are made, and those that are not None."""
    found = [one async for some in recomputed.recompute_kpis(connection, Site(), own, stale, at(HOURS)) for one in some]
    return len(found), [one for one in found if one.value is not None]


async def different(connection: Connection, own: list[Device], stale: list[StaleKpis]) -> Differences:
    """What `reprocess --check` finds in KPI samples."""
    found = Differences()
    await compare_kpis(connection, Site(), own, stale, at(HOURS), found, lambda _count, _time_us: None)
    return found


async def _none_left_out(*_arguments: object) -> Sequence[str]:
    return ()


async def test_days_in_which_nothing_is_known_are_left_out_and_nothing_else(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Values, and differences of samples that were changed, removed, and inserted where nothing is known."""
    async with stored(database_url) as (connection, own, stale):
        fewer, values = await evaluated(connection, own, stale)
        assert len(values) > 2 * 36 * 60  # of the terminal and of the rack, each minute, at the very least
        assert (await different(connection, own, stale)).lines == []
        changes = (
            (CHANGE, 30.45),
            (REMOVE, 34),
            (INSERT, 20.25),
        )
        for text, hour in changes:
            await connection.execute(text, from_us(at(hour)))
        found = await different(connection, own, stale)
        monkeypatch.setattr(recomputed, "_without_samples", _none_left_out)
        more, same_values = await evaluated(connection, own, stale)
        assert values == same_values
        same = await different(connection, own, stale)
        assert (found.lines, found.kpis) == (same.lines, same.kpis)
        assert fewer < 0.7 * more
    assert found.lines == [
        "demo: KPI lifts of sts1, shift, at 2026-11-19 20:15:00: 4.0 should be None",
        "demo: KPI boxes of sts2, PT1H, at 2026-11-19 20:15:00: 3.0 should be None",
        "demo: KPI boxes of sts1, PT1H, at 2026-11-20 06:27:00: 77.0 should be 10.0",
        "demo: KPI boxes of sts2, PT1H, at 2026-11-20 10:00:00: None should be 1.0",
    ]


async def test_days_before_a_terminal_was_there_are_left_out(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stored(database_url) as (connection, own, stale):
        early = [replace(one, since_us=at(-72)) for one in stale if one.fact in ("move", "plugged", "visit")]
        monkeypatch.setattr("tests.integration.test_kpi_gaps.HOURS", 1)
        fewer, values = await evaluated(connection, own, early)
        monkeypatch.setattr(recomputed, "_without_samples", _none_left_out)
        more, same_values = await evaluated(connection, own, early)
        assert values == same_values
        assert min(one.time_us for one in values) == at(0.2)
        assert fewer < 0.1 * more
