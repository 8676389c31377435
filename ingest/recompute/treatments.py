"""Runs of cold treatments, made of the readings in their logs; done between batches, beside other recomputing.

A row of `treatment` is its own note: it has how many entries its log has, and of how many its runs are made. A new
treatment first takes in the rows that were stored before it was announced.
"""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime

from infra.clock import from_us, to_us
from infra.connection import Connection, Record
from infra.facts.rows import decode, encode_keys, encode_rows
from infra.facts.statements import selected, statement
from infra.sql import blocks
from infra.treatments import unlogged
from ingest.recompute.containers import SQL as CONTAINERS_SQL
from ingest.store.failures import AWAY
from ingest.store.treatment_log import TreatmentLog, enter_rows
from processing.reefers.signals import REEFER
from processing.treatments.facts import COLD_TREATMENT, ColdTreatment
from processing.treatments.runs import Reading, Treatment, TreatmentDetector
from processing.treatments.schedules import LONGEST_US, Schedule, UnknownScheduleError, version_at

log = logging.getLogger(__name__)
NAMES = {"table": REEFER.table, "runs": COLD_TREATMENT.table, "selected": selected(COLD_TREATMENT.columns)}
SQL = {name: text.format_map(NAMES) for name, text in blocks(__file__, "treatments.sql").items()}
AT_ONCE = 5_000
"""Rows that enter a log in one transaction, where they were stored before the treatment was announced."""
TURN = 500
"""Readings that are followed before others have their turn."""


@dataclass(slots=True)
class Followed:
    """A treatment as far as its log was read.

    Attributes:
        announced_at: which announcement its detector follows.
        detector: has read all entries up to `number`.
        number: of the entry read last.
        ended: runs that are done or have failed.
    """

    announced_at: datetime
    detector: TreatmentDetector
    number: int = 0
    ended: list[ColdTreatment] = field(default_factory=list)

    @property
    def rows(self) -> list[ColdTreatment]:
        """All runs."""
        return [*self.ended, *([] if self.detector.row in self.ended else [self.detector.row])]

    async def read(self, connection: Connection, entries: int) -> bool:
        """Read the entries that are new; whether that was possible: where one is of an earlier time, it is not."""
        plan = self.detector.treatment
        rows = await connection.fetch(
            SQL["readings"], plan.terminal, plan.container_id, self.number, from_us(plan.began_us)
        )
        if rows and self.number and to_us(rows[0]["time"]) <= self.detector.last_us:
            return False
        for number, (time, *degc) in enumerate(rows, 1):
            ended = self.detector.feed(Reading(to_us(time), (degc[0], degc[1], degc[2])))
            if ended is not None:
                self.ended.append(ended)
            if number % TURN == 0:
                await asyncio.sleep(0)
        self.number = entries
        return True


class TreatmentFollower:
    """Keeps runs of treatments up to date; nothing else may write meanwhile.

    Args:
        entered: the log that batches write.
        schedules: that hold.
    """

    def __init__(self, entered: TreatmentLog, schedules: tuple[Schedule, ...]) -> None:
        self._log = entered
        self._schedules = schedules
        self._followed: dict[tuple[str, str], Followed] = {}

    async def step(self, connection: Connection) -> bool:
        """Bring one treatment a step further; whether there was one whose log or announcement is new.

        Raises:
            asyncpg.PostgresError, OSError, TimeoutError: the database is away; call it once more.
        """
        row = await connection.fetchrow(SQL["next"])
        if row is None:
            return False
        key = row["terminal"], row["container_id"]
        before = self._followed.pop(key, None)
        try:
            async with connection.transaction():
                followed = await self._one(connection, key, before)
        except AWAY:
            raise
        except UnknownScheduleError as error:
            log.warning("the treatment of %s/%s cannot be followed: %s", *key, error)
            await connection.execute(SQL["skip"], *key)
            return True
        except Exception:  # a defect must not come back for ever; `reprocess` finds what is left
            log.exception("the treatment of %s/%s cannot be followed; please report this", *key)
            await connection.execute(SQL["skip"], *key)
            return True
        if followed is not None and followed.detector.row.verdict != "done":
            self._followed[key] = followed
        return True

    async def _one(self, connection: Connection, key: tuple[str, str], before: Followed | None) -> Followed | None:
        """One step of a treatment, in a transaction; None where the step was that rows entered its log."""
        (row,) = await connection.fetch(SQL["treatment"], *key)
        if row["logged_from"] is None or row["logged_from"] > row["began_at"]:
            await self._take_in(connection, row)
            return None
        usable = before is not None and before.announced_at == row["announced_at"] and row["followed"] >= 0
        followed = before if before is not None and usable else None
        if followed is None or not await followed.read(connection, row["entries"]):
            followed = await read_whole(connection, row, self._schedules)
        await _store(connection, row, followed.rows)
        return followed

    async def _take_in(self, connection: Connection, row: Record) -> None:
        """Enter rows that were stored before the treatment was announced, some thousand at a time."""
        key = row["terminal"], row["container_id"]
        await self._log.load(connection)  # from now on its rows enter the log as they are stored
        found = await unlogged(connection, key, row["began_at"], row["until_at"], AT_ONCE)
        await enter_rows(connection, [((one["device_id"], one["time"], one["seq"]), key[1]) for one in found])
        if len(found) < AT_ONCE:
            await self._log.load(connection)  # with its plugs, which need not name it once more
            await connection.execute(SQL["logged"], *key)


async def read_whole(connection: Connection, row: Record, schedules: tuple[Schedule, ...]) -> Followed:
    """Follow a treatment from its beginning.

    Raises:
        UnknownScheduleError: no version of its schedule is valid when it began.
    """
    began_us = to_us(row["began_at"])
    schedule = version_at(schedules, row["schedule"], began_us)
    one, two, three = row["corrections_degc"]
    plan = Treatment(row["terminal"], row["container_id"], schedule, began_us, (one, two, three))
    followed = Followed(row["announced_at"], TreatmentDetector(plan))
    await followed.read(connection, row["entries"])
    return followed


async def stored_runs(connection: Connection, row: Record) -> list[ColdTreatment]:
    """Runs of a treatment as they are stored, and those of an earlier announcement that do not hold beside it."""
    rows = await connection.fetch(SQL["runs"], row["terminal"], row["container_id"], row["began_at"])
    return decode(COLD_TREATMENT, rows)


async def _store(connection: Connection, row: Record, rows: list[ColdTreatment]) -> None:
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
    last = rows[-1]
    until_us = to_us(row["began_at"]) + LONGEST_US
    if last.verdict == "done" and last.ended_us is not None:
        until_us = last.ended_us
    await connection.execute(SQL["followed"], row["terminal"], row["container_id"], row["entries"], from_us(until_us))
