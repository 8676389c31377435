"""What devices take from sample to sample: by a counter, or by the power that a sample reports until the next one."""

import numpy as np
from numpy.typing import NDArray

from processing.energy.meter import MJ_PER_KWH, Steps
from processing.model.carry import FloatArray, LastKnown, carry_forward, shifted
from processing.model.samples import Samples
from processing.model.times import HOUR_US

COUNTER_GAP_US = 6 * HOUR_US
"""What a counter shows after silence is spread over it, so long at most. [µs] Assumed."""
MOST_STEP_KWH = 2_500.0
"""A counter that rises by more from sample to sample was replaced: 10 MW for a quarter of an hour. [kWh] Assumed."""
POWER_GAP_US = 5 * HOUR_US // 4
"""Power holds until the next report, so long at most: reefers report every hour at least. [µs] Source: ISO 10368."""
Taken = tuple[NDArray[np.int64], NDArray[np.bool_]]
"""Energy of each step, 0 where it is not known, and whether it is; each of shape (n,). [1e-3 J]"""


def by_counter(counter_kwh: FloatArray, before_kwh: FloatArray, starts: NDArray[np.intp], steps: Steps) -> Taken:
    """By an energy counter; nothing is known where it fell: it was set back.

    Args:
        counter_kwh: carried forward, shape (n,).
        before_kwh: before the first row of each device, shape (d,).
        starts: first row of each device.
        steps: from sample to sample.
    """
    step_kwh = counter_kwh - shifted(counter_kwh, before_kwh, starts)
    known = (step_kwh >= 0) & (step_kwh <= MOST_STEP_KWH) & (steps.length_us <= COUNTER_GAP_US)
    return np.rint(np.where(known, step_kwh, 0.0) * MJ_PER_KWH).astype(np.int64), known


class HeldPower:
    """The power that each device reported last, and when: it holds for a while, however many samples lack it."""

    def __init__(self) -> None:
        self._last = LastKnown(2)

    def taken(self, samples: Samples, starts: NDArray[np.intp], ends: NDArray[np.intp], steps: Steps) -> Taken:
        """What devices take by it, and remember the newest.

        Args:
            samples: n of them, with `power_kw`, in order.
            starts: first row of each device.
            ends: last row of each device.
            steps: from sample to sample.
        """
        devices = samples.device_id[starts]
        power_kw = samples.number("power_kw")
        reported = np.stack([power_kw, np.where(np.isnan(power_kw), np.nan, samples.time_us)])
        before = self._last.of(devices)
        filled = carry_forward(reported, (0, 1), starts, before)
        self._last.remember(devices, filled[:, ends])
        held_kw, since_us = (shifted(now, then, starts) for now, then in zip(filled, before, strict=True))
        known = (samples.time_us - since_us <= POWER_GAP_US) & (steps.length_us > 0)
        # kW over µs are 1e-3 J.
        return np.rint(np.where(known, held_kw * steps.length_us, 0.0)).astype(np.int64), known

    def copy(self, other: "HeldPower", device_id: int) -> None:
        """Take a device from another one."""
        self._last.copy(other._last, device_id)
