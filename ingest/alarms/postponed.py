"""What took the server too long to derive: it is stored, and tried again in halves, in the end with more time.

A slow machine, or a span of years, loses no alarm so, and holds up no other one either. Halves are those of subjects;
one subject alone, or all that a note without names is about, waits twice as long each time and may take half as long as
it has waited.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from infra.clock import from_us, to_us
from infra.connection import Connection
from infra.sql import blocks
from ingest.alarms.since import Since

SQL = blocks(__file__, "postponed.sql")
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
PATIENCE_SHARE = 0.5
"""Of the time that it has waited a statement may take so much: other alarms wait meanwhile."""


class Postponed(NamedTuple):
    """What is to be derived again: of a terminal and a condition, since when, and how long it has waited."""

    terminal: str
    condition: str
    since: Since
    waited: timedelta


async def put(connection: Connection, one: Postponed) -> None:
    """Store what took too long, in halves where it is about several subjects; `waited` is zero the first time."""
    groups = sorted(one.since.groups_us.items())
    halved = one.since.everyone_us is None and len(groups) > 1
    waits = FIRST_WAIT if halved else min(max(2 * one.waited, FIRST_WAIT), LONGEST_WAIT)
    everyone = None if one.since.everyone_us is None else from_us(one.since.everyone_us)
    half = len(groups) // 2
    for part in (groups[:half], groups[half:]) if halved else (groups,):
        subjects: list[str] = [name for name, _ in part]
        sinces: list[datetime] = [from_us(since_us) for _, since_us in part]
        await connection.execute(SQL["put"], one.terminal, one.condition, everyone, subjects, sinces, waits)


async def take(connection: Connection) -> Postponed | None:
    """The next one that has waited long enough; it is not stored any more."""
    row = await connection.fetchrow(SQL["take"])
    if row is None:
        return None
    groups_us = dict(zip(row["subjects"], map(to_us, row["sinces"]), strict=True))
    everyone_us = None if row["everyone"] is None else to_us(row["everyone"])
    return Postponed(row["terminal"], row["alarm"], Since(everyone_us, groups_us), row["waits"])


async def allow(connection: Connection, waited: timedelta) -> None:
    """Let statements take longer, until the end of the transaction, the longer something has waited."""
    limit_ms = round(waited.total_seconds() * 1000 * PATIENCE_SHARE)
    await connection.execute(SQL["limit"], str(limit_ms))
