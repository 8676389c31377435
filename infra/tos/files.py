"""Move lists of the terminal operating system as files: which format, which zone, whose names of cranes."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from infra.tos import edifact
from processing.model.errors import QuaystreamError
from processing.reconcile import coarri, csv_list
from processing.reconcile.move_list import Cranes, TosList

Format = Literal["csv", "coarri"]
FORMATS: Final[tuple[Format, ...]] = ("csv", "coarri")


class ReadingError(QuaystreamError):
    """The way to read a list is stated wrongly."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read.

    Attributes:
        format: csv or coarri.
        time_zone: IANA name, of times without an offset; empty: there must be none.
        flag: keep faulty box numbers, marked, instead of refusing them.
        names: what the list calls a crane → its name here.
    """

    format: Format
    time_zone: str = ""
    flag: bool = False
    names: Mapping[str, str] = field(default_factory=dict)


def read(raw: bytes, how: Reading, cranes: Collection[str]) -> TosList:
    """Read a file.

    Args:
        raw: it.
        how: to read it.
        cranes: that it may name.

    Raises:
        TosError: it has problems; the message names them all.
        ReadingError: there is no such time zone.
    """
    zone = zone_of(how.time_zone)
    if how.format == "csv":
        names = {theirs.strip().lower(): ours for theirs, ours in how.names.items()}
        found = csv_list.read(raw, Cranes(cranes, names), zone, flag=how.flag)
    else:
        found = coarri.read(edifact.segments(raw), zone, flag=how.flag)
    return found.checked()


def format_of(raw: bytes) -> Format:
    """The format that a file's beginning shows."""
    return "coarri" if edifact.is_interchange(raw) else "csv"


def names_of(pairs: Iterable[str]) -> dict[str, str]:
    """Names of cranes, THEIRS=OURS each.

    Raises:
        ReadingError: one is not of that form.
    """
    found = {}
    for one in pairs:
        theirs, sign, ours = (part.strip() for part in one.partition("="))
        if not (theirs and sign and ours):
            raise ReadingError(f"crane {one[:80]!r}: write THEIRS=OURS, such as QC01=sts1")
        found[theirs] = ours
    return found


def zone_of(name: str) -> tzinfo | None:
    """The zone of an IANA name, None for an empty one.

    Raises:
        ReadingError: there is no such zone.
    """
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ReadingError(f"time zone {name[:80]!r} is not known; write an IANA name such as America/Lima") from None
