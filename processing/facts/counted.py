"""Facts of a terminal that windows count at one time each, by what they are about. In memory."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from processing.model.facts import TerminalFact

F = TypeVar("F", bound=TerminalFact)
Key = tuple[Any, ...]


class Counted(Generic[F]):
    """Those of one type that windows see.

    Args:
        about: what a fact is about, such as its box: the facts about it are replaced together.
        at_us: when windows count it; None: not yet. [µs since 1970 UTC]

    Attributes:
        since_us: of facts that are counted since then all are here. [µs since 1970 UTC]
    """

    def __init__(self, about: Callable[[F], str], at_us: Callable[[F], int | None]) -> None:
        self.since_us = 0
        self._about, self._at_us = about, at_us
        self._known: dict[str, dict[Key, F]] = {}
        self._in_order: list[tuple[int, str, Key]] = []

    def load(self, facts: Iterable[F], since_us: int) -> None:
        """Take in facts that are stored: all that are counted since a time. [µs since 1970 UTC]."""
        self.since_us = since_us
        for one in facts:
            self._put(one)

    def replace(self, about: str, facts: Iterable[F]) -> int | None:
        """Enter the facts that there are now about something; from when on windows see a difference.

        Returns: [µs since 1970 UTC]; None: they see none.
        """
        before = dict(self._known.get(about, {}))
        after = {one.key: one for one in facts if (at_us := self._at_us(one)) is not None and at_us >= self.since_us}
        for one in before.values():
            self._drop(one)
        for one in after.values():
            self._put(one)
        changed = [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]
        versions = (facts[key] for key in changed for facts in (before, after) if key in facts)
        return min((at_us for one in versions if (at_us := self._at_us(one)) is not None), default=None)

    def between(self, after_us: int, until_us: int) -> list[F]:
        """Those counted in (after, until], in order of that. [µs since 1970 UTC]."""
        first = bisect_right(self._in_order, after_us, key=lambda place: place[0])
        last = bisect_right(self._in_order, until_us, key=lambda place: place[0])
        return [self._known[about][key] for _, about, key in self._in_order[first:last]]

    def forget(self, before_us: int) -> None:
        """Drop those counted before a time. [µs since 1970 UTC]."""
        self.since_us = max(self.since_us, before_us)
        for one in self.between(-1, before_us - 1):
            self._drop(one)

    def _put(self, one: F) -> None:
        at_us = self._at_us(one)
        known = self._known.get(self._about(one), {}).get(one.key)
        if known is not None:
            self._drop(known)
        if at_us is not None:
            self._known.setdefault(self._about(one), {})[one.key] = one
            insort(self._in_order, (at_us, self._about(one), one.key))

    def _drop(self, one: F) -> None:
        about = self._about(one)
        known = self._known[about]
        del known[one.key]
        if not known:
            del self._known[about]
        del self._in_order[bisect_left(self._in_order, (self._at_us(one) or 0, about, one.key))]
