"""Real servers for the tests: one private stack a session, a fresh database a test."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql

from infra.database import migrate
from infra.machine.database_users import OWNER, SUPERUSER
from infra.machine.stack import Stack
from infra.mqtt.connection import Mqtt
from infra.settings import load
from tests.database_users import create_database, drop_database
from tests.length import length

# Here, since tests of other levels import those of the unit level, whose settings take what holds at that moment.
settings.register_profile("quaystream", max_examples=length(50, 500), deadline=None)
settings.load_profile("quaystream")


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """A real broker and a real TimescaleDB; programs from the cache that the demo uses too."""
    with tempfile.TemporaryDirectory(prefix="quaystream-test-") as folder:
        Path(folder).chmod(0o711)  # the user whom the servers run as must get in; pytest's own folders are closed
        with Stack(Path(folder) / "state", load(os.environ).cache_dir) as running:
            yield running


@pytest.fixture(scope="session")
def migrated(stack: Stack) -> str:
    """Name of a migrated database that nobody is connected to: copying it takes a third of the time of migrating.

    TimescaleDB keeps a worker in each database where connections are allowed, and a database in use cannot be copied.
    """
    name = "migrated"
    migrate(create_database(stack, name))
    with psycopg.connect(stack.postgres.url_of(SUPERUSER), autocommit=True) as connection:
        connection.execute(
            sql.SQL("ALTER DATABASE {} IS_TEMPLATE true ALLOW_CONNECTIONS false").format(sql.Identifier(name))
        )
        connection.execute("SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = %s", (name,))
    return name


@pytest.fixture
def database_url(stack: Stack, migrated: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """URL of a fresh, migrated database, for its owner; programs get users of their own: tests/database_users.py."""
    name = f"test_{abs(hash(request.node.nodeid)) % 10**10}"
    with psycopg.connect(stack.postgres.url_of(SUPERUSER), autocommit=True) as connection:
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}")
        connection.execute(copy.format(*map(sql.Identifier, (name, migrated, OWNER.name))))
    with psycopg.connect(stack.postgres.url_of(SUPERUSER, name), autocommit=True) as connection:
        # As in a database just migrated; else TimescaleDB finds a copy only when it looks for new ones, once a minute.
        connection.execute("SELECT _timescaledb_functions.start_background_workers()")
    yield stack.postgres.url_of(OWNER, name)
    drop_database(stack, name)


@pytest.fixture
def mqtt_url(stack: Stack) -> str:
    """URL of the broker; tests share it, so each uses a terminal and client ids of its own."""
    return stack.mqtt_url


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    """A state folder of the test's own."""
    return tmp_path / "state"


async def eventually(condition: Callable[[], object], within_s: float = 60.0) -> None:
    """Wait until a condition holds; the failure shows its last value.

    The limit is for what never comes true: machines stand still for many seconds, and no test is about speed.
    """
    last: object = None
    try:
        async with asyncio.timeout(within_s):
            while not (last := condition()):
                await asyncio.sleep(0.02)
    except TimeoutError:
        pytest.fail(f"did not come true within {within_s:g} s; last seen: {last!r}")


@pytest.fixture
async def device(mqtt_url: str, request: pytest.FixtureRequest) -> AsyncIterator[Mqtt]:
    """A connection to publish with, as a device would."""
    async with Mqtt(mqtt_url, f"device-{abs(hash(request.node.nodeid)) % 10**8}") as client:
        yield client
