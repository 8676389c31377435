"""Lets users of the running private broker in, or keeps them out."""

import asyncio
import json
import uuid
from typing import Any, Final

from infra.machine.broker_users import BrokerUser
from infra.mqtt.connection import Mqtt, MqttError
from infra.mqtt.packet_reader import Message

TOPIC: Final = "$CONTROL/dynamic-security/v1"
ANSWER_S: Final = 5.0


async def admit(url: str, user: BrokerUser, *, admitted: bool) -> None:
    """Let a user connect; or end its connections, and refuse new ones.

    Args:
        url: of the broker, for who manages its users.
        user: that the broker knows.
        admitted: whether it is let in.

    Raises:
        MqttError: the broker cannot be reached, refuses, or does not answer.
    """
    answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()

    def take(messages: list[Message]) -> None:
        if not answer.done():
            answer.set_result(json.loads(messages[0].payload))

    name, response = f"quaystream-up-{uuid.uuid4().hex}", f"{TOPIC}/response"
    command = {"command": "enableClient" if admitted else "disableClient", "username": user.name}
    try:
        async with (
            asyncio.timeout(ANSWER_S),
            Mqtt(url, name, on_messages=take, subscriptions=[response]) as mqtt,
        ):
            mqtt.publish(TOPIC, json.dumps({"commands": [command]}))
            (result,) = (await answer)["responses"]
    except TimeoutError:
        raise MqttError(f"the broker does not answer to {command['command']}") from None
    if "error" in result:
        raise MqttError(f"the broker refuses {command['command']} of {user.name}: {result['error']}")
