"""Cranes whose samples are spoilt in every way at once: whatever happens on the way, the facts are the same."""

import gc
import random
import sys
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from itertools import pairwise, takewhile
from types import FunctionType, ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processing.cranes import CraneParameters
from processing.cranes.facts import CraneDelay, CraneMove, PartialLock
from processing.cranes.tracker import MOST_AWAKE, CraneTracker
from processing.model.device import Device, LastValues
from processing.model.facts import DeviceFact, time_of
from processing.model.level import LevelChange
from processing.model.samples import Samples, groups, joined
from processing.recompute import DeviceRecomputation
from simulators.cranes import Crane, CraneSamples
from simulators.cranes.columns import to_samples
from simulators.parameters import ARMG, STS, STS_TANDEM
from simulators.spoiling import FAULTS, spoil
from simulators.weather import Weather
from tests.length import length

START_MS = 1_795_000_000_000
KINDS = {"STS": STS, "ARMG": ARMG, "TANDEM": STS_TANDEM}
PERIODIC, BY_EXCEPTION = 1, 3
"""Device ids: every third crane reports by exception."""
CRANES = [
    ("STS", PERIODIC),
    ("STS", BY_EXCEPTION),
    ("ARMG", PERIODIC),
    ("ARMG", BY_EXCEPTION),
    ("TANDEM", BY_EXCEPTION),
]
TWO_KIB = 2_048
HOURS, TIMES = length((2, 6), (24, 1))
"""What a detector's memory is measured over, and how many times as often as usual there are faults."""
STARTS = length(5, 24)
"""Of detectors in the middle. Of 1,440 none took anything of a later move from what it had not seen."""
Facts = dict[tuple[str, tuple[object, ...]], DeviceFact]
"""By kind and key, as reported last."""


@cache
def clean(kind: str) -> list[CraneSamples]:
    """A crane's hours without faults; part of them serves the shorter tests."""
    rng = np.random.default_rng(5)
    weather = Weather(np.random.default_rng(6), START_MS)
    crane = Crane(kind.lower(), KINDS[kind], rng, START_MS, slowness=1.0, gantry_m=100.0, weather=weather)
    parts: list[CraneSamples] = []
    while not parts or parts[-1].time_ms[-1] < START_MS + HOURS * 3_600_000:
        part = crane.work().samples
        if len(part.time_ms):
            parts.append(part)
    return parts


def arrived(kind: str, device_id: int, hours: float, times: float) -> Samples:
    """What arrives of a crane, in the order of arrival, with every fault so many times as often as usual."""
    rng = np.random.default_rng([5, device_id])
    end_ms = START_MS + int(hours * 3_600_000)
    parts = list(takewhile(lambda part: part.time_ms[0] < end_ms, clean(kind)))
    spoilt, _ = spoil(to_samples(device_id, parts), [fault.name for fault in FAULTS], rng, times)
    return spoilt


@cache
def stored(kind: str, device_id: int) -> Samples:
    """The same as the hypertable holds it: an hour and a half with faults twelve times as often as usual."""
    return arrived(kind, device_id, hours=1.5, times=12).in_order()


def device(kind: str, device_id: int) -> Device:
    """A crane that was always there."""
    parameters = ((0, CraneParameters(tandem=True)),) if kind == "TANDEM" else ()
    return Device(device_id, "demo", "crane", kind.lower(), KINDS[kind].type, 0, parameters)


def found(kind: str, samples: Samples, cuts: Iterable[int] = ()) -> Facts:
    """Facts of a crane, fed in batches that begin at `cuts`; it rests after every other one."""
    device_id = int(samples.device_id[0])
    recomputation = DeviceRecomputation(device(kind, device_id), {}, from_first=True)
    for number, (begin, end) in enumerate(pairwise([0, *sorted(cuts), len(samples)])):
        recomputation.feed(samples.between(begin, end))
        if number % 2 and begin < end:
            recomputation.tracker._detectors[device_id].rest()
    return dict(recomputation.facts)


@cache
def whole(kind: str, device_id: int) -> Facts:
    """Facts of all of it in one batch."""
    return found(kind, stored(kind, device_id))


@pytest.mark.parametrize(("kind", "device_id"), CRANES)
def test_there_is_something_to_find(kind: str, device_id: int) -> None:
    """Moves, some of them inferred, delays and partial locks: what follows would be true of nothing too."""
    facts = whole(kind, device_id).values()
    moves = [fact for fact in facts if isinstance(fact, CraneMove)]
    assert len(moves) > 20
    assert any(move.inferred for move in moves)
    assert any(move.boxes > 1 and not move.twin for move in moves) == (kind == "TANDEM")
    assert any(isinstance(fact, CraneDelay) for fact in facts)
    assert any(isinstance(fact, PartialLock) for fact in facts)


@pytest.mark.parametrize(("kind", "device_id"), CRANES)
@settings(max_examples=length(6, 60))
@given(data=st.data())
def test_any_split_into_batches_gives_the_same_facts(kind: str, device_id: int, data: st.DataObject) -> None:
    samples = stored(kind, device_id)
    cuts = data.draw(st.lists(st.integers(0, len(samples)), max_size=40))
    assert found(kind, samples, cuts) == whole(kind, device_id)


@pytest.mark.parametrize(("kind", "device_id"), CRANES)
@settings(max_examples=length(3, 40))
@given(seed=st.integers(0, 2**32 - 1))
def test_any_duplicates_and_disorder_give_the_same_facts(kind: str, device_id: int, seed: int) -> None:
    samples, rng = stored(kind, device_id), np.random.default_rng(seed)
    rows = np.concatenate([np.arange(len(samples)), rng.integers(0, len(samples), len(samples) // 3)])
    assert found(kind, samples.take(rng.permutation(rows)).in_order()) == whole(kind, device_id)


def known_before(samples: Samples, row: int) -> LastValues:
    """The last known values of a crane before a row."""
    known: LastValues = {}
    for name in CraneTracker.CARRIED:
        values = samples.number(name)[:row]
        values = values[~np.isnan(values)]
        if len(values):
            known[name] = float(values[-1])
    return known


@pytest.mark.parametrize(("kind", "device_id"), CRANES)
def test_any_restart_gives_the_same_facts(kind: str, device_id: int) -> None:
    """Begun anywhere: once it is exact, moves, delays, partial locks and log-ons are those of reading everything."""
    samples, random_, exact = stored(kind, device_id), random.Random(kind), 0
    for _ in range(STARTS):
        first = random_.randrange(1, len(samples) // 2)
        late = DeviceRecomputation(device(kind, device_id), known_before(samples, first), from_first=False)
        since_us, at = None, first
        while at < len(samples):
            step = random_.randint(1, len(samples) // 20)
            late.feed(samples.between(at, at + step))
            at += step
            if since_us is None and late.exact and late.final_us is not None:
                since_us = late.final_us
        if since_us is not None:
            exact += 1
            assert since(late.facts, since_us) == since(whole(kind, device_id), since_us)
    assert exact > STARTS / 2


def since(facts: Facts, since_us: int) -> Facts:
    """Facts whose key is not earlier; the value of a level holds until it changes."""
    return {k: fact for k, fact in facts.items() if time_of(fact) >= since_us and not isinstance(fact, LevelChange)}


@pytest.mark.parametrize(("kind", "device_id"), CRANES)
def test_what_was_reported_as_final_is(kind: str, device_id: int) -> None:
    """No fact from before `final_us` comes, goes or changes afterwards."""
    samples = stored(kind, device_id)
    recomputation = DeviceRecomputation(device(kind, device_id), {}, from_first=True)
    for begin in range(0, len(samples), 997):
        recomputation.feed(samples.between(begin, begin + 997))
        final_us = recomputation.final_us or 0
        now = {k: fact for k, fact in recomputation.facts.items() if time_of(fact) < final_us}
        assert now == {k: fact for k, fact in whole(kind, device_id).items() if time_of(fact) < final_us}


def size_of(root: object) -> int:
    """Bytes of an object and of all it holds; parameters are shared by all cranes of a type. [B]."""
    seen: set[int] = set()
    todo, total = [root], 0
    while todo:
        one = todo.pop()
        if id(one) in seen or isinstance(one, type | ModuleType | FunctionType | CraneParameters):
            continue
        seen.add(id(one))
        total += sys.getsizeof(one)
        todo += gc.get_referents(one)
    return total


def test_sizes_are_measured_with_all_that_is_nested() -> None:
    """A list of one tuple of one text."""
    text = "x" * 1_000
    assert size_of([(text,)]) == sys.getsizeof([None]) + sys.getsizeof((None,)) + sys.getsizeof(text)


@pytest.mark.parametrize(("kind", "device_id"), CRANES)
def test_a_detector_keeps_to_two_kib(kind: str, device_id: int) -> None:
    """At rest after every batch of half a shift as spoilt as a day, with the values carried forward, a move early too.

    One object left over from each move would show within an hour.
    """
    samples = arrived(kind, device_id, HOURS, TIMES).in_order()
    tracker = CraneTracker(lambda _device_id: device(kind, device_id))
    carried = 8 * len(CraneTracker.CARRIED)
    worst = 0
    for begin in range(0, len(samples), 2_000):
        part = samples.between(begin, begin + 2_000)
        tracker.feed(part, *groups(part))
        early = tracker.peek(device_id)
        if early is not None:
            tracker.mark_reported(early)
        tracker._detectors[device_id].rest()
        worst = max(worst, size_of(tracker._detectors[device_id]) + carried)
    assert 500 < worst <= TWO_KIB


def test_cranes_that_are_not_in_a_batch_rest() -> None:
    """And of those that are in it some hundreds at most do not."""
    one = arrived("STS", PERIODIC, HOURS, TIMES).in_order().between(0, 50)
    tracker = CraneTracker(lambda _device_id: device("STS", PERIODIC))

    def awake_after(first: int, count: int) -> list[int]:
        batch = joined(one.stream, [replace(one, device_id=one.device_id * 0 + first + i) for i in range(count)])
        tracker.feed(batch, *groups(batch))
        return [device_id for device_id, one in tracker._detectors.items() if one._memory is not None]

    assert awake_after(1, 3) == [1, 2, 3]
    assert awake_after(3, 2) == [3, 4]
    assert len(awake_after(100, MOST_AWAKE + 1)) == MOST_AWAKE
