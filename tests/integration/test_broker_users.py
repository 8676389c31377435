"""The private broker's users, each with what it may publish and read, at the real broker."""

import asyncio
import uuid

import pytest

from infra.machine.broker_control import admit, control
from infra.machine.broker_users import ADMIN, API, INTEGRATOR, WORKER, BrokerUser
from infra.machine.stack import Stack
from infra.mqtt.connection import Mqtt, MqttError
from infra.mqtt.packet_reader import Message
from tests.conftest import eventually

MAY_PUBLISH = {
    "port/t/crane/sts1/telemetry": {ADMIN, INTEGRATOR},
    "port/t/crane/sts1/status": {ADMIN, INTEGRATOR},
    "port/t/vessel/v1/call": {ADMIN, INTEGRATOR, API},
    "port/t/container/msku1234565/announcement": {ADMIN, INTEGRATOR, API},
    "port/t/container/msku1234565/treatment": {ADMIN, INTEGRATOR, API},
    "kpi/t/moves_per_hour/sts1": {ADMIN, WORKER},
    "ack/t/crane/sts1": {ADMIN, WORKER},
    "event/t/container/MSKU1234565": {ADMIN, WORKER},
    "alarm/t/wind/sts1": {ADMIN, WORKER},
    "truth/t/crane_move": {ADMIN, INTEGRATOR},
    "spBv1.0/group/DDATA/node/device": {ADMIN, INTEGRATOR},
    "quaystream/alive": {ADMIN, WORKER, API, INTEGRATOR},
    "elsewhere": {ADMIN},
    "$CONTROL/dynamic-security/v1": {ADMIN},
}
USERS = (ADMIN, WORKER, API, INTEGRATOR)


@pytest.mark.parametrize("user", USERS, ids=lambda user: user.name)
async def test_what_a_user_may_publish(stack: Stack, user: BrokerUser) -> None:
    """Everything else is refused, with the reason code that says so."""
    async with Mqtt(stack.mqtt_url_of(user), f"publisher-{uuid.uuid4().hex}") as mqtt:
        for topic, users in MAY_PUBLISH.items():
            # Nothing is kept of these: no JSON, and no worker reads at this broker meanwhile under these names.
            refused = await mqtt.answered(mqtt.publish(topic, b""))
            assert (refused is None) == (user in users), (topic, refused)
            assert refused is None or "Not authorized" in refused


MAY_READ = {
    "port/#": {ADMIN, WORKER, INTEGRATOR},
    "kpi/#": {ADMIN, API, INTEGRATOR},
    "kpi/t/moves_per_hour/sts1": {ADMIN, API, INTEGRATOR},
    "ack/t/#": {ADMIN, INTEGRATOR},
    "#": {ADMIN, INTEGRATOR},
    "$SYS/broker/publish/messages/dropped": {ADMIN, WORKER, INTEGRATOR},
    "$CONTROL/dynamic-security/v1/response": {ADMIN},
    "$CONTROL/#": set(),
}


@pytest.mark.parametrize("user", USERS, ids=lambda user: user.name)
async def test_what_a_user_may_subscribe_to(stack: Stack, user: BrokerUser) -> None:
    """Other subscriptions are refused, and the connection knows that it receives nothing."""
    for topic, users in MAY_READ.items():
        name = f"reader-{uuid.uuid4().hex}"
        async with Mqtt(stack.mqtt_url_of(user), name, subscriptions=[topic]) as mqtt:
            await mqtt.answered(mqtt.publish("quaystream/alive", b""))  # the broker answers in order
            assert mqtt.receiving == (user in users), topic


async def test_what_an_old_client_may_not_publish_goes_nowhere(stack: Stack) -> None:
    """MQTT 3.1.1 has no reason codes: the publish is acknowledged, and nobody gets it."""
    got: list[Message] = []
    kpi, mine = f"kpi/{uuid.uuid4().hex}", f"port/{uuid.uuid4().hex}"
    async with Mqtt(
        stack.mqtt_url_of(ADMIN), f"reader-{uuid.uuid4().hex}", on_messages=got.extend, subscriptions=[kpi, mine]
    ):
        assert stack.binaries.clients is not None
        for topic in (kpi, mine):
            command = [str(stack.binaries.clients / "mosquitto_pub"), "-L", f"{stack.mqtt_url_of(INTEGRATOR)}/{topic}"]
            done = await asyncio.create_subprocess_exec(*command, "-V", "311", "-q", "1", "-m", "forged")
            assert await done.wait() == 0
        async with asyncio.timeout(5):
            while not got:
                await asyncio.sleep(0.02)
    assert [message.topic for message in got] == [mine]


async def test_a_user_who_is_kept_out_is_disconnected(stack: Stack) -> None:
    """And let in again; others notice nothing."""
    async with (
        Mqtt(stack.mqtt_url_of(INTEGRATOR), f"sender-{uuid.uuid4().hex}") as sender,
        Mqtt(stack.mqtt_url_of(WORKER), f"worker-{uuid.uuid4().hex}") as worker,
    ):
        await admit(stack.mqtt_url, [INTEGRATOR.name], admitted=False)
        try:
            await eventually(lambda: not sender.connected)
            with pytest.raises(MqttError, match="Not authorized"):
                async with Mqtt(stack.mqtt_url_of(INTEGRATOR), f"sender-{uuid.uuid4().hex}"):
                    pass
            assert worker.connected
        finally:
            await admit(stack.mqtt_url, [INTEGRATOR.name], admitted=True)
        assert await sender.answered(sender.publish("port/t", b"")) is None
        assert (worker.reconnects, sender.reconnects) == (0, 1)


async def test_who_may_not_manage_users_learns_it(stack: Stack) -> None:
    with pytest.raises(MqttError, match="does not answer"):
        await admit(stack.mqtt_url_of(WORKER), [INTEGRATOR.name], admitted=False)
    with pytest.raises(MqttError, match="refuses deleteClient of nobody: Client not found"):
        await control(stack.mqtt_url, [{"command": "deleteClient", "username": "nobody"}])
    await admit(stack.mqtt_url, ["nobody"], admitted=False)
