"""paho's client as it is set up here: it keeps the connection, and reads and writes few packets itself."""

import ssl
from dataclasses import dataclass
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from infra.mqtt import broker_url
from infra.mqtt.broker_url import BrokerUrl
from infra.mqtt.packet_reader import Wire
from infra.mqtt.publishing import FIRST_MID

CONNECT_TIMEOUT_S = 10.0
PUBACK_COMMAND = 0x40


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker publishes when the connection breaks."""

    topic: str
    payload: bytes
    qos: int = 1
    retain: bool = True


@dataclass(frozen=True, slots=True)
class Session:
    """What is asked of the broker: forget what was; how long to remember, and between signs of life [s]."""

    clean: bool
    expiry_s: int
    receive_maximum: int
    keepalive_s: int


@dataclass(frozen=True, slots=True)
class Granted:
    """What the broker granted at the last connection; None where it set no limit of its own."""

    maximum_qos: int = 2
    maximum_packet_bytes: int | None = None
    session_expiry_s: int | None = None
    receive_maximum: int = 65_535


def granted(properties: Properties | None) -> Granted:
    """What the properties of a CONNACK hold. Source: MQTT 5.0, 3.2.2.3."""
    return Granted(
        getattr(properties, "MaximumQoS", 2),
        getattr(properties, "MaximumPacketSize", None),
        getattr(properties, "SessionExpiryInterval", None),
        getattr(properties, "ReceiveMaximum", 65_535),
    )


class Paho(Client):
    """paho's client reading from a `Wire`, with many packets of ours sent in one go.

    Attributes:
        leaving: nobody wants the connection any more that a thread may just be making.
        broker: where it connects to. Files of TLS are read for each connection, so that they can be renewed.
    """

    leaving = False
    broker: BrokerUrl

    def _create_socket(self) -> Any:
        try:
            context = self.broker.context()
        except ValueError as error:
            raise ConnectionAbortedError(str(error)) from None
        connected = super()._create_socket()
        if context is not None:
            connected = self._secured(connected, context)
        if self.leaving:
            connected.close()
            raise ConnectionAbortedError("it was left while it was connecting")
        return Wire(connected)

    def _secured(self, connected: Any, context: ssl.SSLContext) -> ssl.SSLSocket:
        """The connection after the handshake of TLS, in this thread, within the time of a connection."""
        try:
            return context.wrap_socket(connected, server_hostname=self.broker.host)
        except BaseException:
            connected.close()
            raise

    def _mid_generate(self) -> int:
        """Ids below those of `infra.publishing`."""
        with self._mid_generate_mutex:
            self._last_mid = self._last_mid % (FIRST_MID - 1) + 1
            return self._last_mid

    def send_packets(self, packets: bytes) -> None:
        """Send whole packets, in line with what paho sends itself, which takes them all for one PUBACK."""
        self._packet_queue(PUBACK_COMMAND, packets, 0, 0)


def client_for(url: str, client_id: str, will: Will | None, session: Session) -> Paho:
    """A client that is to connect to a broker, and has not tried yet."""
    client = Paho(CallbackAPIVersion.VERSION2, client_id, protocol=MQTTProtocolVersion.MQTTv5)
    client.broker = broker = broker_url.read(url)
    if broker.user is not None:
        client.username_pw_set(broker.user, broker.password)
    if will is not None:
        client.will_set(will.topic, will.payload, will.qos, will.retain)
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call] # paho publishes no types here
    properties.SessionExpiryInterval = session.expiry_s
    properties.ReceiveMaximum = session.receive_maximum
    client.connect_timeout = CONNECT_TIMEOUT_S / 2
    client.connect_async(
        broker.host, broker.port, session.keepalive_s, clean_start=session.clean, properties=properties
    )
    return client
