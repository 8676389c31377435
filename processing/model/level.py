"""Levels: quantities of a device that hold from one change to the next."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processing.model.carry import FloatArray, shifted
from processing.model.fact_type import FactType
from processing.model.facts import DeviceFact, Key, Seen
from processing.model.samples import Samples

LevelName = str
"""What is level; KPIs call a change of it the same. The registry lists those of a stream."""


OF_ALARMS: frozenset[LevelName] = frozenset({"fault", "switched_off", "windy", "stuck_air", "silence_min"})
"""Levels that alarms are made from and no KPI is about: no window has to remember them."""


@dataclass(frozen=True, slots=True)
class LevelChange(DeviceFact):
    """From this time on a device's level is this value."""

    device_id: int
    name: LevelName
    time_us: int
    value: float

    key = Key("device_id", "name", "time_us")
    seen = Seen("level", "time_us")


LEVEL_CHANGE = FactType("level_change", "device_level", LevelChange)


def level_changes(
    samples: Samples, name: LevelName, level: FloatArray, starts: NDArray[np.intp], last: FloatArray
) -> list[LevelChange]:
    """Changes of a level of all devices.

    Args:
        samples: n of them, those of each device together and in time order.
        name: of the level.
        level: its value at each sample, carried forward, shape (n,); NaN is not known.
        starts: first row of each device, shape (d,).
        last: value before these samples, shape (d,).
    """
    changed = ~np.isnan(level) & (level != shifted(level, last, starts))
    return [
        LevelChange(int(samples.device_id[row]), name, int(samples.time_us[row]), float(level[row]))
        for row in changed.nonzero()[0].tolist()
    ]
