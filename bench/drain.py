"""One measurement: a queue at the broker, drained by the bare subscriber and then by the worker.

Both have a persistent session, both queues hold the very same messages and were filled by the same publishes, before.
So publisher and broker's taking-in are outside what is timed, and neither reader can be faster than the broker gives.
"""

import asyncio
import json
import math
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import LiteralString

import psycopg

from bench import bare
from bench.bed import Bed
from bench.messages import Message, publish, samples_in
from bench.programs import Program, cpu_s, family_cpu_s, peak_memory_mib
from infra.clock import now_us
from infra.mqtt.connection import Mqtt
from infra.settings import load
from ingest.decode.codecs.native.topics import INPUT_FILTER

POLL_S = 0.02
PATIENCE_S = 300.0


@dataclass(frozen=True, slots=True)
class Drain:
    """What one measurement gave; rates are per second of draining, CPU in µs a message."""

    messages: int
    samples: int
    publish_s: float
    bare_s: float
    ingest_s: float
    bare_cpu_us: float
    ingest_cpu_us: float
    postgres_cpu_us: float
    ingest_memory_mib: float

    @property
    def ratio(self) -> float:
        """The worker's speed as a share of the bare subscriber's."""
        return self.bare_s / self.ingest_s


def measure(where: Bed, messages: list[Message]) -> Drain:
    """Fill both queues, drain one after the other.

    Raises:
        RuntimeError: the worker ended, or not everything was stored.
    """
    stack, settings = where.stack, load(os.environ)
    samples = samples_in(messages)
    _bare(stack.mqtt_url, 0)
    asyncio.run(subscribe(stack.mqtt_url, settings.client_id, settings.session_expiry_s))
    publish_s = asyncio.run(publish(stack.mqtt_url, messages))
    plain = _bare(stack.mqtt_url, len(messages))
    before = stored(stack.database_url)
    started = now_us() / 1e6
    with where.worker() as worker:
        pid = worker.process.pid
        wait_stored(stack.database_url, before + 1, worker)  # what starting costs does not count
        begun, cpu, postgres = stored(stack.database_url), cpu_s(pid), family_cpu_s(stack.postgres.pid)
        ended = wait_stored(stack.database_url, before + samples, worker)
        cpu, postgres, memory = cpu_s(pid) - cpu, family_cpu_s(stack.postgres.pid) - postgres, peak_memory_mib(pid)
    counted = (before + samples - begun) / samples * len(messages)
    count = len(messages)
    return Drain(
        messages=count,
        samples=samples,
        publish_s=publish_s,
        bare_s=plain["took_s"],
        ingest_s=ended - _first_received(stack.database_url, started),
        bare_cpu_us=plain["cpu_s"] / count * 1e6,
        ingest_cpu_us=cpu / counted * 1e6 if counted else math.nan,  # all stored between two looks: a short run
        postgres_cpu_us=postgres / counted * 1e6 if counted else math.nan,
        ingest_memory_mib=memory,
    )


def _bare(url: str, count: int) -> dict[str, float]:
    command = [sys.executable, "-m", bare.__name__, url, str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE_S)
    found: dict[str, float] = json.loads(done.stdout)
    return found


async def subscribe(url: str, client_id: str, expiry_s: int) -> None:
    """Make the worker's session, so that the broker queues for it."""
    session = Mqtt(
        url, client_id, clean_start=False, session_expiry_s=expiry_s, manual_ack=True, subscriptions=[INPUT_FILTER]
    )
    async with session:
        pass


def _one(url: str, query: LiteralString, *parameters: object) -> float:
    with psycopg.connect(url) as connection:
        row = connection.execute(query, parameters).fetchone()
    return float(row[0]) if row and row[0] is not None else 0.0


def stored(url: str) -> int:
    """Samples stored so far."""
    return int(_one(url, "SELECT sum(stored) FROM device_count"))


def _first_received(url: str, since: float) -> float:
    """When the worker that was started at `since` read its first message. [s since 1970 UTC]."""
    first = "SELECT extract(epoch FROM min(received_at)) FROM crane_telemetry WHERE received_at >= to_timestamp(%s)"
    return _one(url, first, since)


def wait_stored(url: str, wanted: int, worker: Program, poll_s: float = POLL_S) -> float:
    """When the last sample was committed, to within the time between two looks. [s since 1970 UTC]."""
    end = time.monotonic() + PATIENCE_S
    with psycopg.connect(url, autocommit=True) as connection:
        while time.monotonic() < end:
            row = connection.execute("SELECT coalesce(sum(stored), 0)::bigint FROM device_count").fetchone()
            now = now_us() / 1e6
            if row and row[0] >= wanted:
                return now
            worker.check()
            time.sleep(poll_s)
    raise RuntimeError(f"only {row[0] if row else 0} of {wanted} samples were stored after {PATIENCE_S:.0f} s")
