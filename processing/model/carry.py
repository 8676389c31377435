"""Carrying values forward: an absent signal keeps its last known value."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
T = TypeVar("T", bound=np.generic)


def group_starts(device_id: NDArray[np.int32]) -> NDArray[np.intp]:
    """Where each device's rows begin; rows of a device stand together. Shape (number of devices,)."""
    if not len(device_id):
        return np.empty(0, np.intp)
    return np.flatnonzero(np.concatenate(([True], device_id[1:] != device_id[:-1])))


def carry_forward(
    numbers: FloatArray, signals: Sequence[int], starts: NDArray[np.intp], last: FloatArray
) -> FloatArray:
    """Fill absent values with the last known one of the same device.

    Args:
        numbers: shape (all signals, n), NaN is absent; rows of a device stand together, in time order.
        signals: which of them.
        starts: first row of each device, shape (d,).
        last: last known values before these rows, shape (signals, d), NaN is never known.

    Returns: the filled copy, shape (signals, n).
    """
    filled = numbers.take(signals, axis=0)
    at_start = filled[:, starts]
    filled[:, starts] = np.where(np.isnan(at_start), last, at_start)
    absent = np.isnan(filled)
    some = absent.any(axis=1) & ~absent.all(axis=1)  # often no device has a signal, ever
    for at in np.flatnonzero(some).tolist():
        signal, known = filled[at], ~absent[at]
        known[starts] = True  # a device never inherits from the one before it
        rows = np.flatnonzero(known)
        signal[:] = np.repeat(signal[rows], np.diff(np.append(rows, len(signal))))
    return filled


def shifted(column: NDArray[T], before: NDArray[T], starts: NDArray[np.intp]) -> NDArray[T]:
    """The value of the sample before each row, shape (n,).

    Args:
        column: rows of a device stand together, in time order, shape (n,).
        before: value of the sample before the first row of each device, shape (d,).
        starts: first row of each device, shape (d,).
    """
    earlier = np.empty_like(column)
    earlier[1:] = column[:-1]
    earlier[starts] = before
    return earlier


class LastKnown:
    """The last known values of every device of a stream, shape (signals, devices); grows with the ids seen."""

    def __init__(self, signals: int) -> None:
        self._values: FloatArray = np.full((signals, 64), np.nan)

    def _reserve(self, device_id: int) -> None:
        have = self._values.shape[1]
        if device_id >= have:
            wider = np.full((self._values.shape[0], max(2 * have, device_id + 1)), np.nan)
            wider[:, :have] = self._values
            self._values = wider

    def of(self, devices: NDArray[np.int32]) -> FloatArray:
        """Values of these devices, shape (signals, d)."""
        if len(devices):
            self._reserve(int(devices.max()))
        return self._values[:, devices]

    def seed(self, device_id: int, values: Sequence[float | str | None]) -> None:
        """Set the values of one device; None is not known."""
        numbers = [[value if isinstance(value, int | float) else np.nan] for value in values]
        self.remember(np.array([device_id], np.int32), np.array(numbers, np.float64))

    def copy(self, other: "LastKnown", device_id: int) -> None:
        """Take the values of one device from another table."""
        device = np.array([device_id], np.int32)
        self.remember(device, other.of(device))

    def remember(self, devices: NDArray[np.int32], values: FloatArray) -> None:
        """Replace the values of these devices; `values` has shape (signals, d)."""
        if len(devices):
            self._reserve(int(devices.max()))
            self._values[:, devices] = values
