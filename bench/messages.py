"""The messages of a measurement: what the cranes of a simulated terminal send, in order of time."""

import asyncio

import msgspec

from infra.clock import now_us
from infra.mqtt import Mqtt
from processing import topics
from simulators.terminal import Terminal

SLICE_MS = 60_000
UNACKED = 2_000
Message = tuple[str, bytes]


def made(count: int, samples_each: int, preset: str = "chancay", seed: int = 11) -> list[Message]:
    """Topic and payload of `count` messages of cranes, each holding `samples_each` samples.

    They end about now, so that no sample is refused for its time.
    """
    terminal = Terminal(preset, seed, 0, "bench")
    per_minute = _rows_a_minute(terminal)
    needed_ms = int((count * samples_each / per_minute + 2) * SLICE_MS)
    terminal = Terminal(preset, seed, now_us() // 1000 - needed_ms - SLICE_MS, f"bench-{now_us()}")
    encode = msgspec.json.Encoder().encode
    found: list[Message] = []
    while len(found) < count:
        minute = terminal.advance(terminal.now_ms + SLICE_MS)
        timed: list[tuple[int, Message]] = []
        for (stream, device), rows in minute.rows.items():
            if stream != "crane":
                continue
            topic = topics.telemetry(terminal.preset.terminal, stream, device)
            for i in range(0, len(rows), samples_each):
                part = rows[i : i + samples_each]
                timed.append((part[-1].ts, (topic, encode(part if samples_each > 1 else part[0]))))
        found += [message for _, message in sorted(timed)]
    return found[:count]


def _rows_a_minute(terminal: Terminal) -> int:
    minute = terminal.advance(terminal.now_ms + SLICE_MS)
    return sum(len(rows) for (stream, _), rows in minute.rows.items() if stream == "crane")


def samples_in(messages: list[Message]) -> int:
    """How many samples they hold in all."""
    return sum(
        1 if payload[:1] == b"{" else len(msgspec.json.decode(payload, type=list[msgspec.Raw]))
        for _, payload in messages
    )


async def publish(url: str, messages: list[Message]) -> float:
    """Publish with QoS 1, as fast as the broker takes them; how long that took. [s]."""
    loop = asyncio.get_running_loop()
    async with Mqtt(url, "bench-publisher") as mqtt:
        began = loop.time()
        for i, (topic, payload) in enumerate(messages):
            mqtt.publish(topic, payload)
            if i % 200 == 0:
                await mqtt.drain(UNACKED)
        await mqtt.drain(1)
        return loop.time() - began
