"""The one-machine stack with its real servers: closed to strangers, whole after a crash, gone after stop."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from infra.database import migrate
from infra.machine.binaries import StackError
from infra.machine.processes import owner_of
from infra.machine.stack import Stack
from infra.mqtt.connection import Mqtt, MqttError
from infra.settings import load
from tests.conftest import eventually
from tests.processes import Process, family, listening_addresses, living

Start = Callable[[], Stack]


@pytest.fixture
def state() -> Iterator[Path]:
    """A state folder that the servers' user may enter, so that all of their data are in it."""
    folder = Path(tempfile.mkdtemp(prefix="quaystream-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def start(state: Path) -> Start:
    """A stack with that state folder, to be entered."""
    return lambda: Stack(state, load(os.environ).cache_dir)


def count(url: str, query: str) -> int:
    """The single number that a query gives."""
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return int(row[0])


def servers(stack: Stack) -> set[Process]:
    """All processes of the stack's servers."""
    return family(stack.broker.pid) | family(stack.postgres.pid)


def test_samples_are_stored_in_hypertables(database_url: str) -> None:
    """The migrations make hypertables of the raw tables and of KPI samples."""
    with psycopg.connect(database_url) as connection:
        found = connection.execute("SELECT hypertable_name FROM timescaledb_information.hypertables").fetchall()
    assert {name for (name,) in found} >= {"crane_telemetry", "gate_event", "reefer_telemetry", "kpi_sample"}


async def test_the_broker_refuses_whoever_does_not_know_the_password(stack: Stack) -> None:
    """Neither anonymous clients nor wrong passwords get in."""

    async def knock(login: str) -> None:
        with pytest.raises(MqttError, match="refuses: Not authorized"):
            async with Mqtt(f"mqtt://{login}127.0.0.1:{stack.broker.port}", f"stranger-{uuid.uuid4().hex}"):
                pass

    await asyncio.gather(*(knock(login) for login in ("", "quaystream:wrong@", "nobody:wrong@", ":@")))


@pytest.mark.parametrize(
    ("login", "words"),
    [
        ("quaystream", "password"),
        ("quaystream:wrong", "password"),
        ("owner:wrong", "password"),
        ("worker:wrong", "password"),
        ("api", "password"),
        ("postgres:wrong", r"no pg_hba\.conf entry"),
        ("nobody", r"no pg_hba\.conf entry"),
    ],
)
def test_the_database_refuses_whoever_does_not_know_the_password(stack: Stack, login: str, words: str) -> None:
    """No trust for local connections, and no connection for users that are none of the programs'."""
    with pytest.raises(psycopg.OperationalError, match=words):
        psycopg.connect(f"postgresql://{login}@127.0.0.1:{stack.postgres.port}/quaystream", passfile="/dev/null")


def test_servers_listen_on_loopback_only(stack: Stack) -> None:
    """Nothing of the private stack can be reached from another machine."""
    for server in (stack.broker.pid, stack.postgres.pid):
        assert listening_addresses(family(server)) == {"127.0.0.1"}


def test_secrets_are_readable_by_their_owner_only(stack: Stack, state: Path, start: Start) -> None:
    """Passwords stand in no command line, and in no file that others can read."""
    with start() as running:
        secrets = {urlsplit(url).password or "" for url in (running.database_url, running.mqtt_url)}
        assert not [one for one in servers(running) for secret in secrets if secret in one.command]
        holding = [p for p in state.rglob("*") if p.is_file() and p.stat().st_size < 10_000 and _holds(p, secrets)]
        assert {path.name for path in holding} >= {"credentials.json", "stack.json"}
        assert [path for path in holding if path.stat().st_mode & 0o077] == []
        assert secrets.isdisjoint({urlsplit(stack.database_url).password, urlsplit(stack.mqtt_url).password})


def _holds(path: Path, secrets: set[str]) -> bool:
    return any(secret.encode() in path.read_bytes() for secret in secrets)


async def test_acknowledged_messages_outlive_a_killed_broker(start: Start) -> None:
    """A session's queued QoS 1 messages are there after kill -9 of the broker and a new start of everything."""
    session = f"reader-{uuid.uuid4().hex}"
    sent = [f"message {n}".encode() for n in range(500)]
    with start() as first:
        async with Mqtt(first.mqtt_url, session, session_expiry_s=3600, subscriptions=["port/#"]) as reader:
            reader.publish("port/first", b"subscribed")
            await reader.drain(1)
        async with Mqtt(first.mqtt_url, "writer") as writer:
            for payload in sent:
                writer.publish("port/x", payload)
            await writer.drain(1)
            async with Mqtt(first.mqtt_url, "later"):  # answered in a later turn: see docs/broker.md, The last turn
                os.kill(first.broker.pid, signal.SIGKILL)
                await eventually(lambda: first.broker.pid == 0)
    got: list[bytes] = []
    with start() as second:
        async with Mqtt(
            second.mqtt_url,
            session,
            clean_start=False,
            session_expiry_s=3600,
            on_messages=lambda ms: got.extend(m.payload for m in ms if m.topic == "port/x"),
        ):
            await eventually(lambda: len(got) >= len(sent))
    assert got == sent


async def test_committed_rows_outlive_a_killed_database(start: Start) -> None:
    """Kill -9 of the postmaster while a client is connected; started again at once, it recovers by itself."""
    with start() as stack:
        with psycopg.connect(stack.database_url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT n FROM generate_series(1, 1000) AS n")
            os.kill(stack.postgres.pid, signal.SIGKILL)
            await eventually(lambda: stack.postgres.pid == 0)
            stack.postgres.start()
        assert count(stack.database_url, "SELECT count(*) FROM kept") == 1000
        os.kill(stack.postgres.pid, signal.SIGKILL)
        await eventually(lambda: stack.postgres.pid == 0)
    with start() as stack:
        assert count(stack.database_url, "SELECT count(*) FROM kept") == 1000


def test_a_note_of_a_crashed_database_may_name_somebody_elses_process(state: Path, start: Start) -> None:
    """After a reboot the id in postmaster.pid belongs to anybody; the database starts, the other one lives on."""
    with start() as stack:
        stack.postgres.kill()
    (note,) = state.rglob("postmaster.pid")
    foreign = subprocess.Popen(["sleep", "60"], **owner_of(note).arguments())
    try:
        note.write_text(re.sub(r"\A\d+", str(foreign.pid), note.read_text()))
        with start() as stack:
            assert count(stack.database_url, "SELECT 1") == 1
        assert foreign.poll() is None
    finally:
        foreign.kill()
        foreign.wait(5)


def test_one_state_folder_serves_one_stack(state: Path, start: Start) -> None:
    """A second stack is refused before it touches anything; the first goes on, and its folder can be used after it."""
    with start() as first:
        before = (state / "stack.json").read_text()
        with pytest.raises(StackError, match=rf"(?s){re.escape(str(state))}.*QUAYSTREAM_STATE_DIR"), start():
            pass
        assert (state / "stack.json").read_text() == before
        assert first.broker.pid
        assert count(first.database_url, "SELECT 1") == 1
    with start() as third:
        assert count(third.database_url, "SELECT 1") == 1


def test_a_second_start_needs_no_apt(start: Start, stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the programs are in the cache, neither apt nor the network is needed."""
    assert stack.binaries.origin
    monkeypatch.setenv("PATH", "/nonexistent")
    with start() as offline:
        assert count(offline.database_url, "SELECT 1") == 1


def test_data_and_passwords_are_kept_and_nothing_runs_after_stop(state: Path, start: Start) -> None:
    """Stopped servers are gone with all their children; the next start finds what the last one stored."""
    with start() as first:
        processes = servers(first)
        assert len(processes) > 5
        migrate(first.database_url)
        passwords = [urlsplit(url).password for url in (first.database_url, first.mqtt_url)]
        assert (state / "stack.json").exists()
    assert living(processes) == []
    assert not (state / "stack.json").exists()
    with start() as second:
        assert migrate(second.database_url) == []
        assert [urlsplit(url).password for url in (second.database_url, second.mqtt_url)] == passwords
