"""Reefer samples as the columns that processing reads."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from processing.model.samples import Samples
from processing.reefers.signals import REEFER
from simulators.reefers.group import Minute

CODES = {signal.name: {word: code for code, word in enumerate(signal.values)} for signal in REEFER.numeric}


def to_samples(
    device_id: int, plug: int, phase_ms: int, minutes: Sequence[Minute], block: NDArray[np.float64]
) -> Samples:
    """Samples of a plug, numbered from 1.

    Args:
        device_id: of the plug.
        plug: its number in the minutes.
        phase_ms: when in a minute it reports. [ms]
        minutes: in order.
        block: numeric signals of them, shape (signals, minutes, plugs); see `numeric`.
    """
    rows = [at for at, minute in enumerate(minutes) if minute.sent[plug]]
    n = len(rows)
    time_us = np.array([minutes[at].begin_ms + phase_ms for at in rows], np.int64) * 1000
    texts: dict[str, list[object]] = {
        "container_id": [minutes[at].containers[plug] for at in rows],
        "alarms": [minutes[at].alarms[plug] for at in rows],
    }
    numbers = np.ascontiguousarray(block[:, rows, plug])
    ids, numbered = np.full(n, device_id, np.int32), np.arange(1, n + 1, dtype=np.int64)
    return Samples(REEFER, ids, time_us, numbered, time_us, numbers, texts, [None] * n, [None] * n)


def numeric(minutes: Sequence[Minute]) -> NDArray[np.float64]:
    """Numeric signals of all plugs, shape (signals, minutes, plugs); NaN is absent."""
    first = minutes[0]
    block = np.full((len(REEFER.numeric), len(minutes), len(first.sent)), np.nan)
    for row, signal in enumerate(REEFER.numeric):
        for at, minute in enumerate(minutes):
            column = minute.columns.get(signal.name)
            if column is not None:
                codes = CODES[signal.name]
                block[row, at] = [codes[word] for word in column.tolist()] if codes else column
    missing = np.array([[box is None for box in minute.containers] for minute in minutes])
    for name in ("mode", "compressor_on"):
        block[REEFER.numeric_index[name]][missing] = np.nan
    return block
