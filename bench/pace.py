"""Publishes messages on a fixed schedule: `python -m bench.pace URL RATE SECONDS CLIENT_ID [lazy | DEVICES]`.

An open loop: a message that could not be sent in time counts from when it was due, so that a stall is not hidden.
Messages are made beforehand; `lazy` makes them on the way, which takes little memory and keeps the schedule less well.
DEVICES: they come from so many cranes in turn.
Prints one JSON line: when the first one was due [ns of the monotonic clock] and how many were sent.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from itertools import islice

from bench.messages import UNACKED, Message, made, spread, stream
from infra.mqtt.connection import Mqtt

STEP_S = 0.002
LEAD_S = 0.5


def due_ns(start_ns: int, number: int, rate: float) -> int:
    """When a message is due [ns of the monotonic clock]."""
    return start_ns + int(number / rate * 1e9)


def messages_for(total: int, how: str) -> Iterator[Message]:
    """What is sent."""
    if how.isdigit():
        return spread(int(how), total)
    return stream(total, 1) if how == "lazy" else iter(made(total, 1))


async def publish(url: str, rate: float, total: int, client_id: str, messages: Iterator[Message]) -> tuple[int, int]:
    """Send, and wait until the broker has acknowledged everything."""
    async with Mqtt(url, client_id) as mqtt:
        start_ns = time.monotonic_ns() + int(LEAD_S * 1e9)
        sent = 0
        while sent < total:
            now_ns = time.monotonic_ns()
            upto = min(total, int((now_ns - start_ns) / 1e9 * rate) + 1) if now_ns >= start_ns else 0
            due = min(max(0, upto - sent), UNACKED)  # after a stall of the broker not all at once: ids would run out
            for topic, payload in islice(messages, due):
                mqtt.publish(topic, payload)
            sent += due
            await mqtt.drain(UNACKED)
            await asyncio.sleep(STEP_S)
        await mqtt.drain(1)
    return start_ns, sent


def main() -> None:
    """Run as a program."""
    url, rate, seconds, client_id, how = [*sys.argv[1:], ""][:5]
    total = int(float(rate) * float(seconds))
    start_ns, sent = asyncio.run(publish(url, float(rate), total, client_id, messages_for(total, how)))
    print(json.dumps({"start_ns": start_ns, "sent": sent}))


if __name__ == "__main__":
    main()
