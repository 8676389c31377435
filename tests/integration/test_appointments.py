"""Appointments over MQTT: announced with boxes, named by trucks at the kiosk; KPI samples and their explanation."""

import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from infra.mqtt.connection import Mqtt
from tests.conftest import eventually
from tests.disorder import compared
from tests.integration.test_container_timeline import MINUTE, passed
from tests.integration.test_ingest import now_ms, rows
from tests.integration.worker_process import worker

APPOINTMENTS = "SELECT appointment, outcome, lane FROM v_truck_appointment WHERE terminal = %s ORDER BY 1"
WAITING = "SELECT (SELECT count(*) FROM recompute_appointments) + (SELECT count(*) FROM recompute_kpis)"
SAMPLES = """
SELECT DISTINCT value FROM v_kpi WHERE (kpi, terminal, "window") = (%s, %s, 'PT1H') AND value IS NOT NULL ORDER BY 1
"""


def named(start_ms: int, appointment: str) -> list[dict[str, object]]:
    """A truck through a lane that names an appointment."""
    return [one | {"appointment_id": appointment} for one in passed(start_ms, "in", "TGHU1234568")]


@pytest.fixture
def environment(database_url: str, mqtt_url: str, state_dir: Path) -> dict[str, str]:
    """Settings of workers with one session."""
    return {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-{uuid.uuid4().hex}",
        "QUAYSTREAM_STATE_DIR": str(state_dir),
    }


async def test_appointments_that_are_kept_and_missed(
    database_url: str, environment: dict[str, str], tmp_path: Path, device: Mqtt, ask_api: Any
) -> None:
    """One truck on time, one announced after it came early, one that never came; in spite of a killed worker."""
    terminal, start_ms = f"t{uuid.uuid4().hex[:12]}", now_ms() // MINUTE * MINUTE - 300 * MINUTE

    def announce(box: str, appointment: str, minute: int) -> None:
        body = {"appointment": appointment, "expected_at": start_ms + minute * MINUTE}
        device.publish(f"port/{terminal}/container/{box}/announcement", json.dumps(body), retain=True)

    def publish(minute: int, appointment: str) -> None:
        samples = named(start_ms + minute * MINUTE, appointment)
        device.publish(f"port/{terminal}/gate/in1/telemetry", json.dumps(samples))

    with worker(environment, tmp_path / "first.log") as running:
        announce("MSKU9070323", "A1", 20)
        announce("CSQU3054383", "A3", 10)
        publish(15, "A1")
        publish(60, "A2")
        publish(290, "A9")
        await eventually(lambda: ("A1", "on_time", "in1") in rows(database_url, APPOINTMENTS, terminal))
        running.kill()
    with worker(environment, tmp_path / "second.log"):
        announce("TGHU1234567", "A2", 120)
        expected = [("A1", "on_time", "in1"), ("A2", "early", "in1"), ("A3", "no_show", None)]
        await eventually(lambda: rows(database_url, APPOINTMENTS, terminal) == expected)
        await eventually(lambda: rows(database_url, WAITING) == [(0,)])
    assert rows(database_url, SAMPLES, "appointment_early_share", terminal) == [(0.0,), (50.0,), (100.0,)]
    at = f"at={start_ms + 255 * MINUTE}"
    status, body = await ask_api(f"/api/v1/kpis/appointment_no_show_share/explain?terminal={terminal}&window=PT1H&{at}")
    assert (status, body["value"]) == (200, 100.0), body
    assert [one["appointment"] for one in body["appointments"]] == ["A3"]
    output = compared(environment)
    assert " 0 differences" in output, output
