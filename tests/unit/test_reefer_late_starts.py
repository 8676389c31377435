"""A plug read from the middle of something on, or after a late sample amid something: facts are those of everything.

Where a test of random rows would rarely meet it, the row is looked for: in a span without power, in an excursion, in a
silence, after a plug-in, where a number is misread, where probes keep their values. Energy is left aside: its quarters
of an hour would let nothing be exact before most of what is looked for has passed.
"""

import random
from collections.abc import Iterable
from functools import cache

import numpy as np
import pytest

from ingest.recompute.device import Carried
from processing.energy.facts import EnergyUse
from processing.energy.meter import EnergyMeter
from processing.model.device import Device, LastValues
from processing.model.facts import DeviceFact, fact_key, time_of
from processing.model.samples import Samples
from processing.recompute import DeviceRecomputation
from processing.reefers.tracker import ReeferTracker
from tests.length import length
from tests.unit.late_starts import Facts, box_before, since, values_before
from tests.unit.reefer_signals import T0, found_in, random_stay, samples

SEEDS = range(length(2, 30))
STARTS = length(25, 60)
PLUG = Device(1, "demo", "reefer", "r01-01", "PLUG", T0)
BEHIND = 600
"""So many rows behind the moment that counts are compared."""


@pytest.fixture(autouse=True)
def _no_energy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing waits for the meter."""
    monkeypatch.setattr(EnergyMeter, "exact_us", lambda *_: -1)
    monkeypatch.setattr(EnergyMeter, "in_step", lambda *_: True)


@cache
def days(seed: int) -> Samples:
    """Four days of a plug, more or less calm."""
    return samples(random_stay(random.Random(seed), 96, calm=(0.9, 0.97)[seed % 2]))


@cache
def facts_of(seed: int) -> Facts:
    """Facts of all its samples."""
    return of_detector(found_in(days(seed)))


def of_detector(facts: Iterable[DeviceFact]) -> Facts:
    """By kind and key, without those of the meter."""
    return {fact_key(fact): fact for fact in facts if not isinstance(fact, EnergyUse)}


def amid(seed: int, random_: random.Random) -> int:
    """A row soon after something began, or ended."""
    fact = random_.choice([*facts_of(seed).values()])
    at_us = random_.choice([time_of(fact), getattr(fact, "ended_us", None) or time_of(fact)])
    at = int(np.searchsorted(days(seed).time_us, at_us)) + random_.choice([-3, 0, 1, 2, 5, 12, 30])
    return min(max(at, 1), len(days(seed)) - 2)


def known_before(seed: int, at: int) -> LastValues:
    """Last values of its signals before a row, and the box."""
    box = box_before(facts_of(seed).values(), int(days(seed).time_us[at]))
    return values_before(days(seed), at, ReeferTracker.CARRIED) | box


def final(facts: Facts, begin_us: int, end_us: int) -> dict[object, DeviceFact]:
    """Facts with a key in [begin, end)."""
    return {key: fact for key, fact in since(facts, begin_us).items() if time_of(fact) < end_us}


@pytest.mark.parametrize("seed", SEEDS)
def test_from_the_moment_it_is_exact_a_late_start_amid_something_finds_the_same(seed: int) -> None:
    random_, whole, compared = random.Random(seed), days(seed), 0
    for _ in range(STARTS):
        at = first = amid(seed, random_)
        late = DeviceRecomputation(PLUG, known_before(seed, first), from_first=False)
        start_us, end = None, len(whole)
        while at < end:
            rows = random_.choice([1, 1, 1, 7, 60]) if start_us is None else BEHIND
            late.feed(whole.between(at, at + rows))
            at += rows
            if start_us is None and late.exact:
                start_us, end = late.final_us, min(end, at + BEHIND)
        if start_us is not None and late.final_us is not None:
            same = final(facts_of(seed), start_us, late.final_us)
            compared += len(same)
            assert final(of_detector(late.facts.values()), start_us, late.final_us) == same
    assert compared, "too little was compared"


@pytest.mark.parametrize("seed", SEEDS)
def test_facts_beyond_a_late_sample_amid_something_stay(seed: int) -> None:
    random_, whole, compared = random.Random(seed), days(seed), 0
    for _ in range(STARTS):
        row = amid(seed, random_)
        first = max(0, row - random_.choice([0, 0, 3, 40]))
        live = without(seed, first, row)
        again = DeviceRecomputation(PLUG, {}, from_first=True)
        again.feed(whole.between(0, row))
        carried = Carried(again, int(whole.time_us[row]))
        carried.note(whole.between(0, row))
        at = row
        while at < len(whole) and not carried.decided:
            rows = random_.choice([1, 1, 20])
            part = whole.between(at, at + rows)
            again.feed(part)
            carried.note(part)
            at += rows
        if carried.decided and again.final_us is not None:
            same = since(facts_of(seed), again.final_us)
            compared += bool(same)
            assert since(live, again.final_us) == same
    assert compared, "too little was compared"


def without(seed: int, first: int, last: int) -> Facts:
    """Facts found without some rows."""
    rows = np.setdiff1d(np.arange(len(days(seed))), np.arange(first, last + 1))
    return of_detector(found_in(days(seed).take(rows)))
