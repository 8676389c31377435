"""Container events of a terminal as they follow from its facts: the same in whatever order these come."""

from collections.abc import Iterable
from operator import attrgetter

from processing.containers.derivation import FactOf, events_of
from processing.containers.facts import ContainerEvent
from processing.model.facts import Retracted
from processing.model.times import HOUR_US

MEMORY_US = 4 * HOUR_US
"""Facts are kept in memory for so long; what changes earlier is derived again from stored facts. [µs]"""
_order = attrgetter("key")
FactName = tuple[object, ...]


class ContainerEvents:
    """Events of the boxes of one terminal.

    Attributes:
        since_us: of facts since then all are here. [µs since 1970 UTC]
        stale_hours: beginnings of hours in which facts changed that are not here. [µs since 1970 UTC]
    """

    def __init__(self) -> None:
        self.since_us = 0
        self.stale_hours: set[int] = set()
        self._known: dict[FactName, tuple[int, tuple[ContainerEvent, ...]]] = {}

    def apply(self, one: FactOf, *, retracted: bool) -> list[ContainerEvent | Retracted]:
        """Take in a fact as it is now, or that it is none; events that change by it."""
        if one.time_us < self.since_us:
            self.stale_hours.add(hour_of(one.time_us))
            return []
        _, before = self._known.pop(one.name, (0, ()))
        after = () if retracted else events_of(one)
        if after:
            self._known[one.name] = one.time_us, after
        return changes(before, after)

    def load(self, facts: Iterable[FactOf]) -> None:
        """Take in facts that are stored; their events are stored too."""
        for one in facts:
            self._known[one.name] = one.time_us, events_of(one)

    def forget(self, before_us: int) -> None:
        """Drop facts with an earlier key. [µs since 1970 UTC]."""
        if before_us - self.since_us < HOUR_US // 4:  # asked each second
            return
        self.since_us = before_us
        self._known = {name: known for name, known in self._known.items() if known[0] >= before_us}


def changes(before: Iterable[ContainerEvent], after: Iterable[ContainerEvent]) -> list[ContainerEvent | Retracted]:
    """What has to be written to make events as they were those that they are."""
    old, new = {one.key: one for one in before}, {one.key: one for one in after}
    retracted: list[ContainerEvent | Retracted] = [Retracted(one) for key, one in old.items() if key not in new]
    return retracted + [one for key, one in new.items() if old.get(key) != one]


def hour_of(time_us: int) -> int:
    """The beginning of the hour of a time. [µs since 1970 UTC]."""
    return time_us // HOUR_US * HOUR_US


def derived(facts: Iterable[FactOf], begin_us: int, end_us: int) -> list[ContainerEvent]:
    """Events of facts whose key's time is in [begin, end), in order of their keys.

    Args:
        facts: all of a terminal in that span.
        begin_us: beginning of the span. [µs since 1970 UTC]
        end_us: its end. [µs since 1970 UTC]
    """
    found = [event for one in facts if begin_us <= one.time_us < end_us for event in events_of(one)]
    return sorted(found, key=_order)
