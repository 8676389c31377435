"""Trips, charging sessions and levels of all vehicles, from the columns of a whole batch."""

from itertools import chain

import numpy as np
from numpy.typing import NDArray

from processing.energy.metered_tracker import MeteredTracker
from processing.model.carry import FloatArray
from processing.model.facts import DeviceFact, Fact
from processing.model.level import level_changes
from processing.model.samples import Samples
from processing.model.silence import silences
from processing.vehicles.charges import ChargeDetector
from processing.vehicles.parameters import VEHICLE_PARAMETERS as P
from processing.vehicles.segments import Segment, cut
from processing.vehicles.trips import TripDetector
from processing.vehicles.vehicle_columns import CARRIED, Before, CarriedSignals, vehicle_columns


class VehicleDetector:
    """Trips and charging sessions of one vehicle.

    Args:
        device_id: the vehicle.

    Attributes:
        last_us: time of its last sample; None: there was none. [µs since 1970 UTC]
        moving: whether it moved then.
    """

    __slots__ = ("charges", "last_us", "moving", "trips")

    def __init__(self, device_id: int) -> None:
        self.trips = TripDetector(device_id)
        self.charges = ChargeDetector(device_id)
        self.last_us: int | None = None
        self.moving = False

    @property
    def synchronised(self) -> bool:
        """Whether everything is as if the vehicle's first sample had been seen."""
        return self.trips.synchronised and self.charges.synchronised

    @property
    def resting(self) -> bool:
        """Whether what was reported so far is final, and nothing has begun."""
        return self.trips.final_us is None and self.charges.final_us is None

    def final_us(self, last_us: int) -> int:
        """Facts with an earlier key are final. [µs since 1970 UTC]."""
        begun = self.trips.final_us, self.charges.final_us
        return min([last_us + 1, *(time_us for time_us in begun if time_us is not None)])

    def feed(self, segment: Segment) -> list[DeviceFact]:
        """Advance by one segment."""
        self.last_us, self.moving = segment.last_us, segment.moving
        return [*self.trips.feed(segment), *self.charges.feed(segment)]


class VehicleTracker(MeteredTracker[VehicleDetector]):
    """Trips, charging sessions, levels and charged energy of all vehicles."""

    EQUIPMENT = "vehicle"
    CARRIED = CARRIED
    READ = (*CARRIED, "container_ids")

    def feed(self, samples: Samples, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> list[Fact]:
        """Advance over samples in order; `starts` and `ends` are each device's first and last row."""
        filled, last = self._carry(samples, starts, ends)
        signals, known = CarriedSignals(*filled), CarriedSignals(*last)
        detectors = [self._detector(device_id) for device_id in samples.device_id[starts].tolist()]
        first_us = samples.time_us[starts].tolist()
        before = Before(
            known,
            np.array([us if one.last_us is None else one.last_us for one, us in zip(detectors, first_us, strict=True)]),
            np.array([one.moving for one in detectors], bool),
        )
        facts: list[Fact] = []
        facts += level_changes(samples, "charging", signals.charging, starts, known.charging)
        facts += level_changes(samples, "battery_low", _low(signals.battery_pct), starts, _low(known.battery_pct))
        columns = vehicle_columns(samples, signals, before, starts)
        facts += chain.from_iterable(detectors[at].feed(segment) for at, segment in cut(columns, starts))
        steps, charged_mj = self._meter.steps(samples, starts), columns.charge_mj
        facts += silences(samples, steps.begin_us)
        return [*facts, *self._meter.feed(samples, starts, ends, steps, charged_mj, charged_mj > 0)]

    def final_us(self, device_id: int, last_us: int) -> int | None:
        """Facts with an earlier key cannot change by samples after the last one."""
        detector = self._detectors.get(device_id)
        return None if detector is None else detector.final_us(last_us)

    def _new_detector(self, device_id: int) -> VehicleDetector:
        return VehicleDetector(device_id)


def _low(battery_pct: FloatArray) -> FloatArray:
    """1 where the battery is low, else 0; NaN where its charge is not known."""
    return np.where(np.isnan(battery_pct), np.nan, battery_pct < P.low_pct)
