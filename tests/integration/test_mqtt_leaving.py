"""A client that leaves while the broker sends: what it has acknowledged does not come again."""

import asyncio
import time

from infra.mqtt.connection import Mqtt
from infra.mqtt.packet_reader import Message

MESSAGES, TAKEN = 20_000, 2_000


async def test_what_was_acknowledged_last_does_not_come_again(mqtt_url: str) -> None:
    """Each time it stops reading after some thousand messages, of which others wait in the socket."""
    name = f"leaves-{time.time_ns()}"
    came: list[Message] = []

    def client() -> Mqtt:
        return Mqtt(
            mqtt_url,
            name,
            clean_start=False,
            session_expiry_s=600,
            receive_maximum=10_000,
            manual_ack=True,
            on_messages=came.extend,
            subscriptions=[f"{name}/#"],
        )

    async with client():
        pass
    async with Mqtt(mqtt_url, f"{name}-sender") as sender:
        for number in range(MESSAGES):
            sender.publish(f"{name}/a", str(number).rjust(200))
        await sender.drain(1)
    acknowledged: set[int] = set()
    for _ in range(5):
        came.clear()
        async with client() as connection, asyncio.timeout(20):
            while len(came) < TAKEN:
                await asyncio.sleep(0)
            connection.pause()
            await asyncio.sleep(0.05)  # the broker fills the socket
            numbers = {int(message.payload) for message in came}
            connection.ack([message.mid for message in came])
        assert numbers.isdisjoint(acknowledged)
        acknowledged |= numbers
