"""paho-mqtt on the asyncio loop: the one place where its callbacks end.

Traps of paho 2.2 handled here: with MQTT 5 it starts clean and expires sessions at once unless it is given other
values, and an exception in a callback must never reach it. Message ids belong to one connection: who acknowledges by
hand must not acknowledge a message of an earlier one.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from infra.mqtt.packet_reader import Message, Wire
from infra.mqtt.packets import pubacks, publications
from infra.mqtt.publishing import Publishing
from infra.mqtt.session import CONNECT_TIMEOUT_S, Granted, Paho, Session, Will, client_for, granted
from processing.model.errors import QuaystreamError

log = logging.getLogger(__name__)

KEEPALIVE_S = 10
"""A connection that is dead at the other end is noticed within twice this. [s]"""
RECONNECT_DELAY_S = (0.2, 3.0)
ALIVE_TOPIC = "quaystream/alive"
RETAIN_ONLY_FOR_A_NEW_SUBSCRIPTION = 1
REFUSED = 0x80
"""Reason codes from here on are refusals."""


class MqttError(QuaystreamError):
    """The broker cannot be reached, or refuses."""


class Mqtt:
    """One MQTT 5 connection that reconnects by itself.

    Args:
        url: `mqtt://user:password@host:port`.
        client_id: the session hangs on it.
        will: published by the broker when the connection breaks.
        clean_start: False keeps the session, and with it the queue, of earlier connections.
        session_expiry_s: how long the broker keeps the session after a disconnect.
        receive_maximum: how many messages the broker may send ahead of our acknowledgements.
        manual_ack: acknowledge with `ack` instead of at once.
        on_messages: called with the messages that came together, in order; must neither block nor raise.
        on_connect: called after each connection with "the broker still had the session".
        on_disconnect: called when a connection has ended.
        subscriptions: topic filters, QoS 1.
        on_published: called with the number that `publish` gave and the broker's reason code, for each answer to QoS 1.
    """

    def __init__(
        self,
        url: str,
        client_id: str,
        *,
        will: Will | None = None,
        clean_start: bool = True,
        session_expiry_s: int = 0,
        receive_maximum: int = 1000,
        manual_ack: bool = False,
        on_messages: Callable[[list[Message]], None] | None = None,
        on_connect: Callable[[bool], None] | None = None,
        on_disconnect: Callable[[], None] | None = None,
        subscriptions: Sequence[str] = (),
        on_published: Callable[[int, int], None] | None = None,
    ) -> None:
        self.granted = Granted()
        self.connected = False
        self._connections = 0
        self._subscriptions = subscriptions
        self._told_connect = on_connect
        self._told_disconnect = on_disconnect
        self._told_messages = on_messages
        self._told_published = on_published
        self._manual_ack = manual_ack
        self._subscribed = False
        self._paused = False
        self._leaving = False
        self._wire: Wire | None = None
        self._publishing = Publishing()
        self._flush_asked = False
        self._refused: str | None = None
        self._last_error = "no answer"
        self._up = asyncio.Event()
        self._settled = asyncio.Event()
        self._broken = asyncio.Event()
        self._room = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._where = _without_password(url)
        self._paho = client_for(
            url, client_id, will, Session(clean_start, session_expiry_s, receive_maximum, KEEPALIVE_S)
        )
        self._listen(self._paho)

    def _listen(self, client: Paho) -> None:
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = self._on_subscribe
        client.on_socket_open = lambda _c, _u, sock: self._threadsafe(self._socket_opened, sock)
        client.on_socket_close = lambda _c, _u, sock: self._socket_closed(sock)
        client.on_socket_register_write = lambda _c, _u, sock: self._threadsafe(self._want_write, sock)
        client.on_socket_unregister_write = self._wants_no_write

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(self._keep_connected(), name="mqtt connection")
        up = asyncio.create_task(self._up.wait(), name="mqtt first connection")
        await asyncio.wait({up, self._task}, timeout=CONNECT_TIMEOUT_S, return_when=asyncio.FIRST_COMPLETED)
        if not self._up.is_set():
            up.cancel()
            await self._stop()
            raise MqttError(f"no MQTT connection to {self._where}: {self._refused or self._last_error}")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    async def _stop(self) -> None:
        self._leaving = self._paho.leaving = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self.connected:
            self._flush()
            self._paho.disconnect()
            self._paho.loop_write()
        self._paho.disconnect()

    async def _keep_connected(self) -> None:
        while True:
            self._settled.clear()
            try:
                await asyncio.to_thread(self._paho.reconnect)
                async with asyncio.timeout(CONNECT_TIMEOUT_S):
                    await self._settled.wait()
                await self._watch()
            except (OSError, TimeoutError) as error:
                again = self._last_error == (problem := str(error) or "no answer in time")
                self._last_error = problem
                log.log(
                    logging.DEBUG if again else logging.WARNING, "no MQTT connection to %s: %s", self._where, problem
                )
            if self._refused is not None and not self._connections:
                return
            await asyncio.sleep(random.uniform(*RECONNECT_DELAY_S))

    async def _watch(self) -> None:
        """Keep the connection alive until it breaks."""
        ticks = 0
        while self.connected:
            ticks += 1
            if not self._paused:
                self._paho.loop_misc()
            elif ticks % (KEEPALIVE_S // 3) == 0:
                # Nothing is read, so no answer to a ping would be seen; a publish keeps the broker from leaving.
                self._paho.publish(ALIVE_TOPIC, b"")
            self._broken.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1.0):
                    await self._broken.wait()

    async def ended(self) -> None:
        """Wait until the connection is given up for good, which only leaving does."""
        if self._task is not None:
            await asyncio.wait({self._task})

    @property
    def reconnects(self) -> int:
        """How many connections were made after the first."""
        return max(self._connections - 1, 0)

    @property
    def unacked(self) -> int:
        """How many messages were published that the broker has not answered yet."""
        return len(self._publishing)

    def publish(self, topic: str, payload: bytes | str, *, retain: bool = False) -> int:
        """Hand a message over for QoS 1; it survives a reconnect of this process. Returns: its number.

        It leaves as soon as the loop has its turn, with others published until then.

        Raises:
            TopicError: nothing can be published there.
        """
        number = self._publishing.add(topic, payload.encode() if isinstance(payload, str) else payload, retain=retain)
        if not self._flush_asked:
            self._flush_asked = True
            self._loop.call_soon(self._flush)
        return number

    def _flush(self) -> None:
        self._flush_asked = False
        if self.connected and (packets := self._publishing.due()):
            self._paho.send_packets(packets)

    def publish_qos0(self, messages: Sequence[tuple[str, bytes]]) -> None:
        """Publish many topics and payloads at once with QoS 0, where it does not matter if one is lost."""
        if messages and self.connected:
            self._paho.send_packets(publications(messages))

    async def drain(self, limit: int) -> None:
        """Wait until fewer than `limit` QoS 1 publishes wait for the broker's acknowledgement."""
        while self.unacked >= limit:
            self._room.clear()
            await self._room.wait()

    def ack(self, mids: Sequence[int]) -> None:
        """Acknowledge QoS 1 messages of this connection."""
        if mids and self.connected:
            self._paho.send_packets(pubacks(mids))

    def pause(self) -> None:
        """Stop reading; TCP and the broker's queue hold what comes."""
        if not self._paused:
            self._paused = True
            if self._wire is not None:
                self._loop.remove_reader(self._wire)

    def resume(self) -> None:
        """Read again."""
        if self._paused:
            self._paused = False
            if self._wire is not None:
                self._loop.add_reader(self._wire, self._readable)

    @property
    def receiving(self) -> bool:
        """Whether the broker keeps messages for this connection: connected, and the subscriptions confirmed."""
        return self.connected and self._subscribed

    @property
    def paused(self) -> bool:
        """Whether reading is paused."""
        return self._paused

    def _threadsafe(self, call: Callable[[Any], None], sock: Any) -> None:
        """Connecting happens in a thread; the loop's selectors are touched in the loop only."""
        self._loop.call_soon_threadsafe(call, sock)

    def _socket_opened(self, sock: Any) -> None:
        if sock.fileno() < 0:
            return
        sock.without_delay()
        sock.give_up_after(2 * KEEPALIVE_S)
        self._wire = sock
        if not self._paused:
            self._loop.add_reader(sock, self._readable)

    def _socket_closed(self, sock: Any) -> None:
        if sock.fileno() >= 0:
            self._loop.remove_reader(sock)
            self._loop.remove_writer(sock)
        if self._wire is sock:
            self._wire = None

    def _want_write(self, sock: Any) -> None:
        if sock.fileno() >= 0:
            self._loop.add_writer(sock, self._paho.loop_write)

    def _wants_no_write(self, _client: Client, _userdata: Any, sock: Any) -> None:
        self._loop.remove_writer(sock)

    def _readable(self) -> None:
        wire = self._wire
        if wire is None:
            return
        messages = wire.messages()
        while wire.waiting and self._wire is wire:  # first: what opens a session comes before its messages
            self._paho.loop_read()
        if wire.answers:
            self._take_answers(wire)
        if not messages:
            return
        if self._told_messages is not None:
            self._told_messages(messages)
        if not self._manual_ack:
            self.ack([message.mid for message in messages if message.mid])

    def _take_answers(self, wire: Wire) -> None:
        answers, wire.answers = wire.answers, []
        for mid, reason in answers:
            number = self._publishing.answered(mid)
            if number is not None and self._told_published is not None:
                self._told_published(number, reason)
            if reason >= REFUSED:
                log.warning("the broker refused a publish: %s", ReasonCode(PacketTypes.PUBACK, identifier=reason))
        self._flush()
        self._room.set()

    def _on_connect(
        self, client: Client, _userdata: Any, flags: ConnectFlags, reason: ReasonCode, properties: Properties | None
    ) -> None:
        self.granted = granted(properties)
        if reason.is_failure:
            self._refused = f"the broker refuses: {reason}; check user and password in QUAYSTREAM_MQTT_URL"
            log.error("MQTT %s: %s", self._where, self._refused)
            self._settled.set()
            return
        self._connections += 1
        self.connected = True
        self._publishing.connected(self.granted.receive_maximum)
        self._loop.call_soon(self._flush)
        # A session that the broker kept has its subscriptions, and may send its queue before it confirms them again.
        self._subscribed = flags.session_present or not self._subscriptions
        if self._subscribed:
            self._up.set()
        if self._subscriptions:
            options = SubscribeOptions(qos=1, retainHandling=RETAIN_ONLY_FOR_A_NEW_SUBSCRIPTION)
            client.subscribe([(topic, options) for topic in self._subscriptions])
        self._last_error = ""
        self._settled.set()
        if self._told_connect is not None:
            self._told_connect(flags.session_present)

    def _on_subscribe(self, _c: Client, _u: Any, _mid: int, reasons: list[ReasonCode], _p: Properties | None) -> None:
        self._subscribed = True
        self._up.set()
        for topic, reason in zip(self._subscriptions, reasons, strict=False):
            if reason.is_failure or reason.value < 1:
                log.error("MQTT subscription to %s was granted as %s; QoS 1 is needed, check the ACL", topic, reason)

    def _on_disconnect(
        self, _c: Client, _u: Any, _flags: DisconnectFlags, reason: ReasonCode, _p: Properties | None
    ) -> None:
        if self.connected and not self._leaving:
            log.warning("MQTT connection to %s ended: %s", self._where, reason)
        was, self.connected = self.connected, False
        self._settled.set()
        self._broken.set()
        if was and self._told_disconnect is not None:
            self._told_disconnect()


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or 1883}"
