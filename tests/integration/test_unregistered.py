"""Devices without an account, at a worker that quarantines what they send; with real servers."""

import json
import time
import uuid
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from infra.access import device_accounts
from infra.access.device_name import DeviceName
from infra.connection import Connection
from infra.mqtt.connection import Mqtt
from tests.conftest import eventually
from tests.integration.worker_process import WorkerProcess, worker

STS1, STS2 = DeviceName("t", "crane", "sts1"), DeviceName("t", "crane", "sts2")
STORED = "SELECT c.seq FROM v_crane c WHERE c.terminal = 't' AND c.device = %s ORDER BY 1"
QUARANTINED = (
    "SELECT (convert_from(payload, 'UTF8')::json ->> 'seq')::int FROM v_quarantine"
    " WHERE reason = 'unregistered' AND device = %s ORDER BY 1"
)
ACCOUNT = (
    "SELECT n.samples_received, n.stored, n.duplicate, n.quarantined"
    " FROM device_count n JOIN device d USING (device_id) WHERE d.terminal = 't' AND d.device = %s"
)


@pytest.fixture(params=["quarantine", "refuse"])
def environment(request: pytest.FixtureRequest, database_url: str, mqtt_url: str, state_dir: Path) -> dict[str, str]:
    """Settings of a worker with a session of its own. Brokers of others pass on what this one would refuse."""
    return {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-{uuid.uuid4().hex}",
        "QUAYSTREAM_STATE_DIR": str(state_dir),
        "QUAYSTREAM_UNREGISTERED": request.param,
    }


@pytest.fixture
def running(environment: dict[str, str], tmp_path: Path) -> Iterator[WorkerProcess]:
    """A running worker."""
    with worker(environment, tmp_path / "worker.log") as process:
        yield process


def seqs(url: str, query: str, name: DeviceName) -> list[int]:
    """What a query finds of a device."""
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute(query.encode(), [name.device]).fetchall()]


def account(url: str, name: DeviceName) -> tuple[int, int, int, int]:
    """Received, stored, duplicate and quarantined samples of a device."""
    with psycopg.connect(url) as connection:
        received, stored, duplicate, quarantined = connection.execute(ACCOUNT.encode(), [name.device]).fetchall()[0]
    return received, stored, duplicate, quarantined


def publish(mqtt: Mqtt, name: DeviceName, seq: int) -> None:
    """One sample with a number."""
    sample = {"ts": time.time_ns() // 1_000_000, "seq": seq, "boot": "b", "load_t": 1.5}
    mqtt.publish(f"port/{name}/telemetry", json.dumps(sample))


async def test_accounts_are_followed_while_the_worker_runs(
    running: WorkerProcess, connection: Connection, database_url: str, device: Mqtt
) -> None:
    """From quarantined to stored with an account, and back with its revocation; each sample is in one of both."""
    numbers, sent = count(1), []

    def grows(query: str) -> bool:
        before = len(seqs(database_url, query, STS1))
        sent.append(next(numbers))
        publish(device, STS1, sent[-1])
        return before > 0

    await eventually(lambda: grows(QUARANTINED))
    assert seqs(database_url, STORED, STS1) == []
    await device_accounts.add(connection, STS1)
    await eventually(lambda: grows(STORED))
    refused = len(seqs(database_url, QUARANTINED, STS1))
    await device_accounts.revoke(connection, STS1)
    await eventually(lambda: grows(QUARANTINED) and len(seqs(database_url, QUARANTINED, STS1)) > refused)
    await eventually(lambda: account(database_url, STS1)[0] == len(sent))
    stored, quarantined = seqs(database_url, STORED, STS1), seqs(database_url, QUARANTINED, STS1)
    assert sorted(stored + quarantined) == sent
    assert account(database_url, STS1) == (len(sent), len(stored), 0, len(quarantined))
    assert running.get("/readyz") == {"ready": True, "problems": []}


async def test_a_killed_worker_loses_none_and_quarantines_none_twice(
    environment: dict[str, str], connection: Connection, database_url: str, device: Mqtt, tmp_path: Path
) -> None:
    """Accounts are known before the first message is read."""
    await device_accounts.add(connection, STS1)
    with worker(environment, tmp_path / "worker.log") as first:
        for seq in range(1, 401):
            publish(device, STS1, seq)
            publish(device, STS2, seq)
        await eventually(lambda: seqs(database_url, QUARANTINED, STS2))
        first.kill()
    for seq in range(401, 501):
        publish(device, STS1, seq)
        publish(device, STS2, seq)
    with worker(environment, tmp_path / "worker.log"):
        everything = list(range(1, 501))
        await eventually(lambda: seqs(database_url, STORED, STS1) == everything)
        await eventually(lambda: seqs(database_url, QUARANTINED, STS2) == everything)
        await eventually(lambda: sum(account(database_url, STS2)[1:]) == account(database_url, STS2)[0])
    assert seqs(database_url, QUARANTINED, STS1) == []
    assert seqs(database_url, STORED, STS2) == []
