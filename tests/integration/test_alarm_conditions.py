"""Conditions that no single sample shows, with a real worker: a silent crane, a full disk; a fault at once."""

import time
from pathlib import Path
from typing import Any

import msgspec

from infra.mqtt.connection import Mqtt
from tests.conftest import eventually
from tests.integration.test_ingest import rows
from tests.integration.test_reprocess import reprocess
from tests.integration.worker_process import worker

SITE = """
[terminal.watched.alarm.system_disk]
on = 0
off = 0
"""
ACTIVE = "SELECT alarm, subject FROM v_alarm WHERE terminal = 'watched' AND cleared_at IS NULL ORDER BY 1, 2"
SILENT = """
SELECT extract(epoch FROM raised_at - began_at)::int, cleared_at IS NULL FROM v_alarm WHERE alarm = 'crane_silent'
"""


async def test_silence_faults_and_the_disk(database_url: str, mqtt_url: str, tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text(SITE)
    environment = {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-watched-{time.time_ns()}",
        "QUAYSTREAM_STATE_DIR": str(tmp_path),
        "QUAYSTREAM_SITE": str(site),
    }
    now_ms = time.time_ns() // 1_000_000

    async def send(crane: str, at_ms: int, **signals: Any) -> None:
        async with Mqtt(mqtt_url, f"watched-{time.time_ns()}") as client:
            payload = msgspec.json.encode({"ts": at_ms, **signals})
            client.publish(f"port/watched/crane/{crane}/telemetry", payload)
            await client.drain(1)

    with worker(environment, tmp_path / "worker.log"):
        await send("sts1", now_ms - 400_000, state="working")
        await send("sts2", now_ms - 400_000, state="off")
        await send("sts3", now_ms, state="fault")
        disk = ("system_disk", "system")
        expected = [("crane_fault", "sts3"), ("crane_silent", "sts1"), disk]
        await eventually(lambda: rows(database_url, ACTIVE) == expected)
        assert rows(database_url, SILENT) == [(300, True)]
        await send("sts1", now_ms, state="working")
        await eventually(lambda: rows(database_url, ACTIVE) == [("crane_fault", "sts3"), disk])
        assert rows(database_url, SILENT) == [(300, False)]
        await send("sts1", now_ms - 200_000, state="working")  # late: silence from 400 s before now on was none
        await eventually(lambda: rows(database_url, SILENT) == [])
    assert reprocess(environment, "--check")[0] == 0
