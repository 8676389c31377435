"""Writes alarms that changed, and notes of those that are to change when time has passed."""

from infra.clock import from_us, from_us_or_none
from infra.connection import Connection
from infra.facts.rows import encode_keys
from infra.facts.statements import statement
from infra.sql import blocks
from ingest.alarms.derivation import Found, Place
from processing.alarms.condition import Condition
from processing.alarms.facts import ALARM
from processing.model.times import SECOND_US

SQL = blocks(__file__, "store.sql")
DUE_STEP_US = SECOND_US // 4
"""Delays that end within such a step are looked at together. [µs]"""


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


async def note_due(connection: Connection, place: Place, condition: Condition, found: Found, now_us: int) -> None:
    """Note when something is to be raised or cleared if no other facts come."""
    steps: dict[int, list[str]] = {}
    for subject, due_us in found.due_us.items():
        steps.setdefault(-(-due_us // DUE_STEP_US) * DUE_STEP_US, []).append(subject)
    if not steps:
        return
    numbers = place.numbers if condition.of_devices else {}
    rows = []
    for due_us, subjects in steps.items():
        devices = [numbers[subject] for subject in subjects if subject in numbers]
        rows.append((from_us(due_us), place.terminal, condition.source.fact, devices, from_us(now_us)))
    await connection.executemany(SQL["note"], rows)
