"""One visit over the API: what it was made of, from transactions of its lanes and container events of its boxes."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest

from tests.integration import api_rows
from tests.integration.api_rows import MINUTE, NOON, text

Ask = Any
BOX, OTHER = "CSQU3054383", "MSKU9070323"


def at(minute: float) -> datetime:
    return NOON + minute * MINUTE


async def _event(db: Any, minute: float, fact: float, name: str, device: str, number: str) -> None:
    gate = device in ("in1", "out1")
    await db.execute(
        "INSERT INTO container_event (terminal, source, device, event, ordinal, fact_at, container_id, time, stream,"
        " confidence, check_ok) VALUES ('demo', $1, $2, $3, 0, $4, $5, $6, $7, 0.99, true)",
        "gate_transaction" if gate else "crane_move",
        device,
        name,
        at(fact),
        number,
        at(minute),
        "gate" if gate else "crane",
    )


async def _visit(db: Any) -> None:
    """In by in1 from minute 1 to 2, out by out1 from 40 to 42; armg1 took one box off, armg2 put another one on."""
    await db.execute(
        "INSERT INTO device OVERRIDING SYSTEM VALUE VALUES (11, 'demo', 'gate', 'out1', NULL, $1)",
        NOON,
    )
    await db.execute(
        "INSERT INTO gate_transaction (device_id, entered_at, left_at, direction, trouble, container_ids)"
        " VALUES (11, $1, $2, 'out', false, '{}')",
        at(40),
        at(42),
    )
    await db.execute(
        "INSERT INTO truck_visit (terminal, lane, arrived_at, passed_at, visit, plate, entered_at, left_at, lane_in,"
        " lane_out) VALUES ('demo', 'in1', $1, $2, 'V7', 'XYZ-1', $2, $3, 'in1', 'out1')",
        at(1),
        at(2),
        at(42),
    )
    await _event(db, 2, 1, "gate_in", "in1", BOX)
    await _event(db, 42, 40, "gate_out", "out1", OTHER)
    for minute, crane, number in ((10, "armg1", BOX), (20, "armg2", OTHER)):
        await _event(db, minute, minute, "picked", crane, number)
        await _event(db, minute + 3, minute, "placed", crane, number)


@pytest.fixture
async def ask(database_url: str, mqtt_url: str) -> AsyncIterator[Ask]:
    """Asks the API, over one visit."""
    async with api_rows.rows(database_url) as db:
        await api_rows.add_devices(db)
        await _visit(db)
    async with api_rows.serving(database_url, mqtt_url) as base, api_rows.asking(base) as asked:
        yield asked


async def test_a_visit_by_either_passage(ask: Ask) -> None:
    """Of 41 minutes 3 were in lanes and 6 service: 32 are the rest."""
    status, body = await ask(f"/api/v1/visits/in1/{text(at(1))}?terminal=demo")
    assert status == 200, body
    assert (await ask(f"/api/v1/visits/out1/{text(at(40))}?terminal=demo")) == (200, body)
    assert body["visit"]["visit"] == "V7"
    minutes = ("whole_min", "gate_in_min", "gate_out_min", "service_min", "waiting_min")
    assert [body[name] for name in minutes] == [41.0, 1.0, 2.0, 6.0, 32.0]
    shares = ("gate_share", "service_share", "waiting_share")
    assert [body[name] for name in shares] == [0.0732, 0.1463, 0.7805]
    assert body["not_seen"] == []
    assert body["served"][0] == {
        "container_id": BOX,
        "brought": True,
        "device": "armg1",
        "stream": "crane",
        "began_at": text(at(10)),
        "ended_at": text(at(13)),
        "after_min": 8.0,
    }
    assert [(one["container_id"], one["brought"], one["device"]) for one in body["served"][1:]] == [
        (OTHER, False, "armg2")
    ]


async def test_no_truck_came_then(ask: Ask) -> None:
    status, body = await ask(f"/api/v1/visits/in1/{text(at(3))}?terminal=demo")
    assert status == 404
    assert "/api/v1/visits?terminal=demo lists visits" in body["error"]["message"]
