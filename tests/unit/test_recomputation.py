"""A detector started in the middle finds, once it is synchronised, what one finds that has seen everything."""

import itertools
import random
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any

import msgspec
import numpy as np
import pytest

from ingest.decode.assembly import Assembler
from ingest.decode.codecs.registry import CODECS
from ingest.decode.columns import Limits, to_columns
from ingest.source.protocol import Inbound
from processing.cranes.facts import CraneMove
from processing.gates.facts import GateTransaction
from processing.model.device import Device, LastValues
from processing.model.facts import time_of
from processing.model.level import LevelChange
from processing.model.samples import Samples, joined
from processing.model.tracker import CarryForwardTracker
from processing.recompute import DeviceRecomputation, StreamRecomputation
from processing.reefers.facts import ReeferExcursion
from processing.streams import STREAMS
from simulators.cranes import Crane, CraneSamples
from simulators.cranes.columns import to_samples
from simulators.gates.gate import Gate
from simulators.gates.parameters import GATE
from simulators.parameters import STS
from simulators.reefers.group import Reefers
from simulators.weather import Weather
from tests.length import length
from tests.unit.crane_signals import START_US, Phase, discharge, every
from tests.unit.crane_signals import samples as crane_rows
from tests.unit.late_starts import begun_late, box_before, since, values_before

START_MS = 1_795_000_000_000
HOURS = {"crane": length(0.75, 3), "gate": length(2, 12), "reefer": length(18, 120)}
"""Of event time in one history."""
SEEDS = {"crane": range(31, length(33, 37)), "gate": range(31, length(33, 37)), "reefer": range(31, length(32, 34))}
STARTS = {"crane": 4, "gate": 4, "reefer": length(3, 4)}
"""Of detectors in the middle of the samples of each device."""

Row = tuple[int, str, dict[str, Any]]


@cache
def terminal_samples(stream: str, seed: int) -> dict[str, Samples]:
    """All samples of each device of a stream, in order."""
    rng = np.random.default_rng(seed)
    until_ms = START_MS + round(HOURS[stream] * 3_600_000)
    if stream == "crane":
        return crane_samples(seed, rng, until_ms)
    if stream == "reefer":
        return decoded(stream, Reefers([f"r{n}" for n in range(12)], rng, START_MS, -5, 20.0).until(until_ms)[0])
    gate = Gate(["in1", "in2"], ["out1", "out2"], 60.0, -5, rng, START_MS, GATE)
    return decoded(stream, gate.until(until_ms)[0])


def crane_samples(seed: int, rng: np.random.Generator, until_ms: int) -> dict[str, Samples]:
    """Samples of two quay cranes."""
    found = {}
    for n in range(2):
        weather = Weather(np.random.default_rng(seed + 1), START_MS)
        crane = Crane(f"sts{n}", STS, rng, START_MS, slowness=1.0, gantry_m=100.0, weather=weather)
        parts: list[CraneSamples] = []
        while not parts or parts[-1].time_ms[-1] < until_ms:
            parts.append(crane.work().samples)
        found[crane.name] = to_samples(1, parts).in_order()
    return found


def decoded(stream: str, published: list[Row]) -> dict[str, Samples]:
    """Samples of each device, as they are decoded from messages."""
    by_device: dict[str, list[dict[str, Any]]] = {}
    for seq, (time_ms, device, signals) in enumerate(published):
        by_device.setdefault(device, []).append({"ts": time_ms, "seq": seq, **signals})
    found = {}
    for device, rows in by_device.items():
        payloads = [msgspec.json.encode(rows[i : i + 1_000]) for i in range(0, len(rows), 1_000)]
        topic = f"port/demo/{stream}/{device}/telemetry"
        done = Assembler(CODECS).assemble([Inbound(topic, payload, 0, None, False) for payload in payloads])
        assert done.rejects == []
        (rows_of,) = done.streams.values()
        ids = dict.fromkeys(set(rows_of.addresses), 1)
        now_us = (START_MS + round(HOURS[stream] * 3_600_000)) * 1000
        found[device] = to_columns(STREAMS[stream], rows_of, ids, now_us, Limits(3650, 86_400)).samples.in_order()
    return found


def recomputed(
    device: Device, samples: Samples, known: LastValues, first: int, *, from_first: bool
) -> DeviceRecomputation:
    """A recomputation from the samples from a row on."""
    recomputation = DeviceRecomputation(device, known, from_first=from_first)
    recomputation.feed(samples.between(first, len(samples)))
    return recomputation


@cache
def whole_of(stream: str, kind: str, seed: int, name: str) -> DeviceRecomputation:
    """A recomputation from all samples of a device, which several tests compare with and none goes on with."""
    device = Device(1, "demo", stream, name, kind, 0)
    return recomputed(device, terminal_samples(stream, seed)[name], {}, 0, from_first=True)


def carried(recomputation: DeviceRecomputation, samples: Samples, row: int) -> LastValues:
    """Last values before a row."""
    tracker = recomputation.tracker
    names = tracker.CARRIED if isinstance(tracker, CarryForwardTracker) else ()
    box = box_before(recomputation.facts.values(), int(samples.time_us[row]))
    return values_before(samples, row, names) | box


@pytest.mark.parametrize(("stream", "kind"), [("crane", "STS"), ("gate", "LANE"), ("reefer", "PLUG")])
def test_from_the_moment_it_is_exact_a_late_start_finds_the_same(stream: str, kind: str) -> None:
    """From random rows on, in pieces of random length, on some cranes, lanes and plugs."""
    random_ = random.Random(stream)
    exact_starts = 0
    for seed in SEEDS[stream]:
        devices = list(terminal_samples(stream, seed).items())
        for name, samples in random_.sample(devices, len(devices)):
            device = Device(1, "demo", stream, name, kind, 0)
            whole = whole_of(stream, kind, seed, name)
            pieces = partial(random_.randint, 1, max(2, len(samples) // 20))
            for _ in range(STARTS[stream]):
                first = random_.randrange(1, len(samples) // 2)
                known = carried(whole, samples, first)
                late, start_us = begun_late(device, samples, first, known, pieces)
                if start_us is not None:
                    exact_starts += 1
                    assert since(late, start_us) == since(whole.facts, start_us)
    assert exact_starts > 12, "too few late starts became exact: nothing was compared"


@pytest.mark.parametrize("start_s", [2.0, 12.0, 20.0, 39.0])
def test_a_start_amid_a_lift_does_not_join_it_with_the_next_one(start_s: float) -> None:
    """Begun while a box hangs over the quay: of that lift no way is known, so it looks like one of the next box there.

    That box goes to the ship: two moves from 3.2 and 53.2 s on, then others from and to the ship.
    """
    phases = [*discharge(0), *discharge(50, from_m=-8, to_m=35), *discharge(100), *discharge(150), *discharge(200)]
    _is_the_same_from(start_s, (3.2, 53.2, 103.2, 153.2, 203.2), phases)


@pytest.mark.parametrize("start_s", [49.0, 51.0])
def test_a_start_that_does_not_know_the_polarity_is_not_exact_for_the_move_that_shows_it(start_s: float) -> None:
    """`twistlock_locked` is wired the wrong way: who does not know it reads a lock 0.2 s early.

    One begun before the second move learns it only when the third one unlocks: of the second that was not seen.
    """
    second = [phase for phase in discharge(50) if phase[0] != 50 + 42]
    phases = [*discharge(0), *second, *discharge(100), *discharge(150), *discharge(200), *discharge(250)]
    inverted = [(b, e, signals | {"twistlock_locked": 1 - signals["twistlock_locked"]}) for b, e, signals in phases]
    _is_the_same_from(start_s, (3.0, 53.2, 103.2, 153.2, 203.2, 253.2), inverted)


def _is_the_same_from(start_s: float, locked_s: Sequence[float], phases: list[Phase]) -> None:
    """Begun somewhere in phases with moves: once it is exact it finds what one finds that has seen everything."""
    samples = crane_rows(every(0.1, phases))
    device = Device(1, "demo", "crane", "sts1", "STS", 0)
    whole = recomputed(device, samples, {}, 0, from_first=True)
    locked_us = [START_US + round(s * 1e6) for s in locked_s]
    assert [time_of(fact) for fact in whole.facts.values() if isinstance(fact, CraneMove)] == locked_us
    first = int(np.searchsorted(samples.time_us, START_US + round(start_s * 1e6)))
    late, starts_us = DeviceRecomputation(device, carried(whole, samples, first), from_first=False), []
    for at in range(first, len(samples), 10):
        late.feed(samples.between(at, at + 10))
        if late.tracker.synchronised(1):  # energy, which is no move, is so only with the next quarter of an hour
            starts_us.append(late.tracker.final_us(1, late.last_us or 0) or 0)
    assert starts_us != []
    assert since(late.facts, starts_us[0]) == since(whole.facts, starts_us[0])


@pytest.mark.parametrize(("stream", "kind"), [("crane", "STS"), ("gate", "LANE"), ("reefer", "PLUG")])
def test_what_was_found_at_rest_is_final(stream: str, kind: str) -> None:
    random_ = random.Random(stream)
    rests = 0
    for name, samples in list(terminal_samples(stream, 31).items())[:8]:
        device = Device(1, "demo", stream, name, kind, 0)
        whole = whole_of(stream, kind, 31, name)
        part = DeviceRecomputation(device, {}, from_first=True)
        cuts = sorted(random_.randrange(1, len(samples)) for _ in range(10))
        for begin, end in itertools.pairwise([0, *cuts]):
            part.feed(samples.between(begin, end))
            if part.final_us is not None:
                rests += 1
                final_us = part.final_us
                before = {k: f for k, f in whole.facts.items() if time_of(f) < final_us}
                assert {k: f for k, f in part.facts.items() if time_of(f) < final_us} == before
    assert rests > 5


@pytest.mark.parametrize(("stream", "kind"), [("crane", "STS"), ("gate", "LANE"), ("reefer", "PLUG")])
def test_devices_that_are_fed_together_give_what_each_gives_alone(stream: str, kind: str) -> None:
    """In slices of time, as `reprocess` reads them; the first device joins when it has read half of its samples."""
    named = list(terminal_samples(stream, 31).items())[:6]
    devices = [Device(nth, "demo", stream, name, kind, 0) for nth, (name, _) in enumerate(named)]
    listed = [replace(samples, device_id=np.full(len(samples), n, np.int32)) for n, (_, samples) in enumerate(named)]
    recomputations = [DeviceRecomputation(device, {}, from_first=True) for device in devices]
    half = len(listed[0]) // 2
    recomputations[0].feed(listed[0].between(0, half))
    together = StreamRecomputation(recomputations)
    rest = [listed[0].between(half, len(listed[0])), *listed[1:]]
    bounds = np.linspace(rest[1].time_us[0], max(samples.time_us[-1] for samples in listed) + 1, 12).astype(np.int64)
    for begin, end in itertools.pairwise([0, *bounds.tolist()]):
        slices = [s.take(np.flatnonzero((begin <= s.time_us) & (s.time_us < end))) for s in rest]
        if any(map(len, slices)):
            fed = together.feed(joined(rest[0].stream, slices))
            assert [(r.device.device_id, rows.stop - rows.start) for r, rows in fed] == [
                (n, len(part)) for n, part in enumerate(slices) if len(part)
            ]
    for device, samples, recomputation in zip(devices, listed, recomputations, strict=True):
        alone = DeviceRecomputation(device, {}, from_first=True)
        alone.feed(samples)
        assert recomputation.facts == alone.facts
        assert recomputation.last_us == alone.last_us


def test_there_is_something_to_compare() -> None:
    kinds = set()
    for stream, kind in (("gate", "LANE"), ("reefer", "PLUG")):
        for name in terminal_samples(stream, 31):
            kinds |= {type(fact) for fact in whole_of(stream, kind, 31, name).facts.values()}
    assert {GateTransaction, ReeferExcursion, LevelChange} <= kinds
