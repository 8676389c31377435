"""Segments of an EDIFACT interchange, and the times in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Final

from processing.tos import times

FORMATS: Final[Mapping[str, str]] = {
    "201": "%y%m%d%H%M",
    "203": "%Y%m%d%H%M",
    "204": "%Y%m%d%H%M%S",
    "303": "%Y%m%d%H%M%Z",
}
"""Of times, DTM 2379; 303 ends in an offset, or in none where senders leave it out."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment: its place in the interchange from 1 on, its tag, its elements, each a list of components."""

    number: int
    tag: str
    elements: tuple[tuple[str, ...], ...]

    def get(self, element: int, component: int = 0) -> str:
        """A component, empty where there is none."""
        parts = self.elements[element] if element < len(self.elements) else ()
        return parts[component].strip() if component < len(parts) else ""

    def __str__(self) -> str:
        return "+".join([self.tag, *(":".join(parts) for parts in self.elements)])[:60]


@dataclass(frozen=True, slots=True)
class Broken:
    """What stands where a segment should, and cannot be read.

    Attributes:
        number: its place as a segment; None: it is about the whole file.
        text: what is wrong.
    """

    number: int | None
    text: str


def time_of(text: str, code: str, zone: tzinfo | None) -> int:
    """A time of segment DTM. [µs since 1970 UTC].

    Raises:
        ValueError: it cannot be read; the message states why.
    """
    if code not in FORMATS:
        raise ValueError(f"time format {code or 'missing'} is not known; known are {', '.join(FORMATS)}")
    if code == "303" and len(text) > 12:
        try:
            hours = int(text[12:].removeprefix("UTC") or "0")
            zone, text = timezone(timedelta(hours=hours)), text[:12]
        except (ValueError, OverflowError):
            raise ValueError(f"{text[:40]!r} has no offset in whole hours, such as 202611231405-05") from None
    form = FORMATS[code].removesuffix("%Z")
    # strptime takes fewer digits than the form has.
    lengths = {"201": 10, "203": 12, "303": 12, "204": 14}
    if not text.isascii() or not text.isdecimal() or len(text) != lengths[code]:
        raise ValueError(f"{text[:40]!r} does not have the {lengths[code]} digits of format {code}")
    try:
        time = datetime.strptime(text, form)  # noqa: DTZ007 - the zone follows
    except ValueError as error:
        raise ValueError(f"{text!r} is no time: {error}") from None
    return times.instant(time, zone)
