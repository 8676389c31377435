"""The only module of the simulators with I/O: devices as MQTT clients, each with its own Will."""

import asyncio
import logging
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Self

import msgspec

from infra.clock import now_us
from infra.mqtt.connection import Mqtt
from infra.mqtt.session import Will
from processing.model import topics
from simulators.announced import TrueExpected, TrueTreatment
from simulators.devices import Device, Slice, text
from simulators.terminal import Terminal
from simulators.tos_lists import TosLists
from simulators.vessels import TrueCall

log = logging.getLogger(__name__)

BACKFILL_SLICE_MS = 300_000
ROWS_A_MESSAGE = 200
LIVE_TICK_S = 0.1
MOST_CONNECTIONS = 1_200
CONNECTING_AT_ONCE = 20
UNACKED_A_DEVICE = 20
BEHIND_S = 2.0
PROGRESS_S = 2.0
GOODBYE_S = 3.0

_encode = msgspec.json.Encoder().encode


class Publisher:
    """Publishes what a terminal's devices send.

    Args:
        url: the broker.
        terminal: the devices.
        name: part of the client ids; two simulations at one broker need different ones.
        lists: where the move lists of vessel calls are written, if anywhere.
    """

    def __init__(self, url: str, terminal: Terminal, name: str, lists: TosLists | None = None) -> None:
        self._url = url
        self._lists = lists
        self._terminal = terminal
        self._name = name
        self._clients: dict[tuple[str, str], Mqtt] = {}
        self._truth: Mqtt
        self._stack = AsyncExitStack()
        self.sent_samples = 0

    async def __aenter__(self) -> Self:
        began = time.monotonic()
        self._truth = await self._stack.enter_async_context(Mqtt(self._url, f"{self._name}-truth"))
        places = asyncio.Semaphore(CONNECTING_AT_ONCE)
        try:
            async with asyncio.TaskGroup() as tasks:
                for group in self._groups():
                    tasks.create_task(self._connect(group, places))
        except BaseException:
            await self._stack.aclose()
            raise
        log.info("%d devices connected in %.1f s", len(self._terminal.devices), time.monotonic() - began)
        return self

    async def __aexit__(self, *_details: object) -> None:
        for device in self._terminal.devices:
            self._publish_status(device, online=False)
        try:
            async with asyncio.timeout(GOODBYE_S):
                for client in {*self._clients.values(), self._truth}:
                    await client.drain(1)
        except TimeoutError:
            log.warning("the broker did not acknowledge everything before the end")
        await self._stack.aclose()

    def _groups(self) -> list[Sequence[Device]]:
        """Devices that share a connection: one each, as long as there are not too many."""
        devices = self._terminal.devices
        size = -(-len(devices) // MOST_CONNECTIONS)
        return [devices[i : i + size] for i in range(0, len(devices), size)]

    async def _connect(self, group: Sequence[Device], places: asyncio.Semaphore) -> None:
        first = group[0]
        terminal = self._terminal.preset.terminal
        will = Will(topics.status(terminal, first.stream, first.name), _status(first, online=False))
        client = Mqtt(self._url, f"{self._name}-{first.stream}-{first.name}", will=will)
        async with places:
            await self._stack.enter_async_context(client)
        for device in group:
            self._clients[device.stream, device.name] = client
            self._publish_status(device, online=True)

    def _publish_status(self, device: Device, *, online: bool) -> None:
        topic = topics.status(self._terminal.preset.terminal, device.stream, device.name)
        client = self._clients.get((device.stream, device.name))
        if client is not None:
            client.publish(topic, _status(device, online=online), retain=True)

    async def backfill(self) -> None:
        """Produce the past at full speed, up to now."""
        start_ms, began, shown = self._terminal.now_ms, time.monotonic(), time.monotonic()
        while (left_ms := now_us() // 1000 - self._terminal.now_ms) > LIVE_TICK_S * 2_000:
            made = self._terminal.advance(self._terminal.now_ms + min(left_ms, BACKFILL_SLICE_MS))
            for (stream, device), rows in made.rows.items():
                for i in range(0, len(rows), ROWS_A_MESSAGE):
                    await self._publish(stream, device, _encode(rows[i : i + ROWS_A_MESSAGE]))
            self._publish_truth(made)
            self.sent_samples += len(made)
            if time.monotonic() - shown > PROGRESS_S:
                shown = time.monotonic()
                share = 1 - left_ms / max(1, now_us() // 1000 - start_ms)
                log.info("backfill %.0f %%, %.0f samples/s", 100 * share, self.sent_samples / (shown - began))
        for client in {*self._clients.values(), self._truth}:
            await client.drain(1)
        log.info(
            "backfill done: %d samples of %.1f h in %.1f s",
            self.sent_samples,
            (self._terminal.now_ms - start_ms) / 3.6e6,
            time.monotonic() - began,
        )

    async def live(self, until_s: float | None) -> None:
        """Publish samples as they fall due, for this long or for ever. [s]."""
        loop = asyncio.get_running_loop()
        end = None if until_s is None else loop.time() + until_s
        warned = 0.0
        while end is None or loop.time() < end:
            now_ms = now_us() // 1000
            behind_s = (now_ms - self._terminal.now_ms) / 1000
            if behind_s > BEHIND_S and loop.time() - warned > PROGRESS_S:
                warned = loop.time()
                log.warning("%.1f s behind the clock: this machine, or the broker, is too slow", behind_s)
            made = self._terminal.advance(now_ms)
            for (stream, device), rows in made.rows.items():
                for row in rows:
                    await self._publish(stream, device, _encode(row))
            self._publish_truth(made)
            self.sent_samples += len(made)
            await asyncio.sleep(LIVE_TICK_S)

    async def _publish(self, stream: str, device: str, payload: bytes) -> None:
        client = self._clients[stream, device]
        await client.drain(UNACKED_A_DEVICE)
        client.publish(topics.telemetry(self._terminal.preset.terminal, stream, device), payload)

    def _publish_truth(self, made: Slice) -> None:
        if self._lists is not None:
            self._lists.write(made)
        terminal = self._terminal.preset.terminal
        for one in made.truth:
            if isinstance(one, TrueCall | TrueExpected | TrueTreatment):
                topic = one.kind.topic(terminal, one.document_id)
                self._truth.publish(topic, _encode(one.announcement()), retain=True)
            self._truth.publish(topics.truth(terminal, one.fact), _encode(one.payload()))


def _status(device: Device, *, online: bool) -> bytes:
    return _encode({"online": online, "ts": text(now_us() // 1000), "type": device.type})
