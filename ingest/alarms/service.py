"""All that a worker does about alarms: derive them, and deliver what happened to them."""

import asyncio
from collections.abc import Mapping

import aiohttp

from infra.database import Link
from infra.mqtt.connection import Mqtt
from ingest.alarms.delivery import Delivery, Receiver
from ingest.alarms.follower import AlarmFollower
from ingest.alarms.places import Places
from ingest.alarms.topics import TopicReceiver
from ingest.alarms.webhooks import WebhookReceiver
from processing.model.device import Device
from processing.site.configuration import Sites


class AlarmService:
    """Tasks beside the batches, over connections of their own.

    Args:
        url: of the database.
        devices: by id; may grow.
        sites: configurations of terminals, webhooks.
        mqtt: over which events are published.
    """

    def __init__(self, url: str, devices: Mapping[int, Device], sites: Sites, mqtt: Mqtt) -> None:
        self._links = Link(url, "quaystream-alarms"), Link(url, "quaystream-events")
        self._sites = sites
        self._mqtt = mqtt
        self._delivery: Delivery | None = None
        self._follower = AlarmFollower(self._links[0], Places(devices, sites), self._deliver)

    def wake(self) -> None:
        """Facts were committed."""
        self._follower.wake()

    def _deliver(self) -> None:
        if self._delivery is not None:
            self._delivery.wake()

    async def run(self) -> None:
        """Work until cancelled."""
        try:
            async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as tasks:
                hooks = [WebhookReceiver(hook, session) for hook in self._sites.webhooks]
                receivers: list[Receiver] = [TopicReceiver(self._mqtt), *hooks]
                self._delivery = Delivery(self._links[1], receivers)
                tasks.create_task(self._follower.run(), name="alarms")
                tasks.create_task(self._delivery.run(), name="events of alarms")
        finally:
            for link in self._links:
                link.drop()
