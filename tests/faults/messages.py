"""Publishing messages of an experiment's own, in order, over one connection."""

import asyncio
import secrets
from collections.abc import Callable, Sequence

from infra.mqtt.connection import Mqtt

UNACKED = 500

Message = tuple[str, bytes]
"""Topic and payload."""


def publish(
    url: str,
    messages: Sequence[Message],
    answered: Callable[[int, int], None] = lambda _n, _reason: None,
) -> None:
    """Publish with QoS 1, and wait until all are acknowledged.

    Args:
        url: of the broker.
        messages: topic and payload.
        answered: called with the place of a message and the broker's reason code.
    """
    asyncio.run(_publish(url, messages, answered))


async def _publish(url: str, messages: Sequence[Message], answered: Callable[[int, int], None]) -> None:
    waiting: dict[int, int] = {}

    def published(mid: int, reason: int) -> None:
        answered(waiting.pop(mid), reason)

    async with Mqtt(url, f"device-{secrets.token_hex(4)}", on_published=published) as mqtt:
        for n, (topic, payload) in enumerate(messages):
            await mqtt.drain(UNACKED)
            waiting[mqtt.publish(topic, payload)] = n
        await mqtt.drain(1)
