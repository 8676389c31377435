"""Stored alarms beside those that the stored facts give: what differs, in words."""

from infra.clock import from_us, to_us
from infra.connection import Connection
from infra.facts.difference import difference
from infra.sql import blocks
from ingest.alarms.derivation import Place, find
from ingest.alarms.places import Places
from ingest.alarms.since import Since
from processing.alarms.condition import facts_of
from processing.alarms.facts import Alarm
from processing.model.times import SECOND_US

SQL = blocks(__file__, "follower.sql") | blocks(__file__, "check.sql")
LATEST_US = 5 * SECOND_US
"""What is due in the last moments may be under way. [µs]"""


async def compare(connection: Connection, places: Places, since_us: int) -> tuple[int, list[str]]:
    """Compare alarms of all terminals from a time on.

    What waits to be derived is left out, and so is what happened in the last seconds.

    Returns: how many were compared, and a line for each difference.
    """
    compared, lines = 0, []
    async with connection.transaction(isolation="repeatable_read", readonly=True):  # a worker may write meanwhile
        reached_us = {row["terminal"]: to_us(row["reached_at"]) for row in await connection.fetch(SQL["times"])}
        for terminal in places.terminals:
            place, now_us = places.of(terminal), reached_us.get(terminal, 0)
            waiting_us = await _waiting_us(connection, place, now_us)
            for condition in place.conditions.values():
                found = await find(connection, place, condition, Since(since_us), now_us)
                until_us = waiting_us.get(condition.id, now_us)
                for key in sorted(found.stored.keys() | found.derived.keys(), key=str):
                    stored, derived = found.stored.get(key), found.derived.get(key)
                    compared += 1
                    line = _line(stored, derived)
                    if line is not None and _final(stored, derived, until_us, now_us - LATEST_US):
                        lines.append(line)
    return compared, lines


async def _waiting_us(connection: Connection, place: Place, now_us: int) -> dict[str, int]:
    """Conditions whose alarms wait to be derived, by id, and from when on. [µs since 1970 UTC]."""
    found: dict[str, int] = {}
    by_fact = facts_of(tuple(place.conditions.values()))
    for row in await connection.fetch(SQL["waiting"], place.terminal):
        for condition in by_fact.get(row["fact"], ()):
            found[condition.id] = min(to_us(row["since"]), found.get(condition.id, now_us))
    due = await connection.fetch(SQL["waiting_due"], place.terminal, from_us(now_us))
    for row in (*due, *await connection.fetch(SQL["waiting_postponed"], place.terminal)):
        found[row["alarm"]] = min(to_us(row["since"]), found.get(row["alarm"], now_us))
    return found


def _final(stored: Alarm | None, derived: Alarm | None, until_us: int, latest_us: int) -> bool:
    """Whether an alarm ended before what waits, and was not changed in the last moments."""
    for one in (stored, derived):
        if one is None:
            continue
        if one.raised_us > latest_us or (one.cleared_us is not None and one.cleared_us > latest_us):
            return False
        if until_us < latest_us and (one.cleared_us is None or one.cleared_us >= until_us):
            return False
    return True


def _line(stored: Alarm | None, derived: Alarm | None) -> str | None:
    """What differs, None where nothing does."""
    one = stored or derived
    if one is None or stored == derived:
        return None
    where = f"{one.terminal}/{one.subject}: alarm {one.alarm} of {from_us(one.raised_us):%F %T.%f}"
    return difference(where, stored, derived)
