"""What others send cannot fill the memory of the worker."""

import json
import sys
import time
import uuid
from pathlib import Path

import psycopg

from infra.mqtt.connection import Mqtt
from tests.conftest import eventually
from tests.integration.worker_process import worker

TOPICS, TOPIC_BYTES = 3_000, 60_000
AT_ONCE = 500
"""Messages that are on their way together: they wait at the broker, which is not what is measured."""
MOST_GROWTH_MB = 30


def resident_mb(pid: int, field: str = "VmRSS") -> float:
    """Memory of a process. [MB]."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{field}:"))


async def test_long_topics_take_no_memory(
    database_url: str, mqtt_url: str, device: Mqtt, state_dir: Path, tmp_path: Path
) -> None:
    """3,000 topics of 60 kB: each is refused and quarantined once, with its beginning, its length and its hash."""
    environment = {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-{uuid.uuid4().hex}",
        "QUAYSTREAM_STATE_DIR": str(state_dir),
    }
    terminal = f"t{uuid.uuid4().hex[:12]}"
    with worker(environment, tmp_path / "worker.log") as running, psycopg.connect(database_url, autocommit=True) as sql:

        def quarantined() -> int:
            found = sql.execute("SELECT count(*) FROM quarantine").fetchone()
            assert found is not None
            return int(found[0])

        async def send(first: int) -> None:
            for number in range(first, first + AT_ONCE):
                topic = f"port/{terminal}/crane/{number:05d}".ljust(TOPIC_BYTES, "x")
                device.publish(topic, json.dumps({"ts": time.time_ns() // 1_000_000, "load_t": number}))
            await eventually(lambda: quarantined() == first + AT_ONCE)

        await send(0)  # what the worker needs in any case
        before_mb = resident_mb(running.process.pid)
        for first in range(AT_ONCE, AT_ONCE + TOPICS, AT_ONCE):
            await send(first)
        grown_mb = resident_mb(running.process.pid) - before_mb
        peak_mb = resident_mb(running.process.pid, "VmHWM") - before_mb
        sys.stdout.write(f"{TOPICS} topics of {TOPIC_BYTES} bytes: {grown_mb:.1f} MB more, {peak_mb:.1f} MB at most\n")
        assert peak_mb <= MOST_GROWTH_MB
        found = sql.execute("SELECT count(DISTINCT topic), max(length(topic)), min(reason) FROM quarantine").fetchone()
        assert found is not None
        assert found[0] == AT_ONCE + TOPICS
        assert found[1] < 400
        assert found[2] == "unknown_topic"
