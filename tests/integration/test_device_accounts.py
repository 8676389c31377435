"""Accounts of devices, at the real broker: what each may do, rotation and revocation."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

import pytest

from infra.access import device_accounts
from infra.access.device_accounts import NewCredential
from infra.access.device_name import DeviceName
from infra.connection import Connection
from infra.machine.broker_control import admit
from infra.machine.device_users import DeviceUsers
from infra.machine.stack import Stack
from infra.mqtt.connection import Mqtt, MqttError
from ingest.store.devices import SQL
from processing.model.errors import QuaystreamError
from tests.conftest import eventually

STS1, STS2 = DeviceName("t", "crane", "sts1"), DeviceName("t", "crane", "sts2")


def joined(
    stack: Stack, credential: NewCredential, client_id: str | None = None, subscriptions: Sequence[str] = ()
) -> Mqtt:
    """A connection of a device, with its own client id unless another is given."""
    url = f"mqtt://{credential.username}:{credential.password}@127.0.0.1:{stack.broker.port}"
    return Mqtt(url, client_id or credential.client_id, subscriptions=subscriptions)


async def entered(users: DeviceUsers, credential: NewCredential) -> NewCredential:
    """A credential that the broker knows."""
    assert await users.enter({credential.username: credential.password}) is None
    return credential


async def test_a_device_speaks_for_itself_only(stack: Stack, connection: Connection, users: DeviceUsers) -> None:
    """Others, calls, KPIs and receipts are refused, with the reason code that says so; so are subscriptions."""
    own = await entered(users, await device_accounts.add(connection, STS1))
    await entered(users, await device_accounts.add(connection, STS2))
    async with joined(stack, own) as mqtt:
        for topic, allowed in {
            "port/t/crane/sts1/telemetry": True,
            "port/t/crane/sts1/status": True,
            "port/t/crane/sts2/telemetry": False,
            "port/t/crane/sts12/telemetry": False,
            "port/t/gate/sts1/telemetry": False,
            "port/other/crane/sts1/telemetry": False,
            "port/t/vessel/v1/call": False,
            "kpi/t/moves_per_hour/sts1": False,
            "ack/t/crane/sts1": False,
            "truth/t/crane_move": False,
            "quaystream/doctor/x": False,
            "$CONTROL/dynamic-security/v1": False,
        }.items():
            refused = await mqtt.answered(mqtt.publish(topic, b""))
            assert (refused is None) == allowed, (topic, refused)
    for topic, allowed in {"ack/t/crane/sts1": True, "ack/t/crane/sts2": False, "#": False, "kpi/#": False}.items():
        async with joined(stack, own, subscriptions=[topic]) as mqtt:
            assert await mqtt.answered(mqtt.publish("port/t/crane/sts1/x", b"")) is None  # the broker answers in order
            assert mqtt.receiving == allowed, topic


async def test_a_device_connects_with_its_own_client_id_only(
    stack: Stack, connection: Connection, users: DeviceUsers
) -> None:
    """So it takes over nobody's session, not even with the id of another device; nor does a wrong password."""
    own = await entered(users, await device_accounts.add(connection, STS1))
    other = await entered(users, await device_accounts.add(connection, STS2))
    async with joined(stack, other) as undisturbed:
        for client_id in (other.client_id, "mine", uuid.uuid4().hex):
            with pytest.raises(MqttError, match="Not authorized"):
                async with joined(stack, own, client_id=client_id):
                    pass
        wrong = NewCredential(own.username, other.password, own.client_id)
        with pytest.raises(MqttError, match="Not authorized"):
            async with joined(stack, wrong):
                pass
        assert (undisturbed.connected, undisturbed.reconnects) == (True, 0)


async def test_both_passwords_hold_while_a_rotation_overlaps(
    stack: Stack, connection: Connection, users: DeviceUsers
) -> None:
    """Then the old one is disconnected; the new one has the same client id."""
    old = await entered(users, await device_accounts.add(connection, STS1))
    new = await entered(users, await device_accounts.rotate(connection, STS1, timedelta(hours=1)))
    assert new.client_id == old.client_id
    assert new.username != old.username
    for credential in (old, new, old):
        async with joined(stack, credential) as mqtt:
            assert await mqtt.answered(mqtt.publish("port/t/crane/sts1/x", b"")) is None
    async with joined(stack, old) as mqtt:
        newest = await entered(users, await device_accounts.rotate(connection, STS1, timedelta()))
        await eventually(lambda: not mqtt.connected)
    for ended in (old, new):
        with pytest.raises(MqttError, match="Not authorized"):
            async with joined(stack, ended):
                pass
    async with joined(stack, newest):
        pass


async def test_who_is_revoked_is_disconnected(stack: Stack, connection: Connection, users: DeviceUsers) -> None:
    """By whatever program: a notification of the database is all it takes. A new account has another client id."""
    first = await entered(users, await device_accounts.add(connection, STS1))
    async with joined(stack, first) as mqtt:
        await device_accounts.revoke(connection, STS1)
        await eventually(lambda: not mqtt.connected)
    with pytest.raises(QuaystreamError, match="has no account, or a revoked one"):
        await device_accounts.rotate(connection, STS1, timedelta())
    with pytest.raises(QuaystreamError, match="has no account, or a revoked one"):
        await device_accounts.revoke(connection, STS1)
    again = await entered(users, await device_accounts.add(connection, STS1, owner="ACME"))
    with pytest.raises(QuaystreamError, match="has an account"):
        await device_accounts.add(connection, STS1)
    assert again.client_id != first.client_id
    async with joined(stack, again):
        pass
    (account,) = await device_accounts.accounts(connection, "t")
    assert (account.name, account.owner, account.usernames, account.revoked_at) == (
        STS1,
        "ACME",
        ("t.crane.sts1.2",),
        None,
    )
    assert await device_accounts.accounts(connection, "elsewhere") == []


async def test_no_password_stands_in_the_database(connection: Connection) -> None:
    made = await device_accounts.add(connection, STS1)
    rows = await connection.fetch("SELECT a::text || c::text FROM device_account a, device_credential c")
    assert made.username in rows[0][0]
    assert made.password not in rows[0][0]


async def test_devices_are_kept_out_with_the_integrators(
    stack: Stack, connection: Connection, users: DeviceUsers
) -> None:
    own = await entered(users, await device_accounts.add(connection, STS1))
    await device_accounts.add(connection, STS2)  # whose password nobody has passed on
    await eventually(lambda: len(users.senders()) == 3)
    assert own.username in users.senders()
    await admit(stack.mqtt_url, users.senders(), admitted=False)
    try:
        with pytest.raises(MqttError, match="Not authorized"):
            async with joined(stack, own):
                pass
    finally:
        await admit(stack.mqtt_url, users.senders(), admitted=True)
    async with joined(stack, own):
        pass


async def test_a_new_device_has_the_type_of_its_account(connection: Connection) -> None:
    """Not what its name suggests, until it states something else."""
    await device_accounts.add(connection, DeviceName("t", "crane", "sts1"), "ARMG")
    rows = await connection.fetch(SQL["register"], ["t", "t"], ["crane", "crane"], ["sts1", "sts2"], ["STS", "STS"])
    assert [(row["device"], row["type"]) for row in rows] == [("sts1", "ARMG"), ("sts2", "STS")]
