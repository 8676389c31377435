"""Stored container events, states and stays of boxes beside those that stored facts and events give: what differs."""

from collections.abc import Iterable
from typing import Any

from infra import containers
from infra.clock import from_us, to_us
from infra.connection import Connection
from infra.facts.difference import difference
from ingest.recompute.containers import SQL, Facts, following, stored_facts
from ingest.recompute.differences import Differences
from ingest.recompute.request import RecomputeRequest
from processing.containers.events import AROUND_US, derived, hour_of
from processing.containers.facts import ContainerEvent
from processing.model.device import Device
from processing.model.times import HOUR_US

STEP_US = 6 * HOUR_US
"""Facts are read for some hours at once. [µs]"""
PAGE = 1_000
"""Boxes whose states are compared at once."""


async def compare_containers(connection: Connection, wanted: RecomputeRequest, found: Differences) -> None:
    """Compare all events of the period, and the states of all boxes of the terminals.

    Hours and boxes that wait for the worker are left out, as facts are that are not final: they change within seconds.
    """
    for terminal in sorted({device.terminal for device in wanted.everyone}):
        async with connection.transaction(isolation="repeatable_read", readonly=True):  # a worker may write meanwhile
            waiting = {to_us(row["hour"]) for row in await connection.fetch(SQL["waiting_hours"], terminal)}
            begin_us = hour_of(wanted.from_us)
            while begin_us < wanted.to_us:
                end_us = begin_us + STEP_US
                await _events(connection, terminal, wanted.everyone, (begin_us, end_us), waiting, found)
                begin_us = end_us
            await _states(connection, terminal, found)


async def _events(
    connection: Connection,
    terminal: str,
    devices: list[Device],
    span: tuple[int, int],
    waiting_us: set[int],
    found: Differences,
) -> None:
    around = span[0] - AROUND_US, span[1] + AROUND_US
    facts = await containers.facts(connection, terminal, devices, *around)
    stored = await containers.events(connection, terminal, *span)
    _compare(_settled(stored, waiting_us), _settled(derived(facts, *span), waiting_us), found)


def _settled(events: Iterable[ContainerEvent], waiting_us: set[int]) -> Facts:
    return {one.key: one for one in events if hour_of(one.fact_us) not in waiting_us}


async def _states(connection: Connection, terminal: str, found: Differences) -> None:
    after = ""
    while rows := await connection.fetch(SQL["page_of_boxes"], terminal, after, PAGE):
        boxes = [(terminal, row["container_id"]) for row in rows]
        after = boxes[-1][1]
        for of, expected in (await following(connection, boxes)).items():
            _compare(await stored_facts(connection, of, boxes), expected, found)


def _compare(stored: Facts, expected: Facts, found: Differences) -> None:
    found.facts += len(stored.keys() | expected.keys())
    for key in stored.keys() | expected.keys():
        if stored.get(key) != expected.get(key):
            found.lines.append(_line(stored.get(key), expected.get(key)))


def _line(stored: Any, expected: Any) -> str:
    one = stored or expected
    name = type(one).__name__.removeprefix("Container").lower()
    time_us = next(getattr(one, at) for at in ("time_us", "since_us", "arrived_us") if hasattr(one, at))
    where = f"{one.terminal}/{one.container_id}: {name} of {from_us(time_us):%F %T.%f}"
    return difference(where, stored, expected)
