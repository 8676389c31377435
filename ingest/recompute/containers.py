"""What is recomputed of containers: events of some hours from stored facts, states of boxes from stored events."""

from itertools import groupby
from operator import attrgetter
from typing import Any

from infra import containers
from infra.clock import to_us
from infra.connection import Connection
from infra.facts.rows import decode, encode_keys, encode_rows
from infra.facts.statements import selected, statement
from infra.sql import blocks
from processing.containers.events import AROUND_US, changes, derived
from processing.containers.facts import CONTAINER_EVENT
from processing.containers.timeline import CONTAINER_CONFLICT, CONTAINER_STATE, Judged, judge
from processing.model.device import Device
from processing.model.fact_type import FactType
from processing.model.facts import Fact
from processing.model.times import HOUR_US

SQL = {
    name: text.format(
        events=selected(CONTAINER_EVENT.columns),
        states=selected(CONTAINER_STATE.columns),
        conflicts=selected(CONTAINER_CONFLICT.columns),
    )
    for name, text in blocks(__file__, "containers.sql").items()
}
AT_ONCE = 500
"""Boxes whose states are made in one transaction."""
NEWEST = 2_000
"""Events of a box that its state is made of: no box has more; a text that is read where there is no number has."""
Hour = tuple[str, int]
"""A terminal, and the beginning of an hour. [µs since 1970 UTC]"""
Boxes = list[tuple[str, str]]
"""Terminals and container numbers."""
Facts = dict[tuple[object, ...], Any]
"""Facts of one type by their keys."""


async def next_hour(connection: Connection) -> tuple[Hour, str] | None:
    """The latest hour whose events are to be derived once more, and the version of its note; None: there is none."""
    row = await connection.fetchrow(SQL["next_hour"])
    return None if row is None else ((row["terminal"], to_us(row["hour"])), row["version"])


async def changed_events(connection: Connection, devices: list[Device], hour: Hour) -> list[Fact]:
    """What has to be written to make the stored events of an hour those that follow from stored facts."""
    terminal, hour_us = hour
    span = hour_us, hour_us + HOUR_US
    around = span[0] - AROUND_US, span[1] + AROUND_US
    facts = await containers.facts(connection, terminal, devices, *around)
    stored = await containers.events(connection, terminal, *span)
    return [*changes(stored, derived(facts, *span))]


async def next_boxes(connection: Connection) -> Boxes:
    """Boxes whose events have changed since their states were made, some hundred at most."""
    return [(row["terminal"], row["container_id"]) for row in await connection.fetch(SQL["next_boxes"], AT_ONCE)]


async def make_states(connection: Connection, boxes: Boxes) -> None:
    """Make the states and conflicts of boxes from their stored events."""
    async with connection.transaction():
        judged = await judged_boxes(connection, boxes)
        for of, found in (
            (CONTAINER_STATE, [one.state for one in judged if one.state is not None]),
            (CONTAINER_CONFLICT, [conflict for one in judged for conflict in one.conflicts]),
        ):
            await _store(connection, of, await stored_facts(connection, of, boxes), {one.key: one for one in found})
        await connection.execute(SQL["announced"], *_columns(boxes))
        await done(connection, boxes)


async def done(connection: Connection, boxes: Boxes) -> None:
    """Drop the notes of boxes."""
    await connection.executemany(SQL["judged"], boxes)


async def judged_boxes(connection: Connection, boxes: Boxes) -> list[Judged]:
    """What follows from the stored events of boxes that have any, of each box's newest ones."""
    rows = await connection.fetch(SQL["events"], *_columns(boxes), NEWEST)
    by_box = groupby(decode(CONTAINER_EVENT, rows), attrgetter("terminal", "container_id"))
    return [judge(events) for _, events in by_box]


async def stored_facts(connection: Connection, of: FactType[Any], boxes: Boxes) -> Facts:
    """States or conflicts of boxes as they are stored."""
    name = "states" if of is CONTAINER_STATE else "conflicts"
    return {one.key: one for one in decode(of, await connection.fetch(SQL[name], *_columns(boxes)))}


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
