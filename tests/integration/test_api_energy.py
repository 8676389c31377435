"""Energy and CO2 over the API, and the quarters of an hour behind a KPI; facts inserted by hand."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration import api_rows
from tests.integration.api_rows import MINUTE, NOON, text

Ask = Any
SPAN = f"from={text(NOON)}&to={text(NOON + 60 * MINUTE)}"
GRID = """
[[terminal.demo.grid]]
kg_co2_per_kwh = 0.5
until = 2026-11-23T12:15:00Z

[[terminal.demo.grid]]
kg_co2_per_kwh = 0.25
from = 2026-11-23T12:15:00Z
"""
QUARTER = 15 * MINUTE


async def add_energy(db: Any) -> None:
    """sts1 takes 40 kWh for two boxes, agv01 charges 25 kWh and drives a trip of 2 kWh, two plugs take 1 and 3 kWh."""
    await api_rows.add_devices(db)
    await db.execute(
        "INSERT INTO device OVERRIDING SYSTEM VALUE VALUES (21, 'demo', 'vehicle', 'agv01', 'AGV', $1),"
        " (31, 'demo', 'reefer', 'a-01', 'PLUG', $1), (32, 'demo', 'reefer', 'a-02', 'PLUG', $1)",
        NOON,
    )
    use = "INSERT INTO energy_use VALUES ($1, $2, $3, $4, $5, $6)"
    for device_id, quarter, equipment, energy_kwh, measured_s in (
        (1, 0, "crane", 40.0, 900),
        (21, 1, "vehicle", 25.0, 600),
        (31, 0, "reefer", 1.0, 900),
        (32, 1, "reefer", 3.0, 900),
        (32, -1, "reefer", 9.0, 900),
    ):
        began_at = NOON + quarter * QUARTER
        await db.execute(use, device_id, began_at, began_at + QUARTER, equipment, energy_kwh, measured_s)
    await api_rows.add_crane_sample(db, 1, NOON, 1, 0.0)  # KPIs of boxes are known since a crane is there
    for minute in (2, 5):
        await api_rows.add_move(db, 1, NOON + minute * MINUTE)
    await db.execute("UPDATE crane_move SET energy_kwh = 5.5 WHERE locked_at = $1", NOON + 2 * MINUTE)
    trip = "INSERT INTO vehicle_trip VALUES (21, $1, $2, NULL, 'quay', 'block', 0, 90, 10, 10, true, 500, 2, NULL)"
    await db.execute(trip, NOON, NOON + 3 * MINUTE)


@pytest.fixture
async def ask(database_url: str, mqtt_url: str, tmp_path: Path) -> AsyncIterator[Ask]:
    """Asks the API of a terminal with grid factors."""
    site = tmp_path / "site.toml"
    site.write_text(GRID)
    async with api_rows.rows(database_url) as db:
        await add_energy(db)
    more = {"QUAYSTREAM_SITE": str(site)}
    async with api_rows.serving(database_url, mqtt_url, more=more) as base, api_rows.asking(base) as asked:
        yield asked


async def test_energy_of_a_span(ask: Ask) -> None:
    """Quarters that ended in it: 41 and 28 kWh, at 0.5 and 0.25 kg/kWh; the one before noon ended at its beginning."""
    status, body = await ask(f"/api/v1/energy?terminal=demo&{SPAN}")
    assert status == 200, body
    crane = {"equipment": "crane", "energy_kwh": 40.0, "co2_kg": 20.0}
    reefers = [{"equipment": "reefer", "energy_kwh": one, "co2_kg": co2} for one, co2 in ((1.0, 0.5), (3.0, 0.75))]
    vehicle = {"equipment": "vehicle", "energy_kwh": 25.0, "co2_kg": 6.25}
    first, second = text(NOON), text(NOON + QUARTER)
    assert body == {
        "terminal": "demo",
        "begin": text(NOON),
        "end": text(NOON + 60 * MINUTE),
        "step_s": 900,
        "grid": True,
        "kinds": [crane, {"equipment": "reefer", "energy_kwh": 4.0, "co2_kg": 1.25}, vehicle],
        "peaks": [{"began_at": first, "power_kw": 164.0}, {"began_at": second, "power_kw": 112.0}],
        "steps": [
            {"began_at": first, "kinds": [crane, reefers[0]], "peak_kw": 164.0},
            {"began_at": second, "kinds": [reefers[1], vehicle], "peak_kw": 112.0},
        ],
        "racks": [{"rack": "a", "energy_kwh": 4.0, "peak": {"began_at": second, "power_kw": 12.0}}],
        "per_unit": [
            {"of": "box", "count": 2.0, "energy_kwh": 69.0, "each_kwh": 34.5, "each_co2_kg": 13.75},
            {"of": "move", "count": 1.0, "energy_kwh": 5.5, "each_kwh": 5.5, "each_co2_kg": 1.375},
            {"of": "trip", "count": 1.0, "energy_kwh": 2.0, "each_kwh": 2.0, "each_co2_kg": 0.5},
            {"of": "reefer-hour", "count": 0.5, "energy_kwh": 4.0, "each_kwh": 8.0, "each_co2_kg": 2.5},
        ],
    }


async def test_longer_spans_have_longer_steps(ask: Ask) -> None:
    """An hour of each, a day of each."""
    for days, step_s, steps in ((7, 3_600, 2), (30, 86_400, 1)):
        span = f"from={text(NOON - days * 1_440 * MINUTE + 60 * MINUTE)}&to={text(NOON + 60 * MINUTE)}"
        _, body = await ask(f"/api/v1/energy?terminal=demo&{span}")
        assert (body["step_s"], len(body["steps"])) == (step_s, steps)
        assert sum(kind["energy_kwh"] for step in body["steps"] for kind in step["kinds"]) == 78


async def test_days_are_those_of_the_terminal(database_url: str, mqtt_url: str, tmp_path: Path) -> None:
    """In Lima noon UTC and 05:00 UTC are one day, the quarter before 05:00 is of the day before."""
    site = tmp_path / "site.toml"
    site.write_text('[terminal.demo]\ntime_zone = "America/Lima"\n')
    midnight = NOON - 7 * 60 * MINUTE
    async with api_rows.rows(database_url) as db:
        await add_energy(db)
        for began_at in (midnight - QUARTER, midnight):
            use = "INSERT INTO energy_use VALUES (1, $1, $2, 'crane', 2.0, 900)"
            await db.execute(use, began_at, began_at + QUARTER)
    more = {"QUAYSTREAM_SITE": str(site)}
    span = f"from={text(NOON - 30 * 1_440 * MINUTE)}&to={text(NOON + 60 * MINUTE)}"
    async with api_rows.serving(database_url, mqtt_url, more=more) as base, api_rows.asking(base) as asked:
        _, body = await asked(f"/api/v1/energy?terminal=demo&{span}")
    assert [(one["began_at"], one["peak_kw"]) for one in body["steps"]] == [
        (text(midnight - 1_440 * MINUTE), 8.0),
        (text(midnight), 164.0),
    ]


async def test_a_span_may_begin_and_end_within_an_hour(ask: Ask) -> None:
    """Of the hour at noon only the quarter that ended at 12:30: 25 kWh charged, and 3 kWh of a plug."""
    span = f"from={text(NOON + QUARTER)}&to={text(NOON + 2 * QUARTER + MINUTE)}"
    _, body = await ask(f"/api/v1/energy?terminal=demo&{span}")
    assert [(one["equipment"], one["energy_kwh"]) for one in body["kinds"]] == [("reefer", 3.0), ("vehicle", 25.0)]
    assert body["per_unit"][3]["count"] == 0.25


async def test_a_span_without_energy_and_a_terminal_that_is_not_there(ask: Ask) -> None:
    _, body = await ask("/api/v1/energy?terminal=demo&from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z")
    assert (body["kinds"], body["steps"], body["racks"], body["peaks"]) == ([], [], [], [])
    assert [one["each_kwh"] for one in body["per_unit"]] == [None] * 4
    assert (await ask(f"/api/v1/energy?terminal=nowhere&{SPAN}"))[0] == 404
    assert (await ask(f"/api/v1/energy?terminal=demo&from=2026-01-01T00:00:00Z&to={text(NOON)}"))[0] == 400


async def test_the_facts(ask: Ask) -> None:
    _, body = await ask(f"/api/v1/energy/uses?device=sts1&{SPAN}")
    assert body["uses"] == [
        {
            "terminal": "demo",
            "device": "sts1",
            "began_at": text(NOON),
            "ended_at": text(NOON + QUARTER),
            "equipment": "crane",
            "energy_kwh": 40.0,
            "measured_s": 900,
        }
    ]


async def test_what_a_value_is_made_of(ask: Ask) -> None:
    """The quarters, and what each device took in them."""
    at = text(NOON + 30 * MINUTE)
    _, body = await ask(f"/api/v1/kpis/co2_per_box/explain?terminal=demo&at={at}")
    assert (body["value"], body["filled"]) == (16, "32 kg ÷ 2 boxes = 16 kg/box")
    assert [(one["energy_kwh"], one["power_kw"], one["kg_co2_per_kwh"]) for one in body["quarters"]] == [
        *((9.0, 36.0, 0.5), (41.0, 164.0, 0.5), (28.0, 112.0, 0.25)),
    ]
    assert body["quarters"][2] | {"began_at": "", "ended_at": ""} == {
        "began_at": "",
        "ended_at": "",
        "energy_kwh": 28.0,
        "power_kw": 112.0,
        "crane_kwh": None,
        "reefer_kwh": 3.0,
        "vehicle_kwh": 25.0,
        "kg_co2_per_kwh": 0.25,
    }
    assert [(one["device"], one["energy_kwh"], one["quarters"], one["hours"]) for one in body["energy"]] == [
        *(("sts1", 40.0, 1, 0.25), ("agv01", 25.0, 1, 0.166667), ("a-02", 12.0, 2, 0.5), ("a-01", 1.0, 1, 0.25)),
    ]
    assert len(body["counted"]) == 2
    _, of_rack = await ask(f"/api/v1/kpis/energy_peak/explain?terminal=demo&subject=a&at={at}")
    assert (of_rack["value"], [one["energy_kwh"] for one in of_rack["quarters"]]) == (36.0, [9.0, 1.0, 3.0])
