"""Publish to committed at a steady rate, beside the bare QoS 1 round trip through the same broker.

Messages of one publisher arrive, and are committed, in order. So the number of samples that a query sees committed
shows for each message whether it is: the first look that sees it ends its latency. Looks are 2 ms apart and take about
1 ms, which makes the figure too large by up to that. The round trip ends where the bare subscriber has the message in
hand.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import psycopg
from numpy.typing import NDArray

from bench import bare, pace
from bench.bed import Bed
from bench.drain import stored, subscribe
from bench.pace import due_ns
from infra.settings import load

LOOK_S = 0.002
PERCENTILES = (50, 90, 99, 100)
PATIENCE_S = 60.0
WARM_UP_S = 2.0
"""Latencies of the first messages are left out: connections are made, tables are new. [s]"""


@dataclass(frozen=True, slots=True)
class Latency:
    """Percentiles (50, 90, 99, highest) of both [ms]."""

    rate: float
    seconds: float
    bare_ms: list[float]
    commit_ms: list[float]

    @property
    def above_ms(self) -> float:
        """By how much the 99th percentile to the commit is above that of the round trip [ms]."""
        return self.commit_ms[2] - self.bare_ms[2]


def measure(where: Bed, rate: float, seconds: float) -> Latency:
    """First the bare round trip, then the worker, each at the same rate for as long."""
    warm_up = int(rate * WARM_UP_S)
    plain = _percentiles(_bare(where, rate, seconds)[warm_up:])
    return Latency(rate, seconds, plain, _percentiles(_commit(where, rate, seconds)[warm_up:]))


def _publisher(where: Bed, rate: float, seconds: float, name: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", pace.__name__, where.stack.mqtt_url, str(rate), str(seconds), name]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _due(publisher: subprocess.Popen[str], rate: float) -> NDArray[np.int64]:
    """When each message was due [ns]."""
    output, _ = publisher.communicate(timeout=PATIENCE_S)
    schedule = json.loads(output)
    return np.array([due_ns(schedule["start_ns"], number, rate) for number in range(schedule["sent"])])


def _bare(where: Bed, rate: float, seconds: float) -> NDArray[np.float64]:
    count = int(rate * seconds)
    url = where.stack.mqtt_url
    subprocess.run([sys.executable, "-m", bare.__name__, url, "0"], capture_output=True, check=True, timeout=PATIENCE_S)
    path = where.folder / "bare-times"
    command = [sys.executable, "-m", bare.__name__, url, str(count), str(path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as subscriber:
        publisher = _publisher(where, rate, seconds, "bench-pace-bare")
        due = _due(publisher, rate)
        subscriber.wait(PATIENCE_S)
    return (np.fromfile(path, np.int64) - due) / 1e6


def _commit(where: Bed, rate: float, seconds: float) -> NDArray[np.float64]:
    settings = load({})
    asyncio.run(subscribe(where.stack.mqtt_url, settings.client_id, settings.session_expiry_s))
    url = where.stack.database_url
    before, count = stored(url), int(rate * seconds)
    with where.worker() as worker:
        worker.wait_ready(where.http)
        publisher = _publisher(where, rate, seconds, "bench-pace")
        seen = _looks(url, before, count)
        due = _due(publisher, rate)
        worker.check()
    ends = np.array([when_ns for when_ns, _ in seen])
    totals = np.array([total for _, total in seen])
    return (ends[np.searchsorted(totals, np.arange(1, count + 1))] - due) / 1e6


def _looks(url: str, before: int, count: int) -> list[tuple[int, int]]:
    """When how many samples were seen to be committed [ns]."""
    seen: list[tuple[int, int]] = []
    end = time.monotonic() + PATIENCE_S + count / 1_000
    with psycopg.connect(url, autocommit=True) as connection:
        while time.monotonic() < end:
            row = connection.execute("SELECT coalesce(sum(stored), 0)::bigint FROM device_count").fetchone()
            total = (row[0] if row else 0) - before
            if not seen or total > seen[-1][1]:
                seen.append((time.monotonic_ns(), total))
            if total >= count:
                return seen
            time.sleep(LOOK_S)
    raise RuntimeError(f"only {seen[-1][1]} of {count} samples were committed in time")


def _percentiles(latencies_ms: NDArray[np.float64]) -> list[float]:
    found: Sequence[float] = np.percentile(latencies_ms, PERCENTILES).tolist()
    return [round(value, 2) for value in found]
