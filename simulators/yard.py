"""Boxes in the yard of a simulated terminal: what brings them puts them here, what fetches them takes them from here."""

from bisect import insort
from typing import NamedTuple

KNOWN_AFTER_MS = 300_000
"""A box can be fetched so long after it came: what brings boxes is simulated up to then. [ms]"""
ISO_CODES = {20: "22G1", 40: "45G1", 45: "L5G1"}
"""Size and type of boxes by the length that a spreader has for them. [ft]"""
LENGTHS_FT = {"2": 20, "4": 40, "L": 45}
"""By the first sign of a size-type code. Source: ISO 6346."""


class Box(NamedTuple):
    """A container: its number, its size and type, whether it came by truck to go on board."""

    number: str
    iso_code: str
    export: bool = False

    @property
    def length_ft(self) -> int:
        """Its length. [ft]."""
        return LENGTHS_FT[self.iso_code[0]]


def numbers(boxes: tuple[Box, ...]) -> tuple[str, ...]:
    """Numbers of boxes."""
    return tuple(box.number for box in boxes)


class Stock:
    """Boxes that wait for one kind of equipment to fetch them. Only that one takes, in order of time."""

    def __init__(self) -> None:
        self._boxes: list[tuple[int, Box]] = []

    def __len__(self) -> int:
        return len(self._boxes)

    def put(self, box: Box, at_ms: int) -> None:
        """A box has come. [ms since 1970 UTC]."""
        insort(self._boxes, (at_ms, box))

    def take(self, before_ms: int, count: int = 1, length_ft: int | None = None) -> tuple[Box, ...]:
        """Those that came first, as many as asked for; none where there are not so many.

        Args:
            before_ms: they came before then. [ms since 1970 UTC]
            count: how many.
            length_ft: of each; None: any. [ft]
        """
        found: list[tuple[int, Box]] = []
        for one in self._boxes:
            if len(found) == count or one[0] >= before_ms:
                break
            if length_ft in (None, one[1].length_ft):
                found.append(one)
        if len(found) < count:
            return ()
        for one in found:
            self._boxes.remove(one)
        return tuple(box for _, box in found)


class Yard:
    """Boxes between their arrival at a terminal and their departure.

    Attributes:
        imports: came off a vessel, for trucks.
        exports: came through the gate, for vehicles that bring them to a vessel.
    """

    def __init__(self) -> None:
        self.imports, self.exports = Stock(), Stock()

    def put(self, box: Box, at_ms: int) -> None:
        """A box is in a block. [ms since 1970 UTC]."""
        (self.exports if box.export else self.imports).put(box, at_ms)
