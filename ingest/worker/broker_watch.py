"""What the broker publishes about itself: messages that it dropped, messages that it holds."""

import logging
import time

from infra.mqtt.connection import Mqtt, MqttError
from infra.mqtt.packet_reader import Message
from infra.settings import Settings
from ingest.worker.metrics import Metrics
from ingest.worker.shell import Worker
from processing.alarms.system import BROKER_DROPS, BROKER_HELD

log = logging.getLogger(__name__)

DROPPED = "$SYS/broker/publish/messages/dropped"
HELD = "$SYS/broker/store/messages/count"
ALARM_S = 300.0
"""So long after messages were dropped the worker reports it as a problem. [s]"""


class BrokerWatch:
    """Listens to `$SYS` over a connection of its own, whose session the broker need not keep.

    Args:
        settings: where the broker is.
        metrics: get its numbers.
        worker: reports that messages were dropped.
    """

    def __init__(self, settings: Settings, metrics: Metrics, worker: Worker) -> None:
        self._metrics = metrics
        self._worker = worker
        self._held: int | None = None
        self._dropped: int | None = None
        self._rose_s: float | None = None
        self._mqtt = Mqtt(
            settings.require_mqtt(),
            f"{settings.client_id}-watch",
            on_messages=self.received,
            subscriptions=[DROPPED, HELD],
        )

    async def run(self) -> None:
        """Listen until cancelled."""
        try:
            async with self._mqtt:
                await self._mqtt.ended()
        except MqttError as error:
            log.warning("nobody watches what the broker drops: %s", error)

    def measured(self) -> dict[str, float]:
        """What the broker has reported: messages that it holds, and whether it dropped some in the last minutes."""
        found: dict[str, float] = {} if self._held is None else {BROKER_HELD: self._held}
        if self._dropped is not None:
            recently = self._rose_s is not None and time.monotonic() - self._rose_s <= ALARM_S
            found[BROKER_DROPS] = float(recently)
        return found

    def received(self, messages: list[Message]) -> None:
        """Take in numbers; brokers other than Mosquitto may publish none."""
        for message in messages:
            if not message.payload.isdigit():
                continue
            value = int(message.payload)
            if message.topic == HELD:
                self._held = value
                self._metrics.broker_queued.set(value)
            elif message.topic == DROPPED:
                self._note_dropped(value)

    def _note_dropped(self, value: int) -> None:
        self._metrics.broker_dropped.set(value)
        more = value - self._dropped if self._dropped is not None else 0
        self._dropped = value
        now = time.monotonic()
        if more > 0:
            self._rose_s = now
            log.error("the broker has dropped %d messages: its queue is full, raise max_queued_messages", more)
            self._worker.broker_problem = (
                f"the broker has dropped {value} messages since its start, the last ones just now: its queue is full; "
                "see docs/broker.md"
            )
        elif self._rose_s is not None and now - self._rose_s > ALARM_S:
            self._rose_s = self._worker.broker_problem = None
