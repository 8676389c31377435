"""Conditions that no single sample shows, with a real worker: a silent crane, a full disk; a fault at once."""

import time
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

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
RAISED = """
SELECT subject, extract(epoch FROM raised_at)::bigint - %d FROM v_alarm
WHERE terminal = 'past' AND alarm = 'crane_silent' ORDER BY 1
"""

LEFT = "SELECT alarm, subject FROM v_alarm WHERE terminal = 'left' AND cleared_at IS NULL"


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


async def test_a_terminal_whose_time_stands_still_knows_of_late_devices(
    database_url: str, mqtt_url: str, state_dir: Path, tmp_path: Path
) -> None:
    """Nothing newer comes, so no look at all devices is due: a crane's later sample, and another crane, ask for one."""
    environment = {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-past-{time.time_ns()}",
        "QUAYSTREAM_STATE_DIR": str(state_dir),
    }
    began_s = time.time_ns() // 1_000_000_000 - 86_400
    raised = RAISED % began_s

    async def send(crane: str, at_s: int) -> None:
        async with Mqtt(mqtt_url, f"past-{time.time_ns()}") as client:
            payload = msgspec.json.encode({"ts": (began_s + at_s) * 1000, "state": "working"})
            client.publish(f"port/past/crane/{crane}/telemetry", payload)
            await client.drain(1)

    with worker(environment, tmp_path / "worker.log"):
        await send("sts1", 0)
        await send("sts2", 400)
        await eventually(lambda: rows(database_url, raised) == [("sts1", 300)])
        await send("sts1", 30)
        await eventually(lambda: rows(database_url, raised) == [("sts1", 330)])
        await send("sts3", 50)
        await eventually(lambda: rows(database_url, raised) == [("sts1", 330), ("sts3", 350)])
        for at_s in range(100, 450, 50):  # it was not silent at all: no gap is long enough for a fact
            await send("sts3", at_s)
        await eventually(lambda: rows(database_url, raised) == [("sts1", 330)])
    assert reprocess(environment, "--check")[0] == 0


@pytest.mark.parametrize(
    ("silent", "expected"),
    [(["sts1"], ("crane_silent", "sts1")), (["sts1", "sts2", "sts3"], ("cranes_silent", "crane"))],
    ids=["one", "storm"],
)
async def test_a_restart_knows_whose_silence_was_raised(
    database_url: str, mqtt_url: str, state_dir: Path, tmp_path: Path, silent: list[str], expected: tuple[str, str]
) -> None:
    """Samples that fill the silence are stored, and the worker ends before it has derived alarms once more."""
    environment = {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-left-{time.time_ns()}",
        "QUAYSTREAM_STATE_DIR": str(state_dir),
    }
    began_s = time.time_ns() // 1_000_000_000 - 86_400
    stored = "SELECT count(*) FROM v_crane WHERE terminal = 'left'"

    async def send(crane: str, *at_s: int) -> None:
        async with Mqtt(mqtt_url, f"left-{time.time_ns()}") as client:
            samples = [{"ts": (began_s + one) * 1000, "state": "working"} for one in at_s]
            client.publish(f"port/left/crane/{crane}/telemetry", msgspec.json.encode(samples))
            await client.drain(1)

    with psycopg.connect(database_url) as other:
        with worker(environment, tmp_path / "worker.log"):
            for crane in silent:
                await send(crane, 0)
            await send("sts9", 700)
            await eventually(lambda: rows(database_url, LEFT) == [expected])
            other.execute("LOCK TABLE alarm IN EXCLUSIVE MODE")  # no alarm changes from here on
            for crane in silent:
                await send(crane, *range(100, 750, 50))  # no gap is long enough for a fact
            await eventually(lambda: rows(database_url, stored) == [(len(silent) * 14 + 1,)])
        other.rollback()
    with worker(environment, tmp_path / "worker.log"):
        await eventually(lambda: rows(database_url, LEFT) == [])
    assert reprocess(environment, "--check")[0] == 0
