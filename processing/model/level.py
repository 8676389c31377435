"""Levels: quantities of a device that hold from one change to the next."""

from dataclasses import dataclass
from typing import Literal

from processing.model.facts import DeviceFact

LevelName = Literal["logged_on", "plugged", "unpowered", "queue_length"]


@dataclass(frozen=True, slots=True)
class LevelChange(DeviceFact):
    """From this time on a device's level is this value; key: device, name and time. [µs since 1970 UTC]."""

    device_id: int
    name: LevelName
    time_us: int
    value: float

    @property
    def key(self) -> tuple[int, str, int]:
        """Natural key."""
        return self.device_id, self.name, self.time_us
