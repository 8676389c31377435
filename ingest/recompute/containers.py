"""What is recomputed of containers: events of hours from stored facts, states and stays of boxes from stored events."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from infra import containers
from infra.clock import to_us
from infra.connection import Connection
from infra.facts.rows import decode, encode_keys, encode_rows
from infra.facts.statements import selected, statement
from infra.sql import blocks
from ingest.recompute import counted
from processing.containers.events import AROUND_US, changes, derived
from processing.containers.facts import CONTAINER_EVENT
from processing.containers.stays import CONTAINER_STAY, stays_of
from processing.containers.timeline import CONTAINER_CONFLICT, CONTAINER_STATE, judge
from processing.engine import Engine
from processing.model.device import Device
from processing.model.fact_type import FactType
from processing.model.facts import Fact
from processing.model.times import HOUR_US

SQL = {
    name: text.format(
        events=selected(CONTAINER_EVENT.columns),
        states=selected(CONTAINER_STATE.columns),
        conflicts=selected(CONTAINER_CONFLICT.columns),
        stays=selected(CONTAINER_STAY.columns),
    )
    for name, text in blocks(__file__, "containers.sql").items()
}
AT_ONCE = 500
"""Boxes whose states are made in one transaction."""
NEWEST = 2_000
"""Events of a box that its state is made of: no box has more; a text that is read where there is no number has."""
Boxes = list[tuple[str, str]]
"""Terminals and container numbers."""
Facts = dict[tuple[object, ...], Any]
"""Facts of one type by their keys."""
STORED: dict[FactType[Any], str] = {CONTAINER_STATE: "states", CONTAINER_CONFLICT: "conflicts", CONTAINER_STAY: "stays"}
"""Types of facts that follow from the events of a box, and the queries of those that are stored."""


@dataclass(frozen=True, slots=True)
class StaleHours:
    """Hours of a terminal, without a gap, whose events are to be derived once more.

    Attributes:
        terminal: its id.
        since_us: beginning of the first. [µs since 1970 UTC]
        until_us: end of the last. [µs since 1970 UTC]
        versions: of their notes, the latest hour's first.
    """

    terminal: str
    since_us: int
    until_us: int
    versions: list[str]

    @property
    def notes(self) -> list[tuple[str, int, str]]:
        """Terminal, hour [µs since 1970 UTC] and version of each note."""
        latest_us = self.until_us - HOUR_US
        return [(self.terminal, latest_us - n * HOUR_US, version) for n, version in enumerate(self.versions)]


async def next_hours(connection: Connection, most: int) -> StaleHours | None:
    """The latest hour whose events are to be derived once more, with stale ones before it; None: there is none.

    Args:
        connection: to the database.
        most: how many hours at most.
    """
    rows = await connection.fetch(SQL["next_hours"], most)
    if not rows:
        return None
    latest_us = to_us(rows[0]["hour"])
    versions = [row["version"] for n, row in enumerate(rows) if to_us(row["hour"]) == latest_us - n * HOUR_US]
    until_us = latest_us + HOUR_US
    return StaleHours(rows[0]["terminal"], until_us - len(versions) * HOUR_US, until_us, versions)


async def changed_events(connection: Connection, devices: list[Device], hours: StaleHours) -> tuple[list[Fact], int]:
    """What makes the stored events of hours those that follow from stored facts, and how many of both it read."""
    span = hours.since_us, hours.until_us
    around = span[0] - AROUND_US, span[1] + AROUND_US
    facts = await containers.facts(connection, hours.terminal, devices, *around)
    stored = await containers.events(connection, hours.terminal, *span)
    return [*changes(stored, derived(facts, *span))], len(facts) + len(stored)


async def next_boxes(connection: Connection) -> Boxes:
    """Boxes whose events have changed since their states were made, some hundred at most."""
    return [(row["terminal"], row["container_id"]) for row in await connection.fetch(SQL["next_boxes"], AT_ONCE)]


async def make_states(connection: Connection, boxes: Boxes, engine: Engine) -> None:
    """Make the states, conflicts and stays of boxes from their stored events, and drop their notes.

    The notes go first: whoever is writing an event holds the lock of its note, and is waited for; whoever writes one
    later waits for us, and notes the box once more. The engine's KPIs are made from stays.
    """
    async with connection.transaction():
        await connection.executemany(SQL["take"], boxes)
        found = await following(connection, boxes)
        for of, facts in found.items():
            stored = await stored_facts(connection, of, boxes)
            await _store(connection, of, stored, facts)
            if of is CONTAINER_STAY:
                await counted.note(connection, engine, of, stored, facts)
        await connection.execute(SQL["announced"], *_columns(boxes))
    counted.enter(engine, CONTAINER_STAY, boxes, found[CONTAINER_STAY].values())


async def postpone(connection: Connection, box: tuple[str, str], pause: timedelta) -> None:
    """Leave a box for a while, or until it has another event."""
    await connection.execute(SQL["postpone"], *box, pause)


async def following(connection: Connection, boxes: Boxes) -> dict[FactType[Any], Facts]:
    """What follows from the stored events of boxes, of each box's newest ones, by type."""
    found: dict[FactType[Any], Facts] = {of: {} for of in STORED}
    rows = await connection.fetch(SQL["events"], *_columns(boxes), NEWEST)
    for _, events in groupby(decode(CONTAINER_EVENT, rows), attrgetter("terminal", "container_id")):
        own = list(events)
        judged = judge(own, whole=len(own) < NEWEST)
        if judged.state is not None:
            found[CONTAINER_STATE][judged.state.key] = judged.state
        found[CONTAINER_CONFLICT] |= {one.key: one for one in judged.conflicts}
        found[CONTAINER_STAY] |= {one.key: one for one in stays_of(own)}
    return found


async def stored_facts(connection: Connection, of: FactType[Any], boxes: Boxes) -> Facts:
    """Facts of a type that follows from events, of boxes, as they are stored."""
    return {one.key: one for one in decode(of, await connection.fetch(SQL[STORED[of]], *_columns(boxes)))}


async def _store(connection: Connection, of: FactType[Any], stored: Facts, found: Facts) -> None:
    """Store what is new or differs, remove what does not hold."""
    removed = encode_keys(of)([one for key, one in stored.items() if key not in found])
    changed = encode_rows(of)([one for key, one in found.items() if stored.get(key) != one])
    if removed:
        await connection.executemany(statement(of, "delete"), removed)
    if changed:
        await connection.executemany(statement(of, "upsert"), changed)


def _columns(boxes: Boxes) -> tuple[list[str], list[str]]:
    return [terminal for terminal, _ in boxes], [number for _, number in boxes]
