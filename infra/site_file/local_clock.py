"""Local times as people write them in the site file, and local time less UTC by time zone."""

from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from infra.clock import from_us
from processing.model.times import MICROSECOND, MINUTE_US

STEP_MIN = 15
"""Offsets of time zones, and with them days and shifts, are multiples of this. [min]"""


def minutes(value: object) -> int:
    """A local time as it is written. [min since midnight].

    Raises:
        ValueError: it is none, or no multiple of 15 min.
    """
    hours, sign, rest = str(value).partition(":")
    if not isinstance(value, str) or not sign or not (hours + rest).isdigit() or (len(hours), len(rest)) != (2, 2):
        raise ValueError(f'{value!r} is no local time; write it as "07:00"')
    found = int(hours) * 60 + int(rest)
    if int(hours) > 23 or int(rest) > 59:
        raise ValueError(f"{value!r} is no time of a day; write 00:00 to 23:45")
    if found % STEP_MIN:
        low = found - found % STEP_MIN
        raise ValueError(f"{value!r} is no multiple of {STEP_MIN} min; write {clock(low)} or {clock(low + STEP_MIN)}")
    return found


def clock(minute: int) -> str:
    """Minutes since midnight as a clock shows them."""
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def offset(zone: ZoneInfo) -> Callable[[int], int]:
    """A function that gives local time less UTC, at a UTC time; both in µs."""

    @lru_cache(maxsize=4096)
    def of_step(step: int) -> int:  # clocks are changed at multiples of 15 min
        local = from_us(step * STEP_MIN * MINUTE_US).astimezone(zone)
        return (local.utcoffset() or timedelta()) // MICROSECOND

    return lambda time_us: of_step(time_us // (STEP_MIN * MINUTE_US))
