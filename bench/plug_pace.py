"""Publishes what thousands of reefers send, each once a minute: `python -m bench.plug_pace URL PLUGS MINUTES`.

Each sample is published when it is made, spread evenly over the minute, one a message. Prints how many were sent.
"""

import asyncio
import math
import sys
from collections.abc import Iterator

import msgspec
import numpy as np

from bench.messages import Message
from infra.clock import now_us
from infra.mqtt.connection import Mqtt
from processing.model import topics
from simulators.reefers.group import Reefers
from simulators.reefers.plugs import names

MINUTE_MS = 60_000
LEAD_MS = 2_000
"""Before the first sample is due."""


def messages(plugs: int, start_ms: int, minutes: float) -> Iterator[tuple[int, Message]]:
    """When each is due, and what it is, in order. [ms since 1970 UTC]."""
    encode, terminal = msgspec.json.Encoder().encode, f"plugs-{start_ms}"
    simulator = Reefers(names(plugs), np.random.default_rng(5), start_ms // MINUTE_MS * MINUTE_MS, -5.0)
    simulator.interval_min[:] = 1
    ahead_ms = start_ms % MINUTE_MS
    end_ms = start_ms + minutes * MINUTE_MS
    for minute in range(1, math.ceil(minutes) + 1):
        samples, _ = simulator.until((start_ms // MINUTE_MS + minute) * MINUTE_MS)
        for time_ms, plug, signals in samples:
            if time_ms + ahead_ms > end_ms:
                return
            topic = topics.telemetry(terminal, "reefer", plug)
            yield time_ms + ahead_ms, (topic, encode({"ts": time_ms + ahead_ms, "seq": minute, **signals}))


async def publish(url: str, plugs: int, minutes: float) -> int:
    """Publish each message when it is due, and wait until the broker has acknowledged all."""
    start_ms, sent = now_us() // 1000 + LEAD_MS, 0
    async with Mqtt(url, "bench-plugs") as mqtt:
        for due_ms, (topic, payload) in messages(plugs, start_ms, minutes):
            early_s = (due_ms * 1000 - now_us()) / 1e6
            if early_s > 0:
                await asyncio.sleep(early_s)
            mqtt.publish(topic, payload)
            sent += 1
        await mqtt.drain(1)
    return sent


def main() -> None:
    """Run as a program."""
    url, plugs, minutes = sys.argv[1:]
    print(asyncio.run(publish(url, int(plugs), float(minutes))))


if __name__ == "__main__":
    main()
