"""How far facts are recomputed after late samples: the later ones must be those that were found without them."""

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
from simulators.ledger.script import SAMPLES, Clock
from tests.unit.crane_signals import START_US, samples

CYCLES = 30
CLOCK = Clock(START_US // 1000, 200)
Facts = dict[tuple[str, tuple[object, ...]], DeviceFact]


def scripted(device: int) -> Samples:
    """Thirty scripted cycles of a crane."""
    rows = [
        (0.2 * seq, {name: float(value) for name, value in script.signals(device, seq).items()})
        for seq in range(1, CYCLES * SAMPLES + 1)
    ]
    return samples(rows)


def found(crane: Device, seen: Samples) -> Facts:
    """Facts that were found live in these samples."""
    facts: Facts = {}
    tracker = BY_NAME["crane"].tracker(lambda _device_id: crane)
    for fact in tracker.feed(seen, *groups(seen)):
        if isinstance(fact, Retracted):
            facts.pop(fact_key(fact.fact), None)
        elif not isinstance(fact, TerminalFact):
            facts[fact_key(fact)] = fact
    return facts


@pytest.mark.parametrize("device", range(6))
@pytest.mark.parametrize("begin", range(2, 2 * SAMPLES, 3))
def test_facts_after_the_recomputed_ones_are_those_found_without_the_late_samples(device: int, begin: int) -> None:
    """Whatever span came late, and wherever in a cycle it lay."""
    crane, whole = Device(1, "t", "crane", "c", "STS", 0), scripted(device)
    for length in (1, 7, 40):
        late = np.arange(begin, begin + length)
        live = found(crane, whole.take(np.setdiff1d(np.arange(len(whole)), late)))
        recomputation = DeviceRecomputation(crane, {}, from_first=True)
        carried = Carried(recomputation, int(whole.time_us[late[-1]]))
        for row in range(0, len(whole), 10):
            part = whole.take(np.arange(row, min(row + 10, len(whole))))
            recomputation.feed(part)
            carried.note(part)
            if carried.decided:
                break
        assert carried.decided, "it ends before the samples do"
        end_us = recomputation.final_us
        assert end_us is not None
        truth = found(crane, whole)
        later = {key: fact for key, fact in truth.items() if time_of(fact) >= end_us}
        assert any(isinstance(fact, CraneMove) for fact in later.values())
        assert {key: fact for key, fact in live.items() if time_of(fact) >= end_us} == later
