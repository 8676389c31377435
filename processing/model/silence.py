"""Silence of devices that report at regular times, or at least give signs of life."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from processing.model.fact_type import FactType
from processing.model.facts import DeviceFact, Key
from processing.model.samples import Samples
from processing.model.times import MINUTE_US

LEAST_US = 2 * MINUTE_US
"""Shorter silence is not kept: who reports by exception gives a sign of life each half minute. [µs]"""


@dataclass(frozen=True, slots=True)
class DeviceSilence(DeviceFact):
    """A device was silent for long. Times in µs since 1970 UTC."""

    device_id: int
    began_us: Annotated[int, "last sample before it"]
    ended_us: Annotated[int, "first sample after it: only then it is one"]

    key = Key("device_id", "ended_us")


DEVICE_SILENCE = FactType("device_silence", "device_silence", DeviceSilence)


def silences(samples: Samples, before_us: NDArray[np.int64]) -> list[DeviceSilence]:
    """Silences that end with samples in order.

    Args:
        samples: n of them.
        before_us: time of the sample before each; of its own where there is none, shape (n,). [µs since 1970 UTC]
    """
    (rows,) = (samples.time_us - before_us >= LEAST_US).nonzero()
    return [
        DeviceSilence(int(samples.device_id[row]), int(before_us[row]), int(samples.time_us[row]))
        for row in rows.tolist()
    ]
