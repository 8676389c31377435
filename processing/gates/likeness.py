"""How likely it is that two passages are of one truck.

Each figure is the natural logarithm of how many times as likely an agreement, or a disagreement, is for one truck as
for two. They follow from the shares in docs/gates.md; results hardly depend on them.
"""

from math import exp

from processing.gates.passage import Passage, plain

NUMBER_SAME, NUMBER_OTHER = 5.0, -4.5
PLATE_SAME, PLATE_LIKE, PLATE_OTHER = 8.0, 5.0, -5.0
BOX_SAME = 6.0
LEAST = 2.0
"""With less two passages are not joined."""


def likeness(one: Passage, other: Passage) -> float:
    """Sum over visit numbers, plates and boxes; what either does not know counts nothing."""
    found = 0.0
    if one.visit is not None and other.visit is not None:
        found += NUMBER_SAME if one.visit == other.visit else NUMBER_OTHER
    if one.plain is not None and other.plain is not None:
        found += _of_plain(one.plain, other.plain)
    if not set(one.boxes).isdisjoint(other.boxes):
        found += BOX_SAME
    return found


def confidence(value: float) -> float:
    """A likeness as a probability, where one truck and two are as likely beforehand."""
    return round(1 / (1 + exp(-value)), 3)


def of_plates(one: str, other: str) -> float:
    """Likeness of two plates as they were read."""
    return _of_plain(plain(one) or "", plain(other) or "")


def _of_plain(one: str, other: str) -> float:
    if one == other:
        return PLATE_SAME
    if len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1:
        return PLATE_LIKE
    return PLATE_OTHER
