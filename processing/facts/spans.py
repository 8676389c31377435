"""Facts of one type that last, by device and beginning: what a terminal's windows need of them, in memory."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any, Generic, TypeVar

from processing.model.facts import DeviceFact, FactKind, Seen
from processing.model.spans import joined
from processing.model.times import MINUTE_US

F = TypeVar("F", bound=DeviceFact)
Key = tuple[Any, ...]
FOREVER_US = 2**62
"""Later than any fact. [µs since 1970 UTC]"""
DelaysChange = tuple[str, int]
"""A crane of whose delays windows see others than they did, and from when on. [µs since 1970 UTC]"""
PART_US = 5 * MINUTE_US
"""Facts are kept in parts by their ends, so that of a long window only what changes is summed again. [µs]"""


class Spans(Generic[F]):
    """Facts of one type.

    Args:
        kind: what KPIs call them.
        seen: which attributes their beginning and end are.
    """

    def __init__(self, kind: FactKind, seen: Seen) -> None:
        self.kind = kind
        self._begin, self._end = seen.begin, seen.end or seen.begin
        self._aside = {self._end, *seen.aside}
        self._devices: dict[int, _DeviceSpans[F]] = {}
        self._ended: dict[int, Ended[F]] = {}

    def bounds_us(self, fact: F) -> tuple[int, int | None]:
        """When a fact begins and ends; None: it lasts. [µs since 1970 UTC]."""
        return getattr(fact, self._begin), getattr(fact, self._end)

    def changed_us(self, before: F, after: F) -> int | None:
        """From when on windows see a difference between two versions of a fact; None: none. [µs since 1970 UTC]."""
        names = (field.name for field in fields(before))  # type: ignore[arg-type] # every record is a dataclass
        if any(getattr(before, name) != getattr(after, name) for name in names if name not in self._aside):
            return self.bounds_us(before)[0]
        ends_us = self.bounds_us(before)[1], self.bounds_us(after)[1]
        return None if ends_us[0] == ends_us[1] else min(end_us for end_us in ends_us if end_us is not None)

    def get(self, fact: F) -> F | None:
        """The version of a fact that is here."""
        spans = self._devices.get(fact.device_id)
        return None if spans is None else spans.facts.get(fact.key)

    def put(self, fact: F) -> None:
        """Enter a fact, in the place of an earlier version of it."""
        self.drop(fact)
        begin_us, end_us = self.bounds_us(fact)
        self._devices.setdefault(fact.device_id, _DeviceSpans()).put(fact, begin_us, end_us)
        if end_us is not None:
            self._ended.setdefault(end_us // PART_US, Ended()).put(fact)

    def drop(self, fact: F) -> None:
        """Remove a fact, of any version."""
        known = self.get(fact)
        if known is None:
            return
        begin_us, end_us = self.bounds_us(known)
        self._devices[known.device_id].drop(known, begin_us)
        if end_us is not None:
            part = self._ended[end_us // PART_US]
            part.drop(known)
            if not part.facts:
                del self._ended[end_us // PART_US]

    def change(self, fact: F, *, retracted: bool) -> list[DelaysChange]:
        """Enter a fact, or remove one that does not hold; returns what else windows see otherwise by it.

        Of most types nothing: `DecidingTrips` are spans on which more depends.
        """
        if retracted:
            self.drop(fact)
        else:
            self.put(fact)
        return []

    def between(self, after_us: int, until_us: int, device_id: int | None = None) -> Iterator[F]:
        """Facts of a device, or of all, that begin by `until` and do not end by `after`; each device's in order."""
        devices = self._devices if device_id is None else [device_id]
        for one in devices:
            spans = self._devices.get(one)
            for fact in () if spans is None else spans.begun(after_us, until_us):
                end_us = self.bounds_us(fact)[1]
                if end_us is None or end_us > after_us:
                    yield fact

    def ended(self, after_us: int, until_us: int) -> "Iterator[Ended[F]]":
        """Facts of all devices that ended in (after, until], in parts by their ends."""
        for number in range((after_us + 1) // PART_US, until_us // PART_US + 1):
            part = self._ended.get(number)
            if part is None:
                continue
            if number * PART_US > after_us and (number + 1) * PART_US <= until_us + 1:
                yield part
            else:
                edge = Ended[F]()
                for fact in part.facts.values():
                    end_us = self.bounds_us(fact)[1]
                    if end_us is not None and after_us < end_us <= until_us:
                        edge.put(fact)
                yield edge

    def after(self, after_us: int, device_id: int) -> Iterator[F]:
        """Facts of a device that do not end by a time, in order."""
        return self.between(after_us, FOREVER_US, device_id)

    def forget(self, before_us: int) -> None:
        """Drop facts that ended before a time."""
        self.drop_ended(before_us, ())

    def drop_ended(self, before_us: int, keep_us: Sequence[tuple[int, int]]) -> None:
        """Drop facts that ended before a time, but not those that touch a span [begin, end] that is kept."""
        kept_us = joined(one for one in keep_us if one[0] < before_us)
        for spans in self._devices.values():
            for fact in list(spans.begun(None, before_us)):
                end_us = self.bounds_us(fact)[1]
                if end_us is not None and end_us < before_us and not _touches(kept_us, self.bounds_us(fact)[0], end_us):
                    self.drop(fact)


def _touches(spans_us: Sequence[tuple[int, int]], begin_us: int, end_us: int) -> bool:
    """Whether a fact touches one of some spans, which are in order and do not overlap."""
    at = bisect_left(spans_us, begin_us, key=lambda span: span[1])
    return at < len(spans_us) and spans_us[at][0] <= end_us


class Ended(Generic[F]):
    """Facts that ended within some minutes.

    Attributes:
        facts: by key.
        made: of them, by what made it, for as long as they do not change.
    """

    __slots__ = ("facts", "made")

    def __init__(self) -> None:
        self.facts: dict[Key, F] = {}
        self.made: dict[Any, Any] = {}

    def put(self, fact: F) -> None:
        """Enter a fact that is not here."""
        self.facts[fact.key] = fact
        self.made.clear()

    def drop(self, fact: F) -> None:
        """Remove a fact."""
        del self.facts[fact.key]
        self.made.clear()


class _DeviceSpans(Generic[F]):
    """Facts of one device, in order of beginning."""

    __slots__ = ("begins", "facts", "lasting", "longest_us")

    def __init__(self) -> None:
        self.begins: list[tuple[int, Key]] = []
        self.facts: dict[Key, F] = {}
        self.lasting: dict[Key, int] = {}
        self.longest_us = 0

    def put(self, fact: F, begin_us: int, end_us: int | None) -> None:
        insort(self.begins, (begin_us, fact.key))
        self.facts[fact.key] = fact
        if end_us is None:
            self.lasting[fact.key] = begin_us
        else:
            self.longest_us = max(self.longest_us, end_us - begin_us)

    def drop(self, fact: F, begin_us: int) -> None:
        del self.facts[fact.key], self.begins[bisect_left(self.begins, (begin_us, fact.key))]
        self.lasting.pop(fact.key, None)

    def begun(self, after_us: int | None, until_us: int) -> Iterator[F]:
        """Facts that begin by `until` and may last after `after`."""
        last = bisect_right(self.begins, until_us, key=lambda one: one[0])
        first = 0
        if after_us is not None:
            since_us = after_us - self.longest_us
            first = bisect_left(self.begins, since_us, hi=last, key=lambda one: one[0])
            for key, begin_us in self.lasting.items():
                if begin_us < since_us:
                    yield self.facts[key]
        for _, key in self.begins[first:last]:
            yield self.facts[key]
