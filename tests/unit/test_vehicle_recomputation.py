"""Facts of vehicles recomputed from the middle on, and after late samples: those of one who has seen everything."""

import itertools
import random
from functools import cache

import numpy as np
import pytest

from processing.model.facts import time_of
from processing.model.samples import Samples
from processing.recompute import DeviceRecomputation
from processing.vehicles.facts import VehicleTrip
from processing.vehicles.tracker import VehicleTracker
from tests.length import length
from tests.unit.late_starts import Facts, begun_late, decided_us, since, values_before
from tests.unit.vehicle_signals import VEHICLE_1, found_in, random_drive, samples

SEEDS = range(length(1, 12))


@cache
def day(seed: int) -> Samples:
    """Twenty jobs of a vehicle."""
    return samples(random_drive(random.Random(seed), 20))


@cache
def facts_of(seed: int) -> Facts:
    """Facts of all its samples."""
    return found_in(day(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_from_the_moment_it_is_exact_a_late_start_finds_the_same(seed: int) -> None:
    """From random rows on, in pieces of random length."""
    random_, whole, exact_starts = random.Random(seed), day(seed), 0
    for _ in range(12):
        at = random_.randrange(1, len(whole) // 2)
        known = values_before(whole, at, VehicleTracker.CARRIED)
        late, start_us = begun_late(VEHICLE_1, whole, at, known, lambda: random_.randint(1, 60))
        if start_us is not None:
            exact_starts += 1
            assert since(late, start_us) == since(facts_of(seed), start_us)
    assert exact_starts > 6, "too few late starts became exact"


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_found_by_then_is_final(seed: int) -> None:
    random_, whole = random.Random(seed), day(seed)
    part = DeviceRecomputation(VEHICLE_1, {}, from_first=True)
    cuts = sorted(random_.sample(range(1, len(whole)), 80))
    for begin, end in itertools.pairwise([0, *cuts]):
        part.feed(whole.between(begin, end))
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
        since_us = decided_us(VEHICLE_1, whole, late[-1], 10)
        if since_us is not None:
            later = since(facts_of(seed), since_us)
            compared += any(isinstance(fact, VehicleTrip) for fact in later.values())
            assert since(live, since_us) == later
    assert compared > 2, "too few recomputations ended before the samples"
