"""Publishes events of DCSA once they are kept: each until the broker has acknowledged it, over restarts too."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from infra.clock import now_us
from infra.database import Link
from infra.mqtt.connection import Mqtt, MqttError
from infra.settings import Settings
from ingest.dcsa.outbox import SQL, make
from ingest.dcsa.refusals import Refusals
from ingest.store.failures import AWAY
from processing.model import topics
from processing.site.configuration import Sites

log = logging.getLogger(__name__)

EVERY_S: Final = 1.0
AGAIN_S: Final = 3.0
MOST_ON_THE_WAY: Final = 1_000
REFUSED: Final = 0x80


class EventPublisher:
    """Makes events of container events that have changed, and publishes what is not published.

    Args:
        settings: where the broker is.
        sites: who the terminals are.
        on_published: called for each that the broker has taken.
        on_refused: called for each that it has refused, each time.
    """

    def __init__(
        self, settings: Settings, sites: Sites, on_published: Callable[[], None], on_refused: Callable[[], None]
    ) -> None:
        self._url, self._client_id = settings.require_mqtt(), f"{settings.client_id}-events"
        self._sites = sites
        self._link = Link(settings.require_database(), "quaystream-dcsa")
        self._on_published, self._on_refused = on_published, on_refused
        self._on_the_way: dict[int, tuple[int, str]] = {}
        self._acknowledged: list[int] = []
        self._refusals = Refusals()

    async def run(self) -> None:
        """Work until cancelled."""
        try:
            await self._keep_working()
        finally:
            self._link.drop()

    async def _keep_working(self) -> None:
        while True:
            try:
                async with Mqtt(self._url, self._client_id, on_published=self._answered) as mqtt:
                    await self._work(mqtt)
            except MqttError as error:
                log.warning("events of boxes are not published: %s", error)
            self._on_the_way.clear()
            await asyncio.sleep(AGAIN_S)

    async def _work(self, mqtt: Mqtt) -> None:
        while True:
            try:
                more = await self._step(mqtt)
            except AWAY as error:
                log.warning("events of boxes wait for the database: %s: %s", type(error).__name__, error)
                self._link.drop()
                more = False
            except Exception:  # a defect of ours must keep no sample from being stored
                log.exception("events of boxes cannot be made; please report this")
                self._link.drop()
                more = False
                await asyncio.sleep(AGAIN_S)
            if not more:
                await asyncio.sleep(EVERY_S)

    async def _step(self, mqtt: Mqtt) -> bool:
        """Make some, publish some, mark what the broker has; whether there is more to do at once."""
        connection = await self._link.get()
        if self._acknowledged:
            done = self._acknowledged[:]
            await connection.execute(SQL["sent"], done)
            del self._acknowledged[: len(done)]
        made = await make(connection, self._sites)
        room = MOST_ON_THE_WAY - len(self._on_the_way)
        if room <= 0:
            return bool(made)
        busy = [*(row for row, _ in self._on_the_way.values()), *self._acknowledged]
        for row in await connection.fetch(SQL["unsent"], busy, room, self._refusals.waiting(now_us())):
            topic = topics.container_event(row["terminal"], row["container_id"])
            self._on_the_way[mqtt.publish(topic, row["document"])] = row["number"], row["terminal"]
        return bool(made)

    def _answered(self, number: int, reason: int) -> None:
        """The broker has taken a message, or refused it: then it is sent again after a while."""
        found = self._on_the_way.pop(number, None)
        if found is None:
            return
        row, terminal = found
        if reason < REFUSED:
            self._acknowledged.append(row)
            self._on_published()
            if self._refusals.take(terminal, now_us()):
                log.info("the broker takes events of boxes of %s again", terminal)
            return
        self._on_refused()
        if self._refusals.refuse(terminal, now_us()):
            topic = topics.container_event(terminal, "+")
            text = "the broker refuses events of boxes, %s (reason 0x%02x); they are kept: let the worker publish there"
            log.error(text, topic, reason)
