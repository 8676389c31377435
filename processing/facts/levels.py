"""Levels of the devices of a terminal over time, and their sums, which are kept up to date."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from processing.model.level import LevelChange, LevelName
from processing.model.timeline import Timeline


@dataclass(slots=True)
class _Sum:
    """Sum of the last values of some timelines.

    Attributes:
        total: of those that have a value.
        known: how many have one.
        last_us: none of them changes later. [µs since 1970 UTC]
        whole: all values are whole numbers, so that no order of changes can change a bit; otherwise it is of no use.
    """

    total: float = 0.0
    known: int = 0
    last_us: int = 0
    whole: bool = True

    def change(self, before: float | None, after: float | None, time_us: int) -> None:
        """One of them had another last value, or none; time_us: when it changes. [µs since 1970 UTC]."""
        self.whole = self.whole and (after is None or after.is_integer())
        self.total += (after or 0.0) - (before or 0.0)
        self.known += (after is not None) - (before is not None)
        self.last_us = max(self.last_us, time_us)


class Levels:
    """Timelines by the name of the level and the device's id; devices may belong to groups.

    Args:
        groups: ids of devices by their group; whoever changes it calls `regroup`.
        group_of: the group of each device that has one.
    """

    def __init__(self, groups: Mapping[str, Collection[int]], group_of: Mapping[int, str]) -> None:
        self._lines: dict[LevelName, dict[int, Timeline]] = defaultdict(dict)
        self._groups = groups
        self._group_of = group_of
        self._sums: dict[tuple[LevelName, str | None], _Sum] = {}  # made when somebody asks

    def regroup(self) -> None:
        """Devices belong to other groups than before."""
        self._sums = {key: found for key, found in self._sums.items() if key[1] is None}

    def put(self, level: LevelChange) -> None:
        """Enter a change."""
        line = self._lines[level.name].setdefault(level.device_id, Timeline())
        before = line.last
        line.put(level.time_us, level.value)
        self._follow(level, before, line.last)

    def drop(self, level: LevelChange) -> bool:
        """Remove a change; whether anything is known of the device's level."""
        line = self._lines[level.name].get(level.device_id)
        if line is None:
            return False
        before = line.last
        line.drop(level.time_us)
        self._follow(level, before, line.last)
        return True

    def _follow(self, level: LevelChange, before: float | None, after: float | None) -> None:
        for group in {None, self._group_of.get(level.device_id)}:
            found = self._sums.get((level.name, group))
            if found is not None:
                found.change(before, after, level.time_us)

    def line(self, name: LevelName, device_id: int) -> Timeline | None:
        """A level of a device over time; None where it was never known."""
        return self._lines[name].get(device_id)

    def lines(self, name: LevelName, devices: Collection[int] | None) -> dict[int, Timeline]:
        """A level over time, of each of some devices, or of all, of which it is known."""
        lines = self._lines[name]
        return lines if devices is None else {one: lines[one] for one in devices if one in lines}

    def sum_at(self, name: LevelName, time_us: int, group: str | None = None) -> float | None:
        """Sum of a level over the devices, of a group or all, of which it is known by then; None: of none."""
        found = self._sums.get((name, group))
        if found is not None and found.whole and time_us >= found.last_us:
            return found.total if found.known else None
        lines = self.lines(name, None if group is None else self._groups[group]).values()
        if found is None:
            found = self._sums[name, group] = _Sum()
            for line in lines:
                found.change(None, line.last, line.times_us[-1] if line.times_us else 0)
        known = [value for line in lines if (value := line.at(time_us)) is not None]
        return sum(known) if known else None

    def changes_at(self, name: LevelName, time_us: int, devices: Collection[int] | None = None) -> list[LevelChange]:
        """Of each device, or of some, the last change of a level by then."""
        lines = self.lines(name, devices)
        last = {device_id: bisect_right(line.times_us, time_us) - 1 for device_id, line in lines.items()}
        return [
            LevelChange(device_id, name, lines[device_id].times_us[at], lines[device_id].values[at])
            for device_id, at in last.items()
            if at >= 0
        ]

    def forget(self, before_us: Callable[[LevelName], int | None]) -> None:
        """Drop what no window can see; by the name of the level, from when on windows do. [µs since 1970 UTC]."""
        for name, lines in self._lines.items():
            at_us = before_us(name)
            if at_us is not None:
                for line in lines.values():
                    line.forget(at_us)
