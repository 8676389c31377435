"""A simulated span of a terminal's cranes as a worker meets it: small batches in order of time, stored as they come."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from infra.database import Link
from infra.site_file.reader import load as load_sites
from ingest.decode.address import Address
from ingest.store.devices import DeviceRegistry
from ingest.store.writer import Batch, BatchWriter, StreamBatch
from processing.cranes.signals import CRANE
from processing.engine import Engine
from processing.model.device import Device
from processing.model.samples import Samples, joined
from processing.model.times import HOUR_US, SECOND_US
from simulators.cranes import Crane
from simulators.cranes.columns import to_samples
from simulators.fleet import Fleet
from simulators.parameters import PRESETS

START_MS = 1_795_000_000_000 // 3_600_000 * 3_600_000
PRESET = PRESETS["chancay"]
SEED = 71
BATCH_S = 30
"""Event time of one batch: some 4,000 samples of 21 cranes. [s]"""


@dataclass(slots=True)
class Working:
    """A crane, and the samples it has made beyond the end of the last batch."""

    crane: Crane
    device_id: int
    ahead: list[Samples] = field(default_factory=list)
    made: int = 0

    def until(self, end_us: int) -> Samples:
        """Its next samples, up to a time."""
        while not self.ahead or self.ahead[-1].time_us[-1] < end_us:
            part = self.crane.work().samples
            if len(part.time_ms):
                samples = to_samples(self.device_id, [part])
                samples.seq += self.made
                self.made += len(samples)
                self.ahead.append(samples)
        samples = joined(CRANE, self.ahead)
        cut = int(np.searchsorted(samples.time_us, end_us))
        self.ahead = [samples.between(cut, len(samples))]
        return samples.between(0, cut)


def cranes() -> list[Crane]:
    """All cranes of the terminal, at its beginning."""
    return Fleet(PRESET, np.random.SeedSequence(SEED), START_MS).cranes


def batches(working: list[Working], hours: float) -> Iterator[Samples]:
    """Samples of all cranes, a batch after the other, each in order of device and time."""
    end_us = START_MS * 1000 + round(hours * HOUR_US)
    for begin_us in range(START_MS * 1000, end_us, BATCH_S * SECOND_US):
        until_us = min(begin_us + BATCH_S * SECOND_US, end_us)
        yield joined(CRANE, [one.until(until_us) for one in working])


class Live:
    """What a worker does with batches: facts and KPI samples are found, and stored with the samples.

    Args:
        link: to the database.
    """

    def __init__(self, link: Link) -> None:
        sites = load_sites(None)
        self._engine = Engine(sites)
        self._registry = DeviceRegistry(link, sites)
        self._store = BatchWriter(link, self._registry.address_of)

    async def register(self, names: list[str]) -> list[Device]:
        """Make the cranes known, in this order."""
        addresses = [Address("telemetry", PRESET.terminal, CRANE.name, name) for name in names]
        await self._registry.ensure(addresses)
        devices = [self._registry.devices[self._registry.id_of(address)] for address in addresses]
        for device in devices:
            self._engine.register(device)
        return devices

    async def take(self, samples: Samples) -> None:
        """One batch, one transaction."""
        batch = Batch([StreamBatch(samples, np.zeros(len(samples), bool))])
        batch.facts = self._engine.feed(samples, int(samples.time_us.max()))
        output = self._engine.kpis()
        batch.kpis, batch.stale = output.samples, output.stale
        await self._store.write(batch)
        self._engine.forget()


async def load(link: Link, hours: float) -> int:
    """Let the cranes work, and store all of it; how many samples they sent."""
    live, every = Live(link), cranes()
    devices = await live.register([crane.name for crane in every])
    working = [Working(crane, device.device_id) for crane, device in zip(every, devices, strict=True)]
    total = 0
    for samples in batches(working, hours):
        await live.take(samples)
        total += len(samples)
    return total
