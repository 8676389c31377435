"""The database as the API sees it: opened in the background, away and back without a restart."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from api.database import connections
from api.database.availability import AWAY, Availability
from api.database.connections import CLOSE_TIMEOUT_S, CONNECT_TIMEOUT_S, MAX_CONNECTIONS
from api.database.errors import BusyError
from infra.connection import Connection, Pool, Record

ACQUIRE_TIMEOUT_S = 1.5
QUERY_TIMEOUT_S = 12.0
"""Above the server's own limit, which gives the better message; this one is for a server that is frozen."""
MOST_CHANGES = 4
PRINCIPAL = "SELECT set_config('quaystream.principal', $1, true)"
RETRY_DELAY_S = (0.5, 2.0)


class Change:
    """A transaction that may write.

    Args:
        connection: inside a transaction.

    Attributes:
        connection: the same, for what commands do as well, by `infra`.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    async def fetch(self, sql: str, *args: object) -> list[Record]:
        """Rows of a query; what it raises, `Database.changing` turns into the errors listed there."""
        return await connections.fetch(self.connection, sql, args)


class Database:
    """A pool that may be away. `keep_open` must run beside it.

    Args:
        url: of the database.
        queried: called for each query of `fetch`.
    """

    def __init__(self, url: str, queried: Callable[[], None]) -> None:
        self._url = url
        self._queried = queried
        self._availability = Availability(url)
        self._pool: Pool | None = None
        self._changes = asyncio.Semaphore(MOST_CHANGES)

    async def keep_open(self) -> None:
        """Open the pool, trying until it works; from then on the pool itself reconnects."""
        while self._pool is None:
            try:
                async with asyncio.timeout(CONNECT_TIMEOUT_S * 2):
                    self._pool = await connections.open_pool(self._url)
                self._availability.present()
            except AWAY as error:
                self._availability.away(error)
                await asyncio.sleep(random.uniform(*RETRY_DELAY_S))

    async def close(self) -> None:
        """Close all connections, waiting only a moment for running queries."""
        if self._pool is None:
            return
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()

    @property
    def connections(self) -> tuple[int, int]:
        """How many connections are open, and how many of them are idle."""
        return (self._pool.get_size(), self._pool.get_idle_size()) if self._pool is not None else (0, 0)

    async def fetch(self, sql: str, *args: object, timeout_s: float = QUERY_TIMEOUT_S) -> list[Record]:
        """Rows of a query.

        Args:
            sql: its text.
            args: its parameters.
            timeout_s: give up after this, whatever the server does. [s]

        Raises:
            DatabaseAwayError: no connection, or it broke.
            BusyError: other queries have all connections.
            QueryTooSlowError: the server's time limit.
            SchemaMissingError: the schema is not that of this version.
        """
        pool = self._opened()
        with self._availability.watched():
            async with asyncio.timeout(timeout_s), self._borrowed(pool) as connection:
                self._queried()
                return await connections.fetch(connection, sql, args)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """A connection whose queries all see the same state; what cannot write is not kept from reading.

        Raises:
            BusyError, DatabaseAwayError, QueryTooSlowError, SchemaMissingError: as `fetch`.
        """
        pool = self._opened()
        with self._availability.watched():
            async with (
                asyncio.timeout(QUERY_TIMEOUT_S),
                self._borrowed(pool) as connection,
                connection.transaction(isolation="repeatable_read", readonly=True),
            ):
                yield connection

    @asynccontextmanager
    async def changing(self, principal: str = "") -> AsyncIterator[Change]:
        """One transaction that may write: committed at the end of the block, rolled back if an exception ends it.

        It has a connection of its own: those of the pool cannot write, and changes are few.

        Args:
            principal: who makes it, for the audit log; empty: it is none of people's.

        Raises:
            ReadOnlyError: the database takes no changes now.
            BusyError: somebody else changes the same rows, or too many change something; nothing was changed.
            DatabaseAwayError, QueryTooSlowError, SchemaMissingError: as `fetch`.
        """
        self._opened()
        with self._availability.watched():
            async with asyncio.timeout(QUERY_TIMEOUT_S), self._turn():
                connection = await connections.open_for_changes(self._url)
                try:
                    async with connection.transaction():
                        await connection.execute(PRINCIPAL, principal)
                        yield Change(connection)
                finally:
                    await connections.close(connection)

    def _opened(self) -> Pool:
        """The pool, which has had a connection.

        Raises:
            DatabaseAwayError: there has been none yet.
        """
        if self._pool is None:
            raise self._availability.error()
        return self._pool

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(ACQUIRE_TIMEOUT_S):
                await self._changes.acquire()
        except TimeoutError:
            raise BusyError(f"{MOST_CHANGES} changes wait already; ask again in a few seconds") from None
        try:
            yield
        finally:
            self._changes.release()

    @asynccontextmanager
    async def _borrowed(self, pool: Pool) -> AsyncIterator[Connection]:
        """One of the pool's connections.

        Raises:
            BusyError: other queries have all of them, and go on having them.
        """
        try:
            connection = await pool.acquire(timeout=ACQUIRE_TIMEOUT_S)
        except TimeoutError:
            if self.connections == (MAX_CONNECTIONS, 0):
                raise BusyError(
                    f"{MAX_CONNECTIONS} slow queries run already; ask again in a few seconds, or for shorter spans"
                ) from None
            raise
        try:
            yield connection
        finally:
            await pool.release(connection)
