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

DAY = timedelta(days=1)
BEGIN = datetime.fromtimestamp(T0 / 1e6, UTC)
"""When boxes name themselves; nothing does afterwards."""
NAMES = ("named", "left", "swapped", "spoilt", "nameless", "early")
PLUGS = dict(zip(NAMES, range(51, 57), strict=True))


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


async def test_the_box_is_the_one_named_last_since_the_plug_was_free(link: Link) -> None:
    """A free plug holds none, whatever it names; one that draws power is not free; what comes later is not there."""
    minute = timedelta(minutes=1)
    await add(link, "named", 0 * minute, container_id=BOX, plugged=True)
    await add(link, "named", 1 * minute, plugged=False, power_kw=3.0)
    await add(link, "named", 2 * minute, supply_degc=4.0)
    await add(link, "left", 0 * minute, container_id=BOX, plugged=True)
    await add(link, "left", 1 * minute, plugged=False)
    await add(link, "left", 2 * minute, container_id=OTHER_BOX)
    await add(link, "swapped", 0 * minute, container_id=BOX, plugged=True)
    await add(link, "swapped", 1 * minute, plugged=False, power_kw=0.1)
    await add(link, "swapped", 2 * minute, container_id=OTHER_BOX, plugged=True)
    await add(link, "spoilt", 0 * minute, container_id=BOX)
    await add(link, "nameless", 0 * minute, plugged=True)
    await add(link, "early", 4 * DAY, container_id=BOX, plugged=True)
    found = await held(await link.get(), list(PLUGS.values()), to_us(BEGIN + 3 * DAY))
    assert found == {PLUGS["named"]: BOX, PLUGS["swapped"]: OTHER_BOX, PLUGS["spoilt"]: BOX}


async def test_an_excursion_that_lasts_over_a_restart_is_still_of_its_box(link: Link) -> None:
    """Named three days before it begins; the worker starts again while it lasts, and it ends with the box on it."""
    await add(link, "named", timedelta(0), container_id=BOX, plugged=True, powered=True)
    rows = [row(3 * 1440 + m, 4.0 if m < 540 else 7.0, container_id=None) for m in range(600)]
    for after, signals in rows:
        await add(link, "named", timedelta(minutes=after), **signals)
    engine = Engine(Sites())
    await restore(await link.get(), engine, DeviceRegistry(link, Sites()))
    back = samples([row(3 * 1440 + 600 + m, 4.0, container_id=None) for m in range(20)], PLUGS["named"])
    ended = [
        fact
        for fact in engine.trackers["reefer"].feed(back, np.array([0]), np.array([19]))
        if isinstance(fact, ReeferExcursion)
    ]
    assert [(one.container_id, one.ended_us) for one in ended] == [(BOX, T0 + (3 * 1440 + 600) * 60_000_000)]
