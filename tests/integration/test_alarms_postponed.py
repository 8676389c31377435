"""What takes the server too long to derive is not lost: it waits, and is tried again in halves; a defect is not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from infra.connection import Connection
from infra.database import Link
from ingest.alarms import follower as following
from ingest.alarms.derivation import Found, Place, find
from ingest.alarms.follower import AlarmFollower
from ingest.alarms.places import Places
from ingest.alarms.since import Since
from processing.alarms.condition import Condition
from processing.model.device import Device
from processing.site.configuration import Sites
from tests.integration.test_ingest import rows

CRANES = {number: Device(number, "slow", "crane", f"sts{number}", "STS", 0) for number in range(9001, 9005)}
FAULTS = """
INSERT INTO device_level (device_id, name, time, value)
SELECT device_id, 'fault', '2026-01-01T00:00Z', 1 FROM generate_series(9001, 9004) device_id
"""
NOTE = """
INSERT INTO alarm_note (terminal, fact, devices, since)
VALUES ('slow', 'level_change:fault', $1::int[], '2026-01-01T00:00Z')
"""
RAISED = "SELECT subject FROM alarm WHERE terminal = 'slow' AND alarm = 'crane_fault' ORDER BY 1"
WAITING = "SELECT subjects, everyone IS NOT NULL, waits::text FROM alarm_postponed WHERE terminal = 'slow' ORDER BY id"
NOTES = "SELECT count(*) FROM alarm_note WHERE terminal = 'slow'"
LATER = "UPDATE alarm_postponed SET retry_at = now()"


@asynccontextmanager
async def followed(url: str) -> AsyncIterator[tuple[Connection, AlarmFollower]]:
    """Four cranes with a fault, and a follower that has not looked yet."""
    links = Link(url, "test"), Link(url, "test-alarms")
    try:
        connection = await links[0].get()
        await connection.execute(FAULTS)
        follower = AlarmFollower(links[1], Places(CRANES, Sites()))
        follower.times.restore("slow", 1_800_000_000_000_000)
        yield connection, follower
    finally:
        for link in links:
            link.drop()


def make_slow(monkeypatch: pytest.MonkeyPatch, most: int, error: type[Exception] | None = None) -> None:
    """The server takes too long for more cranes than these, or always fails."""

    async def slow(connection: Connection, place: Place, condition: Condition, since: Since, now_us: int) -> Found:
        if condition.id == "crane_fault" and (since.everyone_us is not None or len(since.groups_us) > most):
            if error is not None:
                raise error("a defect")
            await connection.execute("SET LOCAL statement_timeout = 20")
            await connection.execute("SELECT pg_sleep(10)")
        return await find(connection, place, condition, since, now_us)

    monkeypatch.setattr(following, "find", slow)


async def test_what_takes_too_long_is_derived_in_halves(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four cranes at once are too slow, and so are two; each alone is not."""
    make_slow(monkeypatch, 1)
    async with followed(database_url) as (connection, follower):
        await connection.execute(NOTE, [*CRANES])
        await follower.step()
        assert rows(database_url, WAITING) == [
            (["sts9001", "sts9002"], False, "00:01:00"),
            (["sts9003", "sts9004"], False, "00:01:00"),
        ]
        await follower.step()
        assert (rows(database_url, RAISED), rows(database_url, NOTES)) == ([], [(0,)])
        for _ in range(6):
            await connection.execute(LATER)
            await follower.step()
    assert rows(database_url, RAISED) == [("sts9001",), ("sts9002",), ("sts9003",), ("sts9004",)]
    assert rows(database_url, WAITING) == []


async def test_what_cannot_be_halved_waits_longer_each_time(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A note about all cranes: after a minute, two, four; then the server is quick again. Others are not held up."""
    make_slow(monkeypatch, 1)
    async with followed(database_url) as (connection, follower):
        await connection.execute(NOTE, [])
        for waits in ("00:01:00", "00:02:00", "00:04:00"):
            await follower.step()
            assert rows(database_url, WAITING) == [([], True, waits)]
            await connection.execute(LATER)
        await connection.execute("UPDATE alarm_postponed SET retry_at = now() + interval '4 min'")
        await connection.execute(NOTE, [9001])
        await follower.step()
        assert rows(database_url, RAISED) == [("sts9001",)]
        monkeypatch.undo()
        await connection.execute(LATER)
        await follower.step()
    assert rows(database_url, RAISED) == [("sts9001",), ("sts9002",), ("sts9003",), ("sts9004",)]
    assert rows(database_url, WAITING) == []


@pytest.mark.parametrize("error", [ZeroDivisionError, asyncpg.UndefinedColumnError])
async def test_a_defect_does_not_come_back(
    database_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Any
) -> None:
    make_slow(monkeypatch, 0, error)
    async with followed(database_url) as (connection, follower):
        await connection.execute(NOTE, [*CRANES])
        await asyncio.wait_for(follower.step(), 10)
    assert (rows(database_url, WAITING), rows(database_url, NOTES)) == ([], [(0,)])
    assert "please report this" in caplog.text
