"""The API's connection to the broker: KPI values come in, documents that people announce go out."""

import asyncio
import logging
import random
import uuid
from collections.abc import Callable

from api.broker.errors import BrokerAwayError
from infra.mqtt import broker_url
from infra.mqtt.connection import Mqtt, MqttError
from infra.mqtt.packet_reader import Message
from processing.documents import ROWS
from processing.model.topics import KPI_FILTER

log = logging.getLogger(__name__)

RETRY_S = (1.0, 3.0)
ANSWER_S = 3.0
"""How long the broker may take to take a message."""
DOCUMENT_FILTERS = tuple(row.topic("+", "+") for row in ROWS)
"""What the API publishes."""
REFUSED = 0x80
"""MQTT 5 reason codes from here on mean that a message was not taken."""


class Broker:
    """The connection to the broker, away and back without a restart.

    Args:
        url: of the broker.
        on_kpi: takes the topic and payload of each KPI message.
    """

    def __init__(self, url: str, on_kpi: Callable[[str, bytes], None]) -> None:
        self._url = url
        self._on_kpi = on_kpi
        self._client: Mqtt | None = None
        self._answers: dict[int, asyncio.Future[int]] = {}
        self.where = broker_url.read(url).place

    @property
    def connected(self) -> bool:
        """Whether the broker is connected now."""
        return self._client is not None and self._client.connected

    async def keep_connected(self) -> None:
        """Connect, trying until it works, and stay so until cancelled."""
        client_id = f"quaystream-api-{uuid.uuid4().hex[:12]}"
        while True:
            try:
                async with Mqtt(
                    self._url,
                    client_id,
                    on_messages=self._take,
                    on_published=self._answered,
                    subscriptions=(KPI_FILTER,),
                ) as self._client:
                    await asyncio.Event().wait()
            except MqttError as error:
                log.warning("%s", error)
                await asyncio.sleep(random.uniform(*RETRY_S))

    async def retain(self, topic: str, payload: bytes) -> None:
        """Publish a retained message, and wait until the broker has taken it.

        Raises:
            BrokerAwayError: it is away, refuses, or does not answer; in that last case it may take it yet.
        """
        client = self._client
        if client is None or not client.connected:
            raise BrokerAwayError(self._away("does not answer"))
        answer = asyncio.get_running_loop().create_future()
        try:
            number = client.publish(topic, payload, retain=True)
            self._answers[number] = answer
            async with asyncio.timeout(ANSWER_S):
                reason = await answer
        except MqttError as error:
            raise BrokerAwayError(str(error)) from error
        except TimeoutError:
            raise BrokerAwayError(self._away(f"did not take the message within {ANSWER_S:g} s")) from None
        finally:
            self._answers = {key: value for key, value in self._answers.items() if value is not answer}
        if reason >= REFUSED:
            raise BrokerAwayError(
                f"the broker at {self.where} refuses {topic} (reason code {reason}); "
                f"let the user of QUAYSTREAM_MQTT_URL write {', '.join(DOCUMENT_FILTERS)}, see docs/broker.md"
            )

    def _away(self, what: str) -> str:
        return (
            f"the broker at {self.where} {what}; start it, or check QUAYSTREAM_MQTT_URL (`quaystream doctor` reports "
            "more); quaystream reconnects by itself"
        )

    def _answered(self, number: int, reason: int) -> None:
        answer = self._answers.get(number)
        if answer is not None and not answer.done():
            answer.set_result(reason)

    def _take(self, messages: list[Message]) -> None:
        for message in messages:
            try:
                self._on_kpi(message.topic, message.payload)
            except Exception:  # whatever one message holds, the others are taken
                log.exception("a KPI message was not taken")
