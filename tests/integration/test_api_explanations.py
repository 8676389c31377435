"""Explanations list the facts behind gauges and calls too: what a person can go and look at."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from api.kpis.parameters import SUBJECT_KINDS
from tests.integration import api_rows
from tests.integration.api_rows import MINUTE, NOON, text

Ask = Any
AT = f"at={text(NOON + 20 * MINUTE)}"


async def _add_levels(db: Any) -> None:
    """A second lane and a second plug; the lanes' queues, and the plugs' states, at noon and after."""
    await db.execute(
        "INSERT INTO device OVERRIDING SYSTEM VALUE VALUES (11, 'demo', 'gate', 'in2', NULL, $1),"
        " (12, 'demo', 'reefer', 'r002', NULL, $1)",
        NOON,
    )
    await db.execute(
        "INSERT INTO gate_event (time, device_id, seq, received_at, event) VALUES ($1, 3, 0, $1, 'queue_enter')",
        NOON - MINUTE,
    )
    for device_id, name, minute, value in (
        (3, "queue_length", 0, 2.0),
        (11, "queue_length", 5, 4.0),
        (11, "queue_length", 25, 9.0),
        (4, "plugged", 0, 1.0),
        (12, "plugged", 3, 1.0),
        (4, "unpowered", 0, 0.0),
        (12, "unpowered", 4, 1.0),
    ):
        at = NOON + minute * MINUTE
        await db.execute("INSERT INTO device_level VALUES ($1, $2, $3, $4)", device_id, name, at, value)


async def _add_call(db: Any) -> None:
    """sts1 works v9 at berth b1 from noon on: 30 boxes planned, 28 listed."""
    await db.execute(
        "INSERT INTO vessel_call (terminal, call_id, vessel, berth, first_line_at, all_fast_at, planned_discharge,"
        " payload, received_at) VALUES ('demo', 'v9', 'QUAY PIONEER', 'b1', $1, $1, 30, '{}', $1)",
        NOON,
    )
    await db.execute("INSERT INTO call_assignment VALUES ('demo', 'v9', 'sts1', $1, NULL)", NOON)
    await db.execute(
        "INSERT INTO tos_import (terminal, call_id, source, format, imported_by, lines)"
        " VALUES ('demo', 'v9', 'list.csv', 'csv', 'anna', 28)"
    )


@pytest.fixture
async def ask(database_url: str, mqtt_url: str) -> AsyncIterator[Ask]:
    """Asks the API, over facts around noon."""
    async with api_rows.rows(database_url) as db:
        await api_rows.add_devices(db)
        await api_rows.add_facts(db)
        await api_rows.add_crane_sample(db, 1, NOON - MINUTE, 0, 0.0)
        await _add_levels(db)
        await _add_call(db)
    async with api_rows.serving(database_url, mqtt_url) as base, api_rows.asking(base) as asked:
        yield asked


async def _explained(ask: Ask, kpi: str, more: str = "") -> Any:
    status, body = await ask(f"/api/v1/kpis/{kpi}/explain?terminal=demo&{AT}{more}")
    assert status == 200, body
    return body


async def test_queues_by_lane(ask: Ask) -> None:
    body = await _explained(ask, "gate_queue_length")
    assert body["value"] == 6.0
    assert body["levels"] == [
        {"device": "in2", "name": "queue_length", "since": text(NOON + 5 * MINUTE), "value": 4.0},
        {"device": "in1", "name": "queue_length", "since": text(NOON), "value": 2.0},
    ]


async def test_plugs(ask: Ask) -> None:
    body = await _explained(ask, "reefers_plugged")
    assert (body["value"], [one["device"] for one in body["levels"]]) == (2.0, ["r001", "r002"])
    body = await _explained(ask, "reefers_unpowered")
    assert (body["value"], [(one["device"], one["value"]) for one in body["levels"]]) == (
        1.0,
        [("r002", 1.0), ("r001", 0.0)],
    )


async def test_excursions(ask: Ask) -> None:
    """The one of noon lasts for half an hour; the next begins later."""
    body = await _explained(ask, "reefers_out_of_range")
    assert body["value"] == 1.0
    assert body["excursions"] == [
        {
            "terminal": "demo",
            "device": "r001",
            "container_id": "MSKU1234565",
            "probe": "supply",
            "began_at": text(NOON),
            "ended_at": text(NOON + 30 * MINUTE),
            "setpoint_degc": -18.0,
            "worst_degc": 4.5,
        }
    ]


async def test_trucks_inside(ask: Ask) -> None:
    """v1 came at noon and leaves at half past."""
    body = await _explained(ask, "trucks_in_terminal")
    assert (body["value"], [one["visit"] for one in body["visits"]]) == (1.0, ["v1"])


async def test_calls(ask: Ask) -> None:
    """Two boxes of sts1 in twenty minutes."""
    body = await _explained(ask, "moves_remaining", "&subject=v9")
    assert body["value"] == 28.0
    assert len(body["counted"]) == 2
    assert body["calls"] == [
        {"call": "v9", "vessel": "QUAY PIONEER", "berth": "b1", "boxes": 2, "planned": 30, "listed": 28}
    ]
    body = await _explained(ask, "tos_difference", "&subject=b1")
    assert (body["value"], body["calls"][0]["listed"]) == (-26.0, 28)


async def test_a_crane_has_moves_only(ask: Ask) -> None:
    body = await _explained(ask, "boxes", "&subject=sts1&window=PT1H")
    assert (body["value"], len(body["counted"])) == (2.0, 2)
    assert (body["visits"], body["excursions"], body["levels"], body["calls"]) == ([], [], [], [])


async def test_an_unknown_subject_is_refused_with_those_that_the_kpi_has(ask: Ask) -> None:
    status, body = await ask(f"/api/v1/kpis/vehicle_trips_per_hour/explain?terminal=demo&subject=agv77&{AT}")
    assert status == 404
    assert body["error"]["message"] == (
        f"agv77 is no {SUBJECT_KINDS} of demo then; vehicle_trips_per_hour is made for: terminal demo; vehicle -"
    )
