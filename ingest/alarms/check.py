"""Stored alarms beside those that the stored facts give: what differs, in words."""

from infra.clock import from_us, to_us
from infra.connection import Connection
from infra.facts.difference import difference
from infra.sql import blocks
from ingest.alarms.derivation import Since, find
from ingest.alarms.places import Places
from processing.alarms.condition import facts_of
from processing.alarms.facts import Alarm
from processing.model.times import SECOND_US

SQL = blocks(__file__, "follower.sql") | blocks(__file__, "check.sql")
LATEST_US = 5 * SECOND_US
"""What is due in the last moments may be under way. [µs]"""


async def compare(connection: Connection, places: Places, since_us: int) -> tuple[int, list[str]]:
    """Compare alarms of all terminals from a time on.

    What waits to be derived is left out, and so is what time has brought in the last seconds.

    Returns: how many were compared, and a line for each difference.
    """
    compared, lines = 0, []
    async with connection.transaction(isolation="repeatable_read", readonly=True):  # a worker may write meanwhile
        now_us = to_us(await connection.fetchval(SQL["now"]))
        for terminal in places.terminals:
            place = places.of(terminal)
            waiting_us = {row["fact"]: to_us(row["since"]) for row in await connection.fetch(SQL["waiting"], terminal)}
            by_fact = facts_of(tuple(place.conditions.values()))
            for condition in place.conditions.values():
                found = await find(connection, place, condition, Since(since_us), now_us)
                bounds = [us for fact, us in waiting_us.items() if condition in by_fact.get(fact, ())]
                until_us = min(bounds, default=now_us)
                for key in sorted(found.stored.keys() | found.derived.keys(), key=str):
                    stored, derived = found.stored.get(key), found.derived.get(key)
                    compared += 1
                    line = _line(stored, derived)
                    if line is not None and _final(stored, derived, until_us, now_us - LATEST_US):
                        lines.append(line)
    return compared, lines


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
