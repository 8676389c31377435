"""Rows, counts and conflicts of samples without seq: a matter of what was sent, not of how it arrived."""

import random
from typing import Any

import numpy as np
import pytest

from infra.connection import Connection
from infra.database import Link, connect
from ingest.decode.address import Address
from ingest.recompute import raw_reader
from ingest.store.writer import Batch, BatchWriter, StreamBatch
from processing.model.device import Device
from processing.model.samples import Samples, groups
from processing.model.watermarks import Watermarks
from tests.unit.test_unnumbered import NOW_US, columns

SEED = 20261201
EXAMPLES = 40
DEVICE = Device(7, "t", "crane", "sts7", "STS", first_us=NOW_US)


def some_parts(chance: random.Random) -> list[dict[str, Any]]:
    """Parts of samples of three moments, some of them the same, some in conflict."""
    found = []
    for _ in range(chance.randint(1, 9)):
        part: dict[str, Any] = {"ts": NOW_US // 1000 - chance.randint(0, 2)}
        part |= {"load_t": chance.choice([1.0, 2.0, 3.0])} if chance.random() < 0.5 else {}
        part |= {"landed": chance.random() < 0.5} if chance.random() < 0.5 else {}
        part |= {"container_ids": [chance.choice("AB")]} if chance.random() < 0.3 else {}
        found.append(part)
    return found


def conflicts(parts: list[dict[str, Any]]) -> dict[str, int]:
    """By the definition: values of a signal at a time, beyond the first."""
    values: dict[tuple[int, str], set[str]] = {}
    for part in parts:
        for name in part.keys() - {"ts"}:
            values.setdefault((part["ts"], name), set()).add(str(part[name]))
    found: dict[str, int] = {}
    for (_, name), distinct in values.items():
        if len(distinct) > 1:
            found[name] = found.get(name, 0) + len(distinct) - 1
    return found


class Worker:
    """Writes batches as the worker does: what is ahead of the watermarks straight into the table."""

    def __init__(self, link: Link) -> None:
        self._writer = BatchWriter(link, lambda _: Address("telemetry", "t", "crane", "sts7"))
        self.restart(None)
        self.stored = self.duplicate = 0
        self.conflicts: dict[str, int] = {}

    def restart(self, newest: tuple[int, int] | None) -> None:
        """Know nothing but the newest row."""
        self._watermarks = Watermarks()
        if newest is not None:
            self._watermarks.put(DEVICE.device_id, *newest)

    async def write(self, arrived: Samples) -> None:
        """One batch, in one transaction."""
        arrived.device_id[:] = DEVICE.device_id
        once = arrived.in_order()
        behind = self._watermarks.behind(once)
        written = await self._writer.write(Batch([StreamBatch(once, behind)]))
        ahead = once.take(np.flatnonzero(~behind))
        self._watermarks.advance(ahead, groups(ahead)[1])
        count = written.tally.of(DEVICE.device_id)
        self.stored += count.stored
        self.duplicate += count.duplicate + len(arrived) - len(once)
        for (_, fate, signal), number in written.tally.causes.items():
            assert fate == "conflict"
            self.conflicts[signal] = self.conflicts.get(signal, 0) + number


async def test_any_batches_orders_duplicates_and_restarts(database_url: str) -> None:
    """A property over seeds: batches cut anywhere, everything up to three times, shuffled, with restarts between."""
    link, reader = Link(database_url, "test"), await connect(database_url, "test")
    try:
        for seed in range(SEED, SEED + EXAMPLES):
            chance = random.Random(seed)
            parts = some_parts(chance)
            sent = [part for part in parts for _ in range(chance.randint(1, 3))]
            chance.shuffle(sent)
            await reader.execute("TRUNCATE crane_telemetry")
            worker = Worker(link)
            while sent:
                cut = chance.randint(1, len(sent))
                batch, sent = sent[:cut], sent[cut:]
                await worker.write(columns(*batch))
                if chance.random() < 0.5:
                    worker.restart(await newest(reader))
            distinct = [part for n, part in enumerate(parts) if part not in parts[:n]]
            stored = await reader.fetchval("SELECT count(*) FROM crane_telemetry")
            assert (stored, worker.stored, worker.conflicts) == (len(distinct),) * 2 + (conflicts(distinct),), seed
    finally:
        await reader.close()
        link.drop()


async def newest(connection: Connection) -> tuple[int, int]:
    """Time and seq of the newest row. [µs since 1970 UTC]."""
    (row,) = await connection.fetch(
        "SELECT (extract(epoch FROM time) * 1000000)::bigint, seq FROM crane_telemetry "
        "ORDER BY time DESC, seq DESC LIMIT 1"
    )
    return row[0], row[1]


@pytest.mark.parametrize("first", [0, 1])
async def test_what_is_read_back_does_not_depend_on_what_came_first(database_url: str, first: int) -> None:
    """Parts are one sample; of values in conflict the one with the greater number is the last known."""
    link, reader = Link(database_url, "test"), await connect(database_url, "test")
    both = [columns({"load_t": 1.0, "twin": True}), columns({"load_t": 2.0})]
    whole = columns({"hoist_height_m": 20.0})
    last = max(both, key=lambda one: int(one.seq[0])).number("load_t")[0]
    try:
        worker = Worker(link)
        for samples in (both[first], whole, both[1 - first]):
            await worker.write(samples)
        async with raw_reader.of_device(reader, DEVICE, NOW_US, NOW_US + 1) as reading:
            (samples,) = [one async for one in reading]
        assert len(samples) == 2
        assert sorted(samples.number("load_t").tolist()) == [1.0, 2.0]
        known = await raw_reader.known(reader, DEVICE, NOW_US + 1)
        assert (known["load_t"], known["hoist_height_m"], known["twin"]) == (last, 20.0, 1.0)
    finally:
        await reader.close()
        link.drop()


async def test_a_sample_stored_by_an_earlier_version_is_not_stored_again(database_url: str) -> None:
    """It stands under seq 0; with other values it is another sample."""
    link, reader = Link(database_url, "test"), await connect(database_url, "test")
    try:
        worker, sample = Worker(link), columns({"load_t": 1.5, "container_ids": ["A"], "x": 1})
        sample.seq[:] = 0
        await worker.write(sample)
        worker.restart(await newest(reader))
        await worker.write(columns({"load_t": 1.5, "container_ids": ["A"], "x": 1}, {"load_t": 2.5}))
        assert (worker.stored, worker.duplicate) == (2, 1)
    finally:
        await reader.close()
        link.drop()
