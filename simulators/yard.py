"""Boxes in the yard of a simulated terminal: what brings them puts them here, what fetches them takes them."""

from bisect import insort
from typing import NamedTuple

KNOWN_AFTER_MS = 300_000
"""A box can be fetched so long after it came: what brings boxes is simulated up to then. [ms]"""
ISO_CODES = {20: "22G1", 40: "45G1", 45: "L5G1"}
"""Size and type of boxes by the length that a spreader has for them. [ft]"""
REEFER_CODE, EVERY_REEFER = "45R1", 5
"""Of the boxes of 40 ft that vessels bring every fifth is a reefer, as of those that trucks bring. Assumed."""
LENGTHS_FT = {"2": 20, "4": 40, "L": 45}
"""By the first sign of a size-type code. Source: ISO 6346."""


class Box(NamedTuple):
    """A container: its number, its size and type, what it weighs, whether it came by truck to go on board."""

    number: str
    iso_code: str
    weight_kg: float = 0.0
    export: bool = False

    @property
    def reefer(self) -> bool:
        """Whether it can be cooled."""
        return self.iso_code[2] == "R"

    @property
    def length_ft(self) -> int:
        """Its length. [ft]."""
        return LENGTHS_FT[self.iso_code[0]]


def discharged(number: str, length_ft: int, weight_kg: float) -> Box:
    """A box that comes off a vessel. [ft; kg]."""
    reefer = length_ft == 40 and _serial(number) % EVERY_REEFER == 0
    return Box(number, REEFER_CODE if reefer else ISO_CODES[length_ft], weight_kg)


def _serial(number: str) -> int:
    return int(number[4:10])


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

    Args:
        cooled_share: boxes that can be cooled, and are to stand on a plug; those of other reefers carry dry cargo.

    Attributes:
        imports: came off a vessel, for trucks.
        exports: came through the gate, for vehicles that bring them to a vessel.
        warm: wait for a plug.
    """

    def __init__(self, cooled_share: float = 0.0) -> None:
        self.imports, self.exports, self.warm = Stock(), Stock(), Stock()
        self._cooled_share = cooled_share

    def put(self, box: Box, at_ms: int) -> None:
        """A box is in a block; what is to be cooled has to be plugged first. [ms since 1970 UTC]."""
        self.warm.put(box, at_ms) if self.cooled(box) else self.fetchable(box, at_ms)

    def fetchable(self, box: Box, at_ms: int) -> None:
        """A box may leave. [ms since 1970 UTC]."""
        (self.exports if box.export else self.imports).put(box, at_ms)

    def cooled(self, box: Box) -> bool:
        """Whether a box is to stand on a plug: drawn by its number, so that everybody agrees."""
        return box.reefer and _serial(box.number) % 1000 < 1000 * self._cooled_share
