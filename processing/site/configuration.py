"""The site configuration of terminals: time zone, shifts, what counts as a move, how cranes are calibrated."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from processing.alarms.overrides import Changes
from processing.alarms.targets import KpiTarget
from processing.alarms.webhook import Webhook
from processing.cranes.causes import CAUSES
from processing.cranes.facts import MoveKind
from processing.cranes.parameters import PARAMETERS_BY_TYPE, CraneParameters, ParameterHistory
from processing.dcsa.party import Party
from processing.energy.grid import GridFactor, factor_at
from processing.model.times import ALWAYS_US, DAY_US, MINUTE_US
from processing.reefers.profiles import ReeferProfile
from processing.treatments.schedules import SCHEDULES, Schedule

COUNTED: frozenset[MoveKind] = frozenset({"load", "discharge", "shift"})
"""Kinds that are box moves of a quay crane, where a terminal does not configure others. Source: docs/sources.md."""
DEDUCTED = frozenset(cause.id for cause in CAUSES if cause.deduct)


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift, by the local time at which it begins; it lasts until the next one. [min since local midnight]."""

    name: str
    begins_min: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """Parameters of one crane that differ from those of its type, for a while; `until_us` None: from then on.

    `changes` has names of `CraneParameters` attributes and their values. Times in µs since 1970 UTC.
    """

    crane: str
    from_us: int
    until_us: int | None
    changes: Mapping[str, Any]

    def holds(self, time_us: int) -> bool:
        """Whether it is valid at a time."""
        return self.from_us <= time_us and (self.until_us is None or time_us < self.until_us)


@dataclass(frozen=True, slots=True)
class Period:
    """A shift or a day as it was: its name, begin and end. [µs since 1970 UTC]."""

    name: str
    begin_us: int
    end_us: int


@dataclass(frozen=True, slots=True)
class Site:
    """The configuration of one terminal.

    Attributes:
        terminal: its id; "*" for those that have no configuration of their own.
        time_zone: IANA name.
        offset_us: local time less UTC, at a UTC time. [µs]
        shifts: in order of beginning.
        counted: kinds that are box moves of quay cranes.
        deducted: causes whose time is deducted from the hours of net rates.
        parameters: of the detectors, by type of crane, where they differ from `PARAMETERS_BY_TYPE`.
        calibrations: of single cranes.
        alarms: what it changes in the table of alarms, by alarm.
        kpi_targets: what KPIs are to reach: below it there is an alarm.
        racks: racks by plug, where the name of the plug does not give them.
        reefer_profiles: when boxes are out of range, by booking or cargo; others are judged as built in.
        party: who it is in events of DCSA.
        grid: CO2 of a kilowatt-hour, in time; none: CO2 is not known.
    """

    terminal: str = "*"
    time_zone: str = "UTC"
    offset_us: Callable[[int], int] = lambda _time_us: 0
    shifts: tuple[Shift, ...] = (Shift("night", 0), Shift("day", 480), Shift("evening", 960))
    counted: frozenset[MoveKind] = COUNTED
    deducted: frozenset[str] = DEDUCTED
    parameters: Mapping[str, CraneParameters] = field(default_factory=dict)
    calibrations: tuple[Calibration, ...] = ()
    reefer_profiles: tuple[ReeferProfile, ...] = ()
    alarms: Mapping[str, Changes] = field(default_factory=dict)
    kpi_targets: tuple[KpiTarget, ...] = ()
    racks: Mapping[str, str] = field(default_factory=dict)
    party: Party = field(default_factory=Party)
    grid: tuple[GridFactor, ...] = ()

    def grid_factor(self, time_us: int) -> int | None:
        """CO2 of a kilowatt-hour from the grid at a time; None: not configured. [mg/kWh]."""
        return factor_at(self.grid, time_us)

    def rack_of(self, plug: str) -> str | None:
        """The rack that a plug belongs to, None: to none."""
        return self.racks.get(plug) or plug.rpartition("-")[0] or None

    def shift(self, time_us: int) -> Period:
        """The shift in which a time lies; at the very end of one it is the next."""
        begins = [
            (self._utc_us(day * DAY_US + shift.begins_min * MINUTE_US), shift.name)
            for day in self._days(time_us)
            for shift in self.shifts
        ]
        return _within(begins, time_us)

    def day(self, time_us: int) -> Period:
        """The local day in which a time lies."""
        return _within([(self._utc_us(day * DAY_US), "day") for day in self._days(time_us)], time_us)

    def parameters_of(self, kind: str) -> CraneParameters:
        """Parameters of a type of crane; those of STS for a type that is not known."""
        known = kind if kind in PARAMETERS_BY_TYPE else "STS"
        return self.parameters.get(known, PARAMETERS_BY_TYPE[known])

    def parameter_history(self, crane: str, kind: str) -> ParameterHistory:
        """Parameters of a crane in time: those of its type, changed by its calibrations while those are valid.

        Args:
            crane: its id.
            kind: its type.

        Returns: from when on which hold, from `ALWAYS_US` on; each differs from the one before.
        """
        own = [one for one in self.calibrations if one.crane == crane]
        times = {ALWAYS_US, *(one.from_us for one in own), *(one.until_us for one in own if one.until_us is not None)}
        found: list[tuple[int, CraneParameters]] = []
        for at_us in sorted(times):
            parameters = self.parameters_of(kind)
            for one in own:
                parameters = replace(parameters, **one.changes) if one.holds(at_us) else parameters
            if not found or found[-1][1] != parameters:
                found.append((at_us, parameters))
        return tuple(found)

    def _days(self, time_us: int) -> range:
        local_day = (time_us + self.offset_us(time_us)) // DAY_US
        return range(local_day - 1, local_day + 3)

    def _utc_us(self, local_us: int) -> int:
        """When local clocks first show a time; where a change of clocks skips it, the time of the change."""
        before_us, after_us = (self.offset_us(local_us + shift_us) for shift_us in (-DAY_US, DAY_US))
        for offset_us in (before_us, after_us):
            if self.offset_us(local_us - offset_us) == offset_us:
                return local_us - offset_us
        early_us, late_us = local_us - after_us, local_us - before_us
        while late_us - early_us > 1:
            middle_us = (early_us + late_us) // 2
            if self.offset_us(middle_us) == before_us:
                early_us = middle_us
            else:
                late_us = middle_us
        return late_us


@dataclass(frozen=True, slots=True)
class Sites:
    """The configurations of all terminals; a terminal without its own takes the default.

    Attributes:
        default: of terminals without their own.
        own: by terminal.
        schedules: of cold treatments, at all terminals.
        webhooks: who gets events of alarms.
    """

    default: Site = field(default_factory=Site)
    own: Mapping[str, Site] = field(default_factory=dict)
    schedules: tuple[Schedule, ...] = SCHEDULES
    webhooks: tuple[Webhook, ...] = ()

    def of(self, terminal: str) -> Site:
        """The configuration of one terminal."""
        return self.own.get(terminal, self.default)


def _within(begins: list[tuple[int, str]], time_us: int) -> Period:
    for (begin_us, name), (end_us, _) in pairwise(begins):
        if begin_us <= time_us < end_us:
            return Period(name, begin_us, end_us)
    raise AssertionError("days around a time hold it")


def first_difference_us(one: ParameterHistory, other: ParameterHistory) -> int | None:
    """From when on two parameter histories of a crane differ, None where they never do. [µs since 1970 UTC]."""
    for at_us in sorted({at_us for at_us, _ in (*one, *other)}):
        if _at(one, at_us) != _at(other, at_us):
            return at_us
    return None


def _at(history: ParameterHistory, time_us: int) -> CraneParameters | None:
    return next((parameters for from_us, parameters in reversed(history) if from_us <= time_us), None)
