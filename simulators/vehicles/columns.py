"""Vehicle samples as the columns that processing reads."""

from collections.abc import Iterable

import numpy as np

from processing.model.samples import Samples
from processing.vehicles.signals import VEHICLE
from simulators.vehicles.pieces import Columns


def to_samples(device_id: int, parts: Iterable[tuple[list[int], Columns]], number: int) -> Samples:
    """Samples of a vehicle, one part after the other, numbered from `number`.

    Args:
        device_id: of the vehicle.
        parts: times in ms since 1970 UTC, and signals by name, in order.
        number: of its first sample.
    """
    times: list[int] = []
    columns: Columns = {signal.name: [] for signal in VEHICLE.signals}
    for part_ms, part in parts:
        times += part_ms
        for name, values in part.items():
            columns[name] += values
    n = len(times)
    numbers = np.full((len(VEHICLE.numeric), n), np.nan)
    for at, signal in enumerate(VEHICLE.numeric):
        codes = {word: code for code, word in enumerate(signal.values)}
        column = columns[signal.name]
        numbers[at] = [codes[word] for word in column] if codes else column
    time_us = np.array(times, dtype=np.int64) * 1000
    ids = np.full(n, device_id, np.int32)
    texts = {signal.name: columns[signal.name] for signal in VEHICLE.textual}
    numbered = np.arange(number, number + n, dtype=np.int64)
    return Samples(VEHICLE, ids, time_us, numbered, time_us, numbers, texts, [None] * n, [None] * n)
