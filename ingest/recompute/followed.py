"""A cold treatment as far as the readings in its log were followed, and back where a late one arrives."""

import asyncio
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime

from infra.clock import from_us, to_us
from infra.connection import Connection, Record
from infra.facts.rows import decode
from infra.facts.statements import selected
from infra.sql import blocks
from infra.treatments import PIECES
from processing.model.errors import QuaystreamError
from processing.model.times import DAY_US
from processing.treatments.announcement import ANNOUNCEMENT
from processing.treatments.facts import COLD_TREATMENT, ColdTreatment
from processing.treatments.runs import Reading, Treatment, TreatmentDetector
from processing.treatments.schedules import Schedule, version_at

NAMES = PIECES | {
    "runs": COLD_TREATMENT.table,
    "selected": selected(COLD_TREATMENT.columns),
    "announced": selected(ANNOUNCEMENT.columns),
}
SQL = {name: text.format_map(NAMES) for name, text in blocks(__file__, "treatments.sql").items()}
TURN = 500
"""Readings that are followed before others have their turn."""
CHECKPOINT_US = DAY_US
"""So much is read again at most where a reading is late, beside what came behind it. [µs]"""


class ReadingsDroppedError(QuaystreamError):
    """Rows in the log of a treatment are kept no more: its runs cannot be made of them."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far a detector was, and how many runs had ended."""

    detector: TreatmentDetector
    ended: int


@dataclass(slots=True)
class Followed:
    """A treatment as far as its log was read.

    Attributes:
        announced_at: which announcement its detector follows.
        detector: has read all entries up to `number`.
        number: of the entry read last.
        ended: runs that are done or have failed.
        checkpoints: earlier states, oldest first; the first one before any reading was followed.
    """

    announced_at: datetime
    detector: TreatmentDetector
    number: int = 0
    ended: list[ColdTreatment] = field(default_factory=list)
    checkpoints: list[Checkpoint] = field(default_factory=list)

    @property
    def rows(self) -> list[ColdTreatment]:
        """All runs."""
        return [*self.ended, *([] if self.detector.row in self.ended else [self.detector.row])]

    async def read(self, connection: Connection, entries: int) -> None:
        """Read the entries that are new up to one, and those behind the earliest of them once more.

        Raises:
            ReadingsDroppedError: some of these are kept no more.
        """
        plan = self.detector.treatment
        name, began_at = (plan.terminal, plan.container_id), from_us(plan.began_us)
        first = await connection.fetchval(SQL["first_new"], *name, self.number, began_at, entries)
        if first is not None:
            since = from_us(self._back_before(to_us(first)))
            if self.number == 0:
                await _check_kept(connection, name, since)
            rows = await connection.fetch(SQL["readings"], *name, since, self.number, entries)
            for number, (time, *degc) in enumerate(rows, 1):
                self._feed(Reading(to_us(time), (degc[0], degc[1], degc[2])))
                if number % TURN == 0:
                    await asyncio.sleep(0)
        self.number = entries

    def _back_before(self, time_us: int) -> int:
        """Be as before a time; from when on entries behind `number` are to be read. [µs since 1970 UTC]."""
        if not self.checkpoints:
            self.checkpoints.append(Checkpoint(deepcopy(self.detector), len(self.ended)))
        elif time_us > self.detector.last_us:
            return self.detector.last_us + 1
        while len(self.checkpoints) > 1 and self.checkpoints[-1].detector.last_us >= time_us:
            self.checkpoints.pop()
        last, self.number = self.checkpoints[-1], 0
        self.detector, self.ended = deepcopy(last.detector), self.ended[: last.ended]
        return self.detector.last_us + (len(self.checkpoints) > 1)

    def _feed(self, reading: Reading) -> None:
        at_us = self.detector.last_us
        if reading.time_us > at_us >= self.checkpoints[-1].detector.last_us + CHECKPOINT_US:
            self.checkpoints.append(Checkpoint(deepcopy(self.detector), len(self.ended)))
        ended = self.detector.feed(reading)
        if ended is not None:
            self.ended.append(ended)


async def _check_kept(connection: Connection, name: tuple[str, str], since: datetime) -> None:
    dropped = await connection.fetchval(SQL["dropped"], *name, since)
    if dropped:
        raise ReadingsDroppedError(
            f"{dropped} of its readings are older than what is kept; its runs stay as they were found; "
            "QUAYSTREAM_RETENTION_DAYS must be longer than a treatment"
        )


async def stored_runs(connection: Connection, row: Record) -> list[ColdTreatment]:
    """Runs of a treatment as they are stored, and those of an earlier announcement that do not hold beside it."""
    rows = await connection.fetch(SQL["runs"], row["terminal"], row["container_id"], row["began_at"])
    return decode(COLD_TREATMENT, rows)


async def read_whole(
    connection: Connection, row: Record, schedules: tuple[Schedule, ...], entries: int | None = None
) -> Followed:
    """Follow a treatment from its beginning; where older readings were dropped, from the last run that has ended.

    Args:
        connection: to the database.
        row: the treatment.
        schedules: that hold.
        entries: of its log that are read; None: all.

    Raises:
        UnknownScheduleError: no version of its schedule is valid when it began.
        ReadingsDroppedError: some of its readings are kept no more.
    """
    began_us, entries = to_us(row["began_at"]), row["entries"] if entries is None else entries
    schedule = version_at(schedules, row["schedule"], began_us)
    one, two, three = row["corrections_degc"]
    plan = Treatment(row["terminal"], row["container_id"], schedule, began_us, (one, two, three))
    followed = Followed(row["announced_at"], TreatmentDetector(plan))
    try:
        await followed.read(connection, entries)
    except ReadingsDroppedError:
        ended = [run for run in await stored_runs(connection, row) if run.ended_us is not None]
        if not ended or row["runs_of"] != row["announced_at"]:
            raise
        last = ended[-1]
        followed = Followed(row["announced_at"], TreatmentDetector.behind(plan, last, last.ended_us or 0), ended=ended)
        await followed.read(connection, entries)
    return followed
