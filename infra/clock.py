"""The only reader of the wall clock."""

from datetime import UTC, datetime, timedelta
from time import time_ns

from processing.model.times import EPOCH

MICROSECOND = timedelta(microseconds=1)


def utc_now() -> datetime:
    """The time now, aware, UTC."""
    return datetime.now(UTC)


def now_us() -> int:
    """The time now. [µs since 1970 UTC]."""
    return time_ns() // 1000


def from_us_or_none(time_us: int | None) -> datetime | None:
    """The same, where there may be none."""
    return None if time_us is None else from_us(time_us)


def to_us(time: datetime) -> int:
    """An aware datetime as a column's time. [µs since 1970 UTC]."""
    return (time - EPOCH) // MICROSECOND


def to_us_or_none(time: datetime | None) -> int | None:
    """The same, where there may be none."""
    return None if time is None else to_us(time)


def from_us(time_us: int) -> datetime:
    """A column's time as datetime. [µs since 1970 UTC]."""
    return EPOCH + MICROSECOND * time_us
