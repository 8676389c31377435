"""Delivers events of alarms to receivers: each in order, each from where it has got to, none waiting for another."""

import asyncio
import logging
import random
from collections.abc import Sequence
from typing import Protocol

from infra.connection import Connection, Record
from infra.database import Link
from infra.sql import blocks
from ingest.store.failures import AWAY
from ingest.store.time_limit import within
from processing.model.errors import QuaystreamError

log = logging.getLogger(__name__)
SQL = blocks(__file__, "delivery.sql")
AT_ONCE = 100
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 60.0
POLL_S = 5.0
LIMIT_S = 30.0
"""The database answers within that, or is given up: a frozen server must not hold up events for ever. [s]"""


class DeliveryError(QuaystreamError):
    """A receiver did not take events; they will be offered again."""


class Receiver(Protocol):
    """Who gets events.

    Attributes:
        name: under which the database keeps how far it has got.
        terminal: only events from there; None: from all.
        severities: only of these.
    """

    name: str
    terminal: str | None
    severities: list[str]

    async def begin(self, connection: Connection) -> None:
        """Called before each delivery."""

    async def take(self, events: Sequence[Record]) -> None:
        """Take events in order; once more, where it is not known whether they arrived.

        Raises:
            DeliveryError: it did not; the message has the reason.
        """


class Delivery:
    """All receivers, each a task.

    Args:
        link: to the database, its own; receivers take turns.
        receivers: who gets events.
    """

    def __init__(self, link: Link, receivers: Sequence[Receiver]) -> None:
        self._link = link
        self._receivers = receivers
        self._turn = asyncio.Lock()
        self._news = {receiver.name: asyncio.Event() for receiver in receivers}

    def wake(self) -> None:
        """There are new events."""
        for event in self._news.values():
            event.set()

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for receiver in self._receivers:
                tasks.create_task(self._serve(receiver), name=f"events to {receiver.name}")

    async def _serve(self, receiver: Receiver) -> None:
        news, pause_s = self._news[receiver.name], FIRST_PAUSE_S
        while True:
            news.clear()
            more = await self._attempt(receiver, pause_s)
            if more is None:
                await asyncio.sleep(pause_s * random.uniform(0.5, 1.0))
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
                continue
            pause_s = FIRST_PAUSE_S
            if not more:
                try:
                    async with asyncio.timeout(POLL_S):
                        await news.wait()
                except TimeoutError:
                    continue

    async def _attempt(self, receiver: Receiver, pause_s: float) -> bool | None:
        """Deliver the next events; whether there may be more, None where that failed."""
        try:
            return await self._some(receiver)
        except (DeliveryError, *AWAY) as error:
            log.warning("%s waits, next attempt in about %.0f s: %s", receiver.name, pause_s, error)
            if isinstance(error, AWAY):
                self._link.drop()
        except Exception:  # a defect of one receiver must end neither the others nor the worker
            log.exception("%s waits, next attempt in about %.0f s; please report this", receiver.name, pause_s)
        return None

    async def _some(self, receiver: Receiver) -> bool:
        """Deliver the next events; whether there may be more."""
        async with self._turn:
            events = await within(LIMIT_S, self._next(receiver), self._link)
        if not events:
            return False
        await receiver.take(events)
        async with self._turn:
            await within(LIMIT_S, self._delivered(receiver, events[-1]["id"]), self._link)
        return len(events) == AT_ONCE

    async def _next(self, receiver: Receiver) -> list[Record]:
        connection = await self._link.get()
        await receiver.begin(connection)
        since = await connection.fetchval(SQL["begin"], receiver.name)
        return await connection.fetch(SQL["next"], since, receiver.terminal, receiver.severities, AT_ONCE)

    async def _delivered(self, receiver: Receiver, event: int) -> None:
        await (await self._link.get()).execute(SQL["delivered"], receiver.name, event)
