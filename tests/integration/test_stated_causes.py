"""What a person says of a stop reaches the KPIs: over the API, by the worker, into the samples."""

import time
from pathlib import Path
from typing import Any

import msgspec

from infra.mqtt.connection import Mqtt
from tests.conftest import eventually
from tests.integration import api_rows
from tests.integration.test_ingest import rows
from tests.integration.worker_process import worker

QUARTER_MS = 900_000
STATED = (
    "SELECT value FROM v_kpi WHERE terminal = 'stated' AND subject = 'sts1' AND kpi = 'idle_said_minutes'"
    " AND \"window\" = 'PT1H' AND value IS NOT NULL ORDER BY time"
)


async def _publish(mqtt_url: str, begin_ms: int) -> None:
    """A crane that hoists for five minutes, stands still for ten, and hoists for sixteen."""
    still = range(5 * 60, 15 * 60)
    async with Mqtt(mqtt_url, f"stated-{time.time_ns()}") as client:
        for minute in range(31):
            listed = [
                {
                    "ts": begin_ms + second * 1_000,
                    "seq": second + 1,
                    "hoist_height_m": 20.0 if second in still else 15.0 + second % 10,
                    "trolley_position_m": 30.0,
                    "gantry_position_m": 100.0,
                    "landed": False,
                    "logged_on": True,
                    "boom_down": True,
                    "wind_speed_mps": 5.0,
                    "state": "working",
                }
                for second in range(minute * 60, minute * 60 + 60)
            ]
            client.publish("port/stated/crane/sts1/telemetry", msgspec.json.encode(listed))
        await client.drain(10)


def _minutes(url: str) -> list[float]:
    """Minutes stopped for reasons that people said, over sliding hours."""
    return [round(row[0], 2) for row in rows(url, STATED)]


async def test_an_edit_reaches_the_kpis(database_url: str, mqtt_url: str, state_dir: Path, tmp_path: Path) -> None:
    """The stop counts among those whose reason was said, in samples of the past too; then no note is left."""
    environment = {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-stated-{time.time_ns()}",
        "QUAYSTREAM_STATE_DIR": str(state_dir),
    }
    begin_ms = (time.time_ns() // 1_000_000 // QUARTER_MS - 8) * QUARTER_MS
    with worker(environment, tmp_path / "worker.log"):
        await _publish(mqtt_url, begin_ms)
        await eventually(lambda: 0.0 in _minutes(database_url))
        async with api_rows.serving(database_url, mqtt_url) as base, api_rows.asking(base) as ask:
            _, body = await ask(f"/api/v1/delays?terminal=stated&from={begin_ms}&to={begin_ms + 1_860_000}")
            (stop,) = body["delays"]
            status, answer = await ask(_path(stop), "PUT", {"cause": "lashing", "by": "R. Quispe"})
            assert (status, answer["found_cause"] != "lashing", 9.5 < answer["minutes"] <= 10.1) == (200, True, True)
            await eventually(lambda: answer["minutes"] in _minutes(database_url))
            await eventually(lambda: rows(database_url, "SELECT count(*) FROM recompute_kpis") == [(0,)])


def _path(stop: dict[str, Any]) -> str:
    return f"/api/v1/delays/{stop['terminal']}/{stop['device']}/{stop['began_at']}"
