"""Connections of the API: how each kind is opened, used and closed."""

import logging
from collections.abc import Mapping

import asyncpg

from api.database.availability import AWAY
from infra.connection import Connection, ListeningConnection, Pool, Record

logging.getLogger("asyncpg.pool").setLevel(logging.CRITICAL)  # its tracebacks repeat what is logged here in one line

MIN_CONNECTIONS, MAX_CONNECTIONS = 1, 8
CONNECT_TIMEOUT_S = 5.0
CLOSE_TIMEOUT_S = 0.5
STATEMENT_TIMEOUT_MS = 10_000
LOCK_TIMEOUT_MS = 500
"""Less than the server's deadlock_timeout: whoever edits gives way, never the worker."""
CHANGE_TIMEOUT_MS = 5_000


READS = {
    "application_name": "quaystream-api",
    "statement_timeout": str(STATEMENT_TIMEOUT_MS),
    "default_transaction_read_only": "on",
    "jit": "off",
    # A plan for any limit and any span sorts everything; planning each time costs less than 1 ms.
    "plan_cache_mode": "force_custom_plan",
}
CHANGES = {
    "application_name": "quaystream-api-changes",
    "statement_timeout": str(CHANGE_TIMEOUT_MS),
    "lock_timeout": str(LOCK_TIMEOUT_MS),
    "idle_in_transaction_session_timeout": str(CHANGE_TIMEOUT_MS),
    "jit": "off",
}
LISTENS = {"application_name": "quaystream-api-listener"}
"""Settings of the server for each kind of connection; all are in UTC."""


async def open_pool(url: str) -> Pool:
    """Connections that read.

    Raises:
        OSError, TimeoutError, asyncpg.PostgresError: no connection.
    """
    sizes = {"min_size": MIN_CONNECTIONS, "max_size": MAX_CONNECTIONS}
    pool: Pool = await asyncpg.create_pool(url, **sizes, **_options(READS))
    return pool


async def open_for_changes(url: str) -> Connection:
    """A connection that writes; raises as `open_pool`."""
    connection: Connection = await asyncpg.connect(url, **_options(CHANGES))
    return connection


async def open_for_listening(url: str) -> ListeningConnection:
    """A connection on which notifications come; raises as `open_pool`."""
    connection: ListeningConnection = await asyncpg.connect(url, **_options(LISTENS))
    return connection


def _options(settings: Mapping[str, str]) -> dict[str, object]:
    return {"timeout": CONNECT_TIMEOUT_S, "server_settings": {"timezone": "UTC", **settings}}


async def close(connection: Connection) -> None:
    """Close a connection; what became of its transaction is decided already."""
    try:
        await connection.close(timeout=CLOSE_TIMEOUT_S)
    except AWAY:
        connection.terminate()


async def fetch(connection: Connection, sql: str, args: tuple[object, ...]) -> list[Record]:
    """Rows of a query.

    Raises:
        ConnectionError: the connection broke before.
        asyncpg.PostgresError, OSError: as asyncpg raises them.
    """
    try:
        rows = await connection.fetch(sql, *args)
    except asyncpg.InterfaceError as error:
        if not connection.is_closed():
            raise  # wrong use of asyncpg is a bug
        raise ConnectionError("the connection broke") from error
    return rows
