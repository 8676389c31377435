"""Segments of a message that are about one box: what each adds to it."""

from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Final

from processing.tos.box import MOST_TEXT, Box
from processing.tos.segments import Segment, time_of

MOVED_AT: Final = ("203", "7")
"""When the box was moved, DTM 2005: execution in COARRI, effective in CODECO."""
WEIGHT_IN_KG: Final[Mapping[str, float]] = {"KGM": 1.0, "TNE": 1000.0, "LBR": 0.45359237}
GROSS: Final = ("VGM", "G")
"""Measured dimension, MEA 6313: verified gross mass before gross weight."""
ROAD: Final = "3"
MOST_LISTED: Final = 16


def take(segment: Segment, box: Box, zone: tzinfo | None) -> None:
    """Add what a segment states of a box; what cannot be read is flagged there."""
    reader = READERS.get(segment.tag)
    if reader is not None:
        reader(segment, box, zone)


def _time(segment: Segment, box: Box, zone: tzinfo | None) -> None:
    if segment.get(0) not in MOVED_AT or box.time_us is not None:
        return
    try:
        box.time_us = time_of(segment.get(0, 1), segment.get(0, 2), zone)
    except ValueError as error:
        box.flag("time", f"{error} ({segment})", segment.number)


def _place(segment: Segment, box: Box, _zone: tzinfo | None) -> None:
    if segment.get(0) == "147":
        box.stowage = segment.get(1) or box.stowage
    elif segment.get(0) == "165":
        box.place = segment.get(1) or box.place


def _weight(segment: Segment, box: Box, _zone: tzinfo | None) -> None:
    if segment.get(1) not in GROSS or (segment.get(1) == "G" and box.gross_weight_kg is not None):
        return
    unit, text = segment.get(2), segment.get(2, 1)
    try:
        number = float(text)
    except ValueError:
        box.flag("weight", f"{text[:20]!r} is no number ({segment})", segment.number)
        return
    if unit not in WEIGHT_IN_KG:
        box.flag(
            "weight", f"unit {unit or 'missing'} is not known; known are {', '.join(WEIGHT_IN_KG)}", segment.number
        )
        return
    box.weigh(number * WEIGHT_IN_KG[unit], segment.number)


def _seal(segment: Segment, box: Box, _zone: tzinfo | None) -> None:
    if segment.get(0) and len(box.seals) < MOST_LISTED:
        box.seals.append(segment.get(0)[:MOST_TEXT])


def _reference(segment: Segment, box: Box, _zone: tzinfo | None) -> None:
    if segment.get(0, 1) and len(box.reference_numbers) < MOST_LISTED:
        box.reference_numbers.append(f"{segment.get(0)}:{segment.get(0, 1)}"[:MOST_TEXT])


def _transport(segment: Segment, box: Box, _zone: tzinfo | None) -> None:
    if segment.get(2) == ROAD:
        box.plate = (segment.get(7) or segment.get(7, 3)) or box.plate


READERS: Final[Mapping[str, Callable[[Segment, Box, tzinfo | None], None]]] = {
    "DTM": _time,
    "LOC": _place,
    "MEA": _weight,
    "SEL": _seal,
    "RFF": _reference,
    "TDT": _transport,
}
"""By tag."""
