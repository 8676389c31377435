"""Transactions of a terminal's lanes, by the time at which windows count them. In memory."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator

from processing.gates.facts import GateTransaction

Place = tuple[int, int]
"""When a transaction is counted, and when its truck came. [µs since 1970 UTC]"""


class LaneTransactions:
    """Those that have ended; one that lasts is none yet."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], GateTransaction] = {}
        self._lanes: dict[int, list[Place]] = {}

    def put(self, one: GateTransaction) -> GateTransaction | None:
        """Enter one in the place of an earlier version of it, which is returned where it was counted."""
        before = self.drop(one)
        if one.counted_us is not None:
            self._known[one.device_id, one.entered_us] = one
            insort(self._lanes.setdefault(one.device_id, []), (one.counted_us, one.entered_us))
        return before

    def drop(self, one: GateTransaction) -> GateTransaction | None:
        """Remove one, of any version, which is returned where it was counted."""
        known = self._known.pop((one.device_id, one.entered_us), None)
        if known is not None and known.counted_us is not None:
            lane = self._lanes[one.device_id]
            del lane[bisect_left(lane, (known.counted_us, known.entered_us))]
        return known

    def between(self, after_us: int, until_us: int, device_id: int | None = None) -> Iterator[GateTransaction]:
        """Those counted in (after, until], of a lane or of all; each lane's in order."""
        for one in self._lanes if device_id is None else [device_id]:
            lane = self._lanes.get(one, [])
            for _, entered_us in lane[bisect_right(lane, (after_us, 2**62)) : bisect_right(lane, (until_us, 2**62))]:
                yield self._known[one, entered_us]

    def forget(self, before_us: int) -> None:
        """Drop those counted before a time. [µs since 1970 UTC]."""
        for device_id, lane in self._lanes.items():
            for _, entered_us in lane[: bisect_left(lane, (before_us,))]:
                del self._known[device_id, entered_us]
            del lane[: bisect_left(lane, (before_us,))]
