"""Levels: quantities of a device that hold from one change to the next."""

from dataclasses import dataclass

from processing.model.fact_type import FactType
from processing.model.facts import DeviceFact, Key, Seen

LevelName = str
"""What is level; KPIs call a change of it the same. The registry lists those of a stream."""


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
