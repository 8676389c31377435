"""Simulated cold treatments: pulp is cooled down, held cold, and warms up now and then; probes report it.

All figures are assumed, but for the schedules.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from processing.model.samples import Samples
from processing.reefers.signals import REEFER
from processing.treatments.facts import PROBES
from processing.treatments.schedules import SCHEDULES, Schedule, version_at
from simulators.containers import REEFER_OWNERS, container_id

MINUTE_US = 60_000_000
INTERVALS_MIN = (1, 5, 15, 30)
"""Time between reports. [min]"""
BELOW_K = (0.25, 0.8)
"""The pulp is held so far below the coldest limit. [K]"""
WARM_K, COOLED_MIN = (0.0, 5.0), (200.0, 900.0)
"""It comes so much warmer, and is cooled with a time constant between these. [K; min]"""
SPELLS = 1.3
"""How often it warms up, on average."""
RISE_MIN, HOLD_MIN, FALL_MIN = (40.0, 240.0), (0.0, 120.0), 120.0
"""How long a warm spell rises and lasts; the time constant with which it ends. [min]"""
OTHER_PROBES = 0.5
"""What the others feel of what one probe does."""
PLACE_K, NOISE_K = 0.12, 0.01
"""Probes differ by where they are, and from reading to reading; standard deviations. [K]"""
BIAS_K = (-0.2, -0.1, 0.0, 0.0, 0.1, 0.2)
"""How much a probe reads too little, as its calibration has found. [K]"""
SILENT_H = 12
"""Readings begin at most so long before the treatment is announced to begin. [h]"""


@dataclass(frozen=True, slots=True)
class Course:
    """One container.

    Attributes:
        container_id: its number.
        schedule: that it has to follow.
        began_us: as announced. [µs since 1970 UTC]
        corrections_degc: of each probe. [K]
        samples: what its plug sends.
    """

    container_id: str
    schedule: Schedule
    began_us: int
    corrections_degc: tuple[float, float, float]
    samples: Samples


def courses(count: int, hours: float, rng: Generator, start_us: int) -> list[Course]:
    """So many containers; their plugs have the device ids 1 and on.

    Args:
        count: how many.
        hours: how long each is observed. [h]
        rng: draws everything.
        start_us: when that begins. [µs since 1970 UTC]
    """
    known = sorted({one.id for one in SCHEDULES})
    schedules = [version_at(SCHEDULES, name, start_us) for name in known]
    return [_course(n + 1, schedules[n % len(schedules)], hours, rng, start_us) for n in range(count)]


def _course(device_id: int, schedule: Schedule, hours: float, rng: Generator, start_us: int) -> Course:
    interval_min = int(rng.choice(INTERVALS_MIN))
    minute = np.arange(0, round(hours * 60), interval_min)
    pulp = _pulp(schedule, minute, rng)
    one, two, three = (float(rng.choice(BIAS_K)) for _ in PROBES)
    sent = np.round(pulp - np.array([[one], [two], [three]]), 2)
    box = container_id(rng, REEFER_OWNERS)
    began_us = start_us + int(rng.integers(0, SILENT_H * 60)) * MINUTE_US
    time_us = start_us + minute * MINUTE_US + int(rng.integers(0, 60)) * 1_000_000
    return Course(box, schedule, began_us, (one, two, three), _samples(device_id, box, time_us, sent))


def _pulp(schedule: Schedule, minute: NDArray[np.int64], rng: Generator) -> NDArray[np.float64]:
    """True temperatures, shape (probes, readings). [°C]."""
    coldest, warmest = schedule.levels[0].limit_degc, schedule.levels[-1].limit_degc
    below_k = rng.uniform(*BELOW_K)
    base = coldest - below_k + rng.uniform(*WARM_K) * np.exp(-minute / rng.uniform(*COOLED_MIN))
    pulp = np.tile(base, (len(PROBES), 1))
    for _ in range(rng.poisson(SPELLS)):
        # Half of them stay below the warmest level, where there is one above the coldest; the others exceed it.
        least_k, most_k = below_k, below_k + (warmest - coldest) + (0.6 if rng.random() < 0.5 else -0.1)
        spell = _spell(minute, rng) * rng.uniform(least_k, max(most_k, least_k + 0.1))
        shares = np.full(len(PROBES), OTHER_PROBES)
        shares[rng.integers(len(PROBES))] = 1.0
        pulp += shares[:, None] * spell
    return np.asarray(pulp + rng.normal(0, PLACE_K, (len(PROBES), 1)) + rng.normal(0, NOISE_K, pulp.shape))


def _spell(minute: NDArray[np.int64], rng: Generator) -> NDArray[np.float64]:
    """How a warm spell goes, from 0 to 1 and back."""
    begin = rng.uniform(0, minute[-1])
    peak = begin + rng.uniform(*RISE_MIN)
    end = peak + rng.uniform(*HOLD_MIN)
    rise = np.clip((minute - begin) / (peak - begin), 0, 1)
    return np.asarray(np.where(minute <= end, rise, np.exp(-np.maximum(minute - end, 0) / FALL_MIN)))


def _samples(device_id: int, box: str, time_us: NDArray[np.int64], degc: NDArray[np.float64]) -> Samples:
    n = len(time_us)
    numbers = np.full((len(REEFER.numeric), n), np.nan)
    for probe, values in zip(PROBES, degc, strict=True):
        numbers[REEFER.numeric_index[f"{probe}_degc"]] = values
    for name in ("plugged", "powered"):
        numbers[REEFER.numeric_index[name]] = 1
    texts: dict[str, list[object]] = {signal.name: [None] * n for signal in REEFER.textual}
    texts["container_id"] = [box] * n
    ids, seqs = np.full(n, device_id, np.int32), np.arange(1, n + 1, dtype=np.int64)
    return Samples(REEFER, ids, time_us, seqs, time_us, numbers, texts, [None] * n, [None] * n)


def probes(samples: Samples) -> NDArray[np.float64]:
    """What probes read, shape (probes, samples); NaN: nothing. [°C]."""
    rows: Sequence[NDArray[np.float64]] = [samples.number(f"{probe}_degc") for probe in PROBES]
    return np.stack(rows)
