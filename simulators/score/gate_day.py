"""One simulated day of the gate of a terminal: what really happened, and what the detectors found."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from processing.gates.facts import GateTransaction, TruckVisit
from processing.gates.signals import GATE
from processing.gates.tracker import GateTracker
from processing.gates.visits import Visits
from processing.model.device import NEVER_US, Device
from processing.model.facts import Retracted
from processing.model.samples import Samples, groups
from simulators.gates.columns import to_samples
from simulators.gates.gate import Gate
from simulators.gates.group import lanes
from simulators.gates.parameters import GATE as PARAMETERS
from simulators.gates.truth import TrueTransaction, TrueVisit
from simulators.parameters import PRESETS
from simulators.score.day import START_MS

HOUR_MS = 3_600_000
OWN_SEED = 5
"""Keeps the draws of the gate apart from those of other subjects."""
RFID = GATE.by_name["event"].values.index("rfid")


@dataclass(frozen=True, slots=True)
class FoundGate:
    """What the detectors found: transactions by the name of their lane, and visits."""

    transactions: dict[str, list[GateTransaction]]
    visits: list[TruckVisit]


@dataclass(slots=True)
class GateDay:
    """Truth and facts of a span. `samples` is how many lanes sent.

    Attributes:
        begin_us, end_us: the span. [µs since 1970 UTC]
        transactions, visits: that ended in it.
        with_rfid: found where the lanes read tags.
        without_rfid: found in the same samples without these reads.
    """

    begin_us: int
    end_us: int
    transactions: list[TrueTransaction]
    visits: list[TrueVisit]
    samples: int = 0
    with_rfid: FoundGate = field(default_factory=lambda: FoundGate({}, []))
    without_rfid: FoundGate = field(default_factory=lambda: FoundGate({}, []))


Spoiler = Callable[[Samples, int], Samples]
"""Spoils the samples of a lane, by its device id."""


def simulate(preset: str, seed: int, hours: float, spoil: Spoiler | None = None) -> GateDay:
    """Simulate a span and find what happened.

    Args:
        preset: name in `PRESETS`.
        seed: of the simulation.
        hours: how long.
        spoil: what spoils the samples of a lane; None: they are clean.
    """
    p, end_ms = PRESETS[preset], START_MS + round(hours * HOUR_MS)
    rng = np.random.default_rng(np.random.SeedSequence((seed, OWN_SEED)))
    lanes_in, lanes_out = lanes(p)
    gate = Gate(lanes_in, lanes_out, p.trucks_per_h, p.utc_offset_h, rng, START_MS, PARAMETERS)
    events, truth = gate.until(end_ms)
    day = GateDay(
        START_MS * 1000,
        end_ms * 1000,
        [one for one in truth if isinstance(one, TrueTransaction)],
        [one for one in truth if isinstance(one, TrueVisit)],
        len(events),
    )
    sent: dict[str, Samples] = {}
    for number, lane in enumerate((*lanes_in, *lanes_out), 1):
        samples = to_samples(number, [(at_ms, signals) for at_ms, name, signals in events if name == lane])
        sent[lane] = samples if spoil is None or not len(samples) else spoil(samples, number)
    day.with_rfid = detect(preset, sent)
    day.without_rfid = detect(
        preset, {lane: one.take(np.flatnonzero(one.number("event") != RFID)) for lane, one in sent.items()}
    )
    return day


def detect(terminal: str, sent: dict[str, Samples]) -> FoundGate:
    """Find the facts of a gate, as the engine does, from what the hypertable would hold; samples by lane."""
    transactions = {lane: _transactions(terminal, lane, samples) for lane, samples in sent.items()}
    visits = Visits(terminal)
    for lane, found in transactions.items():
        for transaction in found:
            visits.apply(lane, transaction, retracted=False)
    visits.advance(max((int(samples.time_us.max()) for samples in sent.values() if len(samples)), default=0))
    return FoundGate(transactions, list(visits.known.values()))


def _transactions(terminal: str, lane: str, samples: Samples) -> list[GateTransaction]:
    stored = samples.in_order()
    if not len(stored):
        return []
    device = Device(int(stored.device_id[0]), terminal, "gate", lane, "LANE", NEVER_US)
    found: dict[int, GateTransaction] = {}
    for fact in GateTracker(lambda _device_id: device).feed(stored, *groups(stored)):
        match fact:
            case GateTransaction():
                found[fact.entered_us] = fact
            case Retracted(GateTransaction() as transaction):
                found.pop(transaction.entered_us, None)
    return list(found.values())
