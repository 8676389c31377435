"""Alarms of a real worker: a rack that goes dead is one alarm; late samples, a kill, and what is stored agree."""

import time
from pathlib import Path

import msgspec
import psycopg

from infra.mqtt.connection import Mqtt
from tests.conftest import eventually
from tests.integration.test_ingest import rows
from tests.integration.test_reprocess import reprocess
from tests.integration.worker_process import worker

PLUGS = [f"r07-{number:02d}" for number in range(1, 49)]
ALARMS = (
    "SELECT alarm, subject, cleared_at IS NULL, cardinality(members) FROM v_alarm WHERE terminal = 'dead' ORDER BY 1, 2"
)


async def _send(mqtt_url: str, plugs: list[str], at_ms: int, *, powered: bool) -> None:
    async with Mqtt(mqtt_url, f"dead-{time.time_ns()}") as client:
        for number, plug in enumerate(plugs):
            sample = {"ts": at_ms + number * 100, "plugged": True, "powered": powered}
            client.publish(f"port/dead/reefer/{plug}/telemetry", msgspec.json.encode(sample))
        await client.drain(1)


async def test_a_dead_rack(database_url: str, mqtt_url: str, state_dir: Path, tmp_path: Path) -> None:
    environment = {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-dead-{time.time_ns()}",
        "QUAYSTREAM_STATE_DIR": str(state_dir),
    }
    now_ms = time.time_ns() // 1_000_000
    with worker(environment, tmp_path / "worker.log") as first:
        await _send(mqtt_url, PLUGS, now_ms - 300_000, powered=True)
        await _send(mqtt_url, PLUGS[::-1], now_ms - 240_000, powered=False)
        await eventually(lambda: rows(database_url, ALARMS) == [("rack_off_power", "r07", True, 48)])
        first.kill()
    with worker(environment, tmp_path / "worker.log"):
        await _send(mqtt_url, PLUGS, now_ms - 230_000, powered=True)
        await _send(mqtt_url, ["r07-01"], now_ms - 235_000, powered=False)  # late
        stored = "SELECT count(*) FROM v_reefer WHERE terminal = 'dead'"
        await eventually(lambda: rows(database_url, stored) == [(145,)])
        await _send(mqtt_url, ["r07-01"], now_ms, powered=True)  # time goes on beyond the hold time
        await eventually(lambda: rows(database_url, ALARMS) == [("rack_off_power", "r07", False, 48)])
    assert reprocess(environment, "--check")[0] == 0
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE alarm SET members = '{r07-01}', cleared_at = NULL WHERE terminal = 'dead'")
    code, output = reprocess(environment, "--check")
    assert code == 1
    assert "dead/r07: alarm rack_off_power" in output
    assert reprocess(environment)[0] == 0
    assert reprocess(environment, "--check")[0] == 0


async def test_what_is_replayed_gives_the_alarms_that_it_gave_live(
    database_url: str, mqtt_url: str, state_dir: Path, tmp_path: Path
) -> None:
    """Two plugs of different racks lose power at minute 0: one has it again at minute 4, the other one at minute 20."""
    environment = {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-replayed-{time.time_ns()}",
        "QUAYSTREAM_STATE_DIR": str(state_dir),
    }
    began_ms = (time.time_ns() // 1_000_000_000 - 7 * 86_400) * 1000
    minutes = "SELECT subject, extract(epoch FROM raised_at)::bigint - %d FROM v_alarm WHERE terminal = 'replayed'"
    raised = minutes % (began_ms // 1000)
    worked_off = """
    SELECT (SELECT count(*) FROM alarm_note), (SELECT count(*) FROM alarm_due WHERE alarm = 'reefer_off_power')
    """

    async def send(plug: str, minute: int, *, powered: bool) -> None:
        sample = {"ts": began_ms + minute * 60_000, "plugged": True, "powered": powered}
        async with Mqtt(mqtt_url, f"replays-{time.time_ns()}") as client:
            client.publish(f"port/replayed/reefer/{plug}/telemetry", msgspec.json.encode(sample))
            await client.drain(1)

    with worker(environment, tmp_path / "worker.log"):
        for plug in ("a-1", "b-1"):
            await send(plug, -10, powered=True)
            await send(plug, 0, powered=False)
        await eventually(lambda: rows(database_url, worked_off) == [(0, 2)])  # by the clock a week has passed
        await send("a-1", 4, powered=True)
        await eventually(lambda: rows(database_url, "SELECT count(*) FROM reefer_off_power WHERE ended_at IS NOT NULL"))
        await send("a-1", 6, powered=True)
        await eventually(lambda: rows(database_url, raised) == [("b-1", 300)])
        await send("b-1", 20, powered=True)
        await send("b-1", 22, powered=True)
        cleared = "SELECT count(*) FROM alarm WHERE terminal = 'replayed' AND cleared_at IS NOT NULL"
        await eventually(lambda: rows(database_url, cleared) == [(1,)])
    about_a = "SELECT count(*) FROM alarm_event WHERE alarm = 'reefer_off_power' AND subject = 'a-1'"
    assert rows(database_url, about_a) == [(0,)]
    assert reprocess(environment, "--check")[0] == 0
