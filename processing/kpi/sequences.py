"""Sorted values of many cranes that are kept up to date by crane."""

from bisect import bisect_left, insort
from collections import Counter

FEW = 64
"""So many values are put in their places one by one; more are sorted in together."""


class SortedValues:
    """A sorted list of whole numbers, some of each crane."""

    def __init__(self) -> None:
        self._values: list[int] = []
        self._added: list[int] = []

    @property
    def values(self) -> list[int]:
        """All of them, smallest first; not to be changed."""
        if len(self._added) > FEW:
            self._values += self._added
            self._values.sort()
        else:
            for value in self._added:
                insort(self._values, value)
        self._added = []
        return self._values

    def replace(self, old: list[int], new: list[int]) -> None:
        """Take some values out, and others in."""
        if old == new:
            return
        removed, added = Counter(old), Counter(new)
        if old:
            values = self.values
            for value in (removed - added).elements():
                del values[bisect_left(values, value)]
        self._added += (added - removed).elements()
