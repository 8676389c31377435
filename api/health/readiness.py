"""Whether the parts that the API needs are there, and what to do when one is not."""

import asyncio

from api.broker.connection import Broker
from api.database.database import Database
from api.database.errors import UNANSWERED, SchemaMissingError
from api.database.queries import queries
from api.health.answers import Check, Readiness
from api.health.disk import StackDisk
from api.health.worker import CHECK_TIMEOUT_S, Worker

SQL = queries(__file__)
REMEMBER_S = 0.25
"""Many who ask at once, a page's live clients among them, share one answer."""


class Health:
    """All checks together.

    Args:
        database: the API's pool.
        broker: the API's connection to it.
        worker: the ingest worker.
        disk: the disks of the stack.
    """

    def __init__(self, database: Database, broker: Broker, worker: Worker, disk: StackDisk) -> None:
        self._database = database
        self._broker = broker
        self._worker = worker
        self._disk = disk
        self._lock = asyncio.Lock()
        self._last: Readiness | None = None
        self._last_at = 0.0

    async def readiness(self) -> Readiness:
        """Check everything, or repeat an answer a moment old."""
        async with self._lock:
            now = asyncio.get_running_loop().time()
            if self._last is None or now - self._last_at > REMEMBER_S:
                database, worker = await asyncio.gather(self._check_database(), self._worker.check())
                checks = {"database": database, "broker": self._check_broker(), "ingest": worker}
                if (disk := self._disk.check()) is not None:
                    checks["disk"] = disk
                self._last = Readiness(all(check.ok for check in checks.values()), checks)
                self._last_at = asyncio.get_running_loop().time()
            return self._last

    async def _check_database(self) -> Check:
        try:
            await self._database.fetch(SQL["ready"], timeout_s=CHECK_TIMEOUT_S)
        except (*UNANSWERED, SchemaMissingError) as error:
            return Check(False, str(error))
        return Check(True, "answers")

    def _check_broker(self) -> Check:
        if self._broker.connected:
            return Check(True, "connected")
        return Check(
            False,
            f"no connection to the broker at {self._broker.where}; start it, or check QUAYSTREAM_MQTT_URL"
            " (`quaystream doctor` reports more); quaystream reconnects by itself",
        )
