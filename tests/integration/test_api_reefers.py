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


async def add_air(db: Any) -> None:
    """r01-01: a box at +4 °C from NOON on, another setpoint from minute 30 on, free from minute 50 on."""
    query = (
        "INSERT INTO reefer_telemetry (time, device_id, seq, received_at, container_id, setpoint_degc, supply_degc,"
        " return_degc, usda1_degc, usda2_degc, plugged) VALUES ($1, 31, 0, $1, $2, $3, $4, $5, $6, $7, $8)"
    )
    for minute, values in (
        (0, (BOX, 4.0, 4.5, 6.0, 3.0, 3.5, True)),
        (10, (None, None, 5.5, 6.5, None, None, None)),
        (30, (None, 2.0, 3.0, 5.0, None, None, None)),
        (50, (None, None, None, None, None, None, False)),
    ):
        await db.execute(query, NOON + minute * MINUTE, *values)
    level = "INSERT INTO device_level (device_id, name, time, value) VALUES ($1, $2, $3, $4)"
    for name, minute, value in (
        ("plugged", 0, 1.0),
        ("unpowered", 0, 0.0),
        ("unpowered", 20, 1.0),
        ("plugged", 50, 0.0),
    ):
        await db.execute(level, 31, name, NOON + minute * MINUTE, value)
    change = "INSERT INTO reefer_plug_change (device_id, plugged, time, container_id) VALUES (31, $1, $2, $3)"
    for minute, plugged in ((0, True), (50, False)):
        await db.execute(change, plugged, NOON + minute * MINUTE, BOX)
    excursion = (
        "INSERT INTO reefer_excursion (device_id, container_id, probe, began_at, ended_at, setpoint_degc, worst_degc)"
        " VALUES (31, $1, 'supply', $2, $3, 4, $4)"
    )
    await db.execute(excursion, BOX, NOON - 30 * MINUTE, NOON + 4 * MINUTE, -1.5)
    await db.execute(excursion, BOX, NOON + 10 * MINUTE, None, 1.25)


async def test_plugs_at_the_end_of_a_span_and_what_was_wrong_in_it(ask: Ask, database_url: str) -> None:
    """Until minute 40: 4 and 30 min out of range, 10 and 20 min without power; r01-02 has sent nothing."""
    async with api_rows.rows(database_url) as db:
        await add_air(db)
    span = f"from={text(NOON)}&to={text(NOON + 40 * MINUTE)}"
    status, body = await ask(f"/api/v1/reefers/plugs?terminal=demo&{span}")
    assert status == 200
    first, second = sorted(body["plugs"], key=lambda one: one["device"])
    assert first == {
        "device": "r01-01",
        "rack": "r01",
        "container_id": BOX,
        "plugged": True,
        "powered": False,
        "out_of_range": True,
        "time": text(NOON + 30 * MINUTE),
        "setpoint_degc": 2.0,
        "supply_degc": 3.0,
        "return_degc": 5.0,
        "mode": None,
        "excursions": 2,
        "out_of_range_min": 34.0,
        "worst_k": -1.5,
        "off_power_min": 30.0,
        "unknown_min": 0.0,
    }
    assert (second["plugged"], second["time"], second["unknown_min"]) == (None, None, 15.0)
    assert (await ask(f"/api/v1/reefers/plugs?{span}"))[0] == 400
    assert (await ask(f"/api/v1/reefers/plugs?terminal=nowhere&{span}"))[1]["plugs"] == []


async def test_temperatures_of_a_plug_with_the_range_that_is_allowed(ask: Ask, database_url: str) -> None:
    """Steps of 20 min: of the first one the air of both samples; two setpoints, and none of a free plug."""
    async with api_rows.rows(database_url) as db:
        await add_air(db)
    span = f"from={text(NOON)}&to={text(NOON + 60 * MINUTE)}"
    status, body = await ask(f"/api/v1/reefers/demo/r01-01/readings?{span}&points=10")
    assert status == 200
    assert body["step_ms"] == 360_000
    assert [one - body["time"][0] for one in body["time"]] == [0, 600_000, 1_800_000, 3_000_000]
    assert body["series"]["supply_low_degc"] == [4.5, 5.5, 3.0, None]
    assert body["series"]["pulp_degc"] == [3.5, None, None, None]
    assert body["ranges"] == [
        {
            "begin": text(NOON + begin * MINUTE),
            "end": text(NOON + end * MINUTE),
            "container_id": BOX,
            "setpoint_degc": setpoint,
            "profile": "chilled",
            "probe": "supply",
            "low_degc": setpoint - 1,
            "high_degc": setpoint + 1,
        }
        for begin, end, setpoint in ((0, 30, 4.0), (30, 50, 2.0))
    ]
    status, body = await ask(f"/api/v1/reefers/demo/r09-01/readings?{span}")
    assert (status, "no reefer plug r09-01" in body["error"]["message"]) == (404, True)


async def test_figures_of_the_box_on_a_plug(ask: Ask, database_url: str) -> None:
    """Readings of minutes 0, 10, 30 stand 10, 20 and 20 min: the second is 1.5 K too warm; free from 50 on.

    The mean is 4.3 °C; a variance of 1.26 K² by 0.0613 per K adds 0.077 K to it. The box writes its number its own way,
    and only in minute 0: from minute 5 on it is still there, its setpoint is not known until minute 30.
    """
    async with api_rows.rows(database_url) as db:
        await add_air(db)
        await db.execute("UPDATE reefer_telemetry SET container_id = 'csqu 305438-3' WHERE container_id IS NOT NULL")
    span = f"from={text(NOON)}&to={text(NOON + 60 * MINUTE)}"
    status, body = await ask(f"/api/v1/reefers/demo/r01-01/figures?{span}&container_id=csqu%20305438%203")
    assert status == 200
    found = {one["id"]: one for one in body["figures"]}
    assert found["out_of_range_share"]["value"] == 40.0
    assert found["out_of_range_share"]["filled"] == "100 × 20 min ÷ 50 min = 40 %"
    assert found["mean_kinetic_degc"]["value"] == pytest.approx(4.377, abs=1e-3)
    assert (found["unknown_min"]["value"], found["mean_power_kw"]["value"]) == (0.0, None)
    _, body = await ask(f"/api/v1/reefers/demo/r01-01/figures?{span}&container_id=MNBU1000009")
    assert [one["value"] for one in body["figures"]] == [None, 0.0, None, 0.0, None]
    span = f"from={text(NOON + 5 * MINUTE)}&to={text(NOON + 60 * MINUTE)}"
    _, body = await ask(f"/api/v1/reefers/demo/r01-01/figures?{span}&container_id={BOX}")
    found = {one["id"]: one["value"] for one in body["figures"]}
    assert (found["unknown_min"], found["out_of_range_share"]) == (20.0, 0.0)
    span = f"from={text(NOON + 51 * MINUTE)}&to={text(NOON + 90 * MINUTE)}"
    _, body = await ask(f"/api/v1/reefers/demo/r01-01/figures?{span}")
    assert {one["id"]: one["value"] for one in body["figures"]}["unknown_min"] == 0.0
