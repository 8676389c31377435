"""One simulated day of the reefers of a terminal: what really happened, and what the detectors found, and when."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from processing.model.device import NEVER_US, Device
from processing.model.level import LevelChange
from processing.model.samples import Samples, groups, joined
from processing.reefers.facts import ReeferExcursion, ReeferOffPower, ReeferSilence
from processing.reefers.intervals import GAP_INTERVALS, LEAST_GAP_US
from processing.reefers.signals import REEFER
from processing.reefers.tracker import ReeferTracker
from simulators.parameters import PRESETS
from simulators.reefers.columns import numeric, to_samples
from simulators.reefers.group import Reefers
from simulators.reefers.plugs import names
from simulators.reefers.truth import TrueExcursion, TrueOffPower, TruePlugged, TrueSilence
from simulators.score.day import START_MS

MINUTE_US = 60_000_000


@dataclass(slots=True)
class FoundExcursion:
    """An excursion as it was found in the end, and the event time at which it was reported. [µs since 1970 UTC]."""

    fact: ReeferExcursion
    reported_us: int


@dataclass(slots=True)
class PlugDay:
    """Truth and facts of one plug in a span.

    Attributes:
        plug: its device id.
        interval_us: between its reports. [µs]
        end_us: of the span. [µs since 1970 UTC]
        excursions, off_power, silences, stays: what happened.
        possible: spans in which it is no mistake to find an excursion. [µs since 1970 UTC]
        found: excursions that were found.
        found_off: spans without power that were found: begin, end, when reported. [µs since 1970 UTC]
        found_silent: silences that were found: begin and end. [µs since 1970 UTC]
        found_levels: changes of its levels.
        last_us: its last sample. [µs since 1970 UTC]
        samples: how many it sent.
        spoilt: what was done to them.
        unread: spans in which no air was read for over two intervals, five minutes at least. [µs since 1970 UTC]
    """

    plug: str
    interval_us: int
    end_us: int
    excursions: list[TrueExcursion] = field(default_factory=list)
    off_power: list[TrueOffPower] = field(default_factory=list)
    silences: list[TrueSilence] = field(default_factory=list)
    stays: list[TruePlugged] = field(default_factory=list)
    possible: list[tuple[int, int]] = field(default_factory=list)
    found: list[FoundExcursion] = field(default_factory=list)
    found_off: list[tuple[int, int, int]] = field(default_factory=list)
    found_silent: list[tuple[int, int]] = field(default_factory=list)
    found_levels: list[LevelChange] = field(default_factory=list)
    last_us: int = NEVER_US
    samples: int = 0
    spoilt: list[tuple[str, int, int]] = field(default_factory=list)
    unread: list[tuple[int, int]] = field(default_factory=list)


Spoiler = Callable[[Samples, int], tuple[Samples, list[tuple[str, int, int]]]]
"""Spoils the samples of a plug, by its device id."""


def simulate(preset: str, seed: int, hours: float, spoil: Spoiler | None = None) -> list[PlugDay]:
    """Simulate a span and find what happened, a day of each plug.

    Args:
        preset: name in `PRESETS`.
        seed: of the simulation.
        hours: how long.
        spoil: what spoils the samples of a plug; None: they are clean.
    """
    p, count = PRESETS[preset], round(hours * 60)
    plug_names = names(p.reefers)
    simulator = Reefers(plug_names, np.random.default_rng(np.random.SeedSequence(seed)), START_MS, p.utc_offset_h)
    minutes = [simulator.minute() for _ in range(count)]
    end_us = (minutes[-1].begin_ms + 60_000) * 1000
    simulator.witness.finish(end_us // MINUTE_US)
    intervals = simulator.interval_min.tolist()
    days = {name: PlugDay(name, i * MINUTE_US, end_us) for name, i in zip(plug_names, intervals, strict=True)}
    _take_truth(simulator, days)
    block, parts = numeric(minutes), list[Samples]()
    for n, day in enumerate(days.values()):
        samples = to_samples(n + 1, n, simulator.phase_ms[n], minutes, block)
        day.samples = len(samples)
        if spoil is not None and len(samples):
            samples, day.spoilt = spoil(samples, n + 1)
        parts.append(samples.in_order())
        day.unread = unread(parts[-1], day.interval_us)
    detect(joined(REEFER, parts), list(days.values()), preset)
    return list(days.values())


def unread(samples: Samples, interval_us: int) -> list[tuple[int, int]]:
    """Spans between two readings of the air that are further apart than two report intervals and a little.

    Args:
        samples: of one plug, in order.
        interval_us: between its reports. [µs]
    """
    read = ~(np.isnan(samples.number("supply_degc")) & np.isnan(samples.number("return_degc")))
    times_us = samples.time_us[read]
    last = np.flatnonzero(np.diff(times_us) > max(round(GAP_INTERVALS * interval_us), LEAST_GAP_US))
    return list(zip(times_us[last].tolist(), times_us[last + 1].tolist(), strict=True))


def _take_truth(simulator: Reefers, days: dict[str, PlugDay]) -> None:
    for truth in simulator.witness.done:
        match truth:
            case TrueExcursion():
                days[truth.device].excursions.append(truth)
            case TrueOffPower():
                days[truth.device].off_power.append(truth)
            case TrueSilence():
                days[truth.device].silences.append(truth)
            case TruePlugged():
                days[truth.device].stays.append(truth)
    for plug, begin_ms, end_ms in simulator.witness.possible:
        days[plug].possible.append((begin_ms * 1000, end_ms * 1000))


def detect(stored: Samples, days: list[PlugDay], terminal: str) -> None:
    """Find what happened on all plugs, fed a minute at a time as a worker gets it, device n at place n - 1.

    Args:
        stored: samples by plug, in order.
        days: of the plugs; they take what is found.
        terminal: whose plugs these are.
    """
    devices = [Device(n, terminal, "reefer", day.plug, "PLUG", NEVER_US) for n, day in enumerate(days, 1)]
    tracker = ReeferTracker(lambda device_id: devices[device_id - 1])
    minute = stored.time_us // MINUTE_US
    ordered = stored.take(np.argsort(minute, kind="stable"))
    bounds = np.flatnonzero(np.diff(ordered.time_us // MINUTE_US)) + 1
    found: dict[object, FoundExcursion] = {}
    off_power: dict[object, tuple[ReeferOffPower, int]] = {}
    for begin, end in pairwise([0, *bounds.tolist(), *([len(ordered)] if len(ordered) else [])]):
        part = ordered.between(begin, end)
        starts, ends = groups(part)
        last_us = dict(zip(part.device_id[ends].tolist(), part.time_us[ends].tolist(), strict=True))
        for device_id, time_us in last_us.items():
            days[device_id - 1].last_us = time_us
        for fact in tracker.feed(part, starts, ends):
            if isinstance(fact, ReeferExcursion):
                found.setdefault(fact.key, FoundExcursion(fact, last_us[fact.device_id])).fact = fact
            elif isinstance(fact, ReeferOffPower):
                reported_us = off_power[fact.key][1] if fact.key in off_power else last_us[fact.device_id]
                off_power[fact.key] = fact, reported_us
            elif isinstance(fact, ReeferSilence):
                days[fact.device_id - 1].found_silent.append((fact.began_us, fact.ended_us))
            elif isinstance(fact, LevelChange):
                days[fact.device_id - 1].found_levels.append(fact)
    for span, reported_us in off_power.values():
        day = days[span.device_id - 1]
        day.found_off.append((span.began_us, span.ended_us or day.end_us, reported_us))
    for one in found.values():
        days[one.fact.device_id - 1].found.append(one)
