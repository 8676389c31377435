"""The ingest worker as the API sees it: over HTTP."""

import asyncio

import aiohttp

from api.health.answers import Check

CHECK_TIMEOUT_S = 1.0


class Worker:
    """The ingest worker.

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
        return Check(False, f"the ingest worker reports that it is not ready: {text[:300]}")

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
