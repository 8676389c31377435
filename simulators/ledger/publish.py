"""Publishing scripted crane messages with a ledger."""

import asyncio
import secrets
from dataclasses import dataclass, field
from functools import partial

import msgspec

from infra.clock import now_us
from infra.mqtt.connection import Mqtt
from processing.cranes.signals import CRANE
from processing.model import topics
from simulators.ledger import script
from simulators.ledger.records import Head, LedgerWriter, row_digest

ROUND_S = 0.01
"""The publisher sends what is due in rounds of this length."""
CATCH_UP_S = 0.5
"""A publisher that was held up for longer continues at its rate; it sends no burst of what it missed."""
UNACKED = 500
"""Most messages of one connection that wait for their PUBACK."""
BACK_S = 6 * 3600.0


@dataclass(frozen=True)
class Plan:
    """What to publish.

    Attributes:
        terminal: of the topics; one that the database does not know yet.
        devices: how many.
        rate: messages a second in all; 0: as fast as the broker takes them.
        connections: to the broker; devices are shared out among them.
        each: samples in a message.
        count: messages in all, None: no end.
        duration_s: time after which to end, None: no end. [s]
        copies: times each message is published.
        step_ms: event time from a sample to the next. [ms]
        start_ms: event time of the start, None: so that `count` or `duration_s` ends before now. [ms since 1970 UTC]
        drain_s: longest wait for acknowledgements at the end. [s]
    """

    terminal: str
    devices: int = 100
    rate: float = 3000.0
    connections: int = 4
    each: int = 1
    count: int | None = None
    duration_s: float | None = None
    copies: int = 1
    step_ms: int = 200
    start_ms: int | None = None
    drain_s: float = 60.0

    def head(self, now_ms: int) -> Head:
        """Head of this plan's ledger."""
        back_s = BACK_S
        if self.count is not None:
            back_s = self.count * self.each / self.devices * self.step_ms / 1000 + 3600
        elif self.duration_s is not None and self.rate:
            back_s = self.duration_s * self.rate * self.each / self.devices * self.step_ms / 1000 + 3600
        start_ms = self.start_ms if self.start_ms is not None else now_ms - int(back_s * 1000)
        names = [f"led{n + 1:04d}" for n in range(self.devices)]
        return Head(self.terminal, secrets.token_hex(4), names, start_ms, self.step_ms)


@dataclass
class Progress:
    """What was published so far."""

    messages: int = 0
    answered: int = 0
    reconnects: int = 0
    waiting: dict[str, int] = field(default_factory=dict)


class Publisher:
    """Publishes a plan and keeps its ledger.

    Args:
        url: of the broker.
        plan: what to publish.
        ledger: notes what is sent and answered.
    """

    def __init__(self, url: str, plan: Plan, ledger: LedgerWriter) -> None:
        self._url, self._plan, self._ledger = url, plan, ledger
        self._stop = asyncio.Event()
        self.progress = Progress()

    def stop(self) -> None:
        """Send no more; wait for the acknowledgements of what was sent."""
        self._stop.set()

    async def run(self) -> Progress:
        """Publish to the end of the plan, or until stopped."""
        if self._plan.duration_s is not None:
            asyncio.get_running_loop().call_later(self._plan.duration_s, self._stop.set)
        count = min(self._plan.connections, self._plan.devices)
        async with asyncio.TaskGroup() as tasks:
            for n in range(count):
                tasks.create_task(self._connection(n, count), name=f"connection {n}")
        self._ledger.flush()
        return self.progress

    async def _connection(self, n: int, count: int) -> None:
        """One connection with its share of the devices."""
        waiting: dict[int, tuple[int, int]] = {}

        def published(mid: int, reason: int) -> None:
            device, first = waiting.pop(mid)
            self.progress.answered += 1
            for seq in range(first, first + self._plan.each):
                self._ledger.answered(device, seq, reason)

        name = f"ledger-{self._ledger.head.boot}-{n}"
        connected = partial(self._connected, n)
        async with Mqtt(self._url, name, on_published=published, on_connect=connected) as mqtt:
            stopped = asyncio.create_task(self._stop.wait(), name="stop")
            try:
                await self._send(mqtt, list(range(n, self._plan.devices, count)), count, waiting)
                async with asyncio.timeout(self._plan.drain_s):
                    await mqtt.drain(1)
            except TimeoutError:
                pass  # the ledger keeps it as not acknowledged
            finally:
                stopped.cancel()
                self._ledger.flush()
                self.progress.reconnects += mqtt.reconnects
                if waiting:
                    self.progress.waiting[name] = len(waiting)

    def _connected(self, n: int, _session_present: bool) -> None:
        self._ledger.connected(n)

    async def _send(self, mqtt: Mqtt, devices: list[int], count: int, waiting: dict[int, tuple[int, int]]) -> None:
        loop = asyncio.get_running_loop()
        plan = self._plan
        rate = plan.rate / count
        wanted = None if plan.count is None else plan.count * len(devices) // plan.devices
        sent, started = 0, loop.time()
        while not self._stop.is_set() and (wanted is None or sent < wanted):
            due = int((loop.time() - started) * rate) - sent if rate else UNACKED
            if rate and due > CATCH_UP_S * rate:
                started, due = loop.time() - sent / rate, 1
            if wanted is not None:
                due = min(due, wanted - sent)
            room = UNACKED - mqtt.unacked if mqtt.connected else 0
            messages = [self._message(devices, sent + k) for k in range(max(min(due, room), 0))]
            self._ledger.flush()
            for device, first, topic, payload in messages:
                for _ in range(plan.copies):
                    waiting[mqtt.publish(topic, payload)] = (device, first)
            sent += len(messages)
            self.progress.messages += len(messages) * plan.copies
            await asyncio.sleep(ROUND_S if rate or not messages else 0)

    def _message(self, devices: list[int], n: int) -> tuple[int, int, str, bytes]:
        """The connection's message number `n`, noted in the ledger: device, first seq, topic, payload."""
        device = devices[n % len(devices)]
        first = n // len(devices) * self._plan.each + 1
        samples = []
        for seq in range(first, first + self._plan.each):
            payload, digest, time_ms = sample(self._ledger.head, device, seq)
            self._ledger.sent(device, seq, time_ms * 1000, digest)
            samples.append(payload)
        body = samples[0] if self._plan.each == 1 else b"[" + b",".join(samples) + b"]"
        return device, first, topic_of(self._ledger.head, device), body


def sample(head: Head, device: int, seq: int) -> tuple[bytes, int, int]:
    """A scripted sample: its JSON, its digest, its event time [ms since 1970 UTC]."""
    signals = script.signals(device, seq)
    time_ms = head.clock.time_ms(device, seq)
    payload = msgspec.json.encode({"ts": time_ms, "seq": seq, "boot": head.boot, **signals})
    return payload, row_digest(head.devices[device], head.boot, time_ms * 1000, seq, signals), time_ms


def topic_of(head: Head, device: int) -> str:
    """Topic of a ledger's device."""
    return topics.telemetry(head.terminal, CRANE.name, head.devices[device])


def new_head(plan: Plan) -> Head:
    """Head of a plan's ledger that begins now."""
    return plan.head(now_us() // 1000)
