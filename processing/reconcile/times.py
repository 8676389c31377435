"""Times of move lists: with an offset, or local in a zone that somebody names."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
RFC_3339: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.,]\d{1,6})?)?([Zz]|[+-]\d\d:?\d\d)?")
YEARS: Final = range(1990, 2100)


def read(text: str, zone: tzinfo | None) -> int:
    """A time such as 2026-11-23T14:05:00-05:00, or 2026-11-23 14:05 in the zone given. [µs since 1970 UTC].

    Raises:
        ValueError: it is none, or none for certain; the message says what to write.
    """
    text = text.strip()
    if not RFC_3339.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is no time; write 2026-11-23T14:05:00Z, with an offset or in the zone given")
    try:
        told = datetime.fromisoformat(text.upper())
    except ValueError as error:
        raise ValueError(f"{text[:40]!r} is no time: {error}") from None
    return instant(told, zone)


def instant(told: datetime, zone: tzinfo | None) -> int:
    """A time of its own offset, else of the zone. [µs since 1970 UTC].

    Raises:
        ValueError: there is neither, or local clocks showed this time twice, or never.
    """
    if told.year not in YEARS:
        raise ValueError(f"year {told.year} is not from {YEARS.start} to {YEARS.stop - 1}")
    if told.tzinfo is None:
        if zone is None:
            raise ValueError(
                f"{told:%Y-%m-%d %H:%M} has no offset; name the zone of the list's times"
                " (--time-zone, or time_zone= over HTTP)"
            )
        told = _local(told, zone)
    return (told - EPOCH) // timedelta(microseconds=1)


def _local(told: datetime, zone: tzinfo) -> datetime:
    """A local time, for certain."""
    first, second = told.replace(tzinfo=zone, fold=0), told.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first
    there = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == told
    when = "twice that day" if there else "never: clocks were put forward over it"
    raise ValueError(f"local clocks showed {told:%Y-%m-%d %H:%M} {when}; write it with an offset")
