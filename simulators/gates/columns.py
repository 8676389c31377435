"""Events of lanes as the columns that processing reads."""

from typing import Any

import numpy as np

from processing.gates.signals import GATE
from processing.model.samples import Samples


def to_samples(device_id: int, events: list[tuple[int, dict[str, Any]]]) -> Samples:
    """Samples of one lane, numbered from one.

    Args:
        device_id: of the lane.
        events: time in ms since 1970 UTC, and signals, in order.
    """
    n = len(events)
    numbers = np.full((len(GATE.numeric), n), np.nan)
    for row, signal in enumerate(GATE.numeric):
        codes = {word: code for code, word in enumerate(signal.values)}
        for at, (_, signals) in enumerate(events):
            value = signals.get(signal.name)
            if value is not None:
                numbers[row, at] = codes[value] if codes else value
    texts: dict[str, list[object]] = {
        signal.name: [_plain(signals.get(signal.name)) for _, signals in events] for signal in GATE.textual
    }
    time_us = np.array([at_ms for at_ms, _ in events], dtype=np.int64) * 1000
    ids, seq = np.full(n, device_id, np.int32), np.arange(1, n + 1, dtype=np.int64)
    return Samples(GATE, ids, time_us, seq, time_us, numbers, texts, [None] * n, [None] * n)


def _plain(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
