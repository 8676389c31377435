"""Excursions, power and silence of all reefers, from the columns of a whole batch."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from processing.energy.metered_tracker import MeteredTracker
from processing.energy.sources import POWER_GAP_US, HeldPower
from processing.model.device import LastValues, Lookup
from processing.model.facts import Fact
from processing.model.samples import Samples
from processing.model.tracker import Tracker, or_none, text_or_none
from processing.reefers.plug import PlugDetector, ReeferSample
from processing.reefers.profiles import BUILT_IN
from processing.reefers.signals import DRAWS_KW, REEFER

MODES = REEFER.by_name["mode"].values
DEFROST, OFF = float(MODES.index("defrost")), float(MODES.index("off"))


class ReeferTracker(MeteredTracker[PlugDetector]):
    """Excursions, power, silence and energy of all reefers."""

    EQUIPMENT = "reefer"
    REACH_US = POWER_GAP_US
    CARRIED = ("setpoint_degc", "plugged", "powered", "mode")
    READ = (*CARRIED, "container_id", "supply_degc", "return_degc", "compressor_on", "power_kw")

    def __init__(self, device: Lookup) -> None:
        super().__init__(device)
        self._power = HeldPower()

    def seed(self, device_id: int, known: LastValues) -> None:
        """Set what is known before the samples that follow: last values, and the box on the plug where there is one."""
        super().seed(device_id, known)
        container = known.get("container_id")
        if isinstance(container, str):
            self._detector(device_id).box.read(container, 0)

    def feed(self, samples: Samples, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> list[Fact]:
        """Advance over samples in order; `starts` and `ends` are each device's first and last row."""
        (setpoint, plugged, powered, mode), _ = self._carry(samples, starts, ends)
        running = np.where(np.isnan(mode), mode, mode != OFF)
        draws = (samples.number("power_kw") > DRAWS_KW) | (samples.number("compressor_on") == 1)
        columns = zip(
            samples.device_id.tolist(),
            samples.time_us.tolist(),
            map(text_or_none, samples.texts["container_id"]),
            or_none(setpoint),
            or_none(samples.number("supply_degc")),
            or_none(samples.number("return_degc")),
            _flags(plugged),
            _flags(powered),
            (mode == DEFROST).tolist(),
            _flags(running),
            draws.tolist(),
            strict=True,
        )
        facts: list[Fact] = []
        for device_id, *values in columns:
            facts += self._detector(device_id).feed(ReeferSample(*values))
        steps = self._meter.steps(samples, starts)
        taken = self._power.taken(samples, starts, ends, steps)
        return [*facts, *self._meter.feed(samples, starts, ends, steps, *taken)]

    def adopt(self, other: Tracker[Any], device_id: int) -> None:
        """Take a plug from another tracker."""
        super().adopt(other, device_id)
        if isinstance(other, ReeferTracker):
            self._power.copy(other._power, device_id)

    def final_us(self, device_id: int, last_us: int) -> int | None:
        """Facts with an earlier key cannot change by samples after the last one."""
        detector = self._detectors.get(device_id)
        return None if detector is None else detector.final_us(last_us)

    def in_step(self, device_id: int, after_us: int) -> bool:
        """Whether samples up to a time make no difference any more to what is found. [µs since 1970 UTC]."""
        in_step = device_id in self._detectors and self._detectors[device_id].in_step(after_us)
        return in_step and super().in_step(device_id, after_us)

    def _new_detector(self, device_id: int) -> PlugDetector:
        parameters = self._device(device_id).parameters
        return PlugDetector(device_id, parameters[-1][1] if parameters else BUILT_IN)


def _flags(column: NDArray[np.float64]) -> list[bool | None]:
    """The column's flags, None where absent."""
    flags = (column == 1).astype(object)
    flags[np.isnan(column)] = None
    listed: list[bool | None] = flags.tolist()
    return listed
