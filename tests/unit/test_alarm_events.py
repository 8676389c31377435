"""Which events changes of alarms make, and what a receiver that fails does to the others."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import aiohttp
import msgspec
import pytest

from infra.connection import Connection, Record
from infra.database import Link
from ingest.alarms import webhooks
from ingest.alarms.delivery import Delivery, DeliveryError
from ingest.alarms.events import of_changes
from ingest.alarms.webhooks import WebhookReceiver
from processing.alarms.facts import Alarm
from processing.alarms.webhook import Webhook

HOUR_US = 3_600_000_000
NOW_US = 100 * HOUR_US
ACTIVE = Alarm("t", "battery_low", "agv1", "medium", 10 * HOUR_US, 10 * HOUR_US, None, ("agv1",))
OVER = replace(ACTIVE, cleared_us=20 * HOUR_US)


def happened(before: Alarm | None, after: Alarm) -> list[str]:
    """Events where one alarm is stored, and another one is derived."""
    stored = {} if before is None else {before.key: before}
    return [msgspec.json.decode(one[-1])["event"] for one in of_changes([], [after], stored, NOW_US)]


def test_who_knows_an_active_alarm_gets_to_know_that_it_ended_long_ago() -> None:
    assert happened(ACTIVE, OVER) == ["cleared"]
    assert happened(None, OVER) == []
    assert happened(OVER, replace(OVER, cleared_us=21 * HOUR_US)) == []
    assert happened(None, replace(OVER, cleared_us=NOW_US - 1)) == ["raised", "cleared"]


async def test_a_host_that_cannot_be_encoded_is_a_failed_delivery() -> None:
    async with aiohttp.ClientSession() as session:
        hook = WebhookReceiver(Webhook("x", "https://hooks..example/x", "0123456789abcdef"), session)
        with pytest.raises(DeliveryError):
            await hook.take([])


async def test_a_server_that_hangs_is_a_failed_delivery_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """The log is to show what to look at, not the name of an exception."""
    monkeypatch.setattr(webhooks, "TIMEOUT_S", 0.05)
    server = await asyncio.start_server(_never_answers, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, aiohttp.ClientSession() as session:
        hook = WebhookReceiver(Webhook("x", f"http://127.0.0.1:{port}/x", "0123456789abcdef"), session)
        with pytest.raises(DeliveryError, match=r"^it gives no answer within 0\.05 s$"):
            await hook.take([])


async def _never_answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Until the client gives up."""
    await reader.read()
    writer.close()


class _Fake:
    """A receiver with an answer for each attempt, and the connection that has one event for it."""

    terminal: str | None = None

    def __init__(self, name: str, failures: int) -> None:
        self.name = name
        self.severities: list[str] = []
        self.attempts = 0
        self.taken = asyncio.Event()
        self._failures = failures

    async def begin(self, connection: Connection) -> None:
        """Nothing is to be prepared."""

    async def take(self, _events: Sequence[Record]) -> None:
        """Fail as a defect does, as often as asked."""
        self.attempts += 1
        if self.attempts <= self._failures:
            raise KeyError("a defect")
        self.taken.set()


class _Store:
    """In the place of link and connection."""

    async def get(self) -> "_Store":
        return self

    def drop(self) -> None:
        """Nothing to give up."""

    async def fetchval(self, _sql: str, _receiver: str) -> int:
        return 0

    async def fetch(self, _sql: str, *_values: Any) -> list[dict[str, Any]]:
        return [{"id": 1}]

    async def execute(self, _sql: str, *_values: Any) -> None:
        return None


async def test_a_defect_of_a_receiver_is_tried_again_and_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.alarms.delivery.FIRST_PAUSE_S", 0.0)
    monkeypatch.setattr("ingest.alarms.delivery.POLL_S", 0.0)
    wrong, right = _Fake("wrong", failures=2), _Fake("right", failures=0)
    link: Link = _Store()  # type: ignore[assignment] # has what delivery asks of a link
    running = asyncio.create_task(Delivery(link, [wrong, right]).run())
    try:
        async with asyncio.timeout(10):
            await wrong.taken.wait()
            await right.taken.wait()
        assert not running.done()
        assert wrong.attempts >= 3
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
