"""`quaystream up` as a whole program: the README's way in, stopping, crashing, and being refused."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psycopg
import pytest

from tests.conftest import eventually
from tests.e2e.conftest import QUAYSTREAM, Up
from tests.processes import family, listening_addresses, living

Start = Callable[..., Up]
README = Path(__file__).parents[2] / "README.md"
PARTS = {
    "Mosquitto": "bin/mosquitto -c",
    "TimescaleDB": "bin/postgres -D",
    "ingest": "-m infra ingest",
    "api": "-m infra api",
}
"""Parts of a stack, and what their command lines hold."""
KEPT = "env | grep ^QUAYSTREAM_ | grep -v ^QUAYSTREAM_HTTP= | sort"
"""Prints what a stack has chosen and keeps; the page's address is the test's choice."""
LEDGER = f"{sys.executable} -m simulators.ledger"


def readme_commands() -> tuple[str, list[str]]:
    """The commands of the README for a crane of one's own: what publishes, and the three commands that look."""
    (block,) = re.findall(r"```sh\n(eval .*?)```", README.read_text(), re.DOTALL)
    lines = block.replace('eval "$(.venv/bin/quaystream env)"', "").splitlines()
    look = [line for line in lines if line.startswith(("psql", "mosquitto_sub", "curl"))]
    return "\n".join(line for line in lines if line not in look), look


async def test_the_readme_connects_a_crane(terminal: Up) -> None:
    """Its commands, as they stand there, make one move: in the database, as a retained KPI, and in the API."""
    publish, (psql, mosquitto_sub, curl) = readme_commands()
    done = terminal.joined(publish)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    await eventually(lambda: "(1 row)" in terminal.joined(psql).stdout)
    assert re.search(r"^ sts9 +\| discharge +\| +1 \|", terminal.joined(psql).stdout, re.MULTILINE)
    kpi = json.loads(terminal.joined(mosquitto_sub).stdout)
    assert (kpi["value"], kpi["unit"]) == (1, "boxes")
    (move,) = json.loads(terminal.joined(curl).stdout)["moves"]
    assert (move["device"], move["kind"], move["boxes"], move["inferred"]) == ("sts9", "discharge", 1, False)


async def test_who_has_joined_forges_nothing(terminal: Up) -> None:
    """A KPI of its own is refused; whoever takes the worker's well-known client id has a session of its own."""
    publish = 'mosquitto_pub -L "$QUAYSTREAM_MQTT_URL/{}" -V 5 -q 1 -m 7 -i {}'
    forged = terminal.joined(publish.format("kpi/demo/moves_per_hour/sts1", "forger"))
    assert "Not authorized" in forged.stderr
    taken = terminal.joined(publish.format("port/demo/crane/sts1/telemetry", "quaystream-ingest"))
    assert (taken.returncode, taken.stderr) == (0, "")
    ready = terminal.joined('curl -s "http://$QUAYSTREAM_INGEST_HTTP/readyz"').stdout
    assert json.loads(ready) == {"ready": True, "problems": []}
    lost = terminal.joined(
        'curl -s "http://$QUAYSTREAM_INGEST_HTTP/metrics" | grep ^quaystream_ingest_session_lost_total'
    )
    assert lost.stdout.split()[-1] == "0.0"


def test_doctor_finds_nothing_wrong(terminal: Up) -> None:
    """One line a check, on standard output only, and exit code 0."""
    done = terminal.joined("quaystream doctor")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [line for line in lines if not re.fullmatch(r"(ok  |warn) \w+ +.{5,}", line)] == []
    names = [line[5:].split()[0] for line in lines]
    assert {"settings", "broker", "anonymous", "database", "timescaledb", "migrations", "clock"} <= set(names)
    assert [line for line in lines if line.startswith("warn")] == []


def test_everything_listens_on_loopback_only(terminal: Up) -> None:
    """Servers, worker and API, unless somebody sets QUAYSTREAM_HTTP otherwise."""
    assert listening_addresses(family(terminal.process.pid)) == {"127.0.0.1"}


@pytest.mark.parametrize(("command", "expected"), [("env", "no stack runs with"), ("doctor", "no address")])
def test_tools_name_what_to_do_where_nothing_runs(state: Path, command: str, expected: str) -> None:
    """The folder looked at, and the command that starts a stack; no guessing."""
    done = subprocess.run(
        [QUAYSTREAM, command],
        env={"PATH": "/usr/bin:/bin", "QUAYSTREAM_STATE_DIR": str(state)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    for text in (expected, str(state), "quaystream up"):
        assert text in done.stdout + done.stderr


async def test_it_stops_at_sigterm_and_sigint_and_resumes(start: Start) -> None:
    """Exit code 0 and nothing left running, twice; the second run has the first one's data and simulated terminal."""
    demo = ("--simulate", "demo", "--backfill", "10m")
    first = start(*demo)
    first.shows("ready: open", "backfill done")
    where = first.joined(KEPT).stdout
    moves = "SELECT locked_at, device FROM v_crane_move WHERE locked_at < now() - interval '2 min' ORDER BY 1, 2"
    await eventually(lambda: len(rows(first, moves)) > 3)
    before = rows(first, moves)
    assert len(family(first.process.pid)) > 8
    assert first.stop(signal.SIGTERM) == 0
    assert first.output.rstrip().endswith("stopped; nothing is left running")
    second = start(*demo)
    second.shows("ready: open", "continues where the last simulation ended", "0 migrations applied now")
    assert second.joined(KEPT).stdout == where
    assert set(before) <= set(rows(second, moves))  # a lift of minutes may have come meanwhile
    assert second.stop(signal.SIGINT) == 0
    assert "Traceback" not in first.output + second.output


def rows(up: Up, query: str) -> list[tuple[object, ...]]:
    """Rows of a query."""
    url = up.joined('echo "$QUAYSTREAM_DATABASE_URL"').stdout.strip()
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


async def test_it_can_be_stopped_while_it_starts(start: Start, state: Path) -> None:
    """A database whose creation was cut off is created again."""
    first = start()
    first.shows("starting TimescaleDB")
    await eventually(lambda: list(state.rglob("PG_VERSION")))
    assert first.stop() == 130
    second = start()
    second.shows("ready: open")
    assert "Traceback" not in first.output + second.output


async def test_killed_parts_are_started_again_and_lose_nothing(start: Start, tmp_path: Path) -> None:
    """Each is killed once while cranes publish; all else goes on, and every acknowledged message is stored once."""
    up, ledger = start(), tmp_path / "ledger"
    up.shows("ready: open")
    with up.beside(f"{LEDGER} publish {ledger} --rate 200 --devices 10 --duration 5m") as publisher:
        await eventually(ledger.exists)
        for name, command in PARTS.items():
            os.kill(up.child(command).pid, signal.SIGKILL)
            up.shows(f"{name} ended with exit code -9; starting it again")
            await eventually(partial(started_again, up, name))
        publisher.send_signal(signal.SIGTERM)
        assert publisher.wait(60) == 0
    await eventually(lambda: up.joined(f"{LEDGER} verify {ledger}").returncode == 0)
    assert up.stop() == 0
    assert not re.search("^Traceback", up.output, re.MULTILINE)


def started_again(up: Up, name: str) -> bool:
    """Whether the API says that a part runs and was started again once; not while the API does not answer."""
    try:
        with urllib.request.urlopen(f"http://{up.address}/api/v1/parts", timeout=10) as answer:
            (part,) = (one for one in json.load(answer)["parts"] if one["name"] == name)
    except OSError:
        return False
    return (part["state"], part["restarts"]) == ("running", 1)


async def test_a_part_that_ends_again_and_again_ends_the_stack(start: Start) -> None:
    """Its last lines are shown, the others are stopped, and the exit code is not 0."""
    up = start()
    up.shows("ready: open")
    everything = family(up.process.pid)
    killed: set[int] = set()

    def kill_next() -> bool:
        with contextlib.suppress(ValueError):  # there is none now
            api = up.child(PARTS["api"])
            if api.pid not in killed:
                killed.add(api.pid)
                os.kill(api.pid, signal.SIGKILL)
        return up.process.poll() is not None

    await eventually(kill_next, 60)
    assert up.ended() == 1
    assert "api ended with exit code -9, 6 times in a row; its last lines:" in up.output
    assert not re.search("^Traceback", up.output, re.MULTILINE)
    await eventually(lambda: not living(everything))


async def test_a_killed_up_leaves_nothing_behind(start: Start) -> None:
    """Kill -9 of `up` itself ends all it started, and the next start need not wait for that."""
    first = start()
    first.shows("ready: open")
    everything = family(first.process.pid)
    first.process.kill()
    first.ended()
    second = start()
    second.shows("ready: open")
    await eventually(lambda: not living(everything))


def test_a_second_up_on_the_same_folder_is_refused(terminal: Up) -> None:
    """It names the folder and the setting to change; the first is not touched."""
    second = Up(Path(terminal.environment["QUAYSTREAM_STATE_DIR"]))
    assert second.ended() == 1
    assert terminal.environment["QUAYSTREAM_STATE_DIR"] in second.output
    assert "QUAYSTREAM_STATE_DIR" in second.output
    assert "Traceback" not in second.output
    assert terminal.joined("quaystream doctor").returncode == 0


def test_a_taken_port_is_reported_before_anything_starts(start: Start, state: Path) -> None:
    """Exit code 2, the setting to change, and no server was started for nothing."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        up = start(HTTP=address)
        assert up.ended() == 2
    assert address in up.output
    assert "QUAYSTREAM_HTTP" in up.output
    assert "Traceback" not in up.output
    assert "starting" not in up.output
    assert not state.exists()


def test_wrong_settings_are_all_reported_at_once(start: Start, state: Path) -> None:
    """Each with its name; nothing was started."""
    up = start(HTTP="nowhere", RETENTION_DAYS="many", LOG_LEVEL="loud", MQTT_URL="http://x")
    assert up.ended() == 2
    for name in ("HTTP", "RETENTION_DAYS", "LOG_LEVEL", "MQTT_URL"):
        assert f"QUAYSTREAM_{name}" in up.output
    assert "Traceback" not in up.output
    assert not state.exists()
