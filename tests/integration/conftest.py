"""What tests of single resources of the API share."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from infra.connection import Connection
from infra.database import connect
from infra.machine.device_users import DeviceUsers
from infra.machine.stack import Stack
from tests.integration import api_rows


@pytest.fixture
async def ask_api(database_url: str, mqtt_url: str) -> AsyncIterator[Any]:
    """Asks the API over the test's database: a path gives status and body. `api_rows` has rows to insert."""
    async with api_rows.serving(database_url, mqtt_url) as base, api_rows.asking(base) as ask:
        yield ask


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[Connection]:
    """A connection to the test's database, as programs have it."""
    made = await connect(database_url, "test")
    yield made
    await made.close()


@pytest.fixture
async def users(stack: Stack, database_url: str) -> AsyncIterator[DeviceUsers]:
    """What makes the broker follow; nobody is left there afterwards."""
    following = DeviceUsers(database_url, lambda: stack.mqtt_url, print)
    task = asyncio.create_task(following.run())
    yield following
    connection = await connect(database_url, "test")
    await connection.execute("UPDATE device_account SET revoked_at = now()")
    await connection.close()
    assert await following.enter({}) is None
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
