"""Keeps alarms up to date: derives them from facts that changed, and from time that passed, beside the batches.

Everything that is to be done is stored: batches write notes with their facts into `alarm_note`, the follower writes
into `alarm_due` which delays and hold times are under way, and into `alarm_time` how far time has gone. So a restart
forgets nothing.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

import asyncpg

from infra.clock import from_us, now_us, to_us
from infra.connection import Connection, Record
from infra.database import Link
from infra.sql import blocks
from ingest.alarms import events, postponed
from ingest.alarms.derivation import Place, find, unknown
from ingest.alarms.places import Places
from ingest.alarms.postponed import Postponed
from ingest.alarms.silences import SilenceWatch
from ingest.alarms.since import Since
from ingest.alarms.store import note_due, store
from ingest.store.failures import AWAY, refuses
from ingest.store.time_limit import within
from processing.alarms.condition import facts_of
from processing.alarms.progress import TerminalTimes

log = logging.getLogger(__name__)
SQL = blocks(__file__, "follower.sql")
LONGEST_SLEEP_S = 1.0
"""Notes of other programs, and acts of people, are seen after this at the latest. [s]"""
PAUSE_S = 0.25
"""Between two steps: facts of several batches are looked at together. [s]"""
PATIENT_PAUSES = 20
"""While a full batch waits, a step begins so many pauses later: queues are drained first, endless ones stop nothing."""
FORGET_EVERY = 10_000
LIMIT_S = 1800.0
"""A step that takes longer is given up, since a frozen server never answers; a step over years of facts needs room."""


class Progress(Protocol):
    """How far the worker is with what arrives."""

    @property
    def caught_up(self) -> bool:
        """Whether all that has arrived is stored, so that time goes on with the clock."""
        ...

    @property
    def behind(self) -> bool:
        """Whether a full batch waits."""
        ...


class Due(NamedTuple):
    """Something of a subject is to be derived, not because facts changed. [µs since 1970 UTC]."""

    terminal: str
    condition: str
    subject: str
    due_us: int


class AlarmFollower:
    """Works off the notes; only one may run on a database.

    Args:
        link: to the database, its own.
        places: terminals with their devices and conditions.
        reported: called when there are new events.
        progress: of the worker; None: there is none, and time does not go on with the clock.

    Attributes:
        times: how far time has gone.
        silences: sees which devices have become silent.
    """

    def __init__(
        self,
        link: Link,
        places: Places,
        reported: Callable[[], None] = lambda: None,
        progress: Progress | None = None,
    ) -> None:
        self.times = TerminalTimes()
        self._link = link
        self._places = places
        self._reported = reported
        self._progress = progress
        self.silences = SilenceWatch()
        self._begun = False
        self._pulse = asyncio.Event()
        self._steps = 0

    def wake(self) -> None:
        """Facts were committed."""
        self._pulse.set()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            await self._give_way()
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

    async def _give_way(self) -> None:
        """Let batches go first while messages wait."""
        for _ in range(PATIENT_PAUSES):
            if self._progress is None or not self._progress.behind:
                return
            await asyncio.sleep(PAUSE_S)

    async def step(self) -> float:
        """Do what is due; how long nothing more will be, if no facts come. [s].

        Raises:
            asyncpg.PostgresError, OSError, TimeoutError: the database is away; call it once more.
        """
        connection = await self._link.get()
        if self._steps % FORGET_EVERY == 0:
            await connection.execute(SQL["forget"])
        self._steps += 1
        with self.silences.looking():
            async with connection.transaction(isolation="repeatable_read"):
                made, left = await self._all_due(connection)
        self._begun = True
        if made:
            self._reported()
        wait_s = 0.0 if left["notes"] else LONGEST_SLEEP_S if left["due_s"] is None else left["due_s"]
        return min(max(wait_s, 0.0), LONGEST_SLEEP_S)

    async def _all_due(self, connection: Connection) -> tuple[list[events.Row], Record]:
        """Derive what is due, in a transaction; events of it, and what is left."""
        await connection.execute(SQL["plans"])
        made = [] if self._begun else await self._begin(connection)
        if self._progress is not None and self._progress.caught_up:
            self.times.passed(now_us())
        times = self._times()
        notes = await connection.fetch(SQL["notes"])
        due = [*map(_due, await connection.fetch(SQL["due"], *times)), *await self._silent(connection)]
        if notes or due:
            made += await self._derive(connection, notes, due)
        made += await self._acts(connection)
        made += await self._derive_again(connection)  # last of all: its statements may take longer
        if made:
            await connection.execute(events.SQL["events"], *(list(column) for column in zip(*made, strict=True)))
        if notes or due:
            await connection.execute(SQL["reached"], *times)
        (left,) = await connection.fetch(SQL["next"], *times)
        return made, left

    async def _begin(self, connection: Connection) -> list[events.Row]:
        """Restore how far time has gone; remove alarms of conditions that the site file has dropped."""
        for row in await connection.fetch(SQL["times"]):
            self.times.restore(row["terminal"], to_us(row["reached_at"]))
        made: list[events.Row] = []
        for terminal in self._places.terminals:
            found = await unknown(connection, self._places.of(terminal))
            await store(connection, found)
            made += events.of_changes(found.removed, [], found.stored, now_us())
        return made

    async def _silent(self, connection: Connection) -> list[Due]:
        found: list[Due] = []
        for terminal, reached_us in self.times.reached_us.items():
            silent = await self.silences.look(connection, self._places.of(terminal), reached_us)
            found += [Due(terminal, condition.id, name, last_us) for condition, name, last_us in silent]
        return found

    def _times(self) -> tuple[list[str], list[datetime]]:
        """Terminals, and how far time has gone there."""
        reached = self.times.reached_us
        return list(reached), [from_us(reached_us) for reached_us in reached.values()]

    async def _derive(self, connection: Connection, notes: Sequence[Record], due: Sequence[Due]) -> list[events.Row]:
        made: list[events.Row] = []
        for terminal in sorted({*(row["terminal"] for row in notes), *(one.terminal for one in due)}):
            place = self._places.of(terminal)
            here = [row for row in notes if row["terminal"] == terminal], [d for d in due if d.terminal == terminal]
            for name, since in wanted(place, *here).items():
                made += await self._derive_one(connection, Postponed(terminal, name, since, timedelta()))
        await connection.execute(SQL["settled"], [note["id"] for note in notes])
        return made

    async def _derive_one(self, connection: Connection, work: Postponed) -> list[events.Row]:
        """Alarms of one condition at one terminal; what takes too long waits, and is tried again."""
        place = self._places.of(work.terminal)
        condition, now = place.conditions[work.condition], self.times.of(work.terminal)
        try:
            async with connection.transaction():
                found = await find(connection, place, condition, work.since, now)
                await store(connection, found)
                await note_due(connection, place, condition, found)
        except asyncpg.QueryCanceledError as error:
            log.warning("alarms %s of %s are derived later: %s", work.condition, work.terminal, error)
            await postponed.put(connection, work)
            return []
        except Exception as error:
            if isinstance(error, AWAY) and not refuses(error):
                raise
            # A defect must not come back for ever; `reprocess --check` finds what is left.
            log.exception("alarms %s of %s cannot be derived; please report this", work.condition, work.terminal)
            return []
        await asyncio.sleep(0)
        return events.of_changes(found.removed, found.changed, found.stored, now_us())

    async def _derive_again(self, connection: Connection) -> list[events.Row]:
        """Alarms that took too long before; of a condition that the site file has dropped since there are none."""
        work = await postponed.take(connection)
        if work is None or work.condition not in self._places.of(work.terminal).conditions:
            return []
        await postponed.allow(connection, work.waited)
        return await self._derive_one(connection, work)

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


def _due(row: Record) -> Due:
    return Due(row["terminal"], row["alarm"], row["subject"], to_us(row["due_at"]))


def wanted(place: Place, notes: Iterable[Record], due: Iterable[Due] = ()) -> dict[str, Since]:
    """From when on alarms of which conditions are to be derived: by the notes of a terminal, and by what is due."""
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
    for one in due:
        if (due_of := place.conditions.get(one.condition)) is not None:  # else the site file has dropped it since
            found.setdefault(due_of.id, Since()).put(place.group_of(due_of, one.subject), one.due_us)
    for since in found.values():
        since.level()
    return {name: since for name, since in found.items() if since.anything}
