"""The messages of a measurement: what the cranes of a simulated terminal send, in order of time."""

import asyncio
from collections.abc import Iterator

import msgspec

from infra.clock import now_us
from infra.mqtt.connection import Mqtt
from processing.model import topics
from simulators.terminal import Terminal

SLICE_MS = 60_000
UNACKED = 2_000
Message = tuple[str, bytes]


def made(count: int, samples_each: int, preset: str = "chancay", seed: int = 11) -> list[Message]:
    """Topic and payload of `count` messages of cranes, each holding `samples_each` samples.

    They end about now, so that no sample is refused for its time.
    """
    return list(stream(count, samples_each, preset, seed))


def stream(count: int, samples_each: int, preset: str = "chancay", seed: int = 11) -> Iterator[Message]:
    """The same one after the other, made as they are asked for."""
    terminal = Terminal(preset, seed, 0, "bench")
    per_minute = _rows_a_minute(terminal)
    needed_ms = int((count * samples_each / per_minute + 2) * SLICE_MS)
    terminal = Terminal(preset, seed, now_us() // 1000 - needed_ms - SLICE_MS, f"bench-{now_us()}")
    encode = msgspec.json.Encoder().encode
    left = count
    while left > 0:
        minute = terminal.advance(terminal.now_ms + SLICE_MS)
        timed: list[tuple[int, Message]] = []
        for (name, device), rows in minute.rows.items():
            if name != "crane":
                continue
            topic = topics.telemetry(terminal.preset.terminal, name, device)
            for i in range(0, len(rows), samples_each):
                part = rows[i : i + samples_each]
                timed.append((part[-1].ts, (topic, encode(part if samples_each > 1 else part[0]))))
        yield from [message for _, message in sorted(timed)[:left]]
        left -= len(timed)


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


def by_exception(messages: list[Message], signals: int = 2) -> list[Message]:
    """The same messages as a PLC sends them that sends only what has changed: a few signals in each sample."""
    found = []
    for number, (topic, payload) in enumerate(messages):
        decoded = msgspec.json.decode(payload)
        rows = [
            _few(row, number + i, signals) for i, row in enumerate(decoded if isinstance(decoded, list) else [decoded])
        ]
        found.append((topic, msgspec.json.encode(rows if isinstance(decoded, list) else rows[0])))
    return found


def _few(row: dict[str, object], turn: int, signals: int) -> dict[str, object]:
    names = [name for name in row if name not in ("ts", "seq", "boot")]
    kept = {names[(turn * signals + i) % len(names)] for i in range(signals)}
    return {name: value for name, value in row.items() if name in ("ts", "seq", "boot") or name in kept}


def spread(devices: int, count: int) -> Iterator[Message]:
    """Samples of the simulated cranes as those of more or fewer cranes, in turn, each stamped when it is asked for.

    Each crane repeats a part of what a simulated one did, so that a message holds as much to be found, however many
    send them. The names hold how many there are: those of one size are not those of another.

    Args:
        devices: how many cranes.
        count: how many messages.
    """
    by_topic: dict[str, list[dict[str, object]]] = {}
    for topic, payload in made(min(count, 100_000), 1):
        by_topic.setdefault(topic, []).append(msgspec.json.decode(payload))
    sources = list(by_topic.values())
    head = next(iter(by_topic)).rsplit("/", 2)[0]
    rounds = -(-count // devices)
    encode = msgspec.json.Encoder().encode
    for number in range(count):
        turn, device = divmod(number, devices)
        source = sources[device % len(sources)]
        row = source[(device // len(sources) * rounds + turn) % len(source)]
        sample = row | {"seq": turn + 1, "ts": now_us() // 1000}
        yield f"{head}/c{device}of{devices}/telemetry", encode(sample)
