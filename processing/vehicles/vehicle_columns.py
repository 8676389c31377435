"""Samples of vehicles as columns that the detectors read: carried forward, with the way from sample to sample."""

from dataclasses import dataclass, fields
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from processing.model.carry import FloatArray, shifted
from processing.model.samples import Samples
from processing.vehicles.parameters import VEHICLE_PARAMETERS as P

UNKNOWN = -1
"""Code of a word or a flag that was never reported."""
MOST_JUMP_M = 2.0
"""A position may be off by this much beside the fastest vehicle's way. [m] Assumed."""


@dataclass(frozen=True, slots=True)
class CarriedSignals:
    """The signals that are carried forward, by name: each of shape (n,), NaN where never known."""

    position_x_m: FloatArray
    position_y_m: FloatArray
    speed_mps: FloatArray
    laden: FloatArray
    battery_pct: FloatArray
    charging: FloatArray
    power_kw: FloatArray
    energy_kwh: FloatArray
    zone: FloatArray


CARRIED = tuple(field.name for field in fields(CarriedSignals))
"""Names of the signals that are carried forward, in the order of rows of an array that holds all of them."""


@dataclass(frozen=True, slots=True)
class VehicleColumns:
    """Samples of vehicles, those of each together and in time order, absent values carried forward. All of shape (n,).

    Way and charge of a row are those since the sample before it; whole numbers, so that sums do not depend on how
    samples are split.

    Attributes:
        time_us: event time.
        gap: whether there was silence before, in which something may have been missed.
        moving: whether the vehicle moves.
        laden, charging: 1, 0 or `UNKNOWN`.
        zone: code of the word, or `UNKNOWN`.
        way_mm: way, 0 while it stands or where unknown. [1e-3 m]
        lost: whether it moved and the way is unknown.
        fell: whether the energy counter is less than before.
        charge_mj: what was charged. [1e-3 J]
        dark: whether it was charged and the power is unknown.
        x_m, y_m, energy_kwh, battery_pct: NaN where never known.
        ids: row and the containers that were reported in it, in order.
    """

    time_us: NDArray[np.int64]
    gap: NDArray[np.bool_]
    moving: NDArray[np.bool_]
    laden: NDArray[np.int8]
    charging: NDArray[np.int8]
    zone: NDArray[np.int8]
    way_mm: NDArray[np.int64]
    lost: NDArray[np.bool_]
    fell: NDArray[np.bool_]
    charge_mj: NDArray[np.int64]
    dark: NDArray[np.bool_]
    x_m: FloatArray
    y_m: FloatArray
    energy_kwh: FloatArray
    battery_pct: FloatArray
    ids: list[tuple[int, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Before:
    """What held before a batch, of each vehicle in it; each of shape (d,).

    Attributes:
        signals: last known values.
        time_us: of the last sample; of its first one here, where there was none.
        moving: whether it moved then.
    """

    signals: CarriedSignals
    time_us: NDArray[np.int64]
    moving: NDArray[np.bool_]


def vehicle_columns(
    samples: Samples, signals: CarriedSignals, before: Before, starts: NDArray[np.intp]
) -> VehicleColumns:
    """The columns of a batch.

    Args:
        samples: n of them, in order.
        signals: their signals, carried forward, each of shape (n,).
        before: what held before them.
        starts: first row of each vehicle.
    """
    step_us = samples.time_us - shifted(samples.time_us, before.time_us, starts)
    gap = step_us > P.gap_us
    step_s = np.where(gap, 0.0, step_us / 1e6)
    earlier = _earlier(signals, before.signals, starts)
    step_m = np.hypot(signals.position_x_m - earlier.position_x_m, signals.position_y_m - earlier.position_y_m)
    moving = np.where(np.isnan(signals.speed_mps), step_m > P.moving_mps * step_s, signals.speed_mps >= P.moving_mps)
    on_way = (moving | shifted(moving, before.moving, starts)) & ~gap
    way_m = np.where(step_m <= P.most_mps * step_s + MOST_JUMP_M, step_m, earlier.speed_mps * step_s)
    charged = (earlier.charging == 1) & ~gap
    charge_j = np.abs(earlier.power_kw) * 1000 * step_s
    return VehicleColumns(
        samples.time_us,
        gap,
        moving,
        _code(signals.laden),
        _code(signals.charging),
        _code(signals.zone),
        way_mm=_whole(np.where(on_way, way_m * 1000, 0.0)),
        lost=on_way & np.isnan(way_m),
        fell=(signals.energy_kwh < earlier.energy_kwh) & ~gap,
        charge_mj=_whole(np.where(charged, charge_j * 1000, 0.0)),
        dark=charged & np.isnan(charge_j),
        x_m=signals.position_x_m,
        y_m=signals.position_y_m,
        energy_kwh=signals.energy_kwh,
        battery_pct=signals.battery_pct,
        ids=_ids(samples.texts["container_ids"]),
    )


def _earlier(signals: CarriedSignals, before: CarriedSignals, starts: NDArray[np.intp]) -> CarriedSignals:
    return CarriedSignals(*(shifted(getattr(signals, name), getattr(before, name), starts) for name in CARRIED))


def _ids(texts: list[object]) -> list[tuple[int, tuple[str, ...]]]:
    return [(row, ids) for row, ids in compress(enumerate(texts), texts) if isinstance(ids, tuple)]


def _code(column: FloatArray) -> NDArray[np.int8]:
    return np.nan_to_num(column, nan=UNKNOWN).astype(np.int8)


def _whole(column: FloatArray) -> NDArray[np.int64]:
    return np.rint(np.nan_to_num(column)).astype(np.int64)
