"""Alarms of one condition at one terminal: those that are stored, and those that the stored facts give."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from infra.clock import from_us
from infra.clock import now_us as clock_us
from infra.connection import Connection
from infra.facts.rows import decode
from infra.facts.statements import selected
from infra.sql import blocks
from ingest.alarms import spans
from ingest.alarms.since import Since
from processing.alarms.condition import Condition, MeasuredSpans
from processing.alarms.derive import derive
from processing.alarms.facts import ALARM, Alarm
from processing.alarms.spans import ConditionSpan

SQL = {name: text.format(selected=selected(ALARM.columns)) for name, text in blocks(__file__, "derivation.sql").items()}
AlarmKey = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Alarms of a condition that touch the time since facts changed, by key; and what is to come."""

    stored: dict[AlarmKey, Alarm]
    derived: dict[AlarmKey, Alarm]
    due_us: dict[str, int]

    @property
    def removed(self) -> list[Alarm]:
        """Stored, and none."""
        return [alarm for key, alarm in self.stored.items() if key not in self.derived]

    @property
    def changed(self) -> list[Alarm]:
        """New, or other than stored."""
        return [alarm for key, alarm in self.derived.items() if self.stored.get(key) != alarm]


@dataclass(frozen=True)
class Place:
    """A terminal as derivation sees it.

    Attributes:
        terminal: its id.
        devices: names by id, of all streams.
        conditions: rows that hold there, by id.
        group_of: neighbours of a subject, by the condition.
        groups: by what neighbours share, devices of each group; filled as it is asked for.
    """

    terminal: str
    devices: Mapping[int, str]
    conditions: Mapping[str, Condition]
    group_of: Callable[[Condition, str], str]
    groups: dict[str | None, dict[str, dict[int, str]]] = field(default_factory=dict)

    def of_groups(self, condition: Condition, names: Iterable[str]) -> dict[int, str]:
        """Devices of some groups: looking through all each time costs more than what is to be done."""
        by = None if condition.storm is None else condition.storm.by
        known = self.groups.get(by)
        if known is None:
            known = self.groups[by] = {}
            for number, name in self.devices.items():
                known.setdefault(self.group_of(condition, name), {})[number] = name
        found: dict[int, str] = {}
        for name in names:
            found |= known.get(name, {})
        return found

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Devices by name."""
        return {name: number for number, name in self.devices.items()}


async def find(connection: Connection, place: Place, condition: Condition, since: Since, now_us: int) -> Found:
    """Alarms of a condition, as they are stored and as they should be; nothing is written.

    Args:
        connection: in a transaction that sees one state.
        place: the terminal.
        condition: the row.
        since: from when on facts may have changed; extended to where alarms began that touch it.
        now_us: what comes later is not yet. [µs since 1970 UTC]
    """
    devices = _devices(place, condition, since)
    stored = await _stored(connection, place, condition, since, list(devices.values()))
    if isinstance(condition.source, MeasuredSpans):  # measured by the clock, whatever samples come
        now_us = max(now_us, clock_us())
    found, suppressing = list[ConditionSpan](), list[ConditionSpan]()
    if condition.enabled:
        found, suppressing = await _spans(connection, place, condition, devices, since, now_us)

    def touches(span: ConditionSpan) -> bool:
        since_us = since.of(place.group_of(condition, span.subject))
        return since_us is not None and (span.ended_us is None or span.ended_us >= since_us - condition.reach_us)

    derived = derive(
        place.terminal,
        condition,
        filter(touches, found),
        filter(touches, suppressing),
        lambda subject: place.group_of(condition, subject),
        now_us,
    )
    return Found(
        {alarm.key: alarm for alarm in stored if _kept(place, condition, since, alarm)},
        {alarm.key: alarm for alarm in derived.alarms if _kept(place, condition, since, alarm)},
        derived.due_us,
    )


async def unknown(connection: Connection, place: Place) -> Found:
    """Stored alarms of conditions that are none any more."""
    known = [alarm for condition in place.conditions.values() for alarm in condition.alarms]
    rows = await connection.fetch(SQL["unknown"], place.terminal, known)
    return Found({alarm.key: alarm for alarm in decode(ALARM, rows)}, {}, {})


async def _spans(
    connection: Connection, place: Place, condition: Condition, devices: dict[int, str], since: Since, now_us: int
) -> tuple[list[ConditionSpan], list[ConditionSpan]]:
    """In which a condition holds, and in which it is suppressed, that do not end before a time."""
    asked = since.before(condition.reach_us)
    found = await spans.read(connection, place.terminal, condition.source, devices, asked, now_us)
    suppressing: list[ConditionSpan] = []
    for name in condition.suppressed_by:
        source = place.conditions[name].source
        suppressing += await spans.read(connection, place.terminal, source, devices, asked, now_us)
    return found, suppressing


def _devices(place: Place, condition: Condition, since: Since) -> dict[int, str]:
    if since.everyone_us is not None:
        return dict(place.devices)
    return place.of_groups(condition, since.groups_us)


async def _stored(
    connection: Connection, place: Place, condition: Condition, since: Since, names: list[str]
) -> list[Alarm]:
    """Stored alarms that touch the time since facts changed; that time begins with them."""
    subjects = None if since.everyone_us is not None else [*names, *since.groups_us]
    while True:
        first_us = since.least_us - condition.reach_us
        rows = await connection.fetch(
            SQL["stored"], place.terminal, list(condition.alarms), from_us(first_us), subjects
        )
        found, extended = decode(ALARM, rows), False
        for alarm in found:
            group = _group(place, condition, alarm)
            since_us = since.of(group)
            if since_us is None or alarm.began_us >= since_us:
                continue
            if alarm.cleared_us is None or alarm.cleared_us >= since_us - condition.reach_us:
                since.put(group, alarm.began_us)
                extended = True
        if not extended:
            return found


def _kept(place: Place, condition: Condition, since: Since, alarm: Alarm) -> bool:
    """Whether an alarm touches the time since facts changed."""
    since_us = since.of(_group(place, condition, alarm))
    return since_us is not None and (alarm.cleared_us is None or alarm.cleared_us >= since_us)


def _group(place: Place, condition: Condition, alarm: Alarm) -> str:
    return alarm.subject if alarm.alarm != condition.id else place.group_of(condition, alarm.subject)
