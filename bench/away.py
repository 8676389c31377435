"""The database is away while messages come: the worker's memory, and whether everything is there afterwards."""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench import pace
from bench.bed import Bed
from bench.drain import stored, wait_stored
from bench.programs import Program, peak_memory_mib

TARGET_MIB = 250
LOOK_S = 1.0


@dataclass(frozen=True, slots=True)
class Away:
    """What the outage did."""

    seconds: float
    messages: int
    worker_mib: float
    broker_mib: float
    drain_s: float


def measure(where: Bed, rate: float, seconds: float) -> Away:
    """Freeze every process of the database for so long, publish meanwhile, let it go on, and count.

    Raises:
        RuntimeError: not everything that was published came into the database.
    """
    before, sent = stored(where.stack.database_url), int(rate * seconds)
    command = [sys.executable, "-m", pace.__name__, where.stack.mqtt_url, str(rate), str(seconds), "bench", "lazy"]
    broker_peak = 0.0
    with where.worker() as worker:
        worker.wait_ready(where.http)
        where.stack.postgres.freeze()
        began = time.monotonic()
        try:
            with subprocess.Popen(command, stdout=subprocess.DEVNULL) as publisher:
                while publisher.poll() is None:
                    broker_peak = max(broker_peak, _resident_mib(where.stack.broker.pid))
                    worker.check()
                    time.sleep(LOOK_S)
                if publisher.returncode:
                    raise RuntimeError("the publisher failed")
        finally:
            where.stack.postgres.thaw()
        away_s = time.monotonic() - began
        drain_s = _drained(where, before + sent, worker)
        return Away(away_s, sent, peak_memory_mib(worker.process.pid), broker_peak, drain_s)


def _drained(where: Bed, wanted: int, worker: Program) -> float:
    began = time.monotonic()
    wait_stored(where.stack.database_url, wanted, worker)
    return time.monotonic() - began


def _resident_mib(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
