"""A tracker that also meters the energy of its devices."""

from typing import Any, ClassVar, TypeVar

from processing.energy.facts import Equipment
from processing.energy.meter import EnergyMeter
from processing.model.device import Lookup
from processing.model.tracker import CarryForwardTracker, Detector, Tracker

D = TypeVar("D", bound=Detector)


class MeteredTracker(CarryForwardTracker[D]):
    """Of one stream.

    Args:
        device: looks a device up.
    """

    EQUIPMENT: ClassVar[Equipment]
    """Whose energy it is."""
    REACH_US: ClassVar[int] = 0
    """Samples so long before a quarter of an hour make a difference to it. [µs]"""

    def __init__(self, device: Lookup) -> None:
        super().__init__(device)
        self._meter = EnergyMeter(self.EQUIPMENT, self._is_first, self.REACH_US)

    def whole(self, device_id: int, since_us: int) -> bool:
        """Whether all has been seen of each quarter of an hour that ends from a time on. [µs since 1970 UTC]."""
        return since_us > self._meter.exact_us(device_id)

    def in_step(self, device_id: int, after_us: int) -> bool:
        """Whether samples up to a time make no difference any more to what is found. [µs since 1970 UTC].

        The quarter of the last sample began after one that comes later, and facts are final beyond that.
        """
        last_us = self._meter.last_us(device_id)
        final_us = None if last_us is None else self.final_us(device_id, last_us)
        return final_us is not None and self._meter.in_step(device_id, after_us, final_us)

    def restored(self, device_id: int) -> bool:
        """Whether a detector that has read a device's last hours only is as if it had read everything."""
        last_us = self._meter.last_us(device_id)
        return super().restored(device_id) and last_us is not None and self.whole(device_id, last_us + 1)

    def adopt(self, other: Tracker[Any], device_id: int) -> None:
        """Take a device from another tracker of the same stream."""
        super().adopt(other, device_id)
        if isinstance(other, MeteredTracker):
            self._meter.copy(other._meter, device_id)

    def _is_first(self, device_id: int, time_us: int) -> bool:
        """Whether a sample of a device is the very first one, see `Device.first_us`. [µs since 1970 UTC]."""
        return time_us <= self._device(device_id).first_us
