"""What is published over a connection: sent when the loop has its turn, kept until the broker has answered."""

import asyncio
import logging
from collections.abc import Callable, Sequence

from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode

from infra.mqtt.packet_reader import Wire
from infra.mqtt.packets import publications
from infra.mqtt.publishing import Publishing
from infra.mqtt.session import Paho

log = logging.getLogger(__name__)

REFUSED = 0x80
"""Reason codes from here on are refusals."""


class Outgoing:
    """Messages on their way to the broker.

    Args:
        client: sends packets.
        on_published: called with a message's number and the broker's reason code, for each answer to QoS 1.
    """

    def __init__(self, client: Paho, on_published: Callable[[int, int], None] | None) -> None:
        self._client = client
        self._on_published = on_published
        self._publishing = Publishing()
        self._up = False
        self._flush_asked = False
        self._room = asyncio.Event()

    def __len__(self) -> int:
        """How many messages were published that the broker has not answered yet."""
        return len(self._publishing)

    def connected(self, window: int) -> None:
        """A new connection, over which the broker takes so many messages before it has answered."""
        self._up = True
        self._publishing.connected(window)
        self._flush_soon()

    def disconnected(self) -> None:
        """The connection has ended."""
        self._up = False

    def publish(self, topic: str, payload: bytes, *, retain: bool) -> int:
        """Take a message for QoS 1. Returns: its number.

        Raises:
            PublishTopicError: nothing can be published there.
        """
        number = self._publishing.add(topic, payload, retain=retain)
        self._flush_soon()
        return number

    def publish_qos0(self, messages: Sequence[tuple[str, bytes]]) -> None:
        """Send topics and payloads at once with QoS 0."""
        if messages and self._up:
            self._client.send_packets(publications(messages))

    async def drain(self, limit: int) -> None:
        """Wait until fewer than `limit` messages wait for the broker's answer."""
        while len(self) >= limit:
            self._room.clear()
            await self._room.wait()

    async def answered(self, number: int) -> None:
        """Wait until the broker has answered a message."""
        while self._publishing.is_waiting(number):
            self._room.clear()
            await self._room.wait()

    def take_answers(self, wire: Wire) -> None:
        """Take in what the broker has answered."""
        answers, wire.answers = wire.answers, []
        for mid, reason in answers:
            number = self._publishing.answered(mid)
            if number is not None and self._on_published is not None:
                self._on_published(number, reason)
            if reason >= REFUSED:
                log.warning("the broker refused a publish: %s", ReasonCode(PacketTypes.PUBACK, identifier=reason))
        self.flush()
        self._room.set()

    def flush(self) -> None:
        """Send what may be sent now."""
        self._flush_asked = False
        if self._up and (packets := self._publishing.due()):
            self._client.send_packets(packets)

    def _flush_soon(self) -> None:
        if not self._flush_asked:
            self._flush_asked = True
            asyncio.get_running_loop().call_soon(self.flush)
