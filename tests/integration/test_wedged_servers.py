"""A private server that runs and does no work is ended and started again; what it had committed is there."""

import asyncio
import contextlib
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest

from infra.machine import parts
from infra.machine.broker_users import ADMIN
from infra.machine.database_users import SUPERUSER
from infra.machine.liveness import Patience
from infra.machine.parts import PartNote
from infra.machine.probes import accepts, commits
from infra.machine.processes import free_port
from infra.machine.stack import Stack
from infra.machine.supervisor import Supervisor
from infra.settings import load
from tests.conftest import eventually

SHORT = Patience(every_s=0.1, answer_s=2.0, limit_s=4.0, least=3)
"""Much shorter than `up` has it: a machine that is slow here restarts a server without need, and the test goes on."""


@pytest.fixture
def own() -> Iterator[tuple[Stack, Path]]:
    """A stack of the test's own, and its state folder."""
    with tempfile.TemporaryDirectory(prefix="quaystream-test-") as folder:
        Path(folder).chmod(0o711)
        state = Path(folder) / "state"
        with Stack(state, load(os.environ).cache_dir) as running:
            yield running, state


@asynccontextmanager
async def watched(stack: Stack, state: Path, name: str, lines: list[str]) -> AsyncIterator[None]:
    """One of its servers is watched."""
    supervisor = Supervisor(state, lines.append)
    (part,) = (one for one in stack.parts(SHORT) if one.name == name)
    watching = asyncio.create_task(supervisor.watch(part, started=True))
    try:
        yield
        assert not watching.done()
    finally:
        watching.cancel()
        await asyncio.wait({watching})


def noted(state: Path) -> list[PartNote]:
    """Notes of servers that run once more."""
    return [one for one in parts.read(state) if one.restarts and one.state == "running"]


async def test_a_database_that_hangs_is_started_again(own: tuple[Stack, Path]) -> None:
    """Its processes stopped where they are, it still accepts connections, and answers none."""
    stack, state = own
    lines = list[str]()
    with psycopg.connect(stack.database_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    first = stack.postgres.pid
    async with watched(stack, state, "TimescaleDB", lines):
        stack.postgres.freeze()
        await eventually(lambda: noted(state), 120)
    (note,) = noted(state)
    assert note.ended is not None
    assert "ran but did no work for" in note.ended
    assert "(no answer within 2 s) and was ended; starting it again" in lines[0]
    assert stack.postgres.pid not in (0, first)
    with psycopg.connect(stack.database_url, autocommit=True) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)
        connection.execute("INSERT INTO kept VALUES (8)")


async def test_a_broker_that_hangs_is_started_again(own: tuple[Stack, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.machine.broker.STOP_TIMEOUT_S", 1.0)
    stack, state = own
    lines = list[str]()
    first = stack.broker.pid
    async with watched(stack, state, "Mosquitto", lines):
        os.kill(first, signal.SIGSTOP)
        await eventually(lambda: noted(state), 120)
    assert "Mosquitto ran but did no work for" in lines[0]
    assert stack.broker.pid not in (0, first)
    await accepts(stack.mqtt_url)


async def test_what_counts_as_an_answer(stack: Stack) -> None:
    """A broker that refuses a user works; a port without a server does not."""
    await accepts(stack.broker.url_of(ADMIN))
    await accepts(f"mqtt://nobody:wrong@127.0.0.1:{stack.broker.port}")
    await commits(stack.postgres.url_of(SUPERUSER, "postgres"))
    nowhere = free_port()
    with pytest.raises(OSError, match=str(nowhere)):
        await accepts(f"mqtt://127.0.0.1:{nowhere}")
    with pytest.raises(OSError, match=str(nowhere)):
        await commits(f"postgresql://u:p@127.0.0.1:{nowhere}/postgres")


async def test_a_database_without_a_free_connection_works(own: tuple[Stack, Path]) -> None:
    """It answers that all are lent out."""
    stack, _ = own
    url = stack.postgres.url_of(SUPERUSER, "postgres")
    taken = list[psycopg.Connection[object]]()
    try:
        with contextlib.suppress(psycopg.OperationalError):
            while len(taken) < 200:
                taken.append(psycopg.connect(url))
        assert len(taken) < 200
        await commits(url)
    finally:
        for connection in taken:
            connection.close()


async def test_the_database_is_asked_to_write(stack: Stack) -> None:
    """One that only reads, as after a full disk, must not count as one that works: each question is a transaction."""
    url = stack.postgres.url_of(SUPERUSER, "postgres")
    with psycopg.connect(url, autocommit=True) as connection:

        def transactions() -> int:
            row = connection.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint").fetchone()
            assert row is not None
            return int(row[0])

        before = transactions()
        for _ in range(20):
            await commits(url)
        assert transactions() >= before + 20
