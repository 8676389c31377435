"""CPU time of the engine with thousands of reefers that each report once a minute, without servers."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from processing.engine import Engine
from processing.model.device import Device
from processing.model.samples import Samples, joined
from processing.reefers.signals import REEFER
from processing.site.configuration import Sites
from simulators.reefers.columns import numeric, to_samples
from simulators.reefers.group import Minute, Reefers
from simulators.reefers.plugs import names

PLUGS = 5_000
START_MS = 1_795_000_000_000 // 3_600_000 * 3_600_000
BATCH_US = 200_000
"""What comes within 0.2 s is one batch, as a worker takes it where few messages come: see `Bounds.few_every_s`."""
MINUTE_US = 60_000_000


@dataclass(frozen=True, slots=True)
class Plugs:
    """What a measurement gave: CPU time of a minute of event time, of so many samples in so many batches."""

    plugs: int
    minutes: int
    samples: int
    batches: int
    cpu_s: float

    @property
    def share(self) -> float:
        """Of one core, at the pace of event time."""
        return self.cpu_s / (60 * self.minutes)

    @property
    def us(self) -> float:
        """CPU time a sample. [µs]."""
        return self.cpu_s / self.samples * 1e6


def measure(minutes: int, plugs: int = PLUGS) -> Plugs:
    """Feed the engine minute by minute in small batches, KPIs of each, a tick each second; the first minute is no part.

    Args:
        minutes: of event time that count.
        plugs: that report each minute.
    """
    simulator = Reefers(names(plugs), np.random.default_rng(5), START_MS, -5.0)
    simulator.interval_min[:] = 1
    engine = Engine(Sites())
    for number, plug in enumerate(simulator.names, 1):
        engine.register(Device(number, "demo", "reefer", plug, "PLUG", START_MS * 1000))
    cpu_s, samples, batches = 0.0, 0, 0
    for minute in range(minutes + 1):
        parts = list(_batches(simulator, simulator.minute()))
        began_s = time.process_time()
        for part in parts:
            engine.feed(part, int(part.time_us[-1]))
            engine.kpis()
        for second in range(60):
            engine.tick((START_MS + minute * 60_000 + second * 1000) * 1000)
        if minute:
            cpu_s += time.process_time() - began_s
            samples += sum(map(len, parts))
            batches += len(parts)
    return Plugs(plugs, minutes, samples, batches, cpu_s)


def _batches(simulator: Reefers, made: Minute) -> Iterator[Samples]:
    """A minute's samples in order of time, those within 20 ms together."""
    block = numeric([made])
    rows = joined(
        REEFER,
        [to_samples(n + 1, n, phase_ms, [made], block) for n, phase_ms in enumerate(simulator.phase_ms)],
    )
    ordered = rows.take(np.lexsort((rows.device_id, rows.time_us)))
    bounds = np.flatnonzero(np.diff(ordered.time_us // BATCH_US)) + 1
    for begin, end in pairwise([0, *bounds.tolist(), len(ordered)]):
        yield ordered.between(begin, end).in_order()
