"""Keeps alarms up to date: derives them from facts that changed, and from time that passed, beside the batches.

Everything that is to be done stands in `alarm_note`: batches write notes with their facts, the follower writes notes
for delays that end. So a restart forgets nothing, and nothing else of its state has to be restored.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable

from infra.clock import to_us
from infra.connection import Connection, Record
from infra.database import Link
from infra.sql import blocks
from ingest.alarms import events
from ingest.alarms.derivation import Place, Since, find
from ingest.alarms.places import Places
from ingest.alarms.store import note_due, store
from ingest.store.failures import AWAY, refuses
from ingest.store.time_limit import within
from processing.alarms.condition import facts_of

log = logging.getLogger(__name__)
SQL = blocks(__file__, "follower.sql")
LONGEST_SLEEP_S = 1.0
"""Notes of other programs, and acts of people, are seen after this at the latest. [s]"""
PAUSE_S = 0.05
"""Between two steps: facts of several batches are looked at together. [s]"""
FORGET_EVERY = 10_000
LIMIT_S = 1800.0
"""A step that takes longer is given up, since a frozen server never answers; a step over years of facts needs room."""


class AlarmFollower:
    """Works off the notes; only one may run on a database.

    Args:
        link: to the database, its own.
        places: terminals with their devices and conditions.
        reported: called when there are new events.
    """

    def __init__(self, link: Link, places: Places, reported: Callable[[], None] = lambda: None) -> None:
        self._link = link
        self._places = places
        self._reported = reported
        self._pulse = asyncio.Event()
        self._steps = 0

    def wake(self) -> None:
        """Facts were committed."""
        self._pulse.set()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            self._pulse.clear()
            try:
                wait_s = await within(LIMIT_S, self.step(), self._link)
            except AWAY as error:
                log.warning("alarms wait for the database: %s: %s", type(error).__name__, error)
                self._link.drop()
                wait_s = LONGEST_SLEEP_S
            await asyncio.sleep(PAUSE_S)
            try:
                async with asyncio.timeout(max(0.0, wait_s - PAUSE_S)):
                    await self._pulse.wait()
            except TimeoutError:
                continue

    async def step(self) -> float:
        """Do what is due; how long nothing more will be, if no facts come. [s].

        Raises:
            asyncpg.PostgresError, OSError, TimeoutError: the database is away; call it once more.
        """
        connection = await self._link.get()
        if self._steps % FORGET_EVERY == 0:
            await connection.execute(SQL["forget"])
        self._steps += 1
        async with connection.transaction(isolation="repeatable_read"):
            now = await connection.fetchval(SQL["now"])
            notes = await connection.fetch(SQL["due"], now)
            made = [] if not notes else await self._derive(connection, notes, to_us(now))
            made += await self._acts(connection)
            if made:
                await connection.execute(SQL["events"], *(list(column) for column in zip(*made, strict=True)))
            due = await connection.fetchval(SQL["next"])
        if made:
            self._reported()
        wait_s = LONGEST_SLEEP_S if due is None else (due - now).total_seconds()
        return min(max(wait_s, 0.0), LONGEST_SLEEP_S)

    async def _derive(self, connection: Connection, notes: list[Record], now_us: int) -> list[events.Row]:
        made: list[events.Row] = []
        for terminal in sorted({note["terminal"] for note in notes}):
            place = self._places.of(terminal)
            for name, since in wanted(place, (note for note in notes if note["terminal"] == terminal)).items():
                condition = place.conditions[name]
                try:
                    async with connection.transaction():
                        found = await find(connection, place, condition, since, now_us)
                        await store(connection, found)
                        await note_due(connection, place, condition, found, now_us)
                except Exception as error:
                    if isinstance(error, AWAY) and not refuses(error):
                        raise
                    # A defect must not come back for ever; `reprocess --check` finds what is left.
                    log.exception("alarms %s of %s cannot be derived; please report this", name, terminal)
                    continue
                made += events.of_changes(found.removed, found.changed, found.stored, now_us)
                await asyncio.sleep(0)
        await connection.execute(SQL["settled"], [note["id"] for note in notes])
        return made

    async def _acts(self, connection: Connection) -> list[events.Row]:
        """Events of what people did since."""
        made: list[events.Row] = []
        for act in sorted(await connection.fetch(SQL["acts"]), key=lambda row: row["id"]):
            row = await connection.fetchrow(
                SQL["of_act"], act["terminal"], act["alarm"], act["subject"], act["raised_at"]
            )
            if row is not None:  # else it was taken back meanwhile
                made.append(events.of_act(act, row))
        return made


def wanted(place: Place, notes: Iterable[Record]) -> dict[str, Since]:
    """From when on alarms of which conditions are to be derived, by the notes of a terminal."""
    found: dict[str, Since] = {}
    conditions = facts_of(tuple(place.conditions.values()))
    for note in notes:
        since_us, names = to_us(note["since"]), [place.devices.get(number) for number in note["devices"]]
        for condition in conditions.get(note["fact"], ()):
            since = found.setdefault(condition.id, Since())
            if not names:
                since.everyone_us = since_us if since.everyone_us is None else min(since.everyone_us, since_us)
            for name in names:
                if name is not None:
                    since.put(place.group_of(condition, name), since_us)
    for since in found.values():
        since.level()
    return {name: since for name, since in found.items() if since.anything}
