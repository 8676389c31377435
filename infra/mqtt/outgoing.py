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
MOST_REFUSALS = 10_000
"""So many of the newest are remembered, for those who ask how a publish was answered."""


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
        self._reasons: dict[int, int] = {}
        self._refused = 0
        self._logged_next = 1

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

    async def answered(self, number: int) -> str | None:
        """Wait until the broker has answered a message. Returns: why it refuses it, None where it has taken it."""
        while self._publishing.is_waiting(number):
            self._room.clear()
            await self._room.wait()
        reason = self._reasons.get(number)
        return None if reason is None else str(ReasonCode(PacketTypes.PUBACK, identifier=reason))

    def take_answers(self, wire: Wire) -> None:
        """Take in what the broker has answered."""
        answers, wire.answers = wire.answers, []
        for mid, reason in answers:
            number = self._publishing.answered(mid)
            if number is not None and self._on_published is not None:
                self._on_published(number, reason)
            if reason >= REFUSED:
                self._note_refused(number, reason)
        self.flush()
        self._room.set()

    def _note_refused(self, number: int | None, reason: int) -> None:
        """Log the first refusal, then the count at ten, a hundred, a thousand: thousands may be refused in a second."""
        if number is not None:
            self._reasons[number] = reason
        if len(self._reasons) > MOST_REFUSALS:
            del self._reasons[next(iter(self._reasons))]
        self._refused += 1
        if self._refused == self._logged_next:
            self._logged_next *= 10
            text = "publishes refused by the broker so far: %d, the last one: %s"
            log.warning(text, self._refused, ReasonCode(PacketTypes.PUBACK, identifier=reason))

    def flush(self) -> None:
        """Send what may be sent now."""
        self._flush_asked = False
        if self._up and (packets := self._publishing.due()):
            self._client.send_packets(packets)

    def _flush_soon(self) -> None:
        if not self._flush_asked:
            self._flush_asked = True
            asyncio.get_running_loop().call_soon(self.flush)
