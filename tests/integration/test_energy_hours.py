"""Energy by hours follows the facts, whoever writes them; past its retention it is deleted, with its hours."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.database import connect
from infra.facts.statements import statement
from ingest.store.retention import delete_old_energy
from processing.energy.facts import ENERGY

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
ALL = "SELECT * FROM energy_hour ORDER BY device_id, began_at"


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Any]:
    """A connection as the worker has it."""
    connection = await connect(database_url, "test")
    yield connection
    await connection.close(timeout=5)


async def store(db: Any, began_at: datetime, energy_kwh: float, measured_s: int = 900) -> None:
    """A quarter of device 7, as the worker writes it."""
    await db.execute(statement(ENERGY, "upsert"), 7, began_at, began_at + QUARTER, "reefer", energy_kwh, measured_s)


async def hours(db: Any) -> list[tuple[Any, ...]]:
    """Rows of hours."""
    return [tuple(row) for row in await db.fetch(ALL)]


async def test_hours_follow_quarters(db: Any) -> None:
    """12:00 and 12:45 of one hour, 13:15 of the next; one is corrected, one retracted, one comes once more."""
    for began_at, energy_kwh, measured_s in (
        (NOON, 1.5, 900),
        (NOON + 3 * QUARTER, -0.000001, 60),
        (NOON + 5 * QUARTER, 2.0, 900),
    ):
        await store(db, began_at, energy_kwh, measured_s)
    none = (None, None)
    one_pm = (7, NOON + 4 * QUARTER, None, 2_000_000, *none, None, 900, *none)
    assert await hours(db) == [(7, NOON, 1_500_000, *none, -1, 900, *none, 60), one_pm]
    await store(db, NOON, 2.25, 450)
    await store(db, NOON + 5 * QUARTER, 2.0)
    await db.execute(statement(ENERGY, "delete"), 7, NOON + 4 * QUARTER)
    assert await hours(db) == [(7, NOON, 2_250_000, *none, None, 450, *none, None), one_pm]


async def test_energy_past_its_retention_is_deleted(db: Any) -> None:
    """Of 30 and of 10 days ago, with 20 days kept; what is then as old as it can be stays."""
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    for days in (10, 30, 33):
        for quarter in range(5):
            await store(db, now - timedelta(days=days) + quarter * QUARTER, 1.0)
    await delete_old_energy(db, 20)
    left = [now - timedelta(days=10) + quarter * QUARTER for quarter in range(5)]
    assert [row["began_at"] for row in await db.fetch("SELECT began_at FROM energy_use ORDER BY 1")] == left
    assert [row[1] for row in await hours(db)] == [left[0], left[4]]
    await delete_old_energy(db, 20)
    assert len(await hours(db)) == 2
