"""What a tracker is: one detector a device, fed from the columns of a whole batch."""

import math
from abc import ABC, abstractmethod
from typing import Any, Generic, Protocol, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from processing.model.carry import FloatArray, LastKnown, carry_forward
from processing.model.device import Device, LastValues, Lookup
from processing.model.facts import DeviceFact, Fact
from processing.model.samples import Samples


class Detector(Protocol):
    """What a tracker asks of the detector of one device."""

    @property
    def synchronised(self) -> bool:
        """Whether it is as if it had seen the device's first sample."""

    @property
    def resting(self) -> bool:
        """Whether what it reported so far is final, and nothing has begun."""


D = TypeVar("D", bound=Detector)


class Tracker(ABC, Generic[D]):
    """The detectors of a stream's devices.

    Args:
        device: looks a device up.
    """

    READ: tuple[str, ...] = ()
    """Signals that it reads: of a sample that is read back from the database the others are left out."""

    def __init__(self, device: Lookup) -> None:
        self._device = device
        self._detectors: dict[int, D] = {}

    @abstractmethod
    def feed(self, samples: Samples, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> list[Fact]:
        """Advance over samples in order; `starts` and `ends` are each device's first and last row."""

    @abstractmethod
    def seed(self, device_id: int, known: LastValues) -> None:
        """Set the last known values of a device before the samples that follow."""

    @classmethod
    def carried(cls, _device: Device) -> tuple[str, ...]:
        """Signals whose last value before a sample matters for what follows from the sample."""
        return ()

    def known(self, _device_id: int) -> list[str]:
        """Signals of a device whose last value is carried forward and known."""
        return []

    @abstractmethod
    def _new_detector(self, device_id: int) -> D:
        """A detector that has seen nothing."""

    def synchronised(self, device_id: int) -> bool:
        """Whether the detector of a device is as if the device's first sample had been seen."""
        return device_id in self._detectors and self._detectors[device_id].synchronised

    def resting(self, device_id: int) -> bool:
        """Whether what was reported of a device so far is final, and nothing has begun."""
        return device_id in self._detectors and self._detectors[device_id].resting

    def final_us(self, device_id: int, last_us: int) -> int | None:
        """Facts with an earlier key cannot change by samples after the last one; None: nothing new of that.

        Args:
            device_id: the device.
            last_us: its last sample. [µs since 1970 UTC]
        """
        return last_us + 1 if self.resting(device_id) else None

    def whole(self, _device_id: int, _since_us: int) -> bool:
        """Whether all has been seen of each period of the clock that ends from then on, where any are summed by."""
        return True

    def in_step(self, _device_id: int, _after_us: int) -> bool:
        """Whether samples up to a time make no difference any more to what is found. [µs since 1970 UTC].

        Beside that facts are final and signals renewed, and what the registry asks for; see `StreamRow.in_step`.
        """
        return True

    def restored(self, device_id: int) -> bool:
        """Whether a detector that has read a device's last hours only is as if it had read everything."""
        return self.synchronised(device_id)

    def pending(self) -> list[int]:
        """Devices whose last samples end a fact if nothing contradicts them."""
        return []

    def peek(self, _device_id: int) -> DeviceFact | None:
        """The fact that a silent device's last samples end, None where there is none, or it was reported early."""
        return None

    def mark_reported(self, _fact: Any) -> None:
        """Note that what `peek` gave has been reported."""

    def adopt(self, other: "Tracker[Any]", device_id: int) -> None:
        """Take the detector of a device from another tracker of the same stream."""
        if device_id in other._detectors:
            self._detectors[device_id] = other._detectors[device_id]

    def _detector(self, device_id: int) -> D:
        detector = self._detectors.get(device_id)
        if detector is None:
            self._detectors[device_id] = detector = self._new_detector(device_id)
        return detector


class CarryForwardTracker(Tracker[D]):
    """A tracker of a stream whose absent signals keep their last value."""

    CARRIED: tuple[str, ...] = ()
    """Numeric signals whose last value is carried forward."""

    def __init__(self, device: Lookup) -> None:
        super().__init__(device)
        self._last = LastKnown(len(self.CARRIED))

    def _carry(
        self, samples: Samples, starts: NDArray[np.intp], ends: NDArray[np.intp]
    ) -> tuple[FloatArray, FloatArray]:
        """Carry the last known values over samples in order, and remember the newest ones.

        Args:
            samples: n of them, of d devices.
            starts: first row of each device, shape (d,).
            ends: last row of each device, shape (d,).

        Returns: the signals of `CARRIED`, filled, shape (signals, n), and what was known before, shape (signals, d).
        """
        devices = samples.device_id[starts]
        last = self._last.of(devices)
        rows = [samples.stream.numeric_index[name] for name in self.CARRIED]
        filled = carry_forward(samples.numbers, rows, starts, last)
        self._last.remember(devices, filled[:, ends])
        return filled, last

    @classmethod
    def carried(cls, _device: Device) -> tuple[str, ...]:
        """Signals whose last value before a sample matters for what follows from the sample."""
        return cls.CARRIED

    def seed(self, device_id: int, known: LastValues) -> None:
        """Set the last known values of a device before the samples that follow."""
        self._last.seed(device_id, [known.get(name) for name in self.CARRIED])

    def known(self, device_id: int) -> list[str]:
        """Signals of a device whose last value is carried forward and known."""
        values = self._last.of(np.array([device_id], np.int32))[:, 0].tolist()
        known = [name for name, value in zip(self.CARRIED, values, strict=True) if not math.isnan(value)]
        carried = self.carried(self._device(device_id))
        return [name for name in known if name in carried]

    def restored(self, device_id: int) -> bool:
        """The same, and all signals that are carried forward are known."""
        carried = self.carried(self._device(device_id))
        return super().restored(device_id) and len(self.known(device_id)) == sum(n in carried for n in self.CARRIED)

    def adopt(self, other: Tracker[Any], device_id: int) -> None:
        """Take the detector of a device, and its last known values, from another tracker of the same stream."""
        super().adopt(other, device_id)
        if isinstance(other, CarryForwardTracker):
            self._last.copy(other._last, device_id)


def or_none(column: NDArray[np.float64]) -> list[float | None]:
    """The column's values, None where absent."""
    values = column.astype(object)
    values[np.isnan(column)] = None
    return cast("list[float | None]", values.tolist())


def text_or_none(value: object) -> str | None:
    """A text signal's value, None where absent."""
    return value if isinstance(value, str) else None
