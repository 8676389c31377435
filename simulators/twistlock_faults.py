"""Faults of twistlock contacts: they chatter, a switch is never reported, one lock hangs between its two ends."""

from collections.abc import Iterable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from processing.model.samples import Samples

Span = tuple[int, int]
"""From, until. [µs since 1970 UTC]"""


def inside(samples: Samples, spans: Iterable[Span]) -> NDArray[np.bool_]:
    """Which samples were taken in one of the spans, shape (n,)."""
    found = np.zeros(len(samples), bool)
    for begin, end in spans:
        found[np.searchsorted(samples.time_us, begin) : np.searchsorted(samples.time_us, end)] = True
    return found


def bounce(samples: Samples, spans: list[Span], rng: Generator) -> Samples:
    """At every second switch of a spreader's twistlocks both contacts chatter for up to 200 ms."""
    rows = inside(samples, spans)
    for locked, unlocked in _spreaders(samples):
        edges = np.flatnonzero(((locked[1:] != locked[:-1]) | (unlocked[1:] != unlocked[:-1])) & rows[1:]) + 1
        for edge in edges[rng.random(len(edges)) < 0.5].tolist():
            before = locked[edge - 1], unlocked[edge - 1]
            until = int(np.searchsorted(samples.time_us, samples.time_us[edge] + 200_000))
            for row in range(edge + 1, until, 2):
                locked[row], unlocked[row] = before
    return samples


def lost_edge(samples: Samples, spans: list[Span], rng: Generator) -> Samples:
    """One switch of a spreader's twistlocks in twenty is never reported: the old value stands until the next switch."""
    rows = inside(samples, spans)
    for locked, unlocked in _spreaders(samples):
        code = locked + 2 * unlocked
        edges = np.flatnonzero(code[1:] != code[:-1]) + 1
        ends = np.append(edges, len(samples))[1:]
        for edge, end in zip(edges.tolist(), ends.tolist(), strict=True):
            if rows[edge] and rng.random() < 0.05:
                locked[edge:end], unlocked[edge:end] = locked[edge - 1], unlocked[edge - 1]
    return samples


def _spreaders(samples: Samples) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """The two contacts of each spreader of a crane that reports every sample."""
    first = samples.number("twistlock_locked"), samples.number("twistlock_unlocked")
    second = samples.number("spreader2_locked"), samples.number("spreader2_unlocked")
    return [first] if np.isnan(second[0]).all() else [first, second]


def at_switches(samples: Samples, spans: list[Span]) -> list[Span]:
    """Spans moved on to where the twistlocks next leave one of their ends; as long as before, or a little longer.

    They end with the first sample in which the twistlocks are not between their two ends anyway, and do not overlap.
    """
    between = (samples.number("twistlock_locked") == 0) & (samples.number("twistlock_unlocked") == 0)
    leaving, elsewhere = np.flatnonzero(between[1:] & ~between[:-1]) + 1, np.flatnonzero(~between)
    moved: list[Span] = []
    for begin, end in spans:
        nth = int(np.searchsorted(samples.time_us[leaving], begin))
        if nth < len(leaving):
            begun = int(samples.time_us[leaving[nth]])
            after = int(np.searchsorted(samples.time_us[elsewhere], begun + end - begin))
            if after < len(elsewhere) and (not moved or begun > moved[-1][1]):
                moved.append((begun, int(samples.time_us[elsewhere[after]])))
    return moved


def stuck_between(samples: Samples, spans: list[Span], _rng: Generator) -> Samples:
    """One twistlock hangs: not all are locked, and not all are unlocked."""
    rows = inside(samples, spans)
    for name in ("twistlock_locked", "twistlock_unlocked"):
        samples.number(name)[rows] = 0.0
    return samples
