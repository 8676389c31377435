"""Facts of reefers recomputed from the middle on, and after late samples: those of one who has seen everything."""

import random
from functools import cache

import numpy as np
import pytest

from ingest.recompute.device import Carried
from processing.model.device import Device, LastValues
from processing.model.facts import DeviceFact, fact_key, time_of
from processing.model.samples import Samples
from processing.recompute import DeviceRecomputation
from processing.reefers.tracker import DRAWS_KW, ReeferTracker
from tests.length import length
from tests.unit.reefer_signals import T0, found_in, random_stay, row, samples

SEEDS = range(length(2, 12))
PLUG = Device(1, "demo", "reefer", "r01-01", "PLUG", T0)
Facts = dict[tuple[str, tuple[object, ...]], DeviceFact]


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


def known_before(whole: Samples, row: int) -> LastValues:
    """Last values of its signals before a row."""
    known: LastValues = {}
    for name in ReeferTracker.CARRIED:
        values = whole.number(name)[:row]
        values = values[~np.isnan(values)]
        if len(values):
            known[name] = float(values[-1])
    box = box_before(whole, row)
    return known | ({} if box is None else {"container_id": box})


def box_before(whole: Samples, row: int) -> str | None:
    """The box on the plug before a row, as `held_boxes.sql` finds it."""
    plugged = whole.number("plugged")
    draws = (whole.number("power_kw") > DRAWS_KW) | (whole.number("compressor_on") == 1)
    for at in range(row - 1, -1, -1):
        box = whole.texts["container_id"][at]
        if isinstance(box, str) or (plugged[at] == 0 and not draws[at]):
            reported = plugged[: at + 1][~np.isnan(plugged[: at + 1])]
            is_free = len(reported) and reported[-1] == 0 and not draws[at]
            return None if is_free or not isinstance(box, str) else box
    return None


def since(facts: Facts, start_us: int) -> Facts:
    """Facts with a key from a time on."""
    return {key: fact for key, fact in facts.items() if time_of(fact) >= start_us}


@pytest.mark.parametrize("seed", SEEDS)
def test_from_the_moment_it_is_exact_a_late_start_finds_the_same(seed: int) -> None:
    """From random rows on, in pieces of random length."""
    random_, whole, exact_starts = random.Random(seed), days(seed), 0
    for _ in range(6):
        at = random_.randrange(1, len(whole) // 2)
        late = DeviceRecomputation(PLUG, known_before(whole, at), from_first=False)
        start_us = None
        while at < len(whole):
            step = random_.randint(1, 400)
            late.feed(whole.between(at, at + step))
            at += step
            if start_us is None and late.exact and late.final_us is not None:
                start_us = late.final_us
        if start_us is not None:
            exact_starts += 1
            assert since(late.facts, start_us) == since(facts_of(seed), start_us)
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
        again = DeviceRecomputation(PLUG, {}, from_first=True)
        carried = Carried(again, int(whole.time_us[late[-1]]))
        for at in range(0, len(whole), 50):
            part = whole.between(at, at + 50)
            again.feed(part)
            carried.note(part)
            if carried.decided:
                break
        if carried.decided and again.final_us is not None:
            later = since(facts_of(seed), again.final_us)
            compared += bool(later)
            assert since(live, again.final_us) == later
    assert compared > 2, "too few recomputations ended before the samples"


def decided_at(whole: Samples, late: int, step: int) -> int:
    """From when on facts stay as they are that were found without one row, or several up to it; fed in steps."""
    again = DeviceRecomputation(PLUG, {}, from_first=True)
    carried = Carried(again, int(whole.time_us[late]))
    for at in range(0, len(whole), step):
        part = whole.between(at, at + step)
        again.feed(part)
        carried.note(part)
        if carried.decided:
            break
    assert carried.decided
    assert again.final_us is not None
    return again.final_us


def test_a_span_without_power_that_lasts_may_have_begun_later() -> None:
    """Off from minute 600 to 1500; that there was power from 700 to 709 is known late."""
    whole = samples(row(m, powered=not (600 <= m < 700 or 710 <= m < 1500)) for m in range(2000))
    live = by_key(found_in(whole.take(np.setdiff1d(np.arange(2000), np.arange(700, 710)))))
    since_us = decided_at(whole, 709, 50)
    assert since(live, since_us) == since(by_key(found_in(whole)), since_us)


def test_what_the_sample_that_renews_a_value_changes_is_looked_at() -> None:
    """Only each 100th sample reports power. That there was none at 305 is known late: until 400, where it is back."""
    whole = samples(row(m, powered=m != 305 if m % 100 == 0 or m == 305 else None) for m in range(1000))
    live = by_key(found_in(whole.take(np.delete(np.arange(1000), 305))))
    since_us = decided_at(whole, 305, 1)
    assert since(live, since_us) == since(by_key(found_in(whole)), since_us)
