"""Writes alarms that changed, and when others are to change with time."""

from infra.clock import from_us, from_us_or_none
from infra.connection import Connection
from infra.facts.rows import encode_keys
from infra.facts.statements import statement
from infra.sql import blocks
from ingest.alarms.derivation import Found, Place
from processing.alarms.condition import Condition
from processing.alarms.facts import ALARM

SQL = blocks(__file__, "store.sql")


async def store(connection: Connection, found: Found) -> None:
    """Make the stored alarms those that follow from the facts."""
    removed, changed = found.removed, found.changed
    if removed:
        await connection.executemany(statement(ALARM, "delete"), encode_keys(ALARM)(removed))
    if changed:
        await connection.execute(
            SQL["upsert"],
            [one.terminal for one in changed],
            [one.alarm for one in changed],
            [one.subject for one in changed],
            [one.severity for one in changed],
            [from_us(one.began_us) for one in changed],
            [from_us(one.raised_us) for one in changed],
            [from_us_or_none(one.cleared_us) for one in changed],
            [",".join(one.members) for one in changed],
        )


async def note_due(connection: Connection, place: Place, condition: Condition, found: Found) -> None:
    """Note when something is to be raised or cleared if no other facts come."""
    if found.due_us:
        subjects = sorted(found.due_us)
        times = [from_us(found.due_us[subject]) for subject in subjects]
        await connection.execute(SQL["due"], place.terminal, condition.id, subjects, times)
