"""Sends an outbox to the broker, and drops from it what is known to be in the database."""

import asyncio
import logging
from collections import deque

import msgspec

from infra.mqtt import Mqtt
from infra.wire import Message
from simulators.gateway.outbox import Outbox

log = logging.getLogger(__name__)

AT_ONCE = 200
UNACKED = 500
"""Most messages that wait for their PUBACK."""
LOOK_S = 0.05
LONGEST_S = 60.0


class _Ack(msgspec.Struct):
    """Payload of `ack/{terminal}/{stream}/{device}`: every seq from one to the other is stored, or in quarantine."""

    boot: str | None
    first: int = msgspec.field(name="from")
    seq: int = 0


class Gateway:
    """One terminal's records on their way; `run` works until it is cancelled, or until `drained`.

    A record that was sent and is not acknowledged end to end within `patience_s` is sent again, with all that follow
    it. That the broker has acknowledged it counts for nothing: brokers forget.

    Args:
        outbox: what to send.
        url: of the broker.
        client_id: of the connection.
        terminal: whose acknowledgements to listen to.
        patience_s: how long an acknowledgement may take; doubled while none comes, up to a minute. [s]
        trusting: drop what the broker has acknowledged, for comparison: it loses records.
    """

    def __init__(
        self,
        outbox: Outbox,
        url: str,
        client_id: str,
        terminal: str,
        *,
        patience_s: float = 5.0,
        trusting: bool = False,
    ) -> None:
        self._outbox = outbox
        self._trusting = trusting
        self._patience_s = self._wait_s = patience_s
        self._sent: deque[tuple[int, float]] = deque()  # last record of each lot, and when it was sent
        self._at = 0  # the last record that was sent
        self._records: dict[int, int] = {}  # by message id
        self._decoder = msgspec.json.Decoder(_Ack)
        self._fewer = asyncio.Event()
        self.resent = 0
        self.mqtt = Mqtt(
            url,
            client_id,
            subscriptions=[f"ack/{terminal}/+/+"],
            on_messages=self._acknowledged,
            on_published=self._published,
        )

    async def run(self) -> None:
        """Connect and send; goes on for ever."""
        async with self.mqtt:
            while True:
                if not await self._send():
                    await asyncio.sleep(LOOK_S)
                self._look_back()

    async def drained(self) -> None:
        """Wait until the outbox is empty: everything is in the database."""
        while len(self._outbox):
            self._fewer.clear()
            await self._fewer.wait()

    async def _send(self) -> bool:
        if not self.mqtt.connected:  # paho would put new messages before those that it has to send again
            return False
        rows = self._outbox.after(self._at, AT_ONCE)
        for number, topic, payload in rows:
            self._records[self.mqtt.publish(topic, payload)] = number
        if rows:
            self._at = rows[-1][0]
            self._sent.append((self._at, asyncio.get_running_loop().time()))
            await self.mqtt.drain(UNACKED)
        return bool(rows)

    def _look_back(self) -> None:
        """Send again from the oldest record, where that was sent too long ago."""
        oldest = self._outbox.oldest()
        while self._sent and (oldest is None or self._sent[0][0] < oldest):
            self._sent.popleft()
            self._wait_s = self._patience_s
        if not self._sent or oldest is None:
            return
        waited_s = asyncio.get_running_loop().time() - self._sent[0][1]
        if waited_s > self._wait_s and self.mqtt.connected and not self.mqtt.unacked:
            log.warning("no acknowledgement for %.0f s: %d records are sent again", waited_s, len(self._outbox))
            self.resent += len(self._outbox)
            self._wait_s = min(2 * self._wait_s, LONGEST_S)
            self._sent.clear()
            self._at = oldest - 1

    def _acknowledged(self, messages: list[Message]) -> None:
        for message in messages:
            _, _, stream, device = message.topic.split("/")
            try:
                told = self._decoder.decode(message.payload)
            except msgspec.MsgspecError as error:
                log.warning("%s is not understood: %s", message.topic, error)
                continue
            if not self._trusting:
                self._outbox.delivered(stream, device, told.boot, told.first, told.seq)
        self._fewer.set()

    def _published(self, mid: int, reason: int) -> None:
        number = self._records.pop(mid, None)
        if self._trusting and number is not None and reason < 0x80:
            self._outbox.drop(number)
            self._fewer.set()
