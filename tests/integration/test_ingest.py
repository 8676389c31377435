"""From MQTT to the database with real servers."""

import asyncio
import json
import re
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from infra.mqtt.connection import Mqtt
from tests.conftest import eventually
from tests.integration.worker_process import WorkerProcess, worker
from tests.unit.crane_signals import discharge, every


@pytest.fixture
def environment(database_url: str, mqtt_url: str, state_dir: Path) -> dict[str, str]:
    """Settings of a worker with a session of its own."""
    return {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-{uuid.uuid4().hex}",
        "QUAYSTREAM_STATE_DIR": str(state_dir),
    }


@pytest.fixture
def running(environment: dict[str, str], tmp_path: Path) -> Iterator[WorkerProcess]:
    """A running worker."""
    with worker(environment, tmp_path / "worker.log") as process:
        yield process


@pytest.fixture
def terminal() -> str:
    """A terminal of the test's own."""
    return f"t{uuid.uuid4().hex[:12]}"


def rows(url: str, query: str, *parameters: object) -> list[tuple[Any, ...]]:
    """Rows of a query."""
    with psycopg.connect(url) as connection:
        return connection.execute(query, parameters).fetchall()


def now_ms() -> int:
    """The clock. [ms since 1970 UTC]."""
    return time.time_ns() // 1_000_000


def lift(start_ms: int) -> list[dict[str, object]]:
    """Samples of one discharge as a device sends them."""
    booleans = {"twistlock_locked", "twistlock_unlocked", "landed", "twin"}
    return [
        {
            "ts": start_ms + round(second * 1000),
            "seq": n,
            **{name: bool(value) if name in booleans else value for name, value in signals.items()},
        }
        for n, (second, signals) in enumerate(every(0.1, discharge()), start=1)
    ]


async def test_a_lift_becomes_samples_one_move_and_a_retained_kpi(
    running: WorkerProcess, database_url: str, mqtt_url: str, device: Mqtt, terminal: str
) -> None:
    """One crane's discharge, one sample a message."""
    assert running.ready()
    start_ms = now_ms() - 55_000
    for sample in lift(start_ms):
        device.publish(f"port/{terminal}/crane/sts1/telemetry", json.dumps(sample))
    await eventually(lambda: rows(database_url, "SELECT 1 FROM crane_move"))
    ((locked, lifted, landed, unlocked, kind, boxes),) = rows(
        database_url,
        "SELECT extract(epoch FROM locked_at), extract(epoch FROM lifted_at), extract(epoch FROM landed_at), "
        "extract(epoch FROM unlocked_at), kind, boxes FROM v_crane_move WHERE terminal = %s AND device = 'sts1'",
        terminal,
    )
    seconds = [round(float(t) - start_ms / 1000, 3) for t in (locked, lifted, landed, unlocked)]
    assert seconds == [3.2, 5.0, 40.0, 42.2]
    assert (kind, boxes) == ("discharge", 1)
    await eventually(lambda: rows(database_url, "SELECT count(*) FROM v_crane")[0] == (500,))
    got: dict[str, Any] = {}
    async with Mqtt(
        mqtt_url,
        f"reader-{uuid.uuid4().hex}",
        subscriptions=[f"kpi/{terminal}/#"],
        on_messages=lambda ms: got.update((m.topic, (json.loads(m.payload), m.retain)) for m in ms),
    ):
        await eventually(lambda: f"kpi/{terminal}/boxes/sts1" in got)
    value, retained = got[f"kpi/{terminal}/boxes/sts1"]
    assert (value["value"], value["unit"], value["window"], retained) == (1.0, "boxes", "PT1H", True)


BAD: list[tuple[str, str, bytes]] = [
    ("not_json", "port/{t}/crane/c1/telemetry", b"hello"),
    ("not_json", "port/{t}/crane/c1/telemetry", b"\xff\xfe"),
    ("not_object", "port/{t}/crane/c1/telemetry", b"42"),
    ("not_object", "port/{t}/crane/c1/telemetry", b"[1]"),
    ("empty", "port/{t}/crane/c1/telemetry", b"[]"),
    ("ts_missing", "port/{t}/crane/c1/telemetry", b'{"load_t": 1}'),
    ("ts_invalid", "port/{t}/crane/c1/telemetry", b'{"ts": "yesterday"}'),
    ("ts_invalid", "port/{t}/crane/c1/telemetry", b'{"ts": "2026-11-23T06:15:00"}'),
    ("ts_future", "port/{t}/crane/c1/telemetry", b'{"ts": "9999-12-31T23:59:59.999999Z"}'),
    ("ts_too_old", "port/{t}/crane/c1/telemetry", b'{"ts": 0}'),
    ("wrong_type", "port/{t}/crane/c1/telemetry", b'{"ts": NOW, "load_t": "heavy"}'),
    ("wrong_type", "port/{t}/crane/c1/telemetry", b'{"ts": NOW, "landed": 1}'),
    ("wrong_device", "port/{t}/crane/c1/telemetry", b'{"ts": NOW, "device": "c2"}'),
    ("bad_text", "port/{t}/reefer/r1/telemetry", b'{"ts": NOW, "container_id": "A\\u0000"}'),
    ("too_deep", "port/{t}/crane/c1/telemetry", b"[" * 2000 + b"]" * 2000),
    ("too_large", "port/{t}/crane/c1/telemetry", b" " * (1024 * 1024 + 1)),
    ("too_many_samples", "port/{t}/crane/c1/telemetry", b"[" + b",".join([b'{"ts": 1}'] * 10_001) + b"]"),
    ("unknown_stream", "port/{t}/ship/c1/telemetry", b"{}"),
    ("unknown_topic", "port/{t}/crane/c1/orders", b"{}"),
    ("unknown_topic", "port/{t}/crane", b"{}"),
    ("bad_device_id", "port/{t}/crane/STS 1/telemetry", b"{}"),
    ("bad_status", "port/{t}/crane/c1/status", b'{"online": "yes"}'),
    ("bad_call", "port/{t}/vessel/v1/call", b"[]"),
]


async def test_every_bad_input_is_quarantined_with_a_reason(
    running: WorkerProcess, database_url: str, device: Mqtt, terminal: str
) -> None:
    """Whatever is refused is kept whole, with its reason and what to change; the worker goes on."""
    sent = [
        (reason, topic.format(t=terminal), payload.replace(b"NOW", str(now_ms()).encode()))
        for reason, topic, payload in BAD
    ]
    for _, topic, payload in sent:
        device.publish(topic, payload)
    device.publish(f"port/{terminal}/crane/c9/telemetry", json.dumps({"ts": now_ms(), "load_t": 1.5}))
    await eventually(lambda: rows(database_url, "SELECT 1 FROM v_crane WHERE device = 'c9'"))
    found = rows(database_url, "SELECT reason, topic, payload, detail FROM v_quarantine ORDER BY id")
    assert sorted((reason, topic, bytes(payload)) for reason, topic, payload, _ in found) == sorted(sent)
    assert all(len(detail) > 10 for *_, detail in found)
    assert running.ready()


async def test_good_samples_of_a_bad_message_are_kept(
    running: WorkerProcess, database_url: str, device: Mqtt, terminal: str
) -> None:
    """One of three samples has a wrong type, one an implausible and a NaN value, one is good."""
    assert running.ready()
    ts = now_ms()
    payload = (
        f'[{{"ts": {ts}, "load_t": 10.5, "vendor_code": 7}}, {{"ts": {ts + 1}, "load_t": true}},'
        f' {{"ts": {ts + 2}, "load_t": 1e6, "wind_speed_mps": NaN, "hoist_height_m": 12.25, "state": "asleep"}}]'
    )
    device.publish(f"port/{terminal}/crane/c1/telemetry", payload)
    await eventually(lambda: len(rows(database_url, "SELECT 1 FROM v_crane")) == 2)
    assert rows(
        database_url, "SELECT load_t, wind_speed_mps, hoist_height_m, state, extra FROM v_crane ORDER BY time"
    ) == [(10.5, None, None, None, {"vendor_code": 7}), (None, None, 12.25, None, None)]
    assert rows(database_url, "SELECT reason, payload FROM v_quarantine") == [
        ("wrong_type", f'{{"ts": {ts + 1}, "load_t": true}}'.encode())
    ]
    assert rows(
        database_url,
        "SELECT samples_received, stored, duplicate, quarantined, out_of_range, unknown_keys FROM device_count",
    ) == [(3, 2, 0, 1, 3, 1)]
    assert rows(database_url, "SELECT fate, cause, count FROM v_device_cause_count ORDER BY fate, cause") == [
        ("out_of_range", "load_t", 1),
        ("out_of_range", "state", 1),
        ("out_of_range", "wind_speed_mps", 1),
        ("quarantined", "wrong_type", 1),
    ]


async def test_the_same_samples_again_change_nothing(
    running: WorkerProcess, database_url: str, device: Mqtt, terminal: str
) -> None:
    """Every sample three times, in one message and in several: stored once, counted as duplicates, one move."""
    assert running.ready()
    samples = lift(now_ms() - 60_000)
    for _ in range(3):
        device.publish(f"port/{terminal}/crane/sts1/telemetry", json.dumps(samples))
    device.publish(f"port/{terminal}/crane/sts1/telemetry", json.dumps(samples[:10] * 2))
    await eventually(
        lambda: (
            rows(database_url, "SELECT samples_received, stored, duplicate FROM device_count") == [(1520, 500, 1020)]
        )
    )
    assert len(rows(database_url, "SELECT 1 FROM crane_move")) == 1


async def test_a_killed_worker_loses_nothing_and_repeats_nothing(
    environment: dict[str, str], database_url: str, device: Mqtt, terminal: str, tmp_path: Path
) -> None:
    """Kill -9 in the middle of a lift; samples sent meanwhile wait at the broker, the move is found once, whole."""
    samples = lift(now_ms() - 60_000)
    topic = f"port/{terminal}/crane/sts1/telemetry"
    first = WorkerProcess(environment, tmp_path / "first.log")
    for sample in samples[:200]:
        device.publish(topic, json.dumps(sample))
    await eventually(lambda: rows(database_url, "SELECT count(*) FROM v_crane")[0][0] > 50)
    first.kill()
    for sample in samples[200:]:
        device.publish(topic, json.dumps(sample))
    await device.drain(1)
    with worker(environment, tmp_path / "second.log"):
        await eventually(lambda: rows(database_url, "SELECT count(*) FROM v_crane")[0] == (500,))
        await eventually(lambda: rows(database_url, "SELECT 1 FROM crane_move"))
    assert rows(database_url, "SELECT kind, boxes, inferred FROM v_crane_move") == [("discharge", 1, False)]
    assert rows(database_url, "SELECT count(*), count(DISTINCT seq) FROM v_crane") == [(500, 500)]
    assert rows(database_url, "SELECT count(*) FROM quarantine") == [(0,)]


async def test_a_second_worker_with_the_same_client_id_refuses_to_start(
    running: WorkerProcess, environment: dict[str, str], tmp_path: Path
) -> None:
    """Two would push each other off the broker for ever."""
    assert running.ready()
    log = tmp_path / "second.log"
    with pytest.raises(AssertionError):
        WorkerProcess(environment, log)
    assert "another worker runs with QUAYSTREAM_CLIENT_ID=" in log.read_text()


async def test_status_messages_and_calls_are_kept(
    running: WorkerProcess, database_url: str, device: Mqtt, terminal: str
) -> None:
    """The last status counts, the type it names is noted, a vessel call is stored."""
    assert running.ready()
    for online in (True, False):
        device.publish(
            f"port/{terminal}/crane/c1/status",
            json.dumps({"online": online, "ts": "2026-11-23T06:15:00Z", "type": "ARMG"}),
            retain=True,
        )
    device.publish(f"port/{terminal}/vessel/v1/call", json.dumps({"vessel": "ANNA"}))
    await eventually(lambda: rows(database_url, "SELECT payload FROM vessel_call") == [({"vessel": "ANNA"},)])
    assert rows(database_url, "SELECT type, online FROM device JOIN device_status USING (device_id)") == [
        ("ARMG", False)
    ]


async def test_a_row_that_the_database_refuses_is_set_apart_and_the_rest_is_written(
    running: WorkerProcess, database_url: str, device: Mqtt, terminal: str
) -> None:
    """No row can block the stream: two of a hundred break a rule that only the database knows."""
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE crane_telemetry ADD CONSTRAINT no_thirteen CHECK (load_t <> 13)")
    start_ms = now_ms() - 10_000
    samples = [{"ts": start_ms + n, "seq": n, "load_t": 13 if n in (7, 60) else 1, "oil": n} for n in range(1, 101)]
    topic = f"port/{terminal}/crane/c1/telemetry"
    device.publish(topic, json.dumps(samples))
    device.publish(topic, json.dumps({"ts": start_ms + 500, "seq": 500}))
    await eventually(lambda: rows(database_url, "SELECT 1 FROM v_crane WHERE seq = 500"))
    stored = [seq for (seq,) in rows(database_url, "SELECT seq FROM v_crane ORDER BY seq")]
    assert stored == [n for n in range(1, 101) if n not in (7, 60)] + [500]
    found = rows(database_url, "SELECT topic, reason, detail, payload FROM v_quarantine ORDER BY id")
    assert [(where, reason, "no_thirteen" in detail) for where, reason, detail, _ in found] == [
        (topic, "database", True)
    ] * 2
    payloads = [json.loads(bytes(payload)) for *_, payload in found]
    assert [(sample["seq"], sample["load_t"], sample["oil"]) for sample in payloads] == [(7, 13.0, 7), (60, 13.0, 60)]
    (counts,) = rows(database_url, "SELECT samples_received, stored, duplicate, quarantined FROM device_count")
    assert counts == (101, 99, 0, 2)
    assert running.ready()


async def test_a_fact_that_the_database_refuses_blocks_nothing(
    running: WorkerProcess, database_url: str, device: Mqtt, terminal: str
) -> None:
    """Its samples are stored, it is logged and counted."""
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE crane_move ADD CONSTRAINT no_moves CHECK (boxes > 100)")
    samples = lift(now_ms() - 60_000)
    device.publish(f"port/{terminal}/crane/sts1/telemetry", json.dumps(samples))
    await eventually(lambda: rows(database_url, "SELECT count(*) FROM v_crane") == [(len(samples),)])
    await eventually(lambda: "quaystream_ingest_left_out_total 1.0" in running.text("/metrics"))
    assert rows(database_url, "SELECT 1 FROM crane_move") == []
    device.publish(f"port/{terminal}/crane/sts1/telemetry", json.dumps({"ts": now_ms(), "seq": 9_999}))
    await eventually(lambda: rows(database_url, "SELECT 1 FROM v_crane WHERE seq = 9999"))
    assert running.ready()


async def test_after_the_commit_devices_receive_what_is_stored(
    running: WorkerProcess, mqtt_url: str, device: Mqtt, terminal: str
) -> None:
    """Two good samples, one for quarantine, a hole, and the one that fills it."""
    received: list[tuple[str, Any]] = []
    async with Mqtt(
        mqtt_url,
        f"gateway-{uuid.uuid4().hex}",
        subscriptions=[f"ack/{terminal}/#"],
        on_messages=lambda ms: received.extend((m.topic, json.loads(m.payload)) for m in ms),
    ):
        start_ms = now_ms() - 10_000
        topic = f"port/{terminal}/crane/sts1/telemetry"
        for seq, change in ((1, {}), (2, {"load_t": "heavy"}), (3, {}), (6, {})):
            device.publish(topic, json.dumps({"ts": start_ms + seq, "boot": "b1", "seq": seq, "load_t": 5} | change))
        where = f"ack/{terminal}/crane/sts1"
        await eventually(lambda: (where, {"boot": "b1", "from": 1, "seq": 3}) in received)
        for seq in (4, 5):
            device.publish(topic, json.dumps({"ts": start_ms + seq, "boot": "b1", "seq": seq}))
        await eventually(lambda: (where, {"boot": "b1", "from": 1, "seq": 6}) in received)
    metrics = running.text("/metrics")
    fates = dict(re.findall(r'quaystream_ingest_samples_total\{fate="(\w+)"\} (\S+)', metrics))
    assert fates == {"received": "6.0", "stored": "5.0", "duplicate": "0.0", "quarantined": "1.0", "late": "2.0"}


async def test_a_stop_commits_and_acknowledges_what_was_read(
    environment: dict[str, str], database_url: str, device: Mqtt, terminal: str, tmp_path: Path
) -> None:
    """SIGTERM amid a stream: the next worker gets nothing twice that the first one had read."""
    environment |= {"QUAYSTREAM_BATCH_LINGER_MS": "2000"}
    with worker(environment, tmp_path / "worker.log") as first:
        start_ms = now_ms() - 10_000
        for seq in range(1, 301):
            device.publish(f"port/{terminal}/crane/c1/telemetry", json.dumps({"ts": start_ms + seq, "seq": seq}))
        await device.drain(1)
        await eventually(lambda: first.metric("messages_total") >= 300)
        assert first.stop() == 0
    assert rows(database_url, "SELECT samples_received, stored, duplicate FROM device_count") == [(300, 300, 0)]
    with worker(environment, tmp_path / "worker.log") as second:
        await asyncio.sleep(0.5)
        assert second.metric('samples_total{fate="received"}') == 0
