"""Trips and charging sessions over the API, and the trips behind a KPI; facts inserted by hand."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from tests.integration import api_rows
from tests.integration.api_rows import MINUTE, NOON, text

Ask = Any
SPAN = f"from={text(NOON)}&to={text(NOON + 60 * MINUTE)}"


async def add_vehicles(db: Any) -> None:
    """agv01 carries a box to a block and comes back; agv02 charges."""
    await db.execute(
        "INSERT INTO device OVERRIDING SYSTEM VALUE VALUES (21, 'demo', 'vehicle', 'agv01', 'AGV', $1),"
        " (22, 'demo', 'vehicle', 'agv02', 'AGV', $1)",
        NOON,
    )
    trip = "INSERT INTO vehicle_trip VALUES (21, $1, $2, $3, $4, $5, 300, 20, 500.5, 120, $6, $7, $8, $9)"
    await db.execute(
        trip, NOON, NOON + 2 * MINUTE, NOON + 5 * MINUTE, "quay", "block", True, 600.0, 1.5, ["CSQU3054383"]
    )
    await db.execute(trip, NOON + 6 * MINUTE, NOON + 8 * MINUTE, None, "block", "quay", False, 200.0, None, None)
    await db.execute("INSERT INTO vehicle_charge VALUES (22, $1, $2, 15, 40, 5)", NOON, NOON + 10 * MINUTE)
    await db.execute("INSERT INTO vehicle_charge VALUES (22, $1, NULL, 70, NULL, NULL)", NOON - timedelta(hours=2))


@pytest.fixture
async def ask(database_url: str, mqtt_url: str) -> AsyncIterator[Ask]:
    """Asks the API."""
    async with api_rows.rows(database_url) as db:
        await add_vehicles(db)
    async with api_rows.serving(database_url, mqtt_url) as base, api_rows.asking(base) as asked:
        yield asked


FIRST = {
    "terminal": "demo",
    "device": "agv01",
    "began_at": text(NOON),
    "ended_at": text(NOON + 2 * MINUTE),
    "served_at": text(NOON + 5 * MINUTE),
    "from_zone": "quay",
    "to_zone": "block",
    "laden": True,
    "distance_m": 600.0,
    "energy_kwh": 1.5,
    "container_ids": ["CSQU3054383"],
    "from_x_m": 300.0,
    "from_y_m": 20.0,
    "to_x_m": 500.5,
    "to_y_m": 120.0,
}


async def test_trips(ask: Ask) -> None:
    """Newest first; by terminal, device and span; cut at the limit."""
    status, body = await ask(f"/api/v1/vehicles/trips?terminal=demo&device=agv01&{SPAN}")
    assert status == 200
    second, first = body["trips"]
    assert first == FIRST
    assert (second["served_at"], second["container_ids"], second["energy_kwh"]) == (None, [], None)
    _, body = await ask(f"/api/v1/vehicles/trips?{SPAN}&limit=1")
    assert body["trips"] == [second]
    for empty in (f"device=agv02&{SPAN}", f"terminal=other&{SPAN}", f"from={text(NOON - 60 * MINUTE)}&to={text(NOON)}"):
        assert (await ask(f"/api/v1/vehicles/trips?{empty}"))[1] == {"trips": []}
    assert (await ask("/api/v1/vehicles/trips?limit=0"))[0] == 400


async def test_charges(ask: Ask) -> None:
    """Those that touch the span: one that lasts began two hours before."""
    _, body = await ask(f"/api/v1/vehicles/charges?terminal=demo&{SPAN}")
    ended, lasting = body["charges"]
    assert ended == {
        "terminal": "demo",
        "device": "agv02",
        "began_at": text(NOON),
        "ended_at": text(NOON + 10 * MINUTE),
        "battery_from_pct": 15.0,
        "battery_to_pct": 40.0,
        "energy_kwh": 5.0,
    }
    assert (lasting["ended_at"], lasting["battery_to_pct"]) == (None, None)


async def test_an_explanation_lists_the_trips(ask: Ask) -> None:
    """600 m laden and 200 m empty, of the terminal and of the vehicle; the wait at the crane lasts."""
    at = f"terminal=demo&at={text(NOON + 30 * MINUTE)}"
    for subject in ("demo", "agv01"):
        status, body = await ask(f"/api/v1/kpis/vehicle_empty_travel_share/explain?{at}&subject={subject}")
        assert (status, body["value"]) == (200, 25.0), body
        assert body["filled"] == "100 × 0.2 km ÷ 0.8 km = 25 %"
        assert [trip["ended_at"] for trip in body["trips"]] == [text(NOON + minute * MINUTE) for minute in (2, 8)]
        assert body["trips"][0] == FIRST
    _, body = await ask(f"/api/v1/kpis/vehicle_block_wait_mean/explain?{at}")
    assert body["value"] == 3.0
    _, body = await ask(f"/api/v1/kpis/vehicle_crane_wait_mean/explain?{at}")
    assert body["value"] is None
