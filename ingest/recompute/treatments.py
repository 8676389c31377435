"""Runs of cold treatments, made of the readings in their logs; done between batches, beside other recomputing.

What is to be done stands in the view `treatment_waiting`. A row of `treatment` is its own note: it has how many entries
its log has, and of how many its runs are made. A new treatment first takes in the rows that were stored before it was
announced. One that cannot be followed is noted in `treatment_problem`, and holds up nothing.
"""

import logging
from contextlib import suppress

from infra.clock import from_us, to_us
from infra.connection import Connection, Record
from infra.facts.rows import decode, encode_keys, encode_rows
from infra.facts.statements import statement
from infra.treatments import unlogged
from ingest.recompute.containers import SQL as CONTAINERS_SQL
from ingest.recompute.followed import SQL, Followed, ReadingsDroppedError, read_whole, stored_runs
from ingest.store.failures import AWAY, refuses
from ingest.store.treatment_log import Name, TreatmentLog, enter_rows
from processing.treatments.announcement import ANNOUNCEMENT
from processing.treatments.facts import COLD_TREATMENT, ColdTreatment
from processing.treatments.schedules import LONGEST_US, Schedule, UnknownScheduleError

log = logging.getLogger(__name__)
AT_ONCE = 5_000
"""Rows that enter a log in one transaction, where they were stored before the treatment was announced."""


class TreatmentFollower:
    """Keeps runs of treatments up to date; nothing else may write meanwhile.

    Args:
        entered: the log that batches write.
        schedules: that hold.
    """

    def __init__(self, entered: TreatmentLog, schedules: tuple[Schedule, ...]) -> None:
        self._log = entered
        self._schedules = schedules
        self._followed: dict[Name, Followed] = {}

    async def step(self, connection: Connection) -> bool:
        """Bring one treatment a step further; whether there was one whose log or announcement is new.

        Raises:
            asyncpg.PostgresError, OSError, TimeoutError: the database is away; call it once more.
        """
        row = await connection.fetchrow(SQL["next"])
        if row is None:
            return False
        key = row["terminal"], row["container_id"]
        try:
            async with connection.transaction():
                await (self._take_over(connection, key) if row["announced"] else self._one(connection, key))
        except UnknownScheduleError as error:
            log.warning("the treatment of %s/%s cannot be followed: %s", *key, error)
            await connection.execute(SQL["problem"], *key, row["since"], str(error), False)
        except Exception as error:  # a defect, or a row that the database refuses, must not hold up all others
            if isinstance(error, AWAY) and not refuses(error):
                raise
            log.exception("the treatment of %s/%s cannot be followed; please report this", *key)
            problem = f"{type(error).__name__}: {error}; please report this"
            await connection.execute(SQL["problem"], *key, row["since"], problem, True)
        return True

    async def _take_over(self, connection: Connection, key: Name) -> None:
        """What was announced, or withdrawn."""
        self._followed.pop(key, None)
        await connection.execute(SQL["no_problem"], *key)
        row = await connection.fetchrow(SQL["announced"], *key)
        if row is None:
            (before,) = await connection.fetch(SQL["treatment"], *key)
            await _store_runs(connection, before, [])
            await connection.execute(SQL["withdraw"], *key)
        else:
            (one,) = decode(ANNOUNCEMENT, [_Columns(row)])
            times = row["received_at"], from_us(one.began_us + LONGEST_US)
            corrections = list(one.by_probe)
            await connection.execute(SQL["take_over"], *key, one.schedule, from_us(one.began_us), corrections, *times)
        await self._log.load(connection)

    async def _one(self, connection: Connection, key: Name) -> None:
        """One step of a treatment, in a transaction."""
        before = self._followed.pop(key, None)
        (row,) = await connection.fetch(SQL["treatment"], *key)
        if row["logged_from"] is None or row["logged_from"] > row["began_at"]:
            await self._take_in(connection, row)
            return
        try:
            followed = await self._read(connection, row, before)
        except ReadingsDroppedError as error:
            await self._keep(connection, row, error)
            return
        if await _store(connection, row, followed.rows):
            await self._log.load(connection)  # no reading belongs to it any more
        else:
            self._followed[key] = followed
        await connection.execute(SQL["no_problem"], *key)

    async def _read(self, connection: Connection, row: Record, before: Followed | None) -> Followed:
        """Follow a treatment further than before, or from its beginning."""
        if before is not None and before.announced_at == row["announced_at"] and row["followed"] >= 0:
            with suppress(ReadingsDroppedError):  # a late reading: again from the last run that has ended
                await before.read(connection, row["entries"])
                return before
        return await read_whole(connection, row, self._schedules)

    async def _take_in(self, connection: Connection, row: Record) -> None:
        """Enter rows that were stored before the treatment was announced, some thousand at a time."""
        key = row["terminal"], row["container_id"]
        await self._log.load(connection)  # from now on its rows enter the log as they are stored
        found = await unlogged(connection, key, row["began_at"], row["until_at"], AT_ONCE)
        await enter_rows(connection, [((one["device_id"], one["time"], one["seq"]), key[1]) for one in found])
        if len(found) < AT_ONCE:
            await self._log.load(connection)  # with its plugs, which need not name it once more
            await connection.execute(SQL["logged"], *key)

    async def _keep(self, connection: Connection, row: Record, error: ReadingsDroppedError) -> None:
        """Leave runs as they are; of one that is done that is what is wanted."""
        key = row["terminal"], row["container_id"]
        stored = await stored_runs(connection, row)
        if not stored or stored[-1].verdict != "done":
            log.warning("the treatment of %s/%s: %s", *key, error)
            await connection.execute(SQL["problem"], *key, row["announced_at"], str(error), False)
        await connection.execute(SQL["keep"], *key)


async def request(connection: Connection, *, everything: bool) -> None:
    """Note that runs are to be made again of treatments that readings may still belong to, or of all."""
    async with connection.transaction():
        await connection.execute(SQL["forget_problems"])
        await connection.execute(SQL["request"], everything)


class _Columns:
    """The columns of an announcement at the beginning of a row."""

    def __init__(self, row: Record) -> None:
        self._row = row

    def values(self) -> tuple[object, ...]:
        """Values, in order of the columns."""
        return tuple(self._row.values())[: len(ANNOUNCEMENT.columns)]


async def _store_runs(connection: Connection, row: Record, rows: list[ColdTreatment]) -> None:
    """Store runs that are new or differ, remove those that do not hold."""
    stored = {run.key: run for run in await stored_runs(connection, row)}
    derived = {run.key: run for run in rows}
    removed = encode_keys(COLD_TREATMENT)([run for key, run in stored.items() if key not in derived])
    changed = encode_rows(COLD_TREATMENT)([run for key, run in derived.items() if stored.get(key) != run])
    if removed:
        await connection.executemany(statement(COLD_TREATMENT, "delete"), removed)
    if changed:
        await connection.executemany(statement(COLD_TREATMENT, "upsert"), changed)
    for run in {**stored, **derived}.values():
        if stored.get(run.key) != derived.get(run.key):
            await connection.execute(CONTAINERS_SQL["stale_hour"], run.terminal, from_us(run.began_us))
    if removed or changed:
        await connection.execute(SQL["alarm_note"], row["terminal"], COLD_TREATMENT.name, row["began_at"])


async def _store(connection: Connection, row: Record, rows: list[ColdTreatment]) -> bool:
    """Store the runs of a treatment, and how far it was followed; whether it is done."""
    await _store_runs(connection, row, rows)
    last = rows[-1]
    done = last.verdict == "done" and last.ended_us is not None
    until_us = to_us(row["began_at"]) + LONGEST_US if last.ended_us is None or not done else last.ended_us
    await connection.execute(SQL["followed"], row["terminal"], row["container_id"], row["entries"], from_us(until_us))
    return done
