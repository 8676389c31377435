"""The log of a treatment and its runs do not depend on how rows arrive; what is rolled back is in neither."""

import random
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import numpy as np
import psycopg
import pytest

from infra import verification
from infra.clock import from_us
from infra.database import Link
from infra.site_file.reader import load
from infra.treatments import SQL
from infra.verification import check, pages_of
from ingest.decode.address import Address
from ingest.recompute.recomputer import Recomputer
from ingest.recompute.restore import restore
from ingest.store import counts
from ingest.store.devices import DeviceRegistry
from ingest.store.outcome import WriteMode
from ingest.store.writer import Batch, BatchWriter, StreamBatch
from processing.engine import Engine
from processing.model.samples import Samples
from processing.reefers.signals import REEFER
from processing.treatments.facts import COLD_TREATMENT, ColdTreatment
from processing.treatments.runs import Reading, Treatment, runs
from processing.treatments.schedules import SCHEDULES, version_at
from tests.integration.test_ingest import rows

T0 = 1_795_000_000_000_000 // 3_600_000_000 * 3_600_000_000
HOUR_US = 3_600_000_000
BOX, OTHER = "CSQU3054383", "MSCU6639870"
Row = tuple[int, float, str | None, tuple[float | None, float | None, float | None]]
"""Plug (1 or 2), hour, container named, probes. [°C]"""
FREE = "free"
"""Named instead of a container: the plug is free, and says so."""


class Terminal:
    """Two plugs of a terminal, and what writes their rows."""

    def __init__(self, url: str) -> None:
        self.links = Link(url, "test"), Link(url, "test-registry")
        sites = load(None)
        self.registry, self.engine = DeviceRegistry(self.links[1], sites), Engine(sites)
        self.writer = BatchWriter(self.links[0], self.registry.address_of)
        self.recomputer = Recomputer(self.links[0], self.writer, self.engine, self.registry)
        self.ids: dict[int, int] = {}

    async def open(self) -> None:
        """Register the plugs, and start as a worker does."""
        plugs = {number: Address("telemetry", "t", REEFER.name, f"r{number}") for number in (1, 2)}
        await self.registry.load()
        await self.registry.ensure(plugs.values())
        await restore(await self.links[0].get(), self.engine, self.registry)
        self.ids = {number: self.registry.id_of(address) for number, address in plugs.items()}

    def batch(self, some: list[Row]) -> Batch:
        """Rows of both plugs."""
        n = len(some)
        numbers = np.full((len(REEFER.numeric), n), np.nan)
        for at, (_, _, _, degc) in enumerate(some):
            for probe, value in enumerate(degc, 1):
                numbers[REEFER.numeric_index[f"usda{probe}_degc"], at] = np.nan if value is None else value
            if some[at][2] == FREE:
                numbers[REEFER.numeric_index["plugged"], at] = 0
        times = np.array([T0 + round(hour * HOUR_US) for _, hour, _, _ in some], np.int64)
        texts: dict[str, list[object]] = {signal.name: [None] * n for signal in REEFER.textual}
        texts["container_id"] = [None if named == FREE else named for _, _, named, _ in some]
        devices = np.array([self.ids[plug] for plug, _, _, _ in some], np.int32)
        seqs = np.array([hour for _, hour, _, _ in some]).astype(np.int64)
        return self.batch_of(Samples(REEFER, devices, times, seqs, times, numbers, texts, [None] * n, [None] * n))

    def batch_of(self, arrived: Samples) -> Batch:
        """Samples, and what follows from those ahead of their watermarks."""
        samples = arrived.in_order()
        behind = self.engine.watermarks.behind(samples)
        facts = self.engine.feed(samples.take(np.flatnonzero(~behind)), int(samples.time_us.max()))
        return Batch([StreamBatch(samples, behind)], facts=facts, event_hours=self.engine.stale_events())

    async def follow(self) -> None:
        """Until nothing waits."""
        while await self.recomputer.step():
            pass

    async def wrong(self) -> list[str]:
        """What `verify` finds."""
        connection = await self.links[0].get()
        (treatment,) = await connection.fetch(SQL["treatments"], BOX, "t")
        return (await check(connection, treatment, pages_of(connection, ("t", BOX)))).wrong


@pytest.fixture
async def terminal(database_url: str) -> AsyncIterator[Terminal]:
    """With a treatment from T0 on."""
    made = Terminal(database_url)
    try:
        await made.open()
        with psycopg.connect(database_url) as connection:
            connection.execute(
                "INSERT INTO treatment_announcement VALUES ('t', %s, 'cn', %s, '{}', '{}', %s, %s)",
                (BOX, from_us(T0), from_us(T0), from_us(T0)),
            )
        await made.follow()
        yield made
    finally:
        for link in made.links:
            link.drop()


def stored(url: str) -> list[ColdTreatment]:
    """Runs as they are stored."""
    columns = ", ".join(column.name for column in COLD_TREATMENT.columns)
    found = []
    for row in rows(url, f"SELECT {columns} FROM cold_treatment ORDER BY began_at"):  # noqa: S608 - names of columns
        values: list[Any] = list(row)
        for at in (2, 8, 10, 11):
            values[at] = None if values[at] is None else round(values[at].timestamp()) * 1_000_000
        found.append(ColdTreatment(*values))
    return found


def expected(some: list[Row]) -> list[ColdTreatment]:
    """Runs over all rows of the box, in order."""
    plan = Treatment("t", BOX, version_at(SCHEDULES, "cn", T0), T0)
    held: dict[int, str | None] = {}
    own = []
    for plug, hour, named, degc in sorted(some, key=lambda row: (row[1], row[0])):
        held[plug] = None if named == FREE else named or held.get(plug)
        if held[plug] == BOX and hour >= 0:
            own.append((hour, plug, degc))
    return runs(plan, [Reading(T0 + round(hour * HOUR_US), degc) for hour, _, degc in own])


def journey(rng: random.Random) -> list[Row]:
    """Twenty-five days: the box on one plug, then on the other one; another box where it is not. Half name no box."""
    moved = rng.randrange(100, 400)
    found: list[Row] = []
    warm_from = rng.randrange(20, 300)
    for hour in range(-5, 600):
        degc = rng.choice([1.5, 2.5]) if warm_from <= hour < warm_from + 3 else 0.9
        here, there = (1, 2) if hour < moved else (2, 1)
        left = hour == moved
        if rng.random() > 0.01:
            named = BOX if left or rng.random() < 0.5 else None
            found.append((here, hour, named, (0.5, None if rng.random() < 0.02 else 0.7, degc)))
        found.append((there, hour, FREE if left else OTHER if rng.random() < 0.3 else None, (9.0, 9.0, 9.0)))
    return found


@pytest.mark.parametrize("seed", range(3))
async def test_rows_in_any_order_give_the_same_runs_and_a_log_that_holds(
    database_url: str, terminal: Terminal, seed: int
) -> None:
    """Parts that overtake each other, repeated rows, rows before the treatment, runs made now and then."""
    rng = random.Random(seed)
    some = journey(rng)
    parts = [some[at : at + 90] for at in range(0, len(some), 90)]
    for _ in range(4):
        at = rng.randrange(len(parts) - 1)
        parts[at], parts[at + 1] = parts[at + 1], parts[at]
    parts.insert(rng.randrange(1, len(parts)), parts[0][:40])
    for part in parts:
        await terminal.writer.write(terminal.batch(part))
        if rng.random() < 0.4:
            await terminal.follow()
    await terminal.follow()
    assert stored(database_url) == expected(some)
    assert await terminal.wrong() == []


async def test_rows_that_name_no_container_belong_to_the_one_named_last(database_url: str, terminal: Terminal) -> None:
    """Named before the treatment began, and by the other box once; by a worker that has just started, too."""
    cold, warm = (0.5, 0.7, 0.9), (9.0, 9.0, 9.0)
    await terminal.writer.write(terminal.batch([(1, -20, BOX, warm)]))
    await terminal.follow()
    await terminal.writer.write(terminal.batch([(1, hour, None, cold) for hour in range(10)]))
    again = Terminal(database_url)
    try:
        await again.open()
        await again.writer.write(again.batch([(1, hour, None, cold) for hour in range(10, 20)]))
        await again.writer.write(
            again.batch([(1, 20, OTHER, warm), *[(1, hour, None, warm) for hour in range(21, 30)]])
        )
        await again.writer.write(again.batch([(2, hour, None, warm) for hour in range(30)]))
        await again.follow()
    finally:
        for link in again.links:
            link.drop()
    (run,) = stored(database_url)
    assert (run.verdict, run.done_h, run.breach_us) == ("running", 19.0, None)
    assert await terminal.wrong() == []


async def test_a_transaction_that_fails_leaves_nothing_in_the_log(
    database_url: str, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same batch is written once more, as after an outcome that is not known: each row has one entry."""
    await terminal.follow()
    batch = terminal.batch([(1, hour, BOX if hour % 3 == 0 else None, (0.5, 0.7, 0.9)) for hour in range(50)])
    with monkeypatch.context() as patch:

        async def fail(*_: object) -> None:
            raise asyncpg.DeadlockDetectedError

        patch.setattr(counts, "write", fail)
        with pytest.raises(asyncpg.DeadlockDetectedError):
            await terminal.writer.write(batch)
    assert rows(database_url, "SELECT count(*) FROM treatment_log") == [(0,)]
    await terminal.writer.write(batch)
    await terminal.writer.write(batch, WriteMode.UPSERT)
    await terminal.writer.write(batch, WriteMode.BISECT)
    await terminal.follow()
    assert rows(database_url, "SELECT count(*), max(number) FROM treatment_log") == [(50, 50)]
    assert [run.done_h for run in stored(database_url)] == [49.0]
    assert await terminal.wrong() == []


async def test_a_row_that_was_removed_and_is_sent_once_more_is_stored(database_url: str, terminal: Terminal) -> None:
    """What keeps the log unique must not keep a batch from being stored; the row is named, since it is another one."""
    await terminal.follow()
    await terminal.writer.write(terminal.batch([(1, hour, BOX, (0.5, 0.7, 0.9)) for hour in range(5)]))
    with psycopg.connect(database_url) as connection:
        connection.execute("DELETE FROM reefer_telemetry WHERE seq = 3")
    await terminal.writer.write(terminal.batch([(1, 3, BOX, (0.5, 0.7, 0.8))]))
    assert rows(database_url, "SELECT count(*) FROM reefer_telemetry") == [(5,)]
    at = from_us(T0) + timedelta(hours=3)
    assert await terminal.wrong() == [
        f"{at:%Y-%m-%dT%H:%M:%S.%fZ} r1 seq 3: changed since it entered the log as entry 4"
    ]


@pytest.mark.parametrize("how", [WriteMode.COPY, WriteMode.UPSERT, WriteMode.BISECT])
@pytest.mark.parametrize(
    "act", ["DELETE FROM treatment_log WHERE number = 2", "UPDATE treatment SET entries = 0, head = ''"]
)
async def test_whatever_became_of_a_log_readings_are_stored(
    database_url: str, terminal: Terminal, act: str, how: WriteMode
) -> None:
    """What somebody did to the log shows in it; the batch is stored, and the log goes on behind its last entry."""
    await terminal.follow()
    await terminal.writer.write(terminal.batch([(1, hour, BOX, (0.5, 0.7, 0.9)) for hour in range(5)]))
    with psycopg.connect(database_url) as connection:
        connection.execute(act)
    await terminal.writer.write(terminal.batch([(1, hour, BOX, (0.5, 0.7, 0.9)) for hour in range(5, 8)]), how)
    assert rows(database_url, "SELECT count(*) FROM reefer_telemetry") == [(8,)]
    assert rows(database_url, "SELECT max(number) FROM treatment_log") == [(8,)]
    assert await terminal.wrong() != []


async def test_a_log_that_cannot_go_on_keeps_no_reading_from_being_stored(
    database_url: str, terminal: Terminal
) -> None:
    """The database refuses each entry: readings are stored, and `verify` names them."""
    await terminal.follow()
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE treatment_log ADD CHECK (seq < 3)")
    await terminal.writer.write(terminal.batch([(1, hour, BOX, (0.5, 0.7, 0.9)) for hour in range(5)]))
    assert rows(database_url, "SELECT count(*) FROM reefer_telemetry") == [(5,)]
    assert len(await terminal.wrong()) == 5


async def test_an_outcome_that_is_not_known_leaves_no_box_on_its_plug(
    database_url: str, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batch that named another box was committed, the answer was lost: what follows is not of the box before."""
    await terminal.follow()
    cold, warm = (0.5, 0.7, 0.9), (9.0, 9.0, 9.0)
    await terminal.writer.write(terminal.batch([(1, hour, BOX, cold) for hour in range(5)]))
    batch = terminal.batch([(1, 5, OTHER, warm)])
    with monkeypatch.context() as patch:

        async def fail(*_: object) -> None:
            raise asyncpg.DeadlockDetectedError

        patch.setattr(counts, "write", fail)
        with pytest.raises(asyncpg.DeadlockDetectedError):
            await terminal.writer.write(batch)
    await terminal.writer.write(batch, WriteMode.UPSERT)
    await terminal.writer.write(terminal.batch([(1, hour, None, warm) for hour in range(6, 20)]))
    assert rows(database_url, "SELECT count(*) FROM treatment_log") == [(5,)]
    assert await terminal.wrong() == []


async def test_a_long_log_is_checked_page_by_page_and_not_held_at_once(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seven entries, three a page; a row that was changed is found on the last page."""
    monkeypatch.setattr(verification, "PAGE", 3)
    await terminal.writer.write(terminal.batch([(1, hour, BOX, (0.5, 0.7, 0.9)) for hour in range(7)]))
    await terminal.follow()
    connection = await terminal.links[0].get()
    assert await terminal.wrong() == []
    assert [one["number"] for one in await verification.entries_of(connection, ("t", BOX))] == [1, 2, 3, 4, 5, 6, 7]
    await connection.execute("UPDATE reefer_telemetry SET usda1_degc = 0.4 WHERE seq = 6")
    (line,) = await terminal.wrong()
    assert "changed since it entered the log as entry 7" in line
    monkeypatch.setattr(verification, "MOST_ENTRIES", 6)
    with pytest.raises(verification.TooManyEntriesError, match=f"more than 6 entries.*quaystream verify {BOX}"):
        await verification.entries_of(connection, ("t", BOX))
