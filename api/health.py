"""Whether the parts that the API needs are there, and what to do when one is not."""

import asyncio
from collections.abc import Callable

import aiohttp

from api.answers import Check, Readiness
from api.database import Database
from api.errors import BusyError, DatabaseAwayError, QueryTooSlowError, SchemaMissingError

CHECK_TIMEOUT_S = 1.0
REMEMBER_S = 0.25
"""Many who ask at once, a page's live clients among them, share one answer."""


class Worker:
    """The ingest worker as seen over HTTP.

    Args:
        session: of this program.
        base_url: where the worker serves its metrics.
    """

    def __init__(self, session: aiohttp.ClientSession, base_url: str) -> None:
        self._session = session
        self._base_url = base_url

    async def check(self) -> Check:
        """Ask whether it is ready."""
        status, text = await self._get("/readyz")
        if status == 200:
            return Check(True, "stores messages")
        if status is None:
            return Check(
                False,
                f"the ingest worker at {self._base_url} does not answer; start `quaystream ingest`"
                " (`quaystream up` runs it), or check QUAYSTREAM_INGEST_HTTP",
            )
        return Check(False, f"the ingest worker says it is not ready: {text[:300]}")

    async def metrics(self) -> str | None:
        """Its metrics in Prometheus text, None when it does not answer."""
        status, text = await self._get("/metrics")
        return text if status == 200 else None

    async def _get(self, path: str) -> tuple[int | None, str]:
        try:
            async with asyncio.timeout(CHECK_TIMEOUT_S), self._session.get(self._base_url + path) as response:
                return response.status, await response.text(errors="replace")
        except (aiohttp.ClientError, OSError, TimeoutError):
            return None, ""


class Health:
    """All checks together.

    Args:
        database: the API's pool.
        broker: says whether the broker is connected.
        broker_where: host and port, for the message.
        worker: the ingest worker.
    """

    def __init__(self, database: Database, broker: Callable[[], bool], broker_where: str, worker: Worker) -> None:
        self._database = database
        self._broker = broker
        self._broker_where = broker_where
        self._worker = worker
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
                self._last = Readiness(all(check.ok for check in checks.values()), checks)
                self._last_at = asyncio.get_running_loop().time()
            return self._last

    async def _check_database(self) -> Check:
        try:
            await self._database.fetch("ready", timeout_s=CHECK_TIMEOUT_S)
        except (BusyError, DatabaseAwayError, SchemaMissingError, QueryTooSlowError) as error:
            return Check(False, str(error))
        return Check(True, "answers")

    def _check_broker(self) -> Check:
        if self._broker():
            return Check(True, "connected")
        return Check(
            False,
            f"no connection to the broker at {self._broker_where}; start it, or check QUAYSTREAM_MQTT_URL"
            " (`quaystream doctor` tells more); quaystream reconnects by itself",
        )
