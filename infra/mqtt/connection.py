"""paho-mqtt on the asyncio loop: the one place where its callbacks end.

Traps of paho 2.2 handled here: with MQTT 5 it starts clean and expires sessions at once unless it is given other
values, and an exception in a callback must never reach it. Message ids belong to one connection: who acknowledges by
hand must not acknowledge a message of an earlier one.
"""

import asyncio
import contextlib
import logging
import random
import ssl
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from infra.mqtt import broker_url
from infra.mqtt.gathering import Gathering
from infra.mqtt.leaving import leave
from infra.mqtt.outgoing import Outgoing
from infra.mqtt.packet_reader import Message
from infra.mqtt.packets import pubacks
from infra.mqtt.session import CONNECT_TIMEOUT_S, Granted, Session, Will, client_for, granted
from infra.mqtt.socket_watch import SocketWatch
from infra.mqtt.subscribing import SUBSCRIBING, not_granted
from infra.tls import explained
from processing.model.errors import QuaystreamError

log = logging.getLogger(__name__)

KEEPALIVE_S = 10
"""A connection that is dead at the other end is noticed within twice this. [s]"""
RECONNECT_DELAY_S = (0.2, 3.0)
ALIVE_TOPIC = "quaystream/alive"


class MqttError(QuaystreamError):
    """The broker cannot be reached, or refuses."""


class Mqtt:
    """One MQTT 5 connection that reconnects by itself.

    Args:
        url: the broker, as `infra.mqtt.broker_url` reads it.
        client_id: the session hangs on it.
        will: published by the broker when the connection breaks.
        clean_start: False keeps the session, and with it the queue, of earlier connections.
        session_expiry_s: how long the broker keeps the session after a disconnect.
        receive_maximum: how many messages the broker may send ahead of our acknowledgements.
        manual_ack: acknowledge with `ack` instead of at once.
        gathers: messages that come one by one are read together, each up to `gathering.REST_S` later.
        on_messages: called with the messages that came together, in order; must neither block nor raise.
        on_connect: called after each connection with "the broker still had the session".
        on_disconnect: called when a connection has ended.
        subscriptions: topic filters, QoS 1.
        on_published: called with the number that `publish` gave and the broker's reason code, for each answer to QoS 1.

    Attributes:
        granted: what the broker granted at the last connection.
        connected: whether there is a connection now.
        not_granted: topic filters whose subscription the broker has refused, or granted with QoS 0.
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
        gathers: bool = False,
        on_messages: Callable[[list[Message]], None] | None = None,
        on_connect: Callable[[bool], None] | None = None,
        on_disconnect: Callable[[], None] | None = None,
        subscriptions: Sequence[str] = (),
        on_published: Callable[[int, int], None] | None = None,
    ) -> None:
        self.granted = Granted()
        self.connected, self._connections = False, 0
        self._subscriptions = subscriptions
        self._on_connect = on_connect
        self._on_disconnect = on_disconnect
        self._on_messages = on_messages
        self._manual_ack = manual_ack
        self._subscribed = False
        self.not_granted: Sequence[str] = ()
        self._refused, self._last_error = "", "no answer"
        self._up = False
        self._decided, self._settled, self._broken = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._where = broker_url.read(url).place
        session = Session(clean_start, session_expiry_s, receive_maximum, KEEPALIVE_S)
        self._paho = client_for(url, client_id, will, session)
        self._outgoing = Outgoing(self._paho, on_published)
        self._paho.on_connect = self._connected
        self._paho.on_disconnect = self._disconnected
        self._paho.on_subscribe = self._confirmed
        self._socket = SocketWatch(self._paho, self._readable, 2 * KEEPALIVE_S, Gathering() if gathers else None)

    async def __aenter__(self) -> Self:
        self._socket.begin(asyncio.get_running_loop())
        # One task, which `_stop` awaits on every path out of here; a group would wrap what the body raises.
        self._task = asyncio.create_task(self._keep_connected(), name="mqtt connection")
        self._task.add_done_callback(lambda _task: self._decided.set())
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CONNECT_TIMEOUT_S):
                    await self._decided.wait()
            if not self._up:
                raise MqttError(f"no MQTT connection to {self._where}: {self._refused or self._last_error}")
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    async def _stop(self) -> None:
        self._paho.leaving = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
            if not self._task.cancelled() and (error := self._task.exception()) is not None:
                log.error("the MQTT connection had ended by a defect, please report this", exc_info=error)
        if self.connected and self._socket.wire is not None:
            self._outgoing.flush()
            self._socket.pause()
            await leave(self._paho, self._socket.wire)
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
                problem = explained(error) or "no answer in time"
                level = logging.DEBUG if self._last_error == problem else logging.WARNING
                log.log(level, "no MQTT connection to %s: %s", self._where, problem)
                self._last_error = problem
                if isinstance(error, ssl.SSLCertVerificationError):  # to try again would not help
                    self._refused = problem
            if self._refused and not self._connections:
                return
            await asyncio.sleep(random.uniform(*RECONNECT_DELAY_S))

    async def _watch(self) -> None:
        """Keep the connection alive until it breaks."""
        ticks = 0
        while self.connected:
            ticks += 1
            if not self._socket.paused:
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
        return len(self._outgoing)

    def publish(self, topic: str, payload: bytes | str, *, retain: bool = False) -> int:
        """Hand a message over for QoS 1; it survives a reconnect of this process. Returns: its number.

        It leaves as soon as the loop has its turn, with others published until then.

        Raises:
            PublishTopicError: nothing can be published there.
        """
        data = payload.encode() if isinstance(payload, str) else payload
        return self._outgoing.publish(topic, data, retain=retain)

    def publish_qos0(self, messages: Sequence[tuple[str, bytes]]) -> None:
        """Publish many topics and payloads at once with QoS 0, where it does not matter if one is lost."""
        self._outgoing.publish_qos0(messages)

    async def drain(self, limit: int) -> None:
        """Wait until fewer than `limit` QoS 1 publishes wait for the broker's acknowledgement."""
        await self._outgoing.drain(limit)

    async def answered(self, number: int) -> str | None:
        """Wait until the broker has answered the publish with this number; over reconnects if need be.

        Returns: why it refuses the message, None where it has taken it.
        """
        return await self._outgoing.answered(number)

    def ack(self, mids: Sequence[int]) -> None:
        """Acknowledge QoS 1 messages of this connection."""
        if mids and self.connected:
            self._paho.send_packets(pubacks(mids))

    def pause(self) -> None:
        """Stop reading; TCP and the broker's queue hold what comes."""
        self._socket.pause()

    def resume(self) -> None:
        """Go on reading."""
        self._socket.resume()

    @property
    def receiving(self) -> bool:
        """Whether the broker keeps messages for this connection: connected, and the subscriptions granted."""
        return self.connected and self._subscribed and not self.not_granted

    @property
    def paused(self) -> bool:
        """Whether reading is paused."""
        return self._socket.paused

    def _readable(self) -> None:
        wire = self._socket.wire
        if wire is None:
            return
        messages = wire.messages()
        while wire.waiting and self._socket.wire is wire:  # first: what opens a session comes before its messages
            self._paho.loop_read()
        if wire.answers:
            self._outgoing.take_answers(wire)
        if not messages:
            return
        if self._on_messages is not None:
            self._on_messages(messages)
        if not self.unacked and not wire.partly_read:  # who waits for an answer, or sends much, waits no longer
            self._socket.rest(len(messages))
        if not self._manual_ack:
            self.ack([message.mid for message in messages if message.mid])

    def _first_connection(self) -> None:
        self._up = True
        self._decided.set()

    def _connected(
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
        self._outgoing.connected(self.granted.receive_maximum)
        # A session that the broker kept has its subscriptions, and may send its queue before it confirms them.
        self._subscribed = flags.session_present or not self._subscriptions
        if self._subscribed:
            self._first_connection()
        if self._subscriptions:
            client.subscribe([(topic, SUBSCRIBING) for topic in self._subscriptions])
        self._last_error = ""
        self._settled.set()
        if self._on_connect is not None:
            self._on_connect(flags.session_present)

    def _confirmed(self, _c: Client, _u: Any, _mid: int, reasons: list[ReasonCode], _p: Properties | None) -> None:
        self._subscribed = True
        self._first_connection()
        self.not_granted = not_granted(self._subscriptions, reasons)

    def _disconnected(
        self, _c: Client, _u: Any, _flags: DisconnectFlags, reason: ReasonCode, _p: Properties | None
    ) -> None:
        if self.connected and not self._paho.leaving:
            log.warning("MQTT connection to %s ended: %s", self._where, reason)
        was, self.connected = self.connected, False
        self._outgoing.disconnected()
        self._settled.set()
        self._broken.set()
        if was and self._on_disconnect is not None:
            self._on_disconnect()
