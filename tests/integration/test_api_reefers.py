"""Boxes without power and not heard, over the API and behind KPIs; facts inserted by hand."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.integration import api_rows
from tests.integration.api_rows import MINUTE, NOON, text

Ask = Any
SPAN = f"from={text(NOON)}&to={text(NOON + 60 * MINUTE)}"
BOX = "CSQU3054383"


async def add_reefers(db: Any) -> None:
    """r01-01 without power for 10 min, then since minute 20; r01-02 not heard for 15 min."""
    await db.execute(
        "INSERT INTO device OVERRIDING SYSTEM VALUE VALUES (31, 'demo', 'reefer', 'r01-01', 'PLUG', $1),"
        " (32, 'demo', 'reefer', 'r01-02', 'PLUG', $1)",
        NOON,
    )
    off = "INSERT INTO reefer_off_power (device_id, began_at, ended_at, container_id) VALUES (31, $1, $2, $3)"
    await db.execute(off, NOON, NOON + 10 * MINUTE, BOX)
    await db.execute(off, NOON + 20 * MINUTE, None, None)
    silence = "INSERT INTO reefer_silence (device_id, began_at, ended_at, container_id) VALUES (32, $1, $2, $3)"
    await db.execute(silence, NOON + 5 * MINUTE, NOON + 20 * MINUTE, BOX)


@pytest.fixture
async def ask(database_url: str, mqtt_url: str) -> AsyncIterator[Ask]:
    """Asks the API."""
    async with api_rows.rows(database_url) as db:
        await add_reefers(db)
    async with api_rows.serving(database_url, mqtt_url) as base, api_rows.asking(base) as asked:
        yield asked


FIRST = {
    "terminal": "demo",
    "device": "r01-01",
    "container_id": BOX,
    "began_at": text(NOON),
    "ended_at": text(NOON + 10 * MINUTE),
}


async def test_boxes_without_power(ask: Ask) -> None:
    """Newest first; one that lasts has no end."""
    status, body = await ask(f"/api/v1/reefers/off-power?terminal=demo&{SPAN}")
    assert status == 200
    second, first = body["off_power"]
    assert first == FIRST
    assert (second["began_at"], second["ended_at"], second["container_id"]) == (text(NOON + 20 * MINUTE), None, None)
    assert (await ask(f"/api/v1/reefers/off-power?device=r01-02&{SPAN}"))[1] == {"off_power": []}


async def test_silences(ask: Ask) -> None:
    _, body = await ask(f"/api/v1/reefers/silences?terminal=demo&{SPAN}")
    assert body["silences"] == [
        FIRST | {"device": "r01-02", "began_at": text(NOON + 5 * MINUTE), "ended_at": text(NOON + 20 * MINUTE)}
    ]


async def test_an_explanation_lists_the_spans(ask: Ask) -> None:
    """Until minute 30 10 min and 10 min without power, 15 min not heard."""
    at = f"terminal=demo&at={text(NOON + 30 * MINUTE)}"
    _, body = await ask(f"/api/v1/kpis/reefer_off_power_min/explain?{at}")
    assert (body["value"], [one["began_at"] for one in body["off_power"]]) == (
        20.0,
        [text(NOON), text(NOON + 20 * MINUTE)],
    )
    _, body = await ask(f"/api/v1/kpis/reefer_unknown_min/explain?{at}")
    assert (body["value"], [one["device"] for one in body["silences"]]) == (15.0, ["r01-02"])
