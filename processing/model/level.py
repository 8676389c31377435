"""Levels: quantities of a device that hold from one change to the next."""

from dataclasses import dataclass
from typing import Literal

from processing.model.fact_type import FactType, Seen
from processing.model.facts import DeviceFact, Key

LevelName = Literal["logged_on", "plugged", "unpowered", "queue_length"]


@dataclass(frozen=True, slots=True)
class LevelChange(DeviceFact):
    """From this time on a device's level is this value."""

    device_id: int
    name: LevelName
    time_us: int
    value: float

    key = Key("device_id", "name", "time_us")


LEVEL_CHANGE = FactType("level_change", "device_level", LevelChange, Seen("level", "time_us"))
