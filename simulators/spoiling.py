"""Faults of sensors, clocks, gateways and networks, put into the samples of a device: seeded, and combinable.

Each fault spoils columns in the order in which the device would send them. What happens on the way only (duplicates,
disorder, a buffer sent in a burst) leaves the set of samples as it is; it is put in as well, so that every score
includes the way back to order.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from processing.cranes.signals import CRANE
from processing.model.samples import Samples
from simulators.twistlock_faults import Span, at_switches, bounce, inside, lost_edge, stuck_between

HOUR_US = 3_600_000_000
ROW = CRANE.numeric_index
DEADBANDS = {
    "hoist_height_m": 0.05,
    "trolley_position_m": 0.05,
    "gantry_position_m": 0.05,
    "load_t": 0.2,
    "wind_speed_mps": 0.5,
    "power_kw": 10.0,
    "energy_kwh": 0.5,
}
"""Changes that are too small to be reported by exception."""
COUNTERS = {"move_count", "energy_kwh"}
HEARTBEAT_US = 30_000_000
"""A device that reports by exception sends every signal at least so often."""
PARTIAL_LOCK = "partial lock"
"""The fault that is something to be found: its spans are the truth of it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault.

    Attributes:
        name: as in the score.
        per_day: how many spans of it a crane has in a day, on average.
        length_s: shortest and longest span. [s]
        text: what happens, and how often.
        spoil: does it to samples, in place where it can, within spans.
        place: where the spans take effect, where that is not everywhere.
        apart: whether it is drawn from a random stream of its own, so that it leaves the other faults as they were.
        any_stream: whether devices of every stream can have it, not only cranes.
    """

    name: str
    per_day: float
    length_s: tuple[float, float]
    text: str
    spoil: Callable[[Samples, list[Span], Generator], Samples]
    place: Callable[[Samples, list[Span]], list[Span]] = lambda _samples, spans: spans
    apart: bool = False
    any_stream: bool = False


def _lost_messages(samples: Samples, spans: list[Span], rng: Generator) -> Samples:
    """Every thousandth message, and nothing at all arrives in the spans."""
    keep = ~inside(samples, spans) & (rng.random(len(samples)) >= 0.001)
    return samples.take(np.flatnonzero(keep))


def _reboot(samples: Samples, spans: list[Span], _rng: Generator) -> Samples:
    """Silence, then counters start from zero."""
    for begin, end in spans:
        after = samples.time_us >= end
        for name in COUNTERS & samples.stream.numeric_index.keys():
            column = samples.number(name)
            values = column[after]
            if len(values):
                column[after] = values - values[0]
        samples.seq[after] = np.arange(1, after.sum() + 1)
        samples = samples.take(np.flatnonzero((samples.time_us < begin) | after))
    return samples


def _clock(samples: Samples, spans: list[Span], rng: Generator) -> Samples:
    """The clock drifts by up to 20 ppm, and is set right by up to 2 s at the end of each span, forth or back."""
    drift = rng.uniform(-20e-6, 20e-6)
    offset = (samples.time_us - samples.time_us[0]) * drift
    for begin, end in spans:
        offset[inside(samples, [(begin, end)])] += rng.uniform(-2e6, 2e6)
    samples.time_us = np.round((samples.time_us + offset) / 1000).astype(np.int64) * 1000
    return samples


def _stuck(*names: str) -> Callable[[Samples, list[Span], Generator], Samples]:
    """Signals that keep their value for the spans."""

    def spoil(samples: Samples, spans: list[Span], _rng: Generator) -> Samples:
        for span in spans:
            rows = np.flatnonzero(inside(samples, [span]))
            for name in names if len(rows) else ():
                column = samples.number(name)
                column[rows] = column[rows[0]]
        return samples

    return spoil


def _unit(samples: Samples, spans: list[Span], _rng: Generator) -> Samples:
    """The load in kg: most readings are out of range and are left out, as ingest does."""
    load, rows = samples.number("load_t"), inside(samples, spans)
    load[rows] *= 1000
    signal = CRANE.by_name["load_t"]
    load[(load < signal.low) | (load > signal.high)] = np.nan
    return samples


def _inverted(name: str) -> Callable[[Samples, list[Span], Generator], Samples]:
    """A boolean of the wrong polarity."""

    def spoil(samples: Samples, spans: list[Span], _rng: Generator) -> Samples:
        column, rows = samples.number(name), inside(samples, spans)
        column[rows] = 1 - column[rows]
        return samples

    return spoil


def _offset(samples: Samples, spans: list[Span], rng: Generator) -> Samples:
    """The load cell jumps by up to 4 t, and back."""
    load = samples.number("load_t")
    for span in spans:
        load[inside(samples, [span])] += rng.uniform(-4, 4)
    return samples


def _wrong_twin(samples: Samples, _spans: list[Span], rng: Generator) -> Samples:
    """One lift in a hundred has the wrong twin flag."""
    twin, count = samples.number("twin"), samples.number("move_count")
    starts = np.flatnonzero(np.append([True], count[1:] != count[:-1]))
    for begin, end in zip(starts.tolist(), [*starts[1:].tolist(), len(samples)], strict=True):
        if rng.random() < 0.01:
            twin[begin:end] = 1 - twin[begin:end]
    return samples


def _by_exception(samples: Samples, _spans: list[Span], _rng: Generator) -> Samples:
    """The PLC sends only what has changed, beyond a deadband; every signal twice a minute, and after a reboot."""
    beat = samples.time_us // HEARTBEAT_US
    whole = np.append([True], (beat[1:] != beat[:-1]) | (samples.seq[1:] < samples.seq[:-1]))
    for row, signal in enumerate(CRANE.numeric):
        column = samples.numbers[row]
        reported = whole | _reported(column, DEADBANDS.get(signal.name, 0.0))
        column[~reported] = np.nan
    some = ~np.isnan(samples.numbers).all(axis=0)
    some |= np.array([ids is not None for ids in samples.texts["container_ids"]])
    return samples.take(np.flatnonzero(some))


def _reported(column: NDArray[np.float64], deadband: float) -> NDArray[np.bool_]:
    """Where a value has left the band around the last one reported; for a switch, where it changes."""
    if deadband == 0:
        return np.append([True], column[1:] != column[:-1])
    band = np.round(column / deadband)
    return np.append([True], band[1:] != band[:-1])


def _on_the_way(samples: Samples, _spans: list[Span], rng: Generator) -> Samples:
    """One message in fifty arrives twice, neighbours change places, the rest of the hour's last minute comes late."""
    n = len(samples)
    again = np.flatnonzero(rng.random(n) < 0.02)
    late = (samples.time_us // 60_000_000) % 60 == 59
    arrival = np.arange(n) + rng.uniform(0, 3, n) + 5_000.0 * late
    rows = np.concatenate([np.arange(n), again])
    order = np.argsort(np.concatenate([arrival, arrival[again] + rng.uniform(0, 50, len(again))]), kind="stable")
    return samples.take(rows[order])


FAULTS: tuple[Fault, ...] = (
    Fault("bounce", 6, (600, 3600), "twistlock contacts chatter for up to 200 ms at every second switch", bounce),
    Fault("lost edge", 2, (600, 3600), "one twistlock switch in twenty is never reported", lost_edge),
    Fault("wrong twin flag", 0, (0, 0), "one lift in a hundred, all day", _wrong_twin),
    Fault("load offset", 4, (300, 7200), "the load cell is off by up to 4 t", _offset),
    Fault("load unit", 0.3, (600, 3600), "the load in kg instead of t", _unit),
    Fault("load stuck", 0.5, (120, 1200), "the load keeps its value", _stuck("load_t")),
    Fault("landed stuck", 0.5, (120, 1200), "the landing pins keep their value", _stuck("landed")),
    Fault("trolley stuck", 0.2, (60, 300), "the trolley position keeps its value", _stuck("trolley_position_m")),
    Fault(
        "twistlocks stuck",
        0.3,
        (120, 900),
        "both twistlock signals keep their value",
        _stuck("twistlock_locked", "twistlock_unlocked"),
    ),
    Fault(
        PARTIAL_LOCK,
        4,
        (6, 120),
        "a twistlock hangs between its ends when they switch: neither locked nor unlocked",
        stuck_between,
        at_switches,
        apart=True,
    ),
    Fault("locked inverted", 0.2, (600, 3600), "twistlock_locked of the wrong polarity", _inverted("twistlock_locked")),
    Fault("landed inverted", 0.2, (600, 3600), "landed of the wrong polarity", _inverted("landed")),
    Fault("reboot", 1, (15, 60), "silence, then counters start from zero", _reboot, any_stream=True),
    Fault(
        "by exception",
        0,
        (0, 0),
        "every third crane reports only changes; all twice a minute, and after a reboot",
        _by_exception,
    ),
    Fault(
        "lost messages", 8, (2, 20), "silence; and every thousandth message besides", _lost_messages, any_stream=True
    ),
    Fault("clock", 2, (600, 7200), "20 ppm of drift, off by up to 2 s for a while", _clock, any_stream=True),
    Fault(
        "on the way",
        0,
        (0, 0),
        "duplicates, disorder, an hour's last minute late in a burst",
        _on_the_way,
        any_stream=True,
    ),
)
"""In the order in which they are put in: sensors, then the device, then its clock, then the way."""
BY_NAME = {fault.name: fault for fault in FAULTS}


def spoil(
    samples: Samples,
    names: Iterable[str],
    rng: Generator,
    times: float = 1.0,
    faults: tuple[Fault, ...] = FAULTS,
) -> tuple[Samples, list[tuple[str, int, int]]]:
    """Put faults into a device's samples.

    Args:
        samples: of one device, in order, clean; left as they are.
        names: of faults.
        rng: draws the spans, and what the faults leave to chance.
        times: how many times as often as there.
        faults: among which they are, in the order in which they are put in.

    Returns: what arrives, in the order of arrival, and name, begin and end of each span. [µs since 1970 UTC]
    """
    spoilt = samples.between(0, len(samples))
    begin_us, end_us = int(samples.time_us[0]), int(samples.time_us[-1])
    applied: list[tuple[str, int, int]] = []
    wanted = set(names)
    for fault in faults:
        drawn = rng.spawn(1)[0] if fault.apart else rng
        spans = _spans(fault.per_day * times, fault.length_s, begin_us, end_us, drawn)
        applies = fault.name != "by exception" or int(samples.device_id[0]) % 3 == 0
        if fault.name in wanted and applies:
            spans = fault.place(spoilt, spans)
            applied += [(fault.name, *span) for span in spans] or [(fault.name, begin_us, end_us)] * (
                fault.per_day == 0
            )
            spoilt = fault.spoil(spoilt, spans, drawn)
    return spoilt, applied


def _spans(per_day: float, length_s: tuple[float, float], begin_us: int, end_us: int, rng: Generator) -> list[Span]:
    count = int(rng.poisson(per_day * (end_us - begin_us) / (24 * HOUR_US)))
    begins = np.sort(rng.uniform(begin_us, end_us, count))
    lengths = rng.uniform(*length_s, count) * 1e6
    return [(int(begin), int(begin + length)) for begin, length in zip(begins, lengths, strict=True)]


def markdown(faults: tuple[Fault, ...] = FAULTS) -> str:
    """Faults and their rates as a table for people."""
    lines = ["| fault | spans a day | length | what happens |", "|---|---|---|---|"]
    for fault in faults:
        shortest, longest = (_length(length_s) for length_s in fault.length_s)
        rate = f"{fault.per_day:g} | {shortest} to {longest}" if fault.per_day else "always | "
        lines.append(f"| {fault.name} | {rate} | {fault.text} |")
    return "\n".join(lines) + "\n"


def _length(length_s: float) -> str:
    return f"{length_s:g} s" if length_s < 120 else f"{length_s / 60:g} min"
