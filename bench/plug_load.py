"""CPU time of a worker to which thousands of reefers report once a minute, from its broker into its database."""

import subprocess
import sys
import time
from dataclasses import dataclass

from bench import plug_pace
from bench.bed import Bed
from bench.drain import stored, wait_stored
from bench.programs import cpu_s, family_cpu_s, peak_memory_mib

LOOK_S = 0.5
KNOWN = 0.99
"""Share of the plugs that have reported in the first minute; of some nothing is heard for a while."""


@dataclass(frozen=True, slots=True)
class PlugLoad:
    """What a measurement gave: shares of one core, once each plug had reported once, and the worker's peak memory."""

    plugs: int
    samples: int
    seconds: float
    worker_share: float
    postgres_share: float
    worker_mib: float

    @property
    def worker_us(self) -> float:
        """CPU time of the worker a sample. [µs]."""
        return self.worker_share * self.seconds / self.samples * 1e6


def measure(where: Bed, plugs: int, minutes: float) -> PlugLoad:
    """Let plugs report; the first minute, in which they become known, is no part.

    Raises:
        RuntimeError: the worker ended, or stored nothing.
    """
    url, before = where.stack.database_url, stored(where.stack.database_url)
    command = [sys.executable, "-m", plug_pace.__name__, where.stack.mqtt_url, str(plugs), str(minutes + 1)]
    with where.worker() as worker:
        worker.wait_ready(where.http)
        pid, postgres = worker.process.pid, where.stack.postgres.pid
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as publisher:
            wait_stored(url, before + int(KNOWN * plugs), worker, LOOK_S)
            known, began_s = stored(url), time.monotonic()
            own_s, postgres_s = cpu_s(pid), family_cpu_s(postgres)
            while publisher.poll() is None:
                worker.check()
                time.sleep(LOOK_S)
            seconds = time.monotonic() - began_s
            own_s, postgres_s = cpu_s(pid) - own_s, family_cpu_s(postgres) - postgres_s
        share, postgres_share, samples = own_s / seconds, postgres_s / seconds, stored(url) - known
        return PlugLoad(plugs, samples, seconds, share, postgres_share, peak_memory_mib(pid))
