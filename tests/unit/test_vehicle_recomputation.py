"""Facts of vehicles recomputed from the middle on, and after late samples: those of one who has seen everything."""

import itertools
import random
from functools import cache

import numpy as np
import pytest

from ingest.recompute.device import Carried
from processing.model.device import LastValues
from processing.model.facts import DeviceFact, time_of
from processing.model.samples import Samples
from processing.recompute import DeviceRecomputation
from processing.vehicles.facts import VehicleTrip
from processing.vehicles.tracker import VehicleTracker
from tests.length import length
from tests.unit.vehicle_signals import VEHICLE_1, found_in, random_drive, samples

SEEDS = range(length(1, 12))
Facts = dict[tuple[str, tuple[object, ...]], DeviceFact]


@cache
def day(seed: int) -> Samples:
    """Twenty jobs of a vehicle."""
    return samples(random_drive(random.Random(seed), 20))


@cache
def facts_of(seed: int) -> Facts:
    """Facts of all its samples."""
    return found_in(day(seed))


def known_before(whole: Samples, row: int) -> LastValues:
    """Last values of its signals before a row."""
    known: LastValues = {}
    for name in VehicleTracker.CARRIED:
        values = whole.number(name)[:row]
        values = values[~np.isnan(values)]
        if len(values):
            known[name] = float(values[-1])
    return known


def since(facts: Facts, start_us: int) -> Facts:
    """Facts with a key from a time on."""
    return {key: fact for key, fact in facts.items() if time_of(fact) >= start_us}


@pytest.mark.parametrize("seed", SEEDS)
def test_from_the_moment_it_is_exact_a_late_start_finds_the_same(seed: int) -> None:
    """From random rows on, in pieces of random length."""
    random_, whole, exact_starts = random.Random(seed), day(seed), 0
    for _ in range(12):
        at = random_.randrange(1, len(whole) // 2)
        late = DeviceRecomputation(VEHICLE_1, known_before(whole, at), from_first=False)
        start_us = None
        while at < len(whole):
            step = random_.randint(1, 60)
            late.feed(whole.take(np.arange(at, min(at + step, len(whole)))))
            at += step
            if start_us is None and late.exact and late.final_us is not None:
                start_us = late.final_us
        if start_us is not None:
            exact_starts += 1
            assert since(late.facts, start_us) == since(facts_of(seed), start_us)
    assert exact_starts > 6, "too few late starts became exact"


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_found_by_then_is_final(seed: int) -> None:
    random_, whole = random.Random(seed), day(seed)
    part = DeviceRecomputation(VEHICLE_1, {}, from_first=True)
    cuts = sorted(random_.sample(range(1, len(whole)), 80))
    for begin, end in itertools.pairwise([0, *cuts]):
        part.feed(whole.take(np.arange(begin, end)))
        final_us = part.final_us
        assert final_us is not None
        found = {key: fact for key, fact in part.facts.items() if time_of(fact) < final_us}
        assert found == {key: fact for key, fact in facts_of(seed).items() if time_of(fact) < final_us}


@pytest.mark.parametrize("seed", SEEDS)
def test_facts_after_the_recomputed_ones_are_those_found_without_the_late_samples(seed: int) -> None:
    """Spans of one sample to several minutes came late; beyond the end of the recomputation nothing differs."""
    random_, whole, compared = random.Random(seed), day(seed), 0
    for _ in range(8):
        late_rows = random_.choice([1, 10, 60, 200])
        begin = random_.randrange(1, len(whole) // 2)
        late = np.arange(begin, begin + late_rows)
        live = found_in(whole.take(np.setdiff1d(np.arange(len(whole)), late)))
        again = DeviceRecomputation(VEHICLE_1, {}, from_first=True)
        carried = Carried(again, int(whole.time_us[late[-1]]))
        for row in range(0, len(whole), 10):
            part = whole.take(np.arange(row, min(row + 10, len(whole))))
            again.feed(part)
            carried.note(part)
            if carried.decided:
                break
        if carried.decided and again.final_us is not None:
            later = since(facts_of(seed), again.final_us)
            compared += any(isinstance(fact, VehicleTrip) for fact in later.values())
            assert since(live, again.final_us) == later
    assert compared > 2, "too few recomputations ended before the samples"
