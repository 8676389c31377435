"""All that a worker does about alarms: derive them, and deliver what happened to them."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

import aiohttp

from infra.database import Link
from infra.mqtt.connection import Mqtt
from ingest.alarms.delivery import Delivery, Receiver
from ingest.alarms.follower import AlarmFollower, Progress
from ingest.alarms.measurements import Measurements
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
        progress: of the worker.
    """

    def __init__(self, url: str, devices: Mapping[int, Device], sites: Sites, mqtt: Mqtt, progress: Progress) -> None:
        self._links = tuple(Link(url, f"quaystream-{name}") for name in ("alarms", "events", "measurements"))
        self._sites = sites
        self._mqtt = mqtt
        self._delivery: Delivery | None = None
        self._places = Places(devices, sites)
        self._follower = AlarmFollower(self._links[0], self._places, self._deliver, progress)

    def committed(self, heard_us: Mapping[str, int], oldest_us: int | None, arrived_us: int, *, news: bool) -> None:
        """A batch was committed; see `ingest.worker.shell`. Times in µs since 1970 UTC."""
        for terminal, newest_us in heard_us.items():
            self._follower.times.heard(terminal, newest_us, arrived_us)
        self._follower.times.passed(arrived_us)
        if oldest_us is not None:
            self._follower.silences.stored(oldest_us)
        if news:
            self._follower.wake()

    def connected(self) -> None:
        """There is a new connection: samples may wait behind it."""
        self._follower.times.interrupted()

    def _deliver(self) -> None:
        if self._delivery is not None:
            self._delivery.wake()

    async def run(self, folder: Path, broker: Callable[[], Mapping[str, float]]) -> None:
        """Work until cancelled.

        Args:
            folder: of database and broker, where they are on this machine.
            broker: what the broker reports of itself.
        """
        measurements = Measurements(self._links[2], self._places, folder, broker)
        try:
            async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as tasks:
                hooks = [WebhookReceiver(hook, session) for hook in self._sites.webhooks]
                receivers: list[Receiver] = [TopicReceiver(self._mqtt), *hooks]
                self._delivery = Delivery(self._links[1], receivers)
                tasks.create_task(self._follower.run(), name="alarms")
                tasks.create_task(self._delivery.run(), name="events of alarms")
                tasks.create_task(measurements.run(), name="measurements")
        finally:
            for link in self._links:
                link.drop()
