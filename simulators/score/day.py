"""One simulated day of the cranes of a terminal: what really happened, and what the detectors found."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from processing.cranes.facts import CraneDelay, CraneMove, PartialLock
from processing.cranes.parameters import STS
from processing.cranes.tracker import CraneTracker
from processing.model.device import NEVER_US, Device
from processing.model.facts import Retracted
from processing.model.level import LevelChange
from processing.model.samples import Samples, groups
from processing.model.silence import DeviceSilence
from processing.model.times import ALWAYS_US
from simulators.cranes import Crane, CraneSamples, TrueDelay, TrueLogOn, TrueMove
from simulators.cranes.columns import to_samples
from simulators.fleet import Fleet
from simulators.parameters import PRESETS
from simulators.vessels import TrueCall

START_MS = 1_795_000_000_000
CHUNK = 50_000
TANDEM = replace(STS, tandem=True)
"""What the site file of a terminal says of a crane with two spreaders."""


@dataclass(slots=True)
class CraneDay:
    """Truth and facts of one crane in a span.

    Attributes:
        crane, type, period_ms: which, and how often it samples.
        begin_us, end_us: of the span. [µs since 1970 UTC]
        moves, delays, log_ons: what happened and ended within the span.
        unended_delays: those that its end cuts.
        found_moves, found_delays, found_partial_locks, found_levels, found_silences: what detectors found.
        samples: how many it sent.
        spoilt: what was done to them, from when to when. [µs since 1970 UTC]
    """

    crane: str
    type: str
    period_ms: int
    begin_us: int
    end_us: int
    moves: list[TrueMove] = field(default_factory=list)
    delays: list[TrueDelay] = field(default_factory=list)
    unended_delays: list[TrueDelay] = field(default_factory=list)
    log_ons: list[TrueLogOn] = field(default_factory=list)
    found_moves: list[CraneMove] = field(default_factory=list)
    found_delays: list[CraneDelay] = field(default_factory=list)
    found_partial_locks: list[PartialLock] = field(default_factory=list)
    found_levels: list[LevelChange] = field(default_factory=list)
    found_silences: list[DeviceSilence] = field(default_factory=list)
    samples: int = 0
    spoilt: list[tuple[str, int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Day:
    """All cranes of a terminal in a span, and the calls."""

    cranes: list[CraneDay]
    calls: list[TrueCall]


def simulate(preset: str, seed: int, hours: float, spoil: "Spoiler | None" = None) -> Day:
    """Simulate a span and find what happened.

    Args:
        preset: name in `PRESETS`.
        seed: of the simulation.
        hours: how long.
        spoil: what spoils the samples of a crane; None: they are clean.
    """
    end_ms = START_MS + round(hours * 3_600_000)
    fleet = Fleet(PRESETS[preset], np.random.SeedSequence(seed), START_MS)
    days = []
    for device_id, crane in enumerate(fleet.cranes, 1):
        parts, day = _worked(crane, end_ms)
        samples = to_samples(device_id, parts)
        samples = samples.between(0, int(np.searchsorted(samples.time_us, end_ms * 1000)))
        day.samples = len(samples)
        parameters = ((ALWAYS_US, TANDEM),) if crane.parameters.tandem_share else ()
        device = Device(device_id, preset, "crane", crane.name, crane.parameters.type, NEVER_US, parameters)
        if spoil is not None:
            samples = spoil(samples, device, day)
        detect(samples, device, day)
        days.append(day)
    return Day(days, [call for berth in fleet.berths for call in berth.calls])


Spoiler = Callable[[Samples, Device, CraneDay], Samples]


def _worked(crane: Crane, end_ms: int) -> tuple[list[CraneSamples], CraneDay]:
    day = CraneDay(crane.name, crane.parameters.type, crane.parameters.period_ms, START_MS * 1000, end_ms * 1000)
    parts: list[CraneSamples] = []
    now_ms = 0
    while now_ms < end_ms:
        worked = crane.work()
        if not len(worked.samples.time_ms):
            continue
        parts.append(worked.samples)
        now_ms = int(worked.samples.time_ms[-1])
        day.moves += [move for move in worked.moves if move.unlocked_ms < end_ms - 1000]
        day.delays += [delay for delay in worked.delays if delay.ended_ms < end_ms - 1000]
        day.unended_delays += [delay for delay in worked.delays if delay.began_ms < end_ms - 1000 <= delay.ended_ms]
        day.log_ons += [change for change in worked.log_ons if change.at_ms < end_ms]
    return parts, day


def detect(samples: Samples, device: Device, day: CraneDay) -> None:
    """Find the facts of a crane, as the engine does, from what the hypertable would hold."""
    stored = samples.in_order()
    tracker = CraneTracker(lambda _device_id: device)
    moves: dict[int, CraneMove] = {}
    delays: dict[int, CraneDelay] = {}
    partial_locks: dict[int, PartialLock] = {}
    for begin in range(0, len(stored), CHUNK):
        part = stored.between(begin, begin + CHUNK)
        for fact in tracker.feed(part, *groups(part)):
            match fact:
                case CraneMove():
                    moves[fact.locked_us] = fact
                case CraneDelay():
                    delays[fact.began_us] = fact
                case PartialLock():
                    partial_locks[fact.began_us] = fact
                case LevelChange():
                    day.found_levels.append(fact)
                case DeviceSilence():
                    day.found_silences.append(fact)
                case Retracted(CraneMove() as move):
                    moves.pop(move.locked_us, None)
    day.found_moves = list(moves.values())
    day.found_delays = list(delays.values())
    day.found_partial_locks = list(partial_locks.values())
