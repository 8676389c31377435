"""What tests of single resources of the API share."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from infra.connection import Connection
from infra.database import connect
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
