"""Which box a plug holds after a restart, though the box named itself days ago; rows inserted by hand."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from infra.clock import to_us
from infra.database import Link
from ingest.recompute.held_boxes import held
from ingest.recompute.restore import restore
from ingest.store.devices import DeviceRegistry
from processing.engine import Engine
from processing.reefers.facts import ReeferExcursion
from processing.site.configuration import Sites
from tests.unit.reefer_signals import BOX, OTHER_BOX, T0, row, samples

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
BEGIN = datetime.fromtimestamp(T0 / 1e6, UTC)
"""When boxes name themselves; nothing does afterwards."""
NAMES = ("stays", "left", "swapped", "nameless", "early")
PLUGS = dict(zip(NAMES, range(51, 56), strict=True))


@pytest.fixture
async def link(database_url: str) -> AsyncIterator[Link]:
    """A connection to a database in which plugs are known."""
    link = Link(database_url, "test")
    try:
        connection = await link.get()
        await connection.execute(
            "INSERT INTO device (device_id, terminal, stream, device, type) OVERRIDING SYSTEM VALUE "
            "SELECT id, 'demo', 'reefer', name, 'PLUG' FROM unnest($1::int[], $2::text[]) AS d (id, name)",
            list(PLUGS.values()),
            list(PLUGS),
        )
        yield link
    finally:
        link.drop()


async def add(link: Link, plug: str, after: timedelta, **signals: Any) -> None:
    """A row of a plug."""
    names = ["device_id", "time", "seq", "received_at", *signals]
    values = [PLUGS[plug], BEGIN + after, 0, BEGIN + after, *signals.values()]
    places = ", ".join(f"${n}" for n in range(1, len(values) + 1))
    query = f"INSERT INTO reefer_telemetry ({', '.join(names)}) VALUES ({places})"  # noqa: S608 - names of this module
    await (await link.get()).execute(query, *values)


async def change(link: Link, plug: str, after: timedelta, box: str, *, plugged: bool) -> None:
    """A box that was plugged in or out, as is stored."""
    query = "INSERT INTO reefer_plug_change (device_id, plugged, time, container_id) VALUES ($1, $2, $3, $4)"
    await (await link.get()).execute(query, PLUGS[plug], plugged, BEGIN + after, box)


async def test_the_box_is_the_one_that_was_plugged_in_last_and_not_out(link: Link) -> None:
    """One that takes another one's place at the same time is there; what comes at the time, or later, is not yet."""
    await change(link, "stays", 0 * MINUTE, BOX, plugged=True)
    await change(link, "left", 0 * MINUTE, BOX, plugged=True)
    await change(link, "left", 1 * MINUTE, BOX, plugged=False)
    await change(link, "swapped", 0 * MINUTE, BOX, plugged=True)
    await change(link, "swapped", 1 * MINUTE, OTHER_BOX, plugged=True)
    await change(link, "swapped", 1 * MINUTE, BOX, plugged=False)
    await change(link, "early", 3 * DAY, BOX, plugged=True)
    found = await held(await link.get(), list(PLUGS.values()), to_us(BEGIN + 3 * DAY))
    assert found == {PLUGS["stays"]: BOX, PLUGS["swapped"]: OTHER_BOX}


async def test_an_excursion_that_lasts_over_a_restart_is_still_of_its_box(link: Link) -> None:
    """Named three days before it begins; the worker starts again while it lasts, and it ends with the box on it."""
    await change(link, "stays", timedelta(0), BOX, plugged=True)
    await add(link, "stays", timedelta(0), container_id=BOX, plugged=True, supply_degc=4.1)
    await add(link, "stays", MINUTE, plugged=False, supply_degc=4.0)  # a contact that chatters
    rows = [row(3 * 1440 + m, 4.0 if m < 540 else 7.0, container_id=None) for m in range(600)]
    for after, signals in rows:
        await add(link, "stays", timedelta(minutes=after), **signals)
    engine = Engine(Sites())
    await restore(await link.get(), engine, DeviceRegistry(link, Sites()))
    back = samples([row(3 * 1440 + 600 + m, 4.0, container_id=None) for m in range(20)], PLUGS["stays"])
    ended = [
        fact
        for fact in engine.trackers["reefer"].feed(back, np.array([0]), np.array([19]))
        if isinstance(fact, ReeferExcursion)
    ]
    assert [(one.container_id, one.ended_us) for one in ended] == [(BOX, T0 + (3 * 1440 + 600) * 60_000_000)]
