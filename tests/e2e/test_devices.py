"""Accounts of devices as an engineer uses them: `quaystream device`, and whatever ends the broker or the stack."""

import json
import os
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import eventually
from tests.e2e.conftest import Up

Start = Callable[..., Up]
PUBLISH = """
mosquitto_pub -V 5 -q 1 -i "$client_id" -L "mqtt://$username:$password@${QUAYSTREAM_MQTT_URL#*@}/$topic" \\
  -m "{\\"ts\\": $(date +%s%3N), \\"landed\\": true}" || true
"""
OWN, OTHER = "port/demo/crane/sts9/telemetry", "port/demo/crane/sts1/telemetry"


async def test_an_account_from_its_making_to_its_revocation(terminal: Up) -> None:
    """Printed once; speaks for its device only; listed; passed over to a new password; revoked."""
    made = terminal.joined("quaystream device add demo/crane/e2e1 --owner ACME --json")
    assert (made.returncode, made.stderr) == (0, "")
    first = json.loads(made.stdout)
    assert set(first) == {"username", "password", "client_id"}
    again = terminal.joined("quaystream device add demo/crane/e2e1")
    assert (again.returncode, again.stdout) == (1, "")
    assert "device rotate demo/crane/e2e1" in again.stderr
    assert published(terminal, first, "port/demo/crane/e2e1/telemetry") == ""
    assert "Not authorized" in published(terminal, first, OTHER)
    await eventually(lambda: listed(terminal)["last_seen_at"] is not None)
    assert first["password"] not in terminal.joined("quaystream device list").stdout
    rotated = terminal.joined("quaystream device rotate demo/crane/e2e1 --overlap 0s --json")
    second = json.loads(rotated.stdout)
    assert "Not authorized" in published(terminal, first, "port/demo/crane/e2e1/telemetry")
    assert published(terminal, second, "port/demo/crane/e2e1/telemetry") == ""
    assert (listed(terminal)["owner"], listed(terminal)["usernames"]) == ("ACME", [second["username"]])
    revoked = terminal.joined("quaystream device revoke demo/crane/e2e1")
    assert (revoked.returncode, revoked.stdout) == (0, "demo/crane/e2e1 is revoked\n")
    assert "Not authorized" in published(terminal, second, "port/demo/crane/e2e1/telemetry")
    assert listed(terminal)["revoked_at"] is not None


def test_a_wrong_name_is_refused_with_what_to_change(terminal: Up) -> None:
    for name, expected in (("demo/sts9", "TERMINAL/STREAM/DEVICE"), ("demo/ship/a", "must be one of crane")):
        refused = terminal.joined(f"quaystream device add {name}")
        assert (refused.returncode, refused.stdout) == (1, "")
        assert expected in refused.stderr


async def test_accounts_outlive_a_killed_broker_and_the_stack(start: Start) -> None:
    """The broker starts with all that are in force, and with none that is not."""
    up = start()
    up.shows("ready: open")
    kept = json.loads(up.joined("quaystream device add demo/crane/sts9 --json").stdout)
    ended = json.loads(up.joined("quaystream device add demo/crane/sts8 --json").stdout)
    os.kill(up.child("bin/mosquitto -c").pid, signal.SIGKILL)
    up.shows("Mosquitto ended with exit code -9; starting it again")
    await eventually(partial(connects, up, kept))
    assert up.joined("quaystream device revoke demo/crane/sts8").returncode == 0
    assert up.stop() == 0
    up = start()
    up.shows("ready: open")
    assert published(up, kept, OWN) == ""
    assert "Not authorized" in published(up, ended, "port/demo/crane/sts8/telemetry")


async def test_where_devices_without_an_account_are_refused(start: Start) -> None:
    """Integrators announce calls and speak for no device; a device with an account is stored."""
    up = start(UNREGISTERED="refuse")
    up.shows("ready: open")
    assert "Not authorized" in announced(up, OTHER, f'{{"ts": {time.time_ns() // 1_000_000}}}')
    assert announced(up, "port/demo/vessel/v1/call", '{"vessel": "ANDEAN STAR"}') == ""
    made = json.loads(up.joined("quaystream device add demo/crane/sts9 --json").stdout)
    assert published(up, made, OWN) == ""
    await eventually(lambda: stored(up, "SELECT call_id FROM vessel_call") == "v1")
    await eventually(lambda: stored(up, "SELECT DISTINCT device FROM v_crane") == "sts9")
    assert stored(up, "SELECT count(*) FROM quarantine") == "0"


@pytest.mark.parametrize("setting", ["quarantine", "refuse"])
def test_a_simulation_is_refused_where_its_devices_are(start: Start, state: Path, setting: str) -> None:
    """In one line that shows what to change, before anything is started."""
    up = start("--simulate", "demo", UNREGISTERED=setting)
    assert up.ended() == 2
    (line,) = up.output.splitlines()
    assert f"QUAYSTREAM_UNREGISTERED={setting}" in line
    assert "set it to accept, or leave out --simulate" in line
    assert not state.exists()


def announced(up: Up, topic: str, payload: str) -> str:
    """Publish as an integrator; what the client complains of."""
    return up.joined(f"mosquitto_pub -V 5 -q 1 -L \"$QUAYSTREAM_MQTT_URL/{topic}\" -m '{payload}' || true").stderr


def stored(up: Up, query: str) -> str:
    """What a query finds."""
    return up.joined(f'psql "$QUAYSTREAM_DATABASE_URL" -Atc "{query}"').stdout.strip()


def published(up: Up, credential: dict[str, str], topic: str) -> str:
    """Publish with a credential; what the client complains of."""
    assignments = "; ".join(f"{name}={value}" for name, value in {**credential, "topic": topic}.items())
    return up.joined(f"{assignments}\n{PUBLISH}").stderr


def connects(up: Up, credential: dict[str, str]) -> bool:
    return published(up, credential, OWN) == ""


def listed(up: Up) -> dict[str, object]:
    """The account of the test as `quaystream device list` has it."""
    accounts = json.loads(up.joined("quaystream device list --terminal demo --json").stdout)
    found: list[dict[str, object]] = [account for account in accounts if account["device"] == "demo/crane/e2e1"]
    return found[0]
