"""Times of files: with an offset, or local in a zone that somebody names."""

import re
from datetime import UTC, datetime, tzinfo
from typing import Final

from processing.model.times import to_us

LIST_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.,]\d{1,6})?)?([Zz]|[+-]\d\d:?\d\d)?")
"""More than RFC 3339: without seconds, with a decimal comma, in local time."""
YEARS: Final = range(1990, 2100)


def read(text: str, zone: tzinfo | None) -> int:
    """A time such as 2026-11-23T14:05:00-05:00, or 2026-11-23 14:05 in the zone given. [µs since 1970 UTC].

    Raises:
        ValueError: it is none, or none for certain; the message states what to write.
    """
    text = text.strip()
    if not LIST_TIME.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is no time; write 2026-11-23T14:05:00Z, with an offset or in the zone given")
    try:
        time = datetime.fromisoformat(text.upper())
    except ValueError as error:
        raise ValueError(f"{text[:40]!r} is no time: {error}") from None
    return instant(time, zone)


def instant(time: datetime, zone: tzinfo | None) -> int:
    """A time of its own offset, else of the zone. [µs since 1970 UTC].

    Raises:
        ValueError: there is neither, or local clocks showed this time twice, or never.
    """
    if time.year not in YEARS:
        raise ValueError(f"year {time.year} is not from {YEARS.start} to {YEARS.stop - 1}")
    if time.tzinfo is None:
        if zone is None:
            raise ValueError(
                f"{time:%Y-%m-%d %H:%M} has no offset; name the zone of the list's times"
                " (--time-zone, or time_zone= over HTTP)"
            )
        time = _local(time, zone)
    return to_us(time)


def _local(time: datetime, zone: tzinfo) -> datetime:
    """A local time, for certain."""
    first, second = time.replace(tzinfo=zone, fold=0), time.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first
    there = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == time
    when = "twice that day" if there else "never: clocks were put forward over it"
    raise ValueError(f"local clocks showed {time:%Y-%m-%d %H:%M} {when}; write it with an offset")
