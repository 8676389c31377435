"""The only reader of the wall clock; times of columns are turned into datetimes and back beside it."""

from datetime import UTC, datetime
from time import time_ns

from processing.model.times import from_us, from_us_or_none, to_us, to_us_or_none

__all__ = ["from_us", "from_us_or_none", "now_us", "to_us", "to_us_or_none", "utc_now"]


def utc_now() -> datetime:
    """The time now, aware, UTC."""
    return datetime.now(UTC)


def now_us() -> int:
    """The time now. [µs since 1970 UTC]."""
    return time_ns() // 1000
