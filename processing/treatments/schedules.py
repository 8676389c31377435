"""Schedules of cold treatments: how cold the pulp must be, and for how many days. Data, with source and validity.

A protocol changes over the years, so a schedule has versions. The version that holds when a treatment begins holds
for all of it. The site file may add schedules, and replace all versions of one of these (docs/site.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from processing.model.errors import QuaystreamError
from processing.model.times import ALWAYS_US, DAY_US, HOUR_US

T107_A_LONGER_US = 11_975 * DAY_US
"""2002-10-15, when the United States made T107-a two days longer; the day is unverified."""
LONGEST_US = 60 * DAY_US
"""Readings so long after a treatment began belong to it no more, whatever became of it. [µs]"""
START_K = 0.28
"""Half a degree Fahrenheit: so near to its temperature the pulp must be before a treatment may begin. [K]"""


@dataclass(frozen=True, slots=True)
class Level:
    """One line of a schedule: pulp at or below a limit for so many consecutive days."""

    limit_degc: float
    days: int

    @property
    def total_us(self) -> int:
        """How long the pulp must stay at or below the limit. [µs]."""
        return self.days * DAY_US


@dataclass(frozen=True, slots=True)
class Schedule:
    """One version of a schedule.

    Attributes:
        id: names the schedule; all its versions have it.
        text: whom and what it is for.
        levels: coldest first; a warmer level takes more days.
        source: where the figures come from.
        from_us: it holds for treatments that begin at this time or later. [µs since 1970 UTC]
        until_us: and before this one; None: without an end. [µs since 1970 UTC]
        gap_us: longest time between two readings of a probe that counts as treated. [µs]
        start_k: before a run begins, the warmest probe must be no further than this above the coldest limit; None: the
            source has no such condition. [K]
        verified: whether the figures were compared with the protocol itself or with a publication that quotes it.
    """

    id: str
    text: str
    levels: tuple[Level, ...]
    source: str
    from_us: int = ALWAYS_US
    until_us: int | None = None
    gap_us: int = HOUR_US
    start_k: float | None = None
    verified: bool = True

    @property
    def start_degc(self) -> float:
        """A run begins once the warmest probe is at or below this; some level counts from then on. [°C]."""
        warmest_degc = self.levels[-1].limit_degc
        if self.start_k is None:
            return warmest_degc
        return min(warmest_degc, round(self.levels[0].limit_degc + self.start_k, 3))

    def holds(self, time_us: int) -> bool:
        """Whether it is valid for a treatment that begins at a time. [µs since 1970 UTC]."""
        return self.from_us <= time_us and (self.until_us is None or time_us < self.until_us)

    def overlaps(self, other: "Schedule") -> bool:
        """Whether both are versions of one schedule, and valid at the same time."""
        ends = [one.until_us for one in (self, other) if one.until_us is not None]
        return self.id == other.id and max(self.from_us, other.from_us) < min(ends, default=2**63)


class UnknownScheduleError(QuaystreamError):
    """No version of a schedule is valid when a treatment begins; the message names those that are."""


def version_at(schedules: Iterable[Schedule], schedule_id: str, began_us: int) -> Schedule:
    """The version of a schedule for a treatment that begins at a time. [µs since 1970 UTC].

    Raises:
        UnknownScheduleError: there is none.
    """
    valid = [one for one in schedules if one.holds(began_us)]
    for one in valid:
        if one.id == schedule_id:
            return one
    known = ", ".join(sorted(one.id for one in valid))
    raise UnknownScheduleError(f"no schedule {schedule_id!r} is valid at that time; there are {known}")


def _levels(*pairs: tuple[float, int]) -> tuple[Level, ...]:
    return tuple(Level(limit_degc, days) for limit_degc, days in pairs)


_MEDFLY = Schedule(
    "us-medfly",
    "United States, fruit from areas with Mediterranean fruit fly (T107-a)",
    _levels((1.11, 14), (1.67, 16), (2.22, 18)),
    "trade publication of a shipping agent that quotes APHIS T107-a (TIBA)",
    from_us=T107_A_LONGER_US,
    start_k=START_K,
)
SCHEDULES = (
    replace(
        _MEDFLY,
        levels=_levels((1.11, 12), (1.67, 14), (2.22, 16)),
        source="a study of avocados under T107(a), Elsevier; the day on which it ended is unverified",
        from_us=ALWAYS_US,
        until_us=T107_A_LONGER_US,
    ),
    _MEDFLY,
    Schedule(
        "us-south-america",
        "United States, citrus, grapes and blueberries from South America (Medfly and Anastrepha)",
        _levels((1.1, 15), (1.67, 17)),
        "UK P&I Club, cold treatment failure, 2017",
        start_k=START_K,
    ),
    Schedule(
        "cn",
        "China, generic list",
        _levels((1.1, 15), (1.7, 17), (2.1, 21)),
        "trade publication of a shipping agent (TIBA)",
    ),
    Schedule(
        "cn-peru-grapes",
        "China, table grapes from Peru",
        _levels((1.5, 19)),
        "reported by the trade; the table of the protocol was not found",
        verified=False,
    ),
    Schedule(
        "au",
        "Australia",
        _levels((0.0, 10), (2.22, 16)),
        "trade publication of a shipping agent (TIBA), which gives the coldest and the warmest level only",
        verified=False,
    ),
    Schedule(
        "kr",
        "South Korea",
        _levels((2.0, 17)),
        "trade publication of a shipping agent (TIBA)",
        verified=False,
    ),
)
"""Schedules that the product knows. The limit of an hour between readings is assumed. Source: docs/sources.md."""
