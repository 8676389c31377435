"""Crane samples written by hand: a lift told as a list of phases."""

from collections.abc import Iterable

import numpy as np

from processing.samples import Samples
from processing.streams import CRANE

Row = tuple[float, dict[str, float]]
"""Seconds since the start, and the signals present."""

EMPTY = {"twistlock_locked": 0.0, "twistlock_unlocked": 1.0, "landed": 0.0, "load_t": 0.0}
LANDED_EMPTY = EMPTY | {"landed": 1.0}
BETWEEN = {"twistlock_locked": 0.0, "twistlock_unlocked": 0.0, "landed": 1.0, "load_t": 0.0}
LOCKED = {"twistlock_locked": 1.0, "twistlock_unlocked": 0.0, "landed": 1.0, "load_t": 0.0}
LIFTED = LOCKED | {"landed": 0.0, "load_t": 20.0}
SET_DOWN = LOCKED | {"landed": 1.0, "load_t": 0.0}

START_US = 1_700_000_000_000_000


def samples(rows: Iterable[Row], device_id: int = 1) -> Samples:
    """Samples of one crane; seq counts from 1."""
    listed = list(rows)
    numbers = np.full((len(CRANE.numeric), len(listed)), np.nan)
    for place, (_, signals) in enumerate(listed):
        for name, value in signals.items():
            numbers[CRANE.numeric_index[name], place] = value
    times = np.array([START_US + round(second * 1e6) for second, _ in listed], np.int64)
    n = len(listed)
    return Samples(
        CRANE,
        np.full(n, device_id, np.int32),
        times,
        np.arange(1, n + 1, dtype=np.int64),
        times,
        numbers,
        {"container_ids": [None] * n},
        [None] * n,
        [None] * n,
    )


def every(step_s: float, phases: Iterable[tuple[float, float, dict[str, float]]]) -> list[Row]:
    """Periodic samples of phases (begin, end, signals); ends excluded."""
    rows = []
    for begin_s, end_s, signals in phases:
        count = round((end_s - begin_s) / step_s)
        rows += [(begin_s + step_s * i, signals) for i in range(count)]
    return rows


def discharge(start_s: float = 0.0) -> list[tuple[float, float, dict[str, float]]]:
    """One box from ship to quay: locked at +3.2 s, lifted at +5, landed at +40, unlocked at +42.2."""
    s = start_s
    ship, quay = {"trolley_position_m": 35.0, "spreader_size_ft": 40.0, "twin": 0.0}, {"trolley_position_m": -8.0}
    return [
        (s, s + 2, EMPTY | ship | {"hoist_height_m": 15.0}),
        (s + 2, s + 3, LANDED_EMPTY | ship | {"hoist_height_m": 12.0}),
        (s + 3, s + 3.2, BETWEEN | ship | {"hoist_height_m": 12.0}),
        (s + 3.2, s + 5, LOCKED | ship | {"hoist_height_m": 12.0}),
        (s + 5, s + 10, LIFTED | ship | {"hoist_height_m": 20.0}),
        (s + 10, s + 40, LIFTED | quay | {"hoist_height_m": 25.0}),
        (s + 40, s + 42, SET_DOWN | quay | {"hoist_height_m": 2.0}),
        (s + 42, s + 42.2, BETWEEN | quay | {"hoist_height_m": 2.0}),
        (s + 42.2, s + 44, LANDED_EMPTY | quay | {"hoist_height_m": 2.0}),
        (s + 44, s + 50, EMPTY | quay | {"hoist_height_m": 20.0}),
    ]
