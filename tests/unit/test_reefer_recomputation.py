"""Facts of reefers recomputed from the middle on, and after late samples: those of one who has seen everything."""

import random
from functools import cache

import numpy as np
import pytest

from processing.model.device import Device, LastValues
from processing.model.facts import DeviceFact, fact_key
from processing.model.samples import Samples
from processing.reefers.tracker import ReeferTracker
from tests.length import length
from tests.unit.late_starts import Facts, begun_late, box_before, decided_us, since, values_before
from tests.unit.reefer_signals import T0, found_in, random_stay, row, samples

SEEDS = range(length(1, 12))
PLUG = Device(1, "demo", "reefer", "r01-01", "PLUG", T0)


@cache
def days(seed: int) -> Samples:
    """Ten days of a plug, on which little happens for a while after each thing."""
    return samples(random_stay(random.Random(seed), 240, calm=0.93))


def by_key(facts: list[DeviceFact]) -> Facts:
    """Facts by kind and key."""
    return {fact_key(fact): fact for fact in facts}


@cache
def facts_of(seed: int) -> Facts:
    """Facts of all its samples."""
    return by_key(found_in(days(seed)))


def known_before(seed: int, at: int) -> LastValues:
    """Last values of its signals before a row, and the box."""
    whole = days(seed)
    box = box_before(facts_of(seed).values(), int(whole.time_us[at]))
    return values_before(whole, at, ReeferTracker.CARRIED) | box


@pytest.mark.parametrize("seed", SEEDS)
def test_from_the_moment_it_is_exact_a_late_start_finds_the_same(seed: int) -> None:
    """From random rows on, in pieces of random length."""
    random_, whole, exact_starts = random.Random(seed), days(seed), 0
    for _ in range(6):
        at = random_.randrange(1, len(whole) // 2)
        late, start_us = begun_late(PLUG, whole, at, known_before(seed, at), lambda: random_.randint(1, 400))
        if start_us is not None:
            exact_starts += 1
            assert since(late, start_us) == since(facts_of(seed), start_us)
    assert exact_starts > 3, "too few late starts became exact"


@pytest.mark.parametrize("seed", SEEDS)
def test_facts_after_the_recomputed_ones_are_those_found_without_the_late_samples(seed: int) -> None:
    """Spans of one sample to several hours came late; beyond the end of the recomputation nothing differs."""
    random_, whole, compared = random.Random(seed), days(seed), 0
    for _ in range(6):
        late_rows = random_.choice([1, 10, 60, 200])
        begin = random_.randrange(1, len(whole) // 2)
        late = np.arange(begin, begin + late_rows)
        live = by_key(found_in(whole.take(np.setdiff1d(np.arange(len(whole)), late))))
        since_us = decided_us(PLUG, whole, late[-1], 50)
        if since_us is not None:
            later = since(facts_of(seed), since_us)
            compared += bool(later)
            assert since(live, since_us) == later
    assert compared > 2, "too few recomputations ended before the samples"


def test_a_span_without_power_that_lasts_may_have_begun_later() -> None:
    """Off from minute 600 to 1500; that there was power from 700 to 709 is known late."""
    whole = samples(row(m, powered=not (600 <= m < 700 or 710 <= m < 1500)) for m in range(2000))
    live = by_key(found_in(whole.take(np.setdiff1d(np.arange(2000), np.arange(700, 710)))))
    since_us = decided_us(PLUG, whole, 709, 50)
    assert since_us is not None
    assert since(live, since_us) == since(by_key(found_in(whole)), since_us)


def test_what_the_sample_that_renews_a_value_changes_is_looked_at() -> None:
    """Only each 100th sample reports power. That there was none at 305 is known late: until 400, where it is back."""
    whole = samples(row(m, powered=m != 305 if m % 100 == 0 or m == 305 else None) for m in range(1000))
    live = by_key(found_in(whole.take(np.delete(np.arange(1000), 305))))
    since_us = decided_us(PLUG, whole, 305, 1)
    assert since_us is not None
    assert since(live, since_us) == since(by_key(found_in(whole)), since_us)
