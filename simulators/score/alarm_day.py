"""Alarms of one simulated day: those that what really happened calls for, and those that follow from found facts.

Both are derived by the rows of the table of alarms; what differs is whether facts are the true ones.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from processing.alarms.derive import derive
from processing.alarms.facts import Alarm
from processing.alarms.silent import REEFER_SILENCE
from processing.alarms.spans import ConditionSpan, of_level, of_silence
from processing.alarms.table import BY_ID
from processing.model.device import Device
from processing.model.samples import Samples
from processing.model.times import MINUTE_US
from simulators.reefer_faults import HIDING, REEFER_FAULTS, SILENCE
from simulators.score.day import CraneDay
from simulators.score.day import simulate as simulate_cranes
from simulators.score.reefer_day import PlugDay
from simulators.score.reefer_day import simulate as simulate_reefers
from simulators.spoiling import FAULTS, PARTIAL_LOCK, spoil

SPOIL_SEED = 78
NAMES = tuple(dict.fromkeys(fault.name for fault in (*FAULTS, *REEFER_FAULTS)))
LATEST_US = 30 * MINUTE_US
"""What is raised within so long of the end of a day may not be decided yet. [µs]"""
STORM_SLACK_US = 15 * MINUTE_US
"""A crane stops after its lift when a storm has begun, and the wind is strong before and after. [µs]"""
CRANE_SLACK_US = MINUTE_US
PARTS = {"breakdown": "crane_fault", "wind": "wind_limit"}
"""Causes of true delays, and the alarms that they call for."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Something that calls for an alarm.

    Attributes:
        alarm, subject: which.
        began_us, ended_us: of the alarm. [µs since 1970 UTC]
        slack_us: an alarm so long before or after is the same one. [µs]
        sure: whether it must be raised; else it may be.
    """

    alarm: str
    subject: str
    began_us: int
    ended_us: int
    slack_us: int
    sure: bool

    def meets(self, alarm: Alarm) -> bool:
        """Whether an alarm may be about it."""
        ended_us = self.ended_us if alarm.cleared_us is None else alarm.cleared_us
        return alarm.began_us <= self.ended_us + self.slack_us and ended_us >= self.began_us - self.slack_us


@dataclass(slots=True)
class AlarmDay:
    """What was to be raised, and what was, of one day.

    Attributes:
        expected, found: alarms.
        end_us: of the day. [µs since 1970 UTC]
        samples: how many were sent.
    """

    end_us: int = 0
    expected: list[Expected] = field(default_factory=list)
    found: list[Alarm] = field(default_factory=list)
    samples: int = 0

    def derive(
        self, name: str, spans: Iterable[ConditionSpan], suppressing: Iterable[ConditionSpan] = ()
    ) -> list[Alarm]:
        """Alarms of a condition that are raised early enough to be judged."""
        found = derive("score", BY_ID[name], spans, suppressing, rack_of, self.end_us).alarms
        return [one for one in found if one.raised_us < self.end_us - LATEST_US]


def rack_of(device: str) -> str:
    """The rack of a plug; a crane is its own."""
    return device.rpartition("-")[0] or device


def simulate(preset: str, seed: int, hours: float, faults: tuple[str, ...]) -> AlarmDay:
    """Simulate a day of cranes and reefers, and raise alarms."""

    def crane_spoiler(samples: Samples, device: Device, crane: CraneDay) -> Samples:
        spoilt, crane.spoilt = spoil(samples, faults, np.random.default_rng([SPOIL_SEED, seed, device.device_id]))
        return spoilt

    def plug_spoiler(samples: Samples, device_id: int) -> tuple[Samples, list[tuple[str, int, int]]]:
        rng = np.random.default_rng([SPOIL_SEED, seed, 10_000 + device_id])
        return spoil(samples, faults, rng, faults=REEFER_FAULTS)

    day = AlarmDay()
    cranes = simulate_cranes(preset, seed, hours, crane_spoiler if faults else None).cranes
    plugs = simulate_reefers(preset, seed, hours, plug_spoiler if faults else None)
    day.end_us = plugs[0].end_us
    day.samples = sum(one.samples for one in cranes) + sum(one.samples for one in plugs)
    for crane in cranes:
        _crane(day, crane)
    _off_power(day, plugs)
    plug_silences(day, plugs)
    for plug in plugs:
        _excursions(day, plug)
    day.expected = [one for one in day.expected if one.began_us < day.end_us - LATEST_US]
    return day


def _crane(day: AlarmDay, crane: CraneDay) -> None:
    for delay in (*crane.delays, *crane.unended_delays):
        if (alarm := PARTS.get(delay.cause)) is not None:
            slack_us = STORM_SLACK_US if alarm == "wind_limit" else CRANE_SLACK_US
            span = delay.began_ms * 1000, delay.ended_ms * 1000
            day.expected.append(Expected(alarm, crane.crane, *span, slack_us, sure=True))
    for name, began_us, ended_us in crane.spoilt:
        if name == PARTIAL_LOCK:
            lock = Expected("crane_partial_lock", crane.crane, began_us, ended_us, CRANE_SLACK_US, sure=True)
            day.expected.append(lock)
    for alarm, level, on, off in (("crane_fault", "fault", 1, 1), ("wind_limit", "windy", 2, 1)):
        changes = [(one.time_us, one.value) for one in crane.found_levels if one.name == level]
        day.found += day.derive(alarm, of_level(crane.crane, changes, on, off))
    locks = [ConditionSpan(crane.crane, one.began_us, one.ended_us) for one in crane.found_partial_locks]
    day.found += day.derive("crane_partial_lock", locks)
    silent = [ConditionSpan(crane.crane, one.began_us, one.ended_us) for one in crane.found_silences]
    day.found += day.derive("crane_silent", silent)


def _off_power(day: AlarmDay, plugs: Sequence[PlugDay]) -> None:
    """Spans without power, as they were to be seen: from the first report on. Racks that lose it are storms."""
    spans: list[ConditionSpan] = []
    slack_us: dict[str, int] = {}
    for plug in plugs:
        slack = slack_us[plug.plug] = 2 * plug.interval_us + MINUTE_US
        rack = rack_of(plug.plug)
        slack_us[rack] = max(slack, slack_us.get(rack, 0))
        for true in plug.off_power:
            span = true.began_ms * 1000, true.ended_ms * 1000
            for alarm, subject in (("reefer_off_power", plug.plug), ("rack_off_power", rack)):
                day.expected.append(Expected(alarm, subject, *span, slack, sure=False))
            if true.due_ms is not None and not hidden(plug, span[0], span[1]):
                spans.append(ConditionSpan(plug.plug, true.due_ms * 1000, span[1]))
    for one in day.derive("reefer_off_power", spans):
        ended_us = day.end_us if one.cleared_us is None else one.cleared_us
        slack = slack_us[one.subject]
        day.expected.append(Expected(one.alarm, one.subject, one.began_us, ended_us, slack, sure=True))
    found = [ConditionSpan(plug.plug, began, ended) for plug in plugs for began, ended, _ in plug.found_off]
    day.found += day.derive("reefer_off_power", found)


def _excursions(day: AlarmDay, plug: PlugDay) -> None:
    slack_us = 2 * plug.interval_us
    for began_us, ended_us in plug.possible:
        day.expected.append(Expected("reefer_excursion", plug.plug, began_us, ended_us, slack_us, sure=False))
    off = [(one.began_ms * 1000 - slack_us, one.ended_ms * 1000 + slack_us) for one in plug.off_power]
    for true in plug.excursions:
        span = true.began_ms * 1000, true.ended_ms * 1000
        dark = any(began < span[1] and ended > span[0] for began, ended in off)
        sure = true.due_ms is not None and not dark and not hidden(plug, span[0], true.due_ms * 1000)
        day.expected.append(Expected("reefer_excursion", plug.plug, *span, slack_us, sure))
    found = [ConditionSpan(plug.plug, one.fact.began_us, one.fact.ended_us) for one in plug.found]
    suppressing = [ConditionSpan(plug.plug, began, ended) for began, ended, _ in plug.found_off]
    day.found += day.derive("reefer_excursion", found, suppressing)


def plug_silences(day: AlarmDay, plugs: Sequence[PlugDay]) -> None:
    """Enter silence of plugs: what calls for alarms, and what was raised."""
    for plug in plugs:
        day.expected += _true_silences(plug, day.end_us - LATEST_US)
    day.found += day.derive("reefer_silent", (span for plug in plugs for span in _found_silences(plug, day.end_us)))


def _true_silences(plug: PlugDay, latest_us: int) -> Iterator[Expected]:
    """Silence is sure to be one where it hides three reports of a box that stays; without power a unit may be."""
    for off in plug.off_power:
        dark = off.began_ms * 1000, off.ended_ms * 1000
        yield Expected("reefer_silent", plug.plug, *dark, 2 * plug.interval_us, sure=False)
    stays = sorted((stay.began_ms * 1000, stay.ended_ms * 1000) for stay in plug.stays)
    for (_, left_us), (came_us, _) in pairwise(stays):  # a box that leaves between two reports is missed until the next
        yield Expected("reefer_silent", plug.plug, left_us, came_us, plug.interval_us, sure=False)
    slack_us = plug.interval_us + MINUTE_US
    for true in plug.silences:
        sure = true.due_ms is not None and true.due_ms * 1000 < latest_us
        span = true.began_ms * 1000, true.ended_ms * 1000
        yield Expected("reefer_silent", plug.plug, *span, slack_us, sure)
    for name, began_us, ended_us in plug.spoilt:
        if name in (SILENCE, "lost messages", "reboot"):
            stayed = any(s.began_ms * 1000 < began_us and ended_us < s.ended_ms * 1000 for s in plug.stays)
            due_us = began_us + max(3 * plug.interval_us, 10 * MINUTE_US)
            sure = name == SILENCE and stayed and due_us < min(ended_us, latest_us)
            yield Expected("reefer_silent", plug.plug, began_us, ended_us, slack_us, sure)


def _found_silences(plug: PlugDay, end_us: int) -> Iterator[ConditionSpan]:
    """What is read of the same facts and levels as the follower of alarms reads."""
    lasts = plug.last_us <= end_us - REEFER_SILENCE.least_us
    still: list[tuple[int, int | None]] = [(plug.last_us, None)] if lasts else []
    for silent_us in [*plug.found_silent, *still]:
        levels = {one.name: one.value for one in plug.found_levels if one.time_us <= silent_us[0]}
        span = of_silence(REEFER_SILENCE, plug.plug, silent_us, levels)
        if span is not None:
            yield span


def hidden(plug: PlugDay, began_us: int, ended_us: int) -> bool:
    """Whether a fault left nothing to find in a part of a span. [µs since 1970 UTC]."""
    return any(name in HIDING and begin < ended_us and end > began_us for name, begin, end in plug.spoilt)
