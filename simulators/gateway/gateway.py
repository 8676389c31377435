"""Sends an outbox to the broker, and drops from it what is known to be in the database."""

import asyncio
import logging
from collections import deque

import msgspec

from infra.mqtt.connection import Mqtt, MqttError
from infra.mqtt.packet_reader import Message
from processing.model.payloads import AckPayload
from simulators.gateway.outbox import Outbox, OutboxError

log = logging.getLogger(__name__)

AT_ONCE = 200
UNACKED = 500
"""Most messages that wait for their PUBACK."""
WINDOW = 20_000
"""Most records that are sent and not acknowledged end to end: an absent worker's queue does not fill with copies."""
LOOK_S = 0.05
RETRY_S = 3.0
LONGEST_S = 60.0


class Gateway:
    """One terminal's records on their way; `run` works until it is cancelled, or until `drained`.

    It sends a record again, with all that follow it, when no end-to-end acknowledgement came within `patience_s`. It
    does not rely on the broker's acknowledgement: a broker may lose what it acknowledged.

    Args:
        outbox: what to send.
        url: of the broker.
        client_id: of the connection.
        terminal: whose acknowledgements to listen to.
        patience_s: how long an acknowledgement may take; doubled while none comes, up to a minute. [s]
        window: most records that are sent and not acknowledged end to end.
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
        window: int = WINDOW,
        trusting: bool = False,
    ) -> None:
        self._outbox = outbox
        self._trusting = trusting
        self._window = window
        self._under_way = 0
        self._patience_s = self._wait_s = patience_s
        self._sent: deque[tuple[int, float]] = deque()  # last record of each lot, and when it was sent
        self._at = 0  # the last record that was sent
        self._records: dict[int, int] = {}  # by message id
        self._decoder = msgspec.json.Decoder(AckPayload)
        self._fewer = asyncio.Event()
        self.resent = 0
        self._url, self._client_id, self._terminal = url, client_id, terminal
        self.mqtt = self._connection()

    def _connection(self) -> Mqtt:
        return Mqtt(
            self._url,
            self._client_id,
            subscriptions=[f"ack/{self._terminal}/+/+"],
            on_messages=self._acknowledged,
            on_published=self._published,
        )

    async def run(self) -> None:
        """Connect and send, without end; the broker may be away at first."""
        while True:
            try:
                async with self.mqtt:
                    await self._work()
            except MqttError as error:
                log.warning("%s; records are kept, the next attempt follows", error)
            await asyncio.sleep(RETRY_S)
            self._from_oldest()
            self._records.clear()
            self.mqtt = self._connection()

    async def _work(self) -> None:
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
        rows = self._outbox.after(self._at, max(min(AT_ONCE, self._window - self._under_way), 0))
        for number, topic, payload in rows:
            self._records[self.mqtt.publish(topic, payload)] = number
        if rows:
            self._at = rows[-1][0]
            self._under_way += len(rows)
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
            log.warning("no acknowledgement for %.0f s: %d records are sent again", waited_s, self._under_way)
            self.resent += self._under_way
            self._wait_s = min(2 * self._wait_s, LONGEST_S)
            self._from_oldest()

    def _from_oldest(self) -> None:
        self._sent.clear()
        self._at = self._under_way = 0

    def _acknowledged(self, messages: list[Message]) -> None:
        before = len(self._outbox)
        try:
            with self._outbox.at_once():
                self._drop(messages)
        except OutboxError as error:  # nothing is dropped; the next acknowledgement comes when it is sent again
            log.warning("%s", error)
        # Some of these may have been sent before the last turn back only: then a few more than the window are sent.
        self._under_way = max(self._under_way - (before - len(self._outbox)), 0)
        self._fewer.set()

    def _drop(self, messages: list[Message]) -> None:
        for message in messages:
            _, _, stream, device = message.topic.split("/")
            try:
                ack = self._decoder.decode(message.payload)
            except msgspec.MsgspecError as error:
                log.warning("%s is not understood: %s", message.topic, error)
                continue
            if not self._trusting:
                self._outbox.delivered(stream, device, ack.boot, ack.first, ack.seq)

    def _published(self, mid: int, reason: int) -> None:
        number = self._records.pop(mid, None)
        if self._trusting and number is not None and reason < 0x80:
            self._outbox.drop(number)
            self._under_way = max(self._under_way - 1, 0)
            self._fewer.set()
