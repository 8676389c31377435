"""CPU time of worker and database for a message, with few devices and with many, at the same rate of messages."""

import subprocess
import sys
import time
from dataclasses import dataclass

from bench import pace
from bench.bed import Bed
from bench.drain import PATIENCE_S, stored, wait_stored
from bench.programs import cpu_s, family_cpu_s, peak_memory_mib

LOOK_S = 0.1


@dataclass(frozen=True, slots=True)
class Growth:
    """CPU time a message [µs], and the worker's peak memory."""

    devices: int
    worker_us: float
    postgres_us: float
    worker_mib: float

    @property
    def us(self) -> float:
        """Of both. [µs]."""
        return self.worker_us + self.postgres_us


def measure(where: Bed, devices: int, rate: float, seconds: float) -> Growth:
    """Publish at a steady rate; what counts begins when every device has sent twice.

    Raises:
        RuntimeError: the worker ended, or not everything was stored.
    """
    url, warm_up = where.stack.database_url, 2 * devices
    before, count = stored(url), warm_up + int(rate * seconds)
    command = [sys.executable, "-m", pace.__name__, where.stack.mqtt_url, str(rate), str(count / rate), "bench-growth"]
    with where.worker() as worker:
        worker.wait_ready(where.http)
        pid = worker.process.pid
        with subprocess.Popen([*command, str(devices)], stdout=subprocess.DEVNULL):
            end = time.monotonic() + PATIENCE_S
            while (warm := stored(url) - before) < warm_up and time.monotonic() < end:
                worker.check()
                time.sleep(LOOK_S)
            own_s, postgres_s = cpu_s(pid), family_cpu_s(where.stack.postgres.pid)
            wait_stored(url, before + count, worker, LOOK_S)
            own_s, postgres_s = cpu_s(pid) - own_s, family_cpu_s(where.stack.postgres.pid) - postgres_s
            counted = count - warm
        return Growth(devices, own_s / counted * 1e6, postgres_s / counted * 1e6, peak_memory_mib(pid))
