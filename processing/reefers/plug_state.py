"""Whether a box is on a plug: what samples report, unless they contradict themselves."""

from processing.model.times import MINUTE_US

CONFIRMED = 5
"""A free plug with live air counts once it was reported so many times in a row,"""
CONFIRMED_US = 15 * MINUTE_US
"""or for so long: contacts chatter for less, and units that report while they are driven away go on. [µs]"""
Air = tuple[float | None, float | None]
"""Supply and return air. [°C]"""


class PlugState:
    """Of one plug. State depends on the samples alone, whatever their split into batches.

    Attributes:
        plugged: whether a box is there, as far as known.
        settled_us: newest sample but the last one that reported it without a contradiction. [µs since 1970 UTC]
    """

    __slots__ = ("_air", "_free_since_us", "_free_times", "_stated_us", "plugged", "settled_us")

    def __init__(self) -> None:
        self.plugged: bool | None = None
        self.settled_us = 0
        self._stated_us = 0
        self._air: Air = (None, None)
        self._free_since_us = 0
        self._free_times = 0

    def read(self, time_us: int, plugged: bool | None, air: Air, *, draws: bool) -> bool | None:
        """Take in a sample; whether a box is there, None where neither it nor those before show that.

        A free plug that draws power is none; nor, for a while, one whose air is another than in the sample before:
        only a unit that is there measures it.

        Args:
            time_us: of the sample. [µs since 1970 UTC]
            plugged: as it was reported last.
            air: of this sample.
            draws: whether this sample shows that power is drawn.
        """
        measured = self._measured(air)
        self.settled_us = self._stated_us
        if plugged is False and (draws or (measured and not self._confirmed(time_us))):
            return True if self.plugged else None
        self._free_times = 0
        if plugged is not None:
            self.plugged, self._stated_us = plugged, time_us
        if plugged is False:
            self._air = None, None
        return plugged

    def _measured(self, air: Air) -> bool:
        """Whether the air of this sample is another than that of the last one that had any."""
        before = self._air
        if air in (before, (None, None)):
            return False
        self._air = air
        (supply_before, return_before), (supply, return_) = before, air
        return _differ(supply_before, supply) or _differ(return_before, return_)

    def _confirmed(self, time_us: int) -> bool:
        """Whether the plug has been reported free for long enough."""
        if self._free_times == 0:
            self._free_since_us = time_us
        self._free_times += 1
        return self._free_times >= CONFIRMED or time_us - self._free_since_us >= CONFIRMED_US


def _differ(before: float | None, now: float | None) -> bool:
    """Whether both are known, and not the same."""
    return before is not None and now is not None and before != now
