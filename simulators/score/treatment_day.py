"""Simulated cold treatments of a terminal: what happened to them, what arrived of that, and what the detector found."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from processing.containers.iso6346 import normalise
from processing.model.device import NEVER_US, Device
from processing.model.samples import Samples, groups
from processing.reefers.facts import PlugChange
from processing.reefers.signals import REEFER
from processing.reefers.tracker import ReeferTracker
from processing.treatments.facts import ColdTreatment
from processing.treatments.runs import DECIMALS, Reading, Treatment, runs
from simulators.parameters import PRESETS
from simulators.score.day import START_MS
from simulators.treatments.courses import Course, courses, probes
from simulators.treatments.truth import TrueRun, Truth

PLUGS_A_TREATMENT, FEWEST = 20, 4
"""One reefer in so many is under treatment; at least so many are."""


@dataclass(slots=True)
class TreatmentDay:
    """One treatment.

    Attributes:
        schedule: id of its schedule.
        happened: runs by all that the probes read.
        true: runs by what arrived of that and does not name another box: who reads it can know no more.
        found: runs that the detector found.
        samples: that were sent.
        spoilt: what was done to them: name, begin and end. [µs since 1970 UTC]
    """

    schedule: str
    happened: list[TrueRun]
    true: list[TrueRun]
    found: list[ColdTreatment]
    samples: int
    spoilt: list[tuple[str, int, int]] = field(default_factory=list)


Spoiler = Callable[[Samples, int], tuple[Samples, list[tuple[str, int, int]]]]
"""Spoils the samples of a plug, by its device id."""


def simulate(preset: str, seed: int, hours: float, spoil: Spoiler | None = None) -> list[TreatmentDay]:
    """Simulate a span and find what became of the treatments.

    Args:
        preset: name in `PRESETS`.
        seed: of the simulation.
        hours: how long.
        spoil: what spoils the samples of a plug; None: they are clean.
    """
    count = max(FEWEST, PRESETS[preset].reefers // PLUGS_A_TREATMENT)
    rng = np.random.default_rng(np.random.SeedSequence(seed))
    return [_day(course, n, spoil) for n, course in enumerate(courses(count, hours, rng, START_MS * 1000), 1)]


def _day(course: Course, device_id: int, spoil: Spoiler | None) -> TreatmentDay:
    happened = _true(course, course.samples)
    if spoil is None:
        return TreatmentDay(course.schedule.id, happened, happened, _found(course, course.samples), len(course.samples))
    arrived, spoilt = spoil(course.samples, device_id)
    arrived = _once(arrived)
    true, found = _true(course, _not_misread(arrived, course)), _found(course, _own(arrived, course))
    return TreatmentDay(course.schedule.id, happened, true, found, len(course.samples), spoilt)


def _once(arrived: Samples) -> Samples:
    """Samples in order, each once."""
    ordered = arrived.in_order()
    keys = np.stack([ordered.time_us, ordered.seq])
    first = np.append([True], (keys[:, 1:] != keys[:, :-1]).any(axis=0))
    return ordered.take(np.flatnonzero(first))


def _named(arrived: Samples) -> list[str | None]:
    """The number that each sample names, as it is compared."""
    return [normalise(named) if isinstance(named, str) else None for named in arrived.texts["container_id"]]


def _not_misread(arrived: Samples, course: Course) -> Samples:
    """All samples but those that name another box: nobody can know whose they are."""
    own = [named in (None, course.container_id) for named in _named(arrived)]
    return arrived.take(np.flatnonzero(own))


def _own(arrived: Samples, course: Course) -> Samples:
    """Samples of the box by what detectors find of its plug, as `infra/sql/treatments.sql` has it for the product."""
    device = Device(int(arrived.device_id[0]), "", REEFER.name, "", "PLUG", NEVER_US)
    facts = ReeferTracker(lambda _device_id: device).feed(arrived, *groups(arrived))
    changes = sorted((one.time_us, one.plugged, one.container_id) for one in facts if isinstance(one, PlugChange))
    last = np.searchsorted([time_us for time_us, _, _ in changes], arrived.time_us, side="right") - 1
    own = np.zeros(len(arrived), bool)
    for row, (at, named) in enumerate(zip(last.tolist(), _named(arrived), strict=True)):
        held = normalise(changes[at][2]) if at >= 0 and changes[at][1] else None
        own[row] = course.container_id == (held or named) and named in (None, course.container_id)
    return arrived.take(np.flatnonzero(own))


def corrected(course: Course, samples: Samples) -> NDArray[np.float64]:
    """What probes read with their corrections, shape (probes, samples). [°C]."""
    return np.asarray(np.round(probes(samples) + np.array(course.corrections_degc)[:, None], DECIMALS))


def _true(course: Course, samples: Samples) -> list[TrueRun]:
    return Truth(course.schedule, course.began_us, samples.time_us, corrected(course, samples)).runs()


def _found(course: Course, samples: Samples) -> list[ColdTreatment]:
    plan = Treatment("", course.container_id, course.schedule, course.began_us, course.corrections_degc)
    degc = probes(samples).astype(object)
    degc[np.isnan(probes(samples))] = None
    columns = zip(samples.time_us.tolist(), *degc.tolist(), strict=True)
    return runs(plan, [Reading(time_us, (one, two, three)) for time_us, one, two, three in columns])
