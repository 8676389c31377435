"""Values of many cranes that are kept up to date by crane: sorted ones, and floats that are summed in a fixed order."""

from bisect import bisect_left, insort
from collections import Counter
from itertools import chain

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


class OrderedFloats:
    """Floats of each crane, summed crane by crane: a sum of floats depends on their order."""

    def __init__(self) -> None:
        self._by_place: dict[int, list[float]] = {}
        self._places: list[int] = []

    def replace(self, place: int, values: list[float]) -> None:
        """The floats of a crane are these now.

        Args:
            place: of the crane among all.
            values: in order.
        """
        if values:
            if place not in self._by_place:
                insort(self._places, place)
            self._by_place[place] = values
        elif self._by_place.pop(place, None) is not None:
            del self._places[bisect_left(self._places, place)]

    def sum(self) -> float:
        """The sum, as that of all floats in one list."""
        return sum(chain.from_iterable(map(self._by_place.__getitem__, self._places)))
