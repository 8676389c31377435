"""The passages of a terminal, and which two of them are of one truck.

Two passages are joined where each is the best partner of the other: of all inbound ones within a day before, of all
outbound ones within a day after. That is a function of the passages within two days, in whatever order they become
known.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from operator import attrgetter

from processing.gates.likeness import LEAST, likeness
from processing.gates.passage import Passage
from processing.model.times import HOUR_US

LONGEST_VISIT_US = 24 * HOUR_US
"""A truck inside for longer has left unseen. Assumed. [µs]"""
REACH_US = 2 * LONGEST_VISIT_US
"""Further apart than that passages have nothing to do with each other. [µs]"""
NEAREST = 4
"""Of passages that share a name, so many before and after are looked at: a name that all share is none."""
LONGEST_PLATE = 16
"""Longer ones are compared as a whole."""
_order = attrgetter("order")


class Passages:
    """Passages by what they may share: visit number, plate but for one character, container."""

    def __init__(self) -> None:
        self._by_name: dict[str, list[Passage]] = {}

    def add(self, one: Passage) -> None:
        """Enter one."""
        for name in _names(one):
            insort(self._by_name.setdefault(name, []), one, key=_order)

    def drop(self, one: Passage) -> None:
        """Remove one that was entered."""
        for name in _names(one):
            line = self._by_name[name]
            del line[bisect_left(line, one.order, key=_order)]
            if not line:
                del self._by_name[name]

    def partner(self, one: Passage) -> tuple[Passage, float] | None:
        """The other passage of its truck, and how alike they are; None where none is known."""
        best = self._best(one)
        return best if best is not None and self._is_best(best[0], one) else None

    def came_again(self, one: Passage) -> bool:
        """Whether the same plate came in once more within a day after an inbound passage."""
        return one.plain is not None and any(
            other.plain == one.plain and one.order < other.order for other in self._near(one) if other.direction == "in"
        )

    def around(self, one: Passage) -> set[Passage]:
        """Passages that may be joined otherwise where this one is entered or removed; itself not among them."""
        near = set(self._near(one))  # their candidates may be others, and then whom they are joined with
        return (near | {third for other in near for third in self._near(other)}) - {one}

    def _best(self, one: Passage) -> tuple[Passage, float] | None:
        """Whom it is most alike; of several the one that is nearest in time."""
        found = [(likeness(one, other), other) for other in self._partners(one)]
        best = max(
            found, key=lambda pair: (pair[0], -abs(pair[1].passed_us - one.passed_us), pair[1].order), default=None
        )
        return None if best is None or best[0] < LEAST else (best[1], best[0])

    def _is_best(self, one: Passage, other: Passage) -> bool:
        best = self._best(one)
        return best is not None and best[0] == other

    def _partners(self, one: Passage) -> Iterator[Passage]:
        inward = one.direction == "in"
        for other in self._near(one):
            if other.direction != one.direction and (one.passed_us <= other.passed_us) == inward:
                yield other

    def _near(self, one: Passage) -> Iterable[Passage]:
        """Those that share a name with it and are within a day, each once."""
        found: dict[Passage, None] = {}
        for name in _names(one):
            line = self._by_name.get(name, [])
            at = bisect_left(line, one.order, key=_order)
            for other in line[max(0, at - NEAREST) : at + NEAREST + 1]:
                if abs(other.passed_us - one.passed_us) <= LONGEST_VISIT_US:
                    found[other] = None
        found.pop(one, None)
        return found


def _names(one: Passage) -> list[str]:
    """What it may share with others."""
    names = [f"box {number}" for number in dict.fromkeys(one.boxes)]
    if one.visit is not None:
        names.append(f"visit {one.visit}")
    if one.plain is not None and len(one.plain) <= LONGEST_PLATE:
        names += [f"plate {one.plain[:at]}\0{one.plain[at + 1 :]}" for at in range(len(one.plain))]
    elif one.plain is not None:
        names.append(f"plate {one.plain}")
    return names
