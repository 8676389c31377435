"""Samples read back from the hypertable are those that were stored, in slices of whatever length."""

import random
from dataclasses import replace

import numpy as np
import pytest

from infra.database import Link
from ingest.decode.address import Address
from ingest.recompute import raw_reader
from ingest.store.writer import Batch, BatchWriter, StreamBatch
from processing.cranes.signals import CRANE
from processing.model.samples import Samples
from processing.model.stream import Stream
from processing.reefers.signals import REEFER
from processing.streams import BY_NAME

AT_US = 1_795_000_000_000_000
HOUR_US = 3_600_000_000


def some(stream: Stream, rows: list[tuple[int, int]]) -> Samples:
    """Samples of devices at times, each with some of the signals."""
    random_ = random.Random(7)
    n = len(rows)
    numbers = np.full((len(stream.numeric), n), np.nan)
    for at, signal in enumerate(stream.numeric):
        most = {"bool": 1, "enum": len(signal.values) - 1, "int": 40, "float": 9}[signal.kind]
        for row in range(n):
            if random_.random() < 0.5:
                numbers[at, row] = random_.randint(0, most) if signal.kind != "float" else random_.random() * most
    words: list[object] = [("MSKU1234565",), ("A", "B"), (), None, None]
    texts: dict[str, list[object]] = {
        signal.name: [
            random_.choice(words) if signal.kind == "texts" else random_.choice(["x", "MSKU1234565", None])
            for _ in range(n)
        ]
        for signal in stream.textual
    }
    times = np.array([time_us for _, time_us in rows], np.int64)
    devices = np.array([device for device, _ in rows], np.int32)
    seqs = np.arange(n, dtype=np.int64)
    return Samples(stream, devices, times, seqs, times, numbers, texts, [None] * n, [None] * n).in_order()


async def stored(url: str, samples: Samples) -> None:
    """Put samples into their hypertable."""
    link = Link(url, "test")
    try:
        store = BatchWriter(link, lambda device_id: Address("telemetry", "t", samples.stream.name, f"d{device_id}"))
        await store.write(Batch([StreamBatch(samples, np.zeros(len(samples), bool))]))
    finally:
        link.drop()


async def read(url: str, stream: Stream, devices: list[int], from_us: int, to_us: int | None) -> list[Samples]:
    """All slices."""
    link = Link(url, "test")
    try:
        async with raw_reader.Reading(await link.get(), stream, devices, from_us, to_us) as reading:
            return [samples async for samples in reading]
    finally:
        link.drop()


@pytest.mark.parametrize("stream", [CRANE, REEFER])
async def test_what_detectors_read_is_what_was_stored(database_url: str, stream: Stream) -> None:
    """A dense hour, a sample of another chunk, a silence of a week, and one sample more."""
    rows = [(1 + n % 3, AT_US + n * 1_000_003) for n in range(3_000)]
    rows += [(2, AT_US + 7 * HOUR_US), (1, AT_US + 7 * 24 * HOUR_US)]
    samples = some(stream, rows)
    await stored(database_url, samples)
    slices = await read(database_url, stream, [1, 2], AT_US, None)
    wanted = samples.take(np.flatnonzero(samples.device_id <= 2))
    assert len(slices) > 3
    got_times = np.concatenate([part.time_us for part in slices])
    assert sorted(got_times.tolist()) == sorted(wanted.time_us.tolist())
    for part in slices:
        assert part.in_order().time_us.tolist() == part.time_us.tolist()
        there = np.isin(wanted.seq, part.seq)
        expected = wanted.take(np.flatnonzero(there))
        assert part.seq.tolist() == expected.seq.tolist()
        assert part.device_id.tolist() == expected.device_id.tolist()
        for name in BY_NAME[stream.name].tracker.READ:
            if stream.by_name[name].numeric:
                np.testing.assert_array_equal(part.number(name), expected.number(name), err_msg=name)
            else:
                assert part.texts[name] == expected.texts[name]
    assert [part.time_us.max() for part in slices] == sorted(part.time_us.max() for part in slices)


async def test_a_slice_that_is_too_large_is_read_as_several(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    samples = some(CRANE, [(1, AT_US + n * 10_000) for n in range(2_000)])
    await stored(database_url, samples)
    monkeypatch.setattr(raw_reader, "MOST_BYTES", 20_000)
    slices = await read(database_url, CRANE, [1], AT_US, AT_US + HOUR_US)
    assert max(map(len, slices)) < 250
    assert np.concatenate([part.seq for part in slices]).tolist() == samples.seq.tolist()


async def test_many_samples_of_one_instant_cannot_be_divided(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = some(CRANE, [(1, AT_US)] * 300)
    await stored(database_url, replace(samples, seq=np.arange(300)))
    monkeypatch.setattr(raw_reader, "MOST_BYTES", 1_000)
    (part,) = await read(database_url, CRANE, [1], AT_US, None)
    assert part.seq.tolist() == list(range(300))


async def test_the_connection_is_free_for_others_between_slices(database_url: str) -> None:
    await stored(database_url, some(CRANE, [(1, AT_US + n * 1_000_000) for n in range(600)]))
    link = Link(database_url, "test")
    try:
        connection = await link.get()
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            async with raw_reader.Reading(connection, CRANE, [1], AT_US, None) as reading:
                seen = 0
                async for samples in reading:
                    seen += len(samples)
                    await reading.until_free()
                    assert await connection.fetchval("SELECT count(*) FROM crane_telemetry") == 600
                    if seen >= 100:
                        break
            assert await connection.fetchval("SELECT 1") == 1  # and the transaction has not been broken off
    finally:
        link.drop()
