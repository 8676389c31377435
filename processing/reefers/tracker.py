"""Excursions and power of all reefers, from the columns of a whole batch."""

import numpy as np
from numpy.typing import NDArray

from processing.model.device import Device, LastValues
from processing.model.facts import Fact
from processing.model.samples import Samples
from processing.model.tracker import CarryForwardTracker, or_none, text_or_none
from processing.reefers.excursions import ExcursionDetector, ReeferSample
from processing.reefers.signals import REEFER


class ReeferTracker(CarryForwardTracker[ExcursionDetector]):
    """Excursions and power of all reefers."""

    CARRIED = ("setpoint_degc", "plugged", "powered", "mode")
    READ = (*CARRIED, "container_id", "supply_degc", "return_degc")
    DEFROST = REEFER.by_name["mode"].values.index("defrost")

    @classmethod
    def carried(cls, _device: Device) -> tuple[str, ...]:
        """Signals whose last value before a sample matters for what follows from the sample."""
        return (*cls.CARRIED, "container_id")

    def seed(self, device_id: int, known: LastValues) -> None:
        """Set the last known values of a reefer before the samples that follow."""
        super().seed(device_id, known)
        container = known.get("container_id")
        if isinstance(container, str):
            self._detector(device_id).seed(container)

    def feed(self, samples: Samples, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> list[Fact]:
        """Advance over samples in order; `starts` and `ends` are each device's first and last row."""
        filled, _ = self._carry(samples, starts, ends)
        facts: list[Fact] = []
        rows = zip(
            samples.device_id.tolist(),
            samples.time_us.tolist(),
            samples.texts["container_id"],
            *(or_none(column) for column in filled),
            or_none(samples.number("supply_degc")),
            or_none(samples.number("return_degc")),
            strict=True,
        )
        for device_id, time_us, container, setpoint, plugged, powered, mode, supply, back in rows:
            sample = ReeferSample(
                time_us,
                text_or_none(container),
                setpoint,
                supply,
                back,
                None if plugged is None else plugged == 1,
                None if powered is None else powered == 1,
                mode == self.DEFROST,
            )
            facts += self._detector(device_id).feed(sample)
        return facts

    def _new_detector(self, device_id: int) -> ExcursionDetector:
        return ExcursionDetector(device_id)
