"""What the worker publishes once a batch is committed: live values, and receipts to devices."""

from collections.abc import Sequence

import msgspec

from infra.clock import from_us
from infra.mqtt.connection import Mqtt
from ingest.store.devices import DeviceRegistry
from ingest.worker.receipts import Receipt
from processing.kpi.definition import KpiValue
from processing.model import topics
from processing.model.payloads import AckPayload, KpiPayload


class Publication:
    """Publishes over a connection to the broker, while there is one.

    Args:
        connection: to the broker.
        registry: knows where a device's receipts go.
    """

    def __init__(self, connection: Mqtt, registry: DeviceRegistry) -> None:
        self._connection = connection
        self._registry = registry

    @property
    def connected(self) -> bool:
        """Whether there is a connection."""
        return self._connection.connected

    @property
    def problem(self) -> str | None:
        """What keeps anything from being published."""
        return None if self.connected else "no connection to the broker"

    def publish(self, live: Sequence[KpiValue], receipts: Sequence[Receipt]) -> int:
        """Publish what follows from a batch; how many live values: none without a connection, the next one has all."""
        if not self.connected:
            return 0
        for value in live:
            topic = topics.kpi(value.terminal, value.kpi, value.subject, None if value.main else value.window)
            self._connection.publish(topic, kpi_payload(value), retain=True)
        self._connection.publish_qos0([self._receipt(receipt) for receipt in receipts])
        return len(live)

    def _receipt(self, receipt: Receipt) -> tuple[str, bytes]:
        address = self._registry.address_of(receipt.device_id)
        payload = AckPayload(receipt.boot, receipt.first, receipt.last)
        return topics.ack(address.terminal, address.stream, address.device), msgspec.json.encode(payload)


def kpi_payload(value: KpiValue) -> bytes:
    """Payload of a `kpi/…` message; an empty one removes the retained value of a subject that is no more."""
    if value.tombstone:
        return b""
    time: str = msgspec.to_builtins(from_us(value.time_us))
    return KpiPayload(time, value.value, value.unit, value.window, value.state).encoded()
