"""Container events of a terminal as they follow from its facts: the same in whatever order these come."""

from collections.abc import Iterable
from operator import attrgetter

from processing.containers.derivation import FactName, FactOf, events_of
from processing.containers.facts import ContainerEvent
from processing.containers.links import LINKED, REACH_US, End, Links, ends_of
from processing.containers.naming import DEPENDS, adopted
from processing.model.facts import Retracted
from processing.model.times import HOUR_US
from processing.reefers.facts import ReeferExcursion

AROUND_US = DEPENDS * REACH_US
"""Facts decide over events of facts no further away than that. [µs]"""
MEMORY_US = 2 * AROUND_US + 3 * HOUR_US
"""Facts are kept in memory for so long; what changes earlier is derived again from stored facts. [µs]"""
Change = ContainerEvent | Retracted
_order = attrgetter("key")


class ContainerEvents:
    """Events of the boxes of one terminal.

    Attributes:
        since_us: of facts since then all are here. [µs since 1970 UTC]
        stale_hours: beginnings of hours whose events are to be derived from stored facts. [µs since 1970 UTC]
    """

    def __init__(self) -> None:
        self.since_us = 0
        self.stale_hours: set[int] = set()
        self._facts: dict[FactName, FactOf] = {}
        self._events: dict[FactName, tuple[ContainerEvent, ...]] = {}
        self._links = Links()

    def apply(self, one: FactOf, *, retracted: bool) -> list[Change]:
        """Take in a fact as it is now, or that it is none; events that change by it.

        Where not everything around it is in memory, none: the hours around it are noted.
        """
        before = self._facts.get(one.name)
        if before is not None and before.fact == one.fact and not retracted:
            return []
        forgotten = before is None and one.time_us < self.since_us
        ends = ends_of(one)
        linked = bool(ends or (before is not None and ends_of(before)))
        linked |= forgotten and isinstance(one.fact, LINKED)  # by a version that nobody remembers
        known_us = 0 if self.since_us == 0 else self.since_us + (2 * AROUND_US if linked else 0)
        changed: list[Change] = []
        remembered = not linked and (before is not None or (_lasts(one) and not retracted))
        if one.time_us >= self.since_us or remembered:
            changed = self._derive(self._replace(before, None if retracted else one, ends))
        if one.time_us >= known_us:
            return changed
        if changed or not remembered:
            self._note(one.time_us, AROUND_US if linked else 0)
        return []

    def restore(self, facts: Iterable[FactOf]) -> None:
        """Take in facts that are stored; their events are stored too."""
        names = [one.name for one in facts if self._enter(one, ends_of(one))]
        self._derive(names)

    def forget(self, before_us: int) -> None:
        """Drop facts with an earlier key, but excursions that last: they change for weeks. [µs since 1970 UTC]."""
        if before_us - self.since_us < HOUR_US // 4:  # asked each second
            return
        self.since_us = before_us
        for name in [name for name, one in self._facts.items() if one.time_us < before_us and not _lasts(one)]:
            self._leave(name)

    def _note(self, time_us: int, around_us: int) -> None:
        hour_us = hour_of(time_us - around_us)
        while hour_us <= time_us + around_us:
            self.stale_hours.add(hour_us)
            hour_us += HOUR_US

    def _replace(self, before: FactOf | None, after: FactOf | None, ends: tuple[End, ...]) -> set[FactName]:
        """Exchange versions of a fact; facts whose events may be others by it, itself among them.

        Args:
            before: the fact as it was, None where it is new.
            after: as it is, None where it is retracted.
            ends: that it has now.
        """
        touched: set[FactName] = set()
        if before is not None:
            touched |= self._links.near(before.name, DEPENDS)
            self._leave(before.name, events=False)
        if after is not None:
            self._enter(after, ends)
            touched |= self._links.near(after.name, DEPENDS)
        return touched

    def _enter(self, one: FactOf, ends: tuple[End, ...]) -> bool:
        name = one.name
        if name in self._facts:
            return False
        self._facts[name] = one
        self._links.add(name, ends)
        return True

    def _leave(self, name: FactName, *, events: bool = True) -> None:
        del self._facts[name]
        self._links.drop(name)
        if events:
            self._events.pop(name, None)

    def _derive(self, names: Iterable[FactName]) -> list[Change]:
        """Derive events of facts once more; those that change."""
        changed: list[Change] = []
        for name in sorted(names, key=str):
            one, before = self._facts.get(name), self._events.pop(name, ())
            after = () if one is None else events_of(one, adopted(one, self._links, self._facts))
            if after:
                self._events[name] = after
            changed += changes(before, after)
        return changed

    def between(self, begin_us: int, end_us: int) -> list[ContainerEvent]:
        """Events of facts whose key's time is in [begin, end), in order of their keys. [µs since 1970 UTC]."""
        found = [event for events in self._events.values() for event in events if begin_us <= event.fact_us < end_us]
        return sorted(found, key=_order)


def _lasts(one: FactOf) -> bool:
    return isinstance(one.fact, ReeferExcursion) and one.fact.ended_us is None


def changes(before: Iterable[ContainerEvent], after: Iterable[ContainerEvent]) -> list[Change]:
    """What has to be written to make events as they were those that they are."""
    old, new = {one.key: one for one in before}, {one.key: one for one in after}
    retracted: list[Change] = [Retracted(one) for key, one in old.items() if key not in new]
    return retracted + [one for key, one in new.items() if old.get(key) != one]


def hour_of(time_us: int) -> int:
    """The beginning of the hour of a time. [µs since 1970 UTC]."""
    return time_us // HOUR_US * HOUR_US


def derived(facts: Iterable[FactOf], begin_us: int, end_us: int) -> list[ContainerEvent]:
    """Events of facts whose key's time is in [begin, end), in order of their keys.

    Args:
        facts: all of a terminal in that span, and `AROUND_US` before and after it.
        begin_us: beginning of the span. [µs since 1970 UTC]
        end_us: its end. [µs since 1970 UTC]
    """
    events = ContainerEvents()
    events.restore(facts)
    return events.between(begin_us, end_us)
