"""How far facts are recomputed after late samples: the later ones must be those that were found without them."""

import itertools
from collections.abc import Iterable
from functools import cache

import numpy as np
import pytest

from ingest.recompute.device import Carried
from processing.cranes.facts import CraneMove
from processing.model.device import Device
from processing.model.facts import DeviceFact, Retracted, TerminalFact, fact_key, time_of
from processing.model.samples import Samples, groups
from processing.recompute import DeviceRecomputation
from processing.streams import BY_NAME
from simulators.ledger import script
from simulators.ledger.script import SAMPLES
from tests.length import length
from tests.unit.crane_signals import samples

CYCLES = 20

CRANE = Device(1, "t", "crane", "c", "STS", 0)
LENGTHS = (1, 7, 40)
"""Of the spans that came late. [samples]"""
BEGINS = range(2, 2 * SAMPLES)
"""First rows of the spans: every place in two cycles."""
DEVICES = 6
"""Each has the next begin; when tests are long, each has all."""
Span = tuple[int, int]
"""First row and number of rows."""
Facts = dict[tuple[str, tuple[object, ...]], DeviceFact]


@cache
def samples_of(device: int) -> Samples:
    """Twenty scripted cycles of a crane."""
    rows = [
        (0.2 * seq, {name: float(value) for name, value in script.signals(device, seq).items()})
        for seq in range(1, CYCLES * SAMPLES + 1)
    ]
    return samples(rows)


def found(seen: Samples) -> Facts:
    """Facts that were found live in these samples."""
    facts: Facts = {}
    tracker = BY_NAME["crane"].tracker(lambda _device_id: CRANE)
    for fact in tracker.feed(seen, *groups(seen)):
        if isinstance(fact, Retracted):
            facts.pop(fact_key(fact.fact), None)
        elif not isinstance(fact, TerminalFact):
            facts[fact_key(fact)] = fact
    return facts


@cache
def facts_of(device: int) -> Facts:
    """Facts of all its samples."""
    return found(samples_of(device))


def devices_of(begin: int) -> Iterable[int]:
    """Devices that have spans which begin there."""
    return length([begin % DEVICES], range(DEVICES))


@cache
def ends(device: int) -> dict[Span, int]:
    """Where each span decides over nothing any more; one recomputation, watched for all spans. [µs since 1970 UTC]."""
    whole, found_ends = samples_of(device), dict[Span, int]()
    recomputation = DeviceRecomputation(CRANE, {}, from_first=True)
    spans = [(begin, rows) for begin in BEGINS if device in devices_of(begin) for rows in LENGTHS]
    watched = {span: Carried(recomputation, int(whole.time_us[sum(span) - 1])) for span in spans}
    for row in range(0, len(whole), 10):
        part = whole.between(row, row + 10)
        recomputation.feed(part)
        for span, carried in list(watched.items()):
            carried.note(part)
            if carried.decided:
                assert recomputation.final_us is not None
                found_ends[span] = recomputation.final_us
                del watched[span]
    return found_ends


@pytest.mark.parametrize("begin", BEGINS)
def test_facts_after_the_recomputed_ones_are_those_found_without_the_late_samples(begin: int) -> None:
    """Whatever span came late, and wherever in a cycle it lay."""
    for device, rows in itertools.product(devices_of(begin), LENGTHS):
        whole = samples_of(device)
        late = np.arange(begin, begin + rows)
        live = found(whole.take(np.setdiff1d(np.arange(len(whole)), late)))
        assert (begin, rows) in ends(device), "it ends before the samples do"
        end_us = ends(device)[begin, rows]
        later = {key: fact for key, fact in facts_of(device).items() if time_of(fact) >= end_us}
        assert any(isinstance(fact, CraneMove) for fact in later.values())
        assert {key: fact for key, fact in live.items() if time_of(fact) >= end_us} == later
