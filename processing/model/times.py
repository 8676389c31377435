"""Lengths of time, event time as Python's and back, and the form of times in payloads. [µs]."""

import re
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
QUARTER_US = 15 * MINUTE_US
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US
ALWAYS_US = 0
"""Where validity in time begins: before any sample that is stored. [µs since 1970 UTC]"""
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:?\d\d)?", re.ASCII)
"""RFC 3339, offsets without colon too; readers of times take more than that: week dates, text after a U+0000."""


def from_us(time_us: int) -> datetime:
    """A column's time as datetime. [µs since 1970 UTC]."""
    return EPOCH + MICROSECOND * time_us


def from_us_or_none(time_us: int | None) -> datetime | None:
    """The same, where there may be none."""
    return None if time_us is None else from_us(time_us)


def to_us(time: datetime) -> int:
    """An aware datetime as a column's time. [µs since 1970 UTC]."""
    return (time - EPOCH) // MICROSECOND


def to_us_or_none(time: datetime | None) -> int | None:
    """The same, where there may be none."""
    return None if time is None else to_us(time)
