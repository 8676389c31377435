"""The API's own connections: opened in the background, away and back again without a restart."""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from api.errors import BusyError, DatabaseAwayError, QueryTooSlowError, ReadOnlyError, SchemaMissingError
from api.queries import SQL

log = logging.getLogger(__name__)
logging.getLogger("asyncpg.pool").setLevel(logging.CRITICAL)  # it tells tracebacks of what is told here in one line

MIN_CONNECTIONS, MAX_CONNECTIONS = 1, 8
CONNECT_TIMEOUT_S = 5.0
ACQUIRE_TIMEOUT_S = 1.5
QUERY_TIMEOUT_S = 12.0
"""Above the server's own limit, which gives the better message; this one is for a server that is frozen."""
STATEMENT_TIMEOUT_MS = 10_000
MOST_CHANGES = 4
LOCK_TIMEOUT_MS = 500
"""Less than the server's deadlock_timeout: whoever edits gives way, never the worker."""
CHANGE_TIMEOUT_MS = 5_000
RETRY_DELAY_S = (0.5, 2.0)
CLOSE_TIMEOUT_S = 0.5

AWAY: tuple[type[Exception], ...] = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
)
"""Errors that another attempt can cure, after whoever runs the database did something."""
MISSING: tuple[type[Exception], ...] = (
    asyncpg.UndefinedTableError,
    asyncpg.UndefinedColumnError,
    asyncpg.UndefinedFunctionError,
)


LOCKED: tuple[type[Exception], ...] = (
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
)


class Change:
    """A transaction that may write.

    Args:
        connection: inside a transaction.

    Attributes:
        connection: the same, for what commands do as well, by `infra`.
    """

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    async def fetch(self, name: str, *args: object) -> list[Any]:
        """Run a named query; what it raises, `Database.changing` turns into the errors told there."""
        return await _fetch(self.connection, SQL[name], args)


class Database:
    """A pool that may be away. `keep_open` must run beside it.

    Attributes:
        problem: why it is away, None while it is there.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        parts = urlsplit(url)
        self._where = f"{parts.hostname}:{parts.port or 5432}"
        self._pool: Any = None
        self._changes = asyncio.Semaphore(MOST_CHANGES)
        self.problem: str | None = "not connected yet"

    async def keep_open(self) -> None:
        """Open the pool, trying until it works; from then on the pool itself reconnects."""
        while self._pool is None:
            try:
                self._pool = await self._open()
                self._here()
            except AWAY as error:
                self._away(error)
                await asyncio.sleep(random.uniform(*RETRY_DELAY_S))

    async def _open(self) -> Any:
        async with asyncio.timeout(CONNECT_TIMEOUT_S * 2):
            return await asyncpg.create_pool(
                self._url,
                min_size=MIN_CONNECTIONS,
                max_size=MAX_CONNECTIONS,
                timeout=CONNECT_TIMEOUT_S,
                server_settings={
                    "timezone": "UTC",
                    "statement_timeout": str(STATEMENT_TIMEOUT_MS),
                    "application_name": "quaystream-api",
                    "default_transaction_read_only": "on",
                    "jit": "off",
                    # A plan for any limit and any span sorts everything; planning anew costs less than 1 ms.
                    "plan_cache_mode": "force_custom_plan",
                },
            )

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

    async def fetch(self, name: str, *args: object, timeout_s: float = QUERY_TIMEOUT_S) -> list[Any]:
        """Run a named query.

        Args:
            name: block in `api/sql`.
            args: its parameters.
            timeout_s: give up after this, whatever the server does. [s]

        Raises:
            DatabaseAwayError: no connection, or it broke.
            BusyError: other queries have all connections.
            QueryTooSlowError: the server's time limit.
            SchemaMissingError: the schema is not that of this version.
        """
        with self._telling():
            async with asyncio.timeout(timeout_s), self._connection() as connection:
                return await _fetch(connection, SQL[name], args)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Any]:
        """A connection whose queries all see the same state; what cannot write is not kept from reading.

        Raises:
            BusyError, DatabaseAwayError, QueryTooSlowError, SchemaMissingError: as `fetch`.
        """
        with self._telling():
            async with (
                asyncio.timeout(QUERY_TIMEOUT_S),
                self._connection() as connection,
                connection.transaction(isolation="repeatable_read", readonly=True),
            ):
                yield connection

    @asynccontextmanager
    async def changing(self) -> AsyncIterator["Change"]:
        """One transaction that may write: committed at the end of the block, rolled back if an exception ends it.

        It has a connection of its own: those of the pool cannot write, and changes are few.

        Raises:
            ReadOnlyError: the database takes no changes now.
            BusyError: somebody else changes the same rows, or too many change something; nothing was changed.
            DatabaseAwayError, QueryTooSlowError, SchemaMissingError: as `fetch`.
        """
        with self._telling():
            async with asyncio.timeout(QUERY_TIMEOUT_S), self._turn():
                connection = await self._connect()
                try:
                    async with connection.transaction():
                        yield Change(connection)
                finally:
                    await _end(connection)

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

    async def _connect(self) -> Any:
        return await asyncpg.connect(
            self._url,
            timeout=CONNECT_TIMEOUT_S,
            server_settings={
                "timezone": "UTC",
                "statement_timeout": str(CHANGE_TIMEOUT_MS),
                "lock_timeout": str(LOCK_TIMEOUT_MS),
                "idle_in_transaction_session_timeout": str(CHANGE_TIMEOUT_MS),
                "application_name": "quaystream-api-changes",
                "jit": "off",
            },
        )

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Turn what the database's client raises into errors that tell what to do."""
        if self._pool is None:
            raise DatabaseAwayError(self._advice())
        try:
            yield
        except asyncpg.QueryCanceledError as error:
            raise QueryTooSlowError("this took too long; ask for a shorter span or fewer rows") from error
        except MISSING as error:
            raise SchemaMissingError(
                "the database's schema is not that of this version: run `quaystream migrate`"
            ) from error
        except asyncpg.ReadOnlySQLTransactionError as error:
            raise ReadOnlyError(
                f"the database at {self._where} takes no changes now: it is a standby, or set to read only; "
                "ask again when it takes them, or check QUAYSTREAM_DATABASE_URL"
            ) from error
        except LOCKED as error:
            raise BusyError("the same rows are being changed just now; nothing was changed, ask again") from error
        except AWAY as error:
            self._away(error)
            raise DatabaseAwayError(self._advice()) from error
        self._here()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Any]:
        """One of the pool's connections.

        Raises:
            BusyError: other queries have all of them, and go on having them.
        """
        try:
            connection = await self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S)
        except TimeoutError:
            if self.connections == (MAX_CONNECTIONS, 0):
                raise BusyError(
                    f"{MAX_CONNECTIONS} slow queries run already; ask again in a few seconds, or for shorter spans"
                ) from None
            raise
        try:
            yield connection
        finally:
            await self._pool.release(connection)

    def _here(self) -> None:
        if self.problem is not None:
            log.info("connected to the database %s", self._where)
            self.problem = None

    def _away(self, error: Exception) -> None:
        """Remember why, and say it once, not at each attempt."""
        if self.problem is None or self.problem == "not connected yet":
            log.warning("database %s is away: %s", self._where, str(error) or "no answer in time")
        self.problem = str(error) or "no answer in time"

    def _advice(self) -> str:
        return (
            f"the database at {self._where} does not answer; start it, or check QUAYSTREAM_DATABASE_URL"
            " (`quaystream doctor` tells more); quaystream reconnects by itself"
        )


async def _end(connection: Any) -> None:
    """Close a connection; what became of its transaction is decided already."""
    try:
        await connection.close(timeout=CLOSE_TIMEOUT_S)
    except AWAY:
        connection.terminate()


async def _fetch(connection: Any, sql: str, args: tuple[object, ...]) -> list[Any]:
    try:
        rows: list[Any] = await connection.fetch(sql, *args)
    except asyncpg.InterfaceError as error:
        if not connection.is_closed():
            raise  # wrong use of asyncpg is a bug
        raise ConnectionError("the connection broke") from error
    return rows
