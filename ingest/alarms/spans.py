"""Spans in which conditions hold, read from stored facts."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import groupby

from infra.clock import from_us, to_us, to_us_or_none
from infra.connection import Connection
from infra.sql import blocks
from processing.alarms.condition import FactSpans, KpiSpans, LevelSpans, Source
from processing.alarms.spans import ConditionSpan, of_level
from processing.alarms.targets import LONGEST_US, of_stretches
from processing.model.facts import TerminalFact

SQL = blocks(__file__, "spans.sql")
ANY_COLUMN = "''"
"""Stands where every fact counts."""


async def read(
    connection: Connection, terminal: str, source: Source, devices: Mapping[int, str], since_us: int
) -> list[ConditionSpan]:
    """Spans that end at or after a time, or have no end.

    Args:
        connection: to the database.
        terminal: where.
        source: which facts.
        devices: names of the devices by id; of no meaning for facts of the terminal.
        since_us: the time. [µs since 1970 UTC]
    """
    if isinstance(source, LevelSpans):
        return await _levels(connection, source, devices, since_us)
    if isinstance(source, KpiSpans):
        return await _kpis(connection, terminal, source, since_us)
    of_terminal = issubclass(source.of.record, TerminalFact)
    values = None if source.only is None else list(source.only[1])
    owner: object = terminal if of_terminal else list(devices)
    rows = await connection.fetch(_statement(source, of_terminal=of_terminal), owner, from_us(since_us), values)
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
        "needs": columns[source.needs or source.begin].name,
    }
    if of_terminal:
        return SQL["of_terminal"].format(**parts, subject=columns[source.subject or ""].name)
    return SQL["of_devices"].format(**parts)


async def _levels(
    connection: Connection, source: LevelSpans, devices: Mapping[int, str], since_us: int
) -> list[ConditionSpan]:
    rows = await connection.fetch(SQL["levels"], list(devices), from_us(since_us), source.name, source.off)
    found: list[ConditionSpan] = []
    for device_id, some in groupby(rows, key=lambda row: row["device_id"]):
        changes = [(to_us(row["time"]), row["value"]) for row in some]
        found += of_level(devices[device_id], changes, source.on, source.off)
    return found


async def _kpis(connection: Connection, terminal: str, source: KpiSpans, since_us: int) -> list[ConditionSpan]:
    longest = timedelta(microseconds=LONGEST_US)
    since = from_us(since_us - LONGEST_US)
    rows = await connection.fetch(
        SQL["kpis"], terminal, source.kpi, source.window, since, source.below, source.back, longest
    )
    found: list[ConditionSpan] = []
    for subject, some in groupby(rows, key=lambda row: row["subject"]):
        stretches = [(to_us(row["began"]), to_us(row["ended"]), row["value"]) for row in some]
        found += of_stretches(subject, stretches, source.below, source.back)
    return found
