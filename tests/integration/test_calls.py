"""Vessel calls from MQTT to the database: good, contradictory, withdrawn, and stored by an older version."""

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import psycopg
import pytest
from yoyo import get_backend, read_migrations

from infra import history
from infra.database import MIGRATIONS
from infra.mqtt.connection import Mqtt
from processing.calls.call import Assignment, VesselCall
from tests.conftest import eventually
from tests.integration.test_ingest import lift, now_ms, rows
from tests.integration.worker_process import WorkerProcess, worker

SIX_US = 1_795_413_600_000_000
"""2026-11-23T06:00:00Z."""
HOUR_US = 3_600_000_000
WHOLE: dict[str, Any] = {
    "vessel": "ANDEAN STAR",
    "berth": "b1",
    "first_line_at": "2026-11-23T06:00:00Z",
    "all_fast_at": "2026-11-23T01:15:00-05:00",
    "planned": {"discharge": 400, "load": 380},
    "assignments": [
        {"crane": "sts2", "from": "2026-11-23T07:00:00Z"},
        {"crane": "sts1", "from": 1_795_417_200_000, "until": "2026-11-23T12:00:00Z"},
    ],
    "voyage": "23W",
}
EXPECTED = VesselCall(
    "",
    "c1",
    "ANDEAN STAR",
    "b1",
    SIX_US,
    SIX_US + HOUR_US // 4,
    None,
    None,
    400,
    380,
    None,
    (Assignment("sts1", SIX_US + HOUR_US, SIX_US + 6 * HOUR_US), Assignment("sts2", SIX_US + HOUR_US, None)),
)


@pytest.fixture
def terminal() -> str:
    """A terminal of the test's own."""
    return f"t{uuid.uuid4().hex[:12]}"


@pytest.fixture
def running(database_url: str, mqtt_url: str, state_dir: Path, tmp_path: Path) -> Iterator[WorkerProcess]:
    """A running worker."""
    environment = {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-{uuid.uuid4().hex}",
        "QUAYSTREAM_STATE_DIR": str(state_dir),
    }
    with worker(environment, tmp_path / "worker.log") as process:
        yield process


async def test_a_call_announced_before_any_crane_is_known_after_a_restart(
    database_url: str, mqtt_url: str, state_dir: Path, tmp_path: Path, device: Mqtt, terminal: str
) -> None:
    """The broker does not deliver it again: it comes back from the table, and the first moves count for it."""
    environment = {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-{uuid.uuid4().hex}",
        "QUAYSTREAM_STATE_DIR": str(state_dir),
    }
    start_ms = now_ms() - 20 * 60_000  # a call has a sample each quarter of an hour
    call = {"first_line_at": start_ms - 3_600_000, "assignments": [{"crane": "sts1", "from": start_ms - 60_000}]}
    with worker(environment, tmp_path / "first.log"):
        device.publish(f"port/{terminal}/vessel/c1/call", json.dumps(call), retain=True)
        await eventually(lambda: rows(database_url, "SELECT 1 FROM vessel_call WHERE terminal = %s", terminal))
    with worker(environment, tmp_path / "second.log"):
        for sample in lift(start_ms):
            device.publish(f"port/{terminal}/crane/sts1/telemetry", json.dumps(sample))
        later = {"ts": start_ms + 18 * 60_000, "twistlock_locked": False, "twistlock_unlocked": True, "landed": False}
        device.publish(f"port/{terminal}/crane/sts1/telemetry", json.dumps(later))
        boxes = "SELECT max(value) FROM kpi_sample WHERE terminal = %s AND kpi = 'boxes' AND subject = 'c1'"
        await eventually(lambda: rows(database_url, boxes, terminal) == [(1.0,)])


async def stored(url: str, terminal: str, since_us: int = 0, until_us: int = history.FOREVER_US) -> list[VesselCall]:
    """Calls of a terminal as they are read back."""
    connection = await asyncpg.connect(url)
    try:
        return await history.calls(connection, [terminal], since_us, until_us)
    finally:
        await connection.close()


def expected(terminal: str, **changes: Any) -> VesselCall:
    names = VesselCall.__slots__
    return VesselCall(**{name: getattr(EXPECTED, name) for name in names} | {"terminal": terminal} | changes)


async def test_a_call_is_stored_replaced_and_withdrawn(
    running: WorkerProcess, database_url: str, device: Mqtt, terminal: str
) -> None:
    """The newest announcement counts; one that contradicts itself is quarantined, and the earlier one stays."""
    topic = f"port/{terminal}/vessel/c1/call"

    def announce(payload: dict[str, Any] | None) -> None:
        device.publish(topic, b"" if payload is None else json.dumps(payload), retain=True)

    announce(WHOLE)
    await eventually(lambda: rows(database_url, "SELECT 1 FROM v_vessel_call WHERE cranes = '{sts1,sts2}'"))
    assert await stored(database_url, terminal) == [expected(terminal)]
    ((received, payload),) = rows(
        database_url, "SELECT received_at, payload FROM vessel_call WHERE terminal = %s", terminal
    )
    assert payload == WHOLE

    announce(WHOLE | {"last_line_at": "2026-11-23T05:00:00Z", "assignments": [{"crane": "sts1"}]})
    announce(WHOLE)  # changes nothing
    await eventually(lambda: rows(database_url, "SELECT 1 FROM quarantine WHERE terminal = %s", terminal))
    ((reason, detail, device_id),) = rows(
        database_url, "SELECT reason, detail, device FROM quarantine WHERE terminal = %s", terminal
    )
    assert (reason, device_id) == ("bad_call", "c1")
    assert detail == (
        "last_line_at: 2026-11-23T05:00:00Z is before all_fast_at, 2026-11-23T01:15:00-05:00; "
        "assignments[0].from: is missing"
    )
    announce(WHOLE | {"vessel": "QUAY PIONEER", "assignments": [{"crane": "sts9", "from": "2026-11-23T07:00:00Z"}]})
    await eventually(lambda: rows(database_url, "SELECT 1 FROM vessel_call WHERE vessel = 'QUAY PIONEER'"))
    assert rows(database_url, "SELECT received_at > %s FROM vessel_call WHERE terminal = %s", received, terminal) == [
        (True,)
    ]
    again = (Assignment("sts9", SIX_US + HOUR_US, None),)
    assert await stored(database_url, terminal) == [expected(terminal, vessel="QUAY PIONEER", assignments=again)]

    announce(None)
    left = "SELECT 1 FROM vessel_call WHERE terminal = %s UNION ALL SELECT 1 FROM call_assignment WHERE terminal = %s"
    await eventually(lambda: not rows(database_url, left, terminal, terminal))
    assert await stored(database_url, terminal) == []
    assert running.ready()


async def test_announced_again_unchanged_nothing_is_written(
    running: WorkerProcess, database_url: str, device: Mqtt, terminal: str
) -> None:
    """Rows keep their place in the table and the time at which they were announced."""
    for call_id in ("c1", "c2"):
        device.publish(f"port/{terminal}/vessel/{call_id}/call", json.dumps(WHOLE), retain=True)
    where = (
        "SELECT c.ctid, a.ctid, received_at FROM vessel_call c JOIN call_assignment a USING (terminal, call_id) "
        "WHERE terminal = %s ORDER BY 1, 2"
    )
    await eventually(lambda: len(rows(database_url, where, terminal)) == 4)
    before = rows(database_url, where, terminal)
    shuffled = json.dumps(dict(reversed(WHOLE.items())), indent=1)
    device.publish(f"port/{terminal}/vessel/c1/call", shuffled, retain=True)
    device.publish(f"port/{terminal}/vessel/c3/call", "{}", retain=True)
    await eventually(lambda: rows(database_url, "SELECT 1 FROM vessel_call WHERE call_id = 'c3'"))
    assert rows(database_url, where, terminal) == before
    assert running.ready()


async def test_calls_of_a_span(running: WorkerProcess, database_url: str, device: Mqtt, terminal: str) -> None:
    """A call lasts to its last line, an open one for 96 hours."""
    announced = {
        "open": {"first_line_at": "2026-11-23T06:00:00Z"},
        "over": {"first_line_at": "2026-11-23T06:00:00Z", "last_line_at": "2026-11-23T18:00:00Z"},
        "later": {"assignments": [{"crane": "sts1", "from": "2026-11-24T06:00:00Z"}]},
        "timeless": {"vessel": "X"},
    }
    for call_id, payload in announced.items():
        device.publish(f"port/{terminal}/vessel/{call_id}/call", json.dumps(payload), retain=True)
    own = "SELECT 1 FROM vessel_call WHERE terminal = %s"  # others' calls are still retained at the broker
    await eventually(lambda: len(rows(database_url, own, terminal)) == 4)
    spans = {
        (0, 12): ["open", "over"],
        (12, 12): ["open", "over"],
        (13, 23): ["open"],
        (13, 24): ["open", "later"],
        (96, 97): ["open", "later"],
        (97, 97): ["later"],
        (121, 121): [],
    }
    for (first, last), found in spans.items():
        calls = await stored(database_url, terminal, SIX_US + first * HOUR_US, SIX_US + last * HOUR_US)
        assert [call.call_id for call in calls if call.call_id != "timeless"] == found, (first, last)
    assert "timeless" in [call.call_id for call in await stored(database_url, terminal)]
    assert running.ready()


def test_calls_of_older_versions_come_along(stack_database: str) -> None:
    """As far as they can be read: what a reader would refuse is not known."""
    odd = {
        "vessel": 5,
        "berth": "Berth 1",
        "first_line_at": "2026-11-23T06:00:00",
        "all_fast_at": "2026-13-40T06:00:00Z",
        "last_line_at": 12,
        "planned": {"discharge": -4, "load": "12", "shift": 1.5},
        "assignments": [
            {"crane": "sts1"},
            5,
            {"crane": "a", "from": "2026-11-23T06:00:00Z", "until": SIX_US // 1000},
        ],
    }
    backward = {"all_fast_at": "2026-11-23T06:00:00Z", "last_line_at": "2026-11-23T05:00:00Z", "assignments": "x"}
    with psycopg.connect(stack_database) as connection:
        for call_id, payload in {"c1": WHOLE, "odd": odd, "backward": backward, "list": [1]}.items():
            announced = ("t", call_id, json.dumps(payload))
            connection.execute("INSERT INTO vessel_call VALUES (%s, %s, %s, now())", announced)
    migrated(stack_database, None)
    columns = "call_id, vessel, berth, first_line_at, all_fast_at, last_line_at, planned_discharge, planned_load"
    found = {row[0]: row[1:] for row in rows(stack_database, f"SELECT {columns} FROM vessel_call")}  # noqa: S608
    assert found["odd"] == found["list"] == (None,) * 7
    assert found["backward"][3:5] == (found["c1"][2], None)
    assert found["c1"][:2] + found["c1"][5:] == ("ANDEAN STAR", "b1", 400, 380)
    assigned = rows(stack_database, "SELECT call_id, crane, until_at IS NULL FROM call_assignment ORDER BY 1, 2")
    assert assigned == [("c1", "sts1", False), ("c1", "sts2", True)]


@pytest.fixture
def stack_database(database_url: str) -> str:
    """A database as it was before calls had columns."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    migrated(database_url, "0006_cranes")
    return database_url


def migrated(url: str, last: str | None) -> None:
    """Apply migrations up to this one, or all."""
    backend = get_backend(url.replace("postgresql://", "postgresql+psycopg://"))
    try:
        for migration in backend.to_apply(read_migrations(str(MIGRATIONS))):
            if last is None or migration.id <= last:
                backend.apply_one(migration)
    finally:
        backend.connection.close()
