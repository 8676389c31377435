"""The connection to the broker over which the worker publishes, wherever its messages come from."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from infra.mqtt.connection import Mqtt
from infra.settings import Settings
from ingest.source.mqtt import MqttSource
from ingest.source.protocol import Receiver, Source


class BrokerConnection:
    """The source's connection where that is the broker, else one of its own.

    Args:
        settings: where the broker is, and the worker's client id.
        source: where messages come from.

    Attributes:
        mqtt: the connection.
    """

    def __init__(self, settings: Settings, source: Source) -> None:
        self._receiver: Receiver | None = None
        self._shared = isinstance(source, MqttSource)
        self.mqtt = (
            source.connection
            if isinstance(source, MqttSource)
            else Mqtt(settings.require_mqtt(), settings.client_id, on_connect=self._connected)
        )

    @asynccontextmanager
    async def open(self, receiver: Receiver) -> AsyncIterator[None]:
        """Keep the connection while the context is open; the receiver learns of each new one.

        Raises:
            MqttError: the broker cannot be reached, or refuses.
        """
        if self._shared:  # it is open while the source delivers
            yield
            return
        self._receiver = receiver
        async with self.mqtt:
            yield

    def _connected(self, _session_present: bool) -> None:
        if self._receiver is not None:
            self._receiver.connected()
