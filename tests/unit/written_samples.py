"""Samples of one device from rows written by hand, and what a tracker finds in them."""

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from processing.model.facts import Fact
from processing.model.samples import Samples, empty, groups
from processing.model.stream import Stream
from processing.model.tracker import Tracker

Row = tuple[float, dict[str, Any]]
"""A time, counted from some start in some unit, and signals: words and flags as they are; what is missing is absent."""


def columns(stream: Stream, rows: Iterable[Row], start_us: int, unit_us: int, device_id: int = 1) -> Samples:
    """The rows as columns; seq counts from 1.

    Args:
        stream: of the device.
        rows: in order of time.
        start_us: from which the times of rows count. [µs since 1970 UTC]
        unit_us: what they count. [µs]
        device_id: the device.
    """
    listed, made = list(rows), empty(stream)
    n = len(listed)
    made.device_id = np.full(n, device_id, np.int32)
    made.time_us = start_us + np.rint(np.array([time for time, _ in listed], np.float64) * unit_us).astype(np.int64)
    made.seq = np.arange(1, n + 1)
    made.received_us = made.time_us.copy()
    made.numbers = np.full((len(stream.numeric), n), np.nan)
    made.texts = {signal.name: [None] * n for signal in stream.textual}
    made.boot, made.extra = [None] * n, [None] * n
    numbers: dict[str, list[float]] = {}
    for begin, end in _runs(listed):
        for name, value in listed[begin][1].items():
            if name in made.texts:
                made.texts[name][begin:end] = [value] * (end - begin)
            else:
                number = stream.by_name[name].values.index(value) if isinstance(value, str) else value
                if name not in numbers:
                    numbers[name] = [np.nan] * n
                numbers[name][begin:end] = [number] * (end - begin)
    for name, column in numbers.items():
        made.numbers[stream.numeric_index[name]] = column
    return made


def _runs(listed: list[Row]) -> Iterator[tuple[int, int]]:
    """First row, and the one after the last, of rows that share their signals: those of one phase do."""
    begin = 0
    for at in range(1, len(listed) + 1):
        if at == len(listed) or listed[at][1] is not listed[begin][1]:
            yield begin, at
            begin = at


def facts_in(tracker: Tracker[Any], samples: Samples, cuts: Iterable[int] = ()) -> list[Fact]:
    """What a tracker reports of samples that it is fed in batches, cut before these rows."""
    found: list[Fact] = []
    for begin, end in itertools.pairwise([0, *sorted({*cuts} - {0}), len(samples)]):
        part = samples.between(begin, end)
        if len(part):
            found += tracker.feed(part, *groups(part))
    return found
