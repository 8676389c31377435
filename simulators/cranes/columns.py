"""Crane samples as the columns that processing reads, and that go into the table by COPY."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from processing.cranes.signals import CRANE
from processing.model.samples import Samples
from simulators.cranes.signals import CraneSamples


def to_samples(device_id: int, parts: Sequence[CraneSamples]) -> Samples:
    """All samples of a crane, one after the other, numbered from 1.

    Args:
        device_id: of the crane.
        parts: in order.
    """
    parts = [part for part in parts if len(part.time_ms)]
    time_ms = np.concatenate([part.time_ms for part in parts])
    n = len(time_ms)
    numbers = np.full((len(CRANE.numeric), n), np.nan)
    for at, signal in enumerate(CRANE.numeric):
        if signal.name not in parts[0].signals:
            continue
        column = np.concatenate([part.signals[signal.name] for part in parts])
        if signal.kind == "enum":
            numbers[at] = _codes(column, signal.values)
        else:
            numbers[at] = column.astype(np.float64)
    ids: list[object] = [None] * n
    begin = 0
    for part in parts:
        for row, read in part.ids.items():
            ids[begin + row] = read
        begin += len(part.time_ms)
    time_us = time_ms * 1000
    return Samples(
        CRANE,
        np.full(n, device_id, np.int32),
        time_us,
        np.arange(1, n + 1, dtype=np.int64),
        time_us,
        numbers,
        {"container_ids": ids},
        [None] * n,
        [None] * n,
    )


def _codes(column: NDArray[np.generic], words: Sequence[str]) -> NDArray[np.float64]:
    codes = np.full(len(column), np.nan)
    for code, word in enumerate(words):
        codes[column == word] = code
    return codes
