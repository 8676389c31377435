"""The MQTT broker as a source: a session that it keeps, acknowledgements by hand, reading that can pause."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from infra.clock import now_us
from infra.mqtt.connection import Mqtt
from infra.mqtt.packet_reader import Message
from ingest.source.broker_session import BrokerSession
from ingest.source.protocol import Receiver, Start, Token


class MqttSource:
    """Subscribes over one connection, QoS 1.

    Args:
        start: its settings say where the broker is, which session, how many messages ahead of our acknowledgements.
            Filters must not overlap, or messages come twice. If an earlier run had a session, that there is none is a
            loss.

    Attributes:
        connection: whoever publishes may do it over the same connection.
    """

    def __init__(self, start: Start) -> None:
        settings = start.settings
        self._session = BrokerSession(expected=start.ran_before)
        self._receiver: Receiver | None = None
        self.connection = Mqtt(
            settings.require_mqtt(),
            settings.client_id,
            clean_start=False,
            session_expiry_s=settings.session_expiry_s,
            receive_maximum=settings.receive_maximum,
            manual_ack=True,
            gathers=True,
            on_messages=self._received,
            on_connect=self._connected,
            on_disconnect=self._session.disconnected,
            subscriptions=start.filters,
        )

    @property
    def problem(self) -> str | None:
        """What keeps messages from coming."""
        if not self.connection.receiving and self.connection.not_granted:
            filters = ", ".join(self.connection.not_granted)
            return f"the broker does not let this user subscribe to {filters} with QoS 1: see docs/broker.md"
        return None if self.connection.receiving else "no connection to the broker"

    @asynccontextmanager
    async def receive(self, receiver: Receiver) -> AsyncIterator[None]:
        """Deliver messages while the context is open.

        Raises:
            MqttError: the broker cannot be reached, or refuses.
        """
        self._receiver = receiver
        async with self.connection:
            yield

    def reading(self, on: bool) -> None:
        """Read from the connection, or stop: TCP and the broker's queue hold what comes."""
        (self.connection.resume if on else self.connection.pause)()

    def acknowledge(self, tokens: Sequence[Token]) -> None:
        """Acknowledge messages, but those that came over an earlier connection: the broker sends them again."""
        self.connection.ack(self._session.mids(tokens))

    def _received(self, messages: list[Message]) -> None:
        if self._receiver is not None:
            self._receiver.received(self._session.inbound(messages, now_us()))

    def _connected(self, session_present: bool) -> None:
        lost = self._session.connected(present=session_present)
        if self._receiver is not None:
            self._receiver.connected()
            if lost:
                self._receiver.lost()
