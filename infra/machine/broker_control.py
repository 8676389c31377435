"""Manages the users of the running private broker."""

import asyncio
import json
import uuid
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, Final

from infra.access.device_name import DeviceName
from infra.machine.broker_users import certified
from infra.mqtt.connection import Mqtt, MqttError
from infra.mqtt.packet_reader import Message

TOPIC: Final = "$CONTROL/dynamic-security/v1"
ANSWER_S: Final = 5.0
MOST_COMMANDS: Final = 1_000
"""In one message, far below what the broker takes."""
UNKNOWN_CLIENT: Final = "Client not found"
Command = dict[str, Any]


async def control(url: str, commands: Iterable[Command], passed_over: str | None = None) -> list[dict[str, Any]]:
    """Let the broker's plugin do these, in order; what it answers to each.

    Args:
        url: of the broker, for who manages its users.
        commands: as the plugin takes them.
        passed_over: an error that means nothing; None: there is none.

    Raises:
        MqttError: the broker cannot be reached, refuses one, or does not answer.
    """
    waiting = iter(commands)
    parts = list(iter(lambda: list(islice(waiting, MOST_COMMANDS)), []))
    came: asyncio.Queue[Message] = asyncio.Queue()

    def take(messages: list[Message]) -> None:
        for message in messages:
            came.put_nowait(message)

    name, results = f"quaystream-up-{uuid.uuid4().hex}", []
    async with Mqtt(url, name, on_messages=take, subscriptions=[f"{TOPIC}/response"]) as mqtt:
        for part in parts:
            mqtt.publish(TOPIC, json.dumps({"commands": part}))
            try:
                async with asyncio.timeout(ANSWER_S):
                    results += _answers(part, json.loads((await came.get()).payload), passed_over)
            except TimeoutError:
                raise MqttError(f"the broker does not answer to {part[0]['command']}") from None
    return results


async def admit(
    url: str, usernames: Iterable[str], *, admitted: bool, certified_names: Iterable[DeviceName] = ()
) -> None:
    """Let users connect; or end their connections, and refuse new ones, or what they publish.

    Args:
        url: of the broker, for who manages its users.
        usernames: of theirs; whom the broker does not know cannot connect anyway.
        admitted: whether they are let in.
        certified_names: of devices that may show certificates; what they publish is refused.

    Raises:
        MqttError: the broker cannot be reached, refuses, or does not answer.
    """
    command = "enableClient" if admitted else "disableClient"
    commands = [{"command": command, "username": username} for username in usernames]
    roles = [{"command": "modifyClient", **certified(name, admitted=admitted)} for name in certified_names]
    await control(url, [*commands, *roles], UNKNOWN_CLIENT)


def _answers(commands: Sequence[Command], answer: dict[str, Any], passed_over: str | None) -> list[dict[str, Any]]:
    for command, result in zip(commands, answer["responses"], strict=True):
        if result.get("error", passed_over) != passed_over:
            subject = command.get("username", command.get("rolename", ""))
            raise MqttError(f"the broker refuses {command['command']} of {subject}: {result['error']}")
    return [result.get("data", {}) for result in answer["responses"]]
