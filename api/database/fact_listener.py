"""Learns which facts change, at their commit: a notification from PostgreSQL, see 0010_fact_notifications.sql."""

import asyncio
import logging
import random
from collections.abc import Callable, Mapping
from contextlib import suppress

import asyncpg
import msgspec
from msgspec import Struct

from api.database import connections
from api.database.availability import AWAY
from infra.connection import Connection, ListeningConnection

log = logging.getLogger(__name__)

CHANNEL = "quaystream_facts"
RETRY_DELAY_S = (0.5, 2.0)
CHECK_S = 10.0
"""How often a connection is checked: a server that froze closes none."""
CHECK_TIMEOUT_S = 5.0
CHECK = "SELECT pg_notify($1, '')"
"""A notification to ourselves: a pooler may take LISTEN and let nothing come."""


class FactsChanged(Struct, frozen=True):
    """Some facts of a terminal changed: those in a table."""

    terminal: str
    table: str


class FactListener:
    """One connection that only listens; away and back without a restart.

    Args:
        url: of the database.
        on_change: called for each notification.
        on_connect: called with each new connection; of what changed before, there was no notification.
        others: what to call for each notification on other channels, and with each new connection.

    Attributes:
        connected: whether notifications come now.
    """

    def __init__(
        self,
        url: str,
        on_change: Callable[[FactsChanged], None],
        on_connect: Callable[[], None],
        others: Mapping[str, Callable[[], None]],
    ) -> None:
        self._url = url
        self._others = others
        self._on_change = on_change
        self._on_connect = on_connect
        self._decoder = msgspec.json.Decoder(FactsChanged)
        self._checked = asyncio.Event()
        self.connected = False

    async def keep_listening(self) -> None:
        """Listen, trying until it works, until cancelled."""
        while True:
            try:
                await self._listen()
            except (*AWAY, asyncpg.PostgresError) as error:  # a standby, for example, lets nobody listen
                log.debug("no notifications of facts: %s", error)
            await asyncio.sleep(random.uniform(*RETRY_DELAY_S))

    async def _listen(self) -> None:
        """Listen until the connection ends.

        Raises:
            OSError, TimeoutError, asyncpg.PostgresError: no connection, or it broke.
        """
        connection = await connections.open_for_listening(self._url)
        ended = asyncio.Event()
        try:
            connection.add_termination_listener(lambda _connection: ended.set())
            await connection.add_listener(CHANNEL, self._take)
            for channel, call in self._others.items():
                await connection.add_listener(channel, _calling(call))
            while not ended.is_set():
                await self._check(connection)
                if not self.connected:
                    self.connected = True
                    self._on_connect()
                    for call in self._others.values():
                        call()
                with suppress(TimeoutError):
                    async with asyncio.timeout(CHECK_S):
                        await ended.wait()
        except asyncpg.InterfaceError as error:
            if not connection.is_closed():
                raise  # wrong use of asyncpg is a bug
            raise ConnectionError("the connection broke") from error
        finally:
            self.connected = False
            await connections.close(connection)

    async def _check(self, connection: Connection) -> None:
        """See that notifications come.

        Raises:
            OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError: they do not.
        """
        self._checked.clear()
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            await connection.execute(CHECK, CHANNEL)
            await self._checked.wait()

    def _take(self, connection: ListeningConnection, pid: int, _channel: str, payload: str) -> None:
        if not payload:
            if pid == connection.get_server_pid():
                self._checked.set()
            return
        try:
            change = self._decoder.decode(payload)
        except msgspec.DecodeError as error:
            log.warning("a notification on %s is not understood: %s", CHANNEL, error)
            return
        self._on_change(change)


def _calling(call: Callable[[], None]) -> Callable[[ListeningConnection, int, str, str], None]:
    """A listener that looks at nothing."""
    return lambda _connection, _pid, _channel, _payload: call()
