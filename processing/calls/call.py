"""Vessel calls: what the terminal operating system announces of a vessel's stay, and which cranes work it."""

from dataclasses import dataclass

from processing.model.times import HOUR_US

OPEN_CALL_US = 96 * HOUR_US
"""A call without a last line is taken to end after this time. Assumed. [µs]"""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A crane that works a call; `until_us` is None while that is open. [µs since 1970 UTC]."""

    crane: str
    from_us: int
    until_us: int | None


@dataclass(frozen=True, slots=True)
class VesselCall:
    """A vessel's stay; key: terminal and call id; the newest announcement counts. Times in µs since 1970 UTC.

    What is None is not known, or not yet. Times: DCSA and IMO port call; alongside begins with all fast.

    Attributes:
        terminal, call_id: key.
        vessel, berth: names; a berth is a KPI subject.
        first_line_us, all_fast_us, last_line_us: when it was tied up and let go.
        planned_completion_us: when cargo operations are planned to be done.
        planned_discharge, planned_load, planned_shift: boxes.
        assignments: which cranes work it, in order of beginning and crane.
    """

    terminal: str
    call_id: str
    vessel: str | None
    berth: str | None
    first_line_us: int | None
    all_fast_us: int | None
    last_line_us: int | None
    planned_completion_us: int | None
    planned_discharge: int | None
    planned_load: int | None
    planned_shift: int | None
    assignments: tuple[Assignment, ...]

    @property
    def key(self) -> tuple[str, str]:
        """Natural key."""
        return self.terminal, self.call_id

    @property
    def planned(self) -> int | None:
        """Boxes planned in all, None where no number is known."""
        known = [n for n in (self.planned_discharge, self.planned_load, self.planned_shift) if n is not None]
        return sum(known) if known else None

    @property
    def alongside_us(self) -> int | None:
        """When it came alongside: all fast, or else its first line."""
        return self.first_line_us if self.all_fast_us is None else self.all_fast_us

    @property
    def begin_us(self) -> int | None:
        """The earliest time that is known of it, bar the plan."""
        known = [self.first_line_us, self.all_fast_us, *(one.from_us for one in self.assignments)]
        return min((at for at in known if at is not None), default=None)

    @property
    def span_us(self) -> tuple[int, int] | None:
        """From when until when it lasts; None while no time of it is known. [µs since 1970 UTC]."""
        begin_us = self.begin_us
        if begin_us is None:
            return None
        if self.last_line_us is not None:
            return begin_us, max(begin_us, self.last_line_us)
        return begin_us, begin_us + OPEN_CALL_US
