"""Stays of boxes that have ended, by when the boxes left. In memory."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable

from processing.containers.stays import ContainerStay

Place = tuple[int, str, int]
"""When a box left, its number, and when it came. [µs since 1970 UTC]"""


class Stays:
    """Those of a terminal that windows see.

    Attributes:
        since_us: of stays that ended since then all are here. [µs since 1970 UTC]
    """

    def __init__(self) -> None:
        self.since_us = 0
        self._boxes: dict[str, dict[int, ContainerStay]] = {}
        self._ended: list[Place] = []

    def load(self, stays: Iterable[ContainerStay], since_us: int) -> None:
        """Take in stays that are stored: all that ended since a time. [µs since 1970 UTC]."""
        self.since_us = since_us
        for one in stays:
            self._put(one)

    def replace(self, container_id: str, stays: Iterable[ContainerStay]) -> int | None:
        """Enter the stays that a box has now; from when on windows see a difference. [µs since 1970 UTC]."""
        before = self._boxes.get(container_id, {})
        after = {one.arrived_us: one for one in stays if one.left_us is not None and one.left_us >= self.since_us}
        changed = [one for key in before.keys() | after.keys() for one in _differ(before.get(key), after.get(key))]
        for one in list(before.values()):
            self._drop(one)
        for one in after.values():
            self._put(one)
        return min((one.left_us for one in changed if one.left_us is not None), default=None)

    def ended(self, after_us: int, until_us: int) -> list[ContainerStay]:
        """Those that ended in (after, until], in order of that. [µs since 1970 UTC]."""
        first = bisect_right(self._ended, after_us, key=lambda place: place[0])
        last = bisect_right(self._ended, until_us, key=lambda place: place[0])
        return [self._boxes[number][arrived_us] for _, number, arrived_us in self._ended[first:last]]

    def forget(self, before_us: int) -> None:
        """Drop those that ended before a time. [µs since 1970 UTC]."""
        self.since_us = max(self.since_us, before_us)
        for one in self.ended(-1, before_us - 1):
            self._drop(one)

    def _put(self, one: ContainerStay) -> None:
        if one.left_us is not None:
            self._boxes.setdefault(one.container_id, {})[one.arrived_us] = one
            insort(self._ended, (one.left_us, one.container_id, one.arrived_us))

    def _drop(self, one: ContainerStay) -> None:
        box = self._boxes[one.container_id]
        del box[one.arrived_us]
        if not box:
            del self._boxes[one.container_id]
        del self._ended[bisect_left(self._ended, (one.left_us or 0, one.container_id, one.arrived_us))]


def _differ(before: ContainerStay | None, after: ContainerStay | None) -> list[ContainerStay]:
    return [] if before == after else [one for one in (before, after) if one is not None]
