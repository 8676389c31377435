"""Accounts of devices over the API, at a real database and a real broker whose users follow."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.access import api_keys, device_accounts
from infra.access.device_accounts import NewCredential
from infra.access.device_name import DeviceName
from infra.access.roles import Role
from infra.connection import Connection
from infra.machine import new_passwords
from infra.machine.device_users import DeviceUsers
from infra.machine.stack import Stack
from infra.mqtt.connection import MqttError
from tests.conftest import eventually
from tests.integration import api_rows
from tests.integration.test_device_accounts import joined

ACCOUNTS = "/api/v1/accounts"
STS1, STS2 = f"{ACCOUNTS}/t/crane/sts1", f"{ACCOUNTS}/t/crane/sts2"
OWN, OTHER = "port/t/crane/sts1/telemetry", "port/t/crane/sts2/telemetry"


@pytest.fixture
def state_dir(state_dir: Path) -> Path:
    """The test's own, made."""
    state_dir.mkdir()
    return state_dir


@pytest.fixture
async def up(state_dir: Path, users: DeviceUsers) -> AsyncIterator[None]:
    """What `quaystream up` runs beside its broker."""
    task = asyncio.create_task(new_passwords.serve(state_dir, users.enter))
    await eventually((state_dir / new_passwords.SOCKET).exists)
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


@pytest.fixture
async def ask(database_url: str, mqtt_url: str, state_dir: Path) -> AsyncIterator[Any]:
    """Asks an API with the state folder of the test."""
    more = {"QUAYSTREAM_STATE_DIR": str(state_dir)}
    async with api_rows.serving(database_url, mqtt_url, more=more) as base, api_rows.asking(base) as ask:
        yield ask


async def made(asked: Any) -> NewCredential:
    """The credential of an answer; the broker knows it."""
    status, body = await asked
    assert (status, body["problem"]) == (200, None), body
    return NewCredential(body["username"], body["password"], body["client_id"])


async def listed(ask: Any, query: str = "") -> list[Any]:
    status, body = await ask(ACCOUNTS + query)
    assert status == 200
    found: list[Any] = body["accounts"]
    return found


def message(body: Any) -> str:
    """Of an error."""
    found: str = body["error"]["message"]
    return found


@pytest.mark.usefixtures("up")
async def test_an_account_added_over_the_api_publishes_at_once(stack: Stack, ask: Any) -> None:
    """For its device only; the answer has the password, and nothing afterwards has."""
    status, body = await ask(STS1, "POST", {"type": " ARMG ", "owner": "ACME"})
    assert (status, body["problem"], body["broker"]) == (200, None, f"mqtt://127.0.0.1:{stack.broker.port}")
    assert (body["terminal"], body["stream"], body["device"]) == ("t", "crane", "sts1")
    own = NewCredential(body["username"], body["password"], body["client_id"])
    async with joined(stack, own) as mqtt:
        assert await mqtt.answered(mqtt.publish(OWN, b"")) is None
        assert await mqtt.answered(mqtt.publish(OTHER, b"")) is not None
    (account,) = await listed(ask)
    (credential,) = account.pop("credentials")
    assert own.password not in str((account, credential))
    assert (credential["username"], credential["ends_at"]) == (own.username, None)
    assert credential["added_at"] == account.pop("added_at")
    assert account == {
        "terminal": "t",
        "stream": "crane",
        "device": "sts1",
        "type": "ARMG",
        "owner": "ACME",
        "client_id": own.client_id,
        "revoked_at": None,
        "last_seen_at": None,
    }
    status, body = await ask(STS1, "POST", {})
    assert (status, message(body)) == (409, "t/crane/sts1 has an account; rotate it for a new password")


@pytest.mark.usefixtures("up")
async def test_a_rotation_over_the_api_keeps_the_old_password_for_the_overlap(stack: Stack, ask: Any) -> None:
    """An hour unless the request names another time; then the old one is disconnected."""
    old = await made(ask(STS1, "POST", {}))
    new = await made(ask(f"{STS1}/rotate", "POST", {}))
    assert (new.client_id, new.username == old.username) == (old.client_id, False)
    for credential in (old, new):
        async with joined(stack, credential) as mqtt:
            assert await mqtt.answered(mqtt.publish(OWN, b"")) is None
    (account,) = await listed(ask)
    first, second = account["credentials"]
    assert (first["username"], second["username"], second["ends_at"]) == (old.username, new.username, None)
    overlap = datetime.fromisoformat(first["ends_at"]) - datetime.fromisoformat(second["added_at"])
    assert overlap == timedelta(hours=1)
    async with joined(stack, new) as mqtt:
        newest = await made(ask(f"{STS1}/rotate", "POST", {"overlap_s": 0}))
        await eventually(lambda: not mqtt.connected)
    for ended in (old, new):
        with pytest.raises(MqttError, match="Not authorized"):
            async with joined(stack, ended):
                pass
    async with joined(stack, newest):
        pass


@pytest.mark.usefixtures("up")
async def test_a_revocation_over_the_api_disconnects(stack: Stack, ask: Any) -> None:
    """The device cannot come back; an account made again has another client id."""
    first = await made(ask(STS1, "POST", {"owner": "ACME"}))
    async with joined(stack, first) as mqtt:
        status, body = await ask(STS1, "DELETE")
        assert (status, body) == (200, {"terminal": "t", "stream": "crane", "device": "sts1", "problem": None})
        await eventually(lambda: not mqtt.connected)
    with pytest.raises(MqttError, match="Not authorized"):
        async with joined(stack, first):
            pass
    (account,) = await listed(ask)
    assert (account["credentials"], account["revoked_at"] is None) == ([], False)
    for path, method, body in ((STS1, "DELETE", None), (f"{STS1}/rotate", "POST", {}), (STS2, "DELETE", None)):
        status, answer = await ask(path, method, body)
        assert (status, "has no account, or a revoked one; add it first" in message(answer)) == (404, True), path
    again = await made(ask(STS1, "POST", {}))
    assert again.client_id != first.client_id
    (account,) = await listed(ask)
    assert (account["revoked_at"], account["owner"]) == (None, "ACME")


async def test_where_the_broker_does_not_follow_the_answer_explains_what_to_do(
    ask: Any, state_dir: Path, connection: Connection
) -> None:
    """The account is stored, and its password known, as `up` may be started, or the broker be another one."""
    for path, method, body in ((STS1, "POST", {}), (f"{STS1}/rotate", "POST", {}), (STS1, "DELETE", None)):
        status, answer = await ask(path, method, body)
        assert status == 202, (path, answer)
        expected = f"the broker does not know it yet: no `quaystream up` with a broker of its own runs with {state_dir}"
        assert expected in answer["problem"]
        assert "at a broker of your own, make it there too (docs/broker.md)" in answer["problem"]
        assert len(answer.get("password", "x" * 40)) == 40
    (account,) = await device_accounts.accounts(connection)
    assert account.revoked_at is not None


@pytest.mark.parametrize(
    ("path", "method", "body", "status", "expected"),
    [
        ("/t/crane", "POST", {}, 404, "there is no /api/v1/accounts/t/crane here"),
        ("/t/crane/sts1/x", "POST", {}, 404, "/openapi.json lists every route"),
        ("/t/ship/a", "POST", {}, 400, "parameter stream: invalid enum value 'ship' (device family: crane"),
        ("/t/ship/a", "DELETE", None, 400, "parameter stream: invalid enum value 'ship'"),
        ("/T/crane/sts1", "POST", {}, 400, "parameter terminal: expected `str` matching"),
        ("/t/crane/sts+1", "POST", {}, 400, "parameter device: expected `str` matching"),
        ("/t/crane/sts1", "POST", {"kind": "STS"}, 400, "kind"),
        ("/t/crane/sts1", "POST", {"owner": " "}, 400, "body field owner"),
        ("/t/crane/sts1", "POST", {"type": "x" * 65}, 400, "body field type"),
        ("/t/crane/sts1", "POST", None, 415, "set Content-Type to application/json"),
        ("/t/crane/sts1/rotate", "POST", {"overlap_s": -1}, 400, "body field overlap_s"),
        ("/t/crane/sts1/rotate", "POST", {"overlap_s": "1h"}, 400, "body field overlap_s"),
        ("?terminal=T", "GET", None, 400, "parameter terminal"),
        ("/t/crane/sts1", "PUT", {}, 405, "takes DELETE, POST, not PUT"),
    ],
)
async def test_a_wrong_request_about_an_account_is_refused(
    ask: Any, connection: Connection, path: str, method: str, body: Any, status: int, expected: str
) -> None:
    """With what to change; nothing is stored."""
    got, answer = await ask(ACCOUNTS + path, method, body)
    assert (got, expected in message(answer)) == (status, True), answer
    assert await device_accounts.accounts(connection) == []


@pytest.mark.usefixtures("up")
async def test_a_key_manages_accounts_of_its_terminal_only(ask: Any, connection: Connection) -> None:
    """Under its name in the audit log; those of other terminals it neither sees nor changes."""
    await device_accounts.add(connection, DeviceName("other", "crane", "sts1"))
    _, key = await api_keys.add(connection, "Ana", Role.ADMIN, "t")
    own = {"Authorization": f"Bearer {key}"}

    async def locked() -> bool:
        return bool((await ask(ACCOUNTS))[0] == 401)

    await api_rows.until(locked)
    await made(ask(STS1, "POST", {}, own))
    await made(ask(f"{STS1}/rotate", "POST", {}, own))
    foreign = f"{ACCOUNTS}/other/crane/sts1"
    for path, method, body in (
        (ACCOUNTS, "GET", None),
        (f"{ACCOUNTS}?terminal=other", "GET", None),
        (foreign, "POST", {}),
        (f"{foreign}/rotate", "POST", {}),
        (foreign, "DELETE", None),
    ):
        status, answer = await ask(path, method, body, own)
        assert (status, "this key is for terminal t only" in message(answer)) == (403, True), (path, method)
    status, answer = await ask(f"{ACCOUNTS}?terminal=t", "GET", None, own)
    assert (status, [one["device"] for one in answer["accounts"]]) == (200, ["sts1"])
    assert (await ask(STS1, "DELETE", None, own))[0] == 200
    rows = await connection.fetch(
        "SELECT DISTINCT principal, action FROM audit WHERE terminal = 't' AND subject LIKE '%sts1%'"
    )
    assert {tuple(row) for row in rows} == {
        ("Ana", "device_account.added"),
        ("Ana", "device_account.changed"),
        ("Ana", "device_credential.added"),
        ("Ana", "device_credential.changed"),
    }
    (untouched,) = await device_accounts.accounts(connection, "other")
    assert (untouched.revoked_at, len(untouched.credentials)) == (None, 1)


async def test_an_account_has_type_and_last_message_of_its_device(ask: Any, database_url: str) -> None:
    """The type that the device has given goes before that of its account."""
    async with api_rows.rows(database_url) as db:
        await api_rows.add_devices(db)
    for device in ("sts1", "sts3"):
        assert (await ask(f"{ACCOUNTS}/demo/crane/{device}", "POST", {"type": "MHC"}))[0] == 202
    found = await listed(ask, "?terminal=demo")
    assert [(one["device"], one["type"], one["last_seen_at"]) for one in found] == [
        ("sts1", "STS", api_rows.text(api_rows.TEN_SECONDS_AGO)),
        ("sts3", "MHC", None),
    ]
    assert await listed(ask, "?terminal=other") == []
