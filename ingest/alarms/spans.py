"""Spans in which conditions hold, read from stored facts."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import groupby

from infra.clock import from_us, to_us, to_us_or_none
from infra.connection import Connection
from infra.sql import blocks
from ingest.alarms.since import Since
from processing.alarms.condition import FactSpans, KpiSpans, LevelSpans, MeasuredSpans, SilenceSpans, Source
from processing.alarms.spans import ConditionSpan, of_level, of_silence
from processing.alarms.targets import LONGEST_US, of_stretches
from processing.model.facts import TerminalFact

SQL = blocks(__file__, "spans.sql")
ANY_COLUMN = "''"
"""Stands where every fact counts."""


async def read(
    connection: Connection, terminal: str, source: Source, devices: Mapping[int, str], since: Since, now_us: int
) -> list[ConditionSpan]:
    """Spans that end at or after a time, or have no end.

    Args:
        connection: to the database.
        terminal: where.
        source: which facts.
        devices: names of the devices by id; of no meaning for facts of the terminal.
        since: the time, and of what is not about devices the subjects, each with a time of its own.
        now_us: how far time has gone. [µs since 1970 UTC]
    """
    if isinstance(source, SilenceSpans):
        return await _silences(connection, source, devices, since.least_us, now_us)
    if isinstance(source, MeasuredSpans):
        return await _measured(connection, terminal, source)
    if isinstance(source, LevelSpans):
        return await _levels(connection, source, devices, since.least_us)
    if isinstance(source, KpiSpans):
        return await _kpis(connection, terminal, source, since)
    of_terminal = issubclass(source.of.record, TerminalFact)
    values = None if source.only is None else list(source.only[1])
    owner: object = terminal if of_terminal else list(devices)
    subjects = [[*since.groups_us] if since.everyone_us is None else None] if of_terminal else []
    statement = _statement(source, of_terminal=of_terminal)
    rows = await connection.fetch(statement, owner, from_us(since.least_us), values, *subjects)
    return [
        ConditionSpan(name if of_terminal else devices[name], to_us(began), to_us_or_none(ended))
        for name, began, ended in rows
    ]


def _statement(source: FactSpans, *, of_terminal: bool) -> str:
    columns = source.of.by_attribute
    begin = columns[source.begin].name
    end = begin if source.end is None else columns[source.end].name
    parts = {
        "table": source.of.table,
        "begin": begin,
        "end": end,
        "until": SQL["until"].format(end=end),
        "only": ANY_COLUMN if source.only is None else columns[source.only[0]].name,
    }
    if of_terminal:
        return SQL["of_terminal"].format(**parts, subject=columns[source.subject or ""].name)
    return SQL["of_devices"].format(**parts)


async def _silences(
    connection: Connection, source: SilenceSpans, devices: Mapping[int, str], since_us: int, now_us: int
) -> list[ConditionSpan]:
    columns = source.of.by_attribute
    statement = SQL["silences"].format(table=source.of.table, end=columns["ended_us"].name)
    latest = from_us(max(0, now_us - source.least_us))
    levels = source.unless, source.needs, source.limit_min
    rows = await connection.fetch(statement, list(devices), from_us(since_us), latest, source.stream, *levels)
    found: list[ConditionSpan] = []
    for row in rows:
        values = zip(levels, (row["unless"], row["needs"], row["limit_min"]), strict=True)
        known = {name: value for name, value in values if name is not None}
        silent_us = to_us(row["began"]), to_us_or_none(row["ended"])
        span = of_silence(source, devices[row["device_id"]], silent_us, known)
        if span is not None:
            found.append(span)
    return found


async def _measured(connection: Connection, terminal: str, source: MeasuredSpans) -> list[ConditionSpan]:
    rows = await connection.fetch(SQL["measured"], terminal, source.name)
    found: list[ConditionSpan] = []
    for subject, some in groupby(rows, key=lambda row: row["subject"]):
        changes = [(to_us(row["time"]), row["value"]) for row in some]
        found += of_level(subject, changes, source.on, source.off)
    return found


async def _levels(
    connection: Connection, source: LevelSpans, devices: Mapping[int, str], since_us: int
) -> list[ConditionSpan]:
    rows = await connection.fetch(SQL["levels"], list(devices), from_us(since_us), source.name, source.off)
    found: list[ConditionSpan] = []
    for device_id, some in groupby(rows, key=lambda row: row["device_id"]):
        changes = [(to_us(row["time"]), row["value"]) for row in some]
        found += of_level(devices[device_id], changes, source.on, source.off)
    return found


async def _kpis(connection: Connection, terminal: str, source: KpiSpans, since: Since) -> list[ConditionSpan]:
    longest, asked = timedelta(microseconds=LONGEST_US), since.before(LONGEST_US)
    everyone = None if asked.everyone_us is None else from_us(asked.everyone_us)
    times = [from_us(since_us) for since_us in asked.groups_us.values()]
    limits = source.below, source.back, longest
    rows = await connection.fetch(
        SQL["kpis"], terminal, source.kpi, source.window, everyone, *limits, [*asked.groups_us], times
    )
    found: list[ConditionSpan] = []
    for subject, some in groupby(rows, key=lambda row: row["subject"]):
        stretches = [(to_us(row["began"]), to_us(row["ended"]), row["value"]) for row in some]
        found += of_stretches(subject, stretches, source.below, source.back)
    return found
