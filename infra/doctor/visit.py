"""A short MQTT 5 connection that remembers what the broker granted; one thread, nothing in the background."""

import time
import uuid
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from infra.mqtt import broker_url
from infra.mqtt.connection import MqttError
from infra.tls import explained

WAIT_S = 3.0
OWN_TOPICS = "quaystream/doctor"
"""Nobody else publishes or reads below it."""
PUBLISHED_AT_ONCE = 1000
"""Publishes without acknowledgement; fewer where the broker's Receive Maximum is smaller."""


def new_id() -> str:
    """A client id that nobody else has."""
    return f"quaystream-doctor-{uuid.uuid4().hex[:8]}"


class Visit:
    """Connects on entry, and ends the connection at the end; the session stays as long as it was asked to.

    Args:
        url: the broker.
        client_id: the session hangs on it.
        user: whether to give user and password.
        clean: whether to begin a new session.
        expiry_s: how long the broker is to keep the session.
        window: how many messages it may send ahead of acknowledgements.
        forget: whether the session ends with the connection all the same.
    """

    def __init__(
        self,
        url: str,
        client_id: str,
        *,
        user: bool = True,
        clean: bool = True,
        expiry_s: int = 0,
        window: int = 65_535,
        forget: bool = True,
    ) -> None:
        self.granted: dict[str, Any] = {}
        self.received: list[MQTTMessage] = []
        self.last_s = 0.0
        self._forget = forget
        self._answer: ReasonCode | None = None
        self._subscribed: list[int] | None = None
        self._published: list[int] = []
        self._acked = 0
        broker = broker_url.read(url)
        self._client = Client(
            CallbackAPIVersion.VERSION2, client_id, protocol=MQTTProtocolVersion.MQTTv5, manual_ack=True
        )
        if user and broker.user is not None:
            self._client.username_pw_set(broker.user, broker.password)
        if broker.secure:
            self._client.tls_set_context(broker.context())
        self._client.connect_timeout = WAIT_S
        self._client.max_inflight_messages_set(PUBLISHED_AT_ONCE)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message
        self._client.on_publish = lambda _c, _u, _mid, reason, _p: self._published.append(reason.value)
        wanted = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call] # paho publishes no types here
        wanted.SessionExpiryInterval = expiry_s
        wanted.ReceiveMaximum = window
        self._client.connect_async(broker.host, broker.port, 30, clean_start=clean, properties=wanted)

    def __enter__(self) -> Self:
        """Connect.

        Raises:
            MqttError: no connection, or the broker refuses.
        """
        try:
            self._client.reconnect()
        except OSError as error:
            raise MqttError(explained(error) or type(error).__name__) from None
        self.until(lambda: self._answer is not None)
        if self._answer is None or self._answer.is_failure:
            self._client.disconnect()
            raise MqttError(f"the broker refuses: {self._answer or 'no answer'}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        farewell = None
        if self._forget:
            farewell = Properties(PacketTypes.DISCONNECT)  # type: ignore[no-untyped-call] # as above
            farewell.SessionExpiryInterval = 0
        self._client.disconnect(properties=farewell)
        self._client.loop(0.05)

    def until(self, condition: Callable[[], object], within_s: float = WAIT_S) -> bool:
        """Keep the connection going until a condition holds; whether it did in time."""
        end = time.monotonic() + within_s
        while not condition():
            left = end - time.monotonic()
            if left <= 0 or self._client.loop(min(left, 0.05)) != MQTTErrorCode.MQTT_ERR_SUCCESS:
                return bool(condition())
        return True

    def subscribe(self, topic: str) -> int:
        """Ask for QoS 1; the broker's answer, 128 and above where it refuses."""
        self._subscribed = None
        self._client.subscribe(topic, 1)
        self.until(lambda: self._subscribed is not None)
        return self._subscribed[0] if self._subscribed else 128

    def publish(self, topic: str, count: int, within_s: float) -> list[int]:
        """Publish small messages with QoS 1; the broker's answers, fewer than `count` where it is not done in time."""
        self._published = []
        end = time.monotonic() + within_s
        window = min(PUBLISHED_AT_ONCE, self.granted.get("ReceiveMaximum", 65_535))
        for n in range(count):
            self._client.publish(topic, str(n), 1)
            if (n + 1) % window == 0 or n + 1 == count:
                sent = n + 1
                if not self.until(lambda sent=sent: len(self._published) >= sent, end - time.monotonic()):  # type: ignore[misc] # its argument is bound here
                    break
        return list(self._published)

    def read(self, wanted: int, for_s: float) -> int:
        """Read until so many messages were received in all, or none comes for a while; how many were received."""
        self.last_s = time.monotonic()
        self.until(lambda: len(self.received) >= wanted or time.monotonic() - self.last_s > for_s, 20.0)
        return len(self.received)

    def ack(self) -> None:
        """Acknowledge what was received."""
        for message in self.received[self._acked :]:
            self._client.ack(message.mid, message.qos)
        self._acked = len(self.received)

    def _on_connect(
        self, _c: Client, _u: Any, _f: ConnectFlags, answer: ReasonCode, granted: Properties | None
    ) -> None:
        self._answer = answer
        self.granted = vars(granted).copy() if granted is not None else {}

    def _on_subscribe(self, _c: Client, _u: Any, _mid: int, answers: list[ReasonCode], _p: Properties | None) -> None:
        self._subscribed = [answer.value for answer in answers]

    def _on_message(self, _c: Client, _u: Any, message: MQTTMessage) -> None:
        self.received.append(message)
        self.last_s = time.monotonic()
