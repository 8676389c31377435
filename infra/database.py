"""The database as programs see it: migrations (psycopg) and connections (asyncpg)."""

import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import psycopg
from yoyo import get_backend, read_migrations
from yoyo.exceptions import LockTimeout
from yoyo.migrations import get_migration_hash

from infra.access.grants import follow
from infra.access.person import person
from infra.connection import Connection
from infra.sql import blocks
from processing.model.errors import QuaystreamError

logging.getLogger("yoyo").setLevel(logging.WARNING)
log = logging.getLogger(__name__)
MIGRATIONS = Path(__file__).parent / "migrations"
SQL = blocks(__file__, "database.sql")
RENAMED = {
    "0009_crane_rules": "0010_crane_rules",
    "0009_site_used": "0011_site_used",
    "0033_containers_searched": "0034_containers_searched",
}
"""Migrations that once had another id: some shared a number. A database may have the old id recorded."""
EXTENSION = re.compile(r"extension (?:\"(?P<name>\w+)\"|control file \".*/(?P<file>\w+)\.control\")")
CONNECT_TIMEOUT_S = 10
LOCK_TIMEOUT_S = 10.0
"""How long a migration waits for another one."""


class DatabaseError(QuaystreamError):
    """The database cannot be used as it is."""


def migrate(url: str, *, break_lock: bool = False, report: Callable[[str], object] = log.warning) -> list[str]:
    """Apply what has not been applied; each file is one transaction. Then privileges of the roles follow.

    Two at once wait for each other, by a row in `yoyo_lock`; one that was killed leaves it behind.

    A migration that is recorded under an old id (`RENAMED`) is recorded under its new one first, not applied twice.

    Args:
        url: the database.
        break_lock: remove the lock of another one first, which must not run any more.
        report: takes a line where this user may not grant privileges.

    Returns: the names of the migrations applied now.

    Raises:
        DatabaseError: the database cannot be reached, is locked by another one, or refuses a migration.
    """
    parts = urlsplit(url)
    try:
        backend = get_backend(urlunsplit(parts._replace(scheme="postgresql+psycopg")))
        try:
            if break_lock:
                backend.break_lock()
            with backend.lock(LOCK_TIMEOUT_S):
                names, notice = _apply(backend), _grant(url)
        finally:
            backend.connection.close()
    except LockTimeout as error:
        raise DatabaseError(
            f"another migration holds the lock of {parts.hostname}:{parts.port or 5432}{parts.path} for longer than "
            f"{LOCK_TIMEOUT_S:g} s; wait until it is done, or, if none runs any more because it was killed, remove the "
            "lock by `quaystream migrate --break-lock`"
        ) from error
    except psycopg.Error as error:
        where = f"{parts.hostname}:{parts.port or 5432}"
        raise DatabaseError(f"migration failed at {where}: {error}{_what_to_do(error)}") from error
    if notice is not None:
        report(notice)
    return names


def _apply(backend: Any) -> list[str]:
    """Apply what has not been applied, under yoyo's lock; the names."""
    backend.ensure_internal_schema_updated()
    _rename_recorded(backend.connection)
    pending = backend.to_apply(read_migrations(str(MIGRATIONS)))
    backend.apply_migrations(pending)
    return [migration.id for migration in pending]


def _grant(url: str) -> str | None:
    """Make privileges follow; what is left to do."""
    with psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_TIMEOUT_S) as connection:
        return follow(connection)


def _what_to_do(error: psycopg.Error) -> str:
    """What helps against an error of a migration, where that is known."""
    extension = EXTENSION.search(str(error))
    if extension is None:
        return ""
    name = extension["name"] or extension["file"]
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        return f"; let a superuser run `CREATE EXTENSION {name}` in this database, then `quaystream migrate`"
    if name == "timescaledb":
        return "; install TimescaleDB for this version of PostgreSQL, then `quaystream migrate`"
    return (
        f"; {name} is one of PostgreSQL's own extensions: install its contrib modules on the database server (package "
        "postgresql-contrib of Red Hat and Alpine, postgresql-NN of Debian), then `quaystream migrate`"
    )


def _rename_recorded(connection: psycopg.Connection[Any]) -> None:
    """Replace old ids, and the hashes that yoyo makes of ids, in yoyo's tables; nothing changes where none is there."""
    with connection.transaction():
        for old, new in RENAMED.items():
            names = {"old": old, "new": new, "hash": get_migration_hash(new)}
            for block in ("forget_old_id", "rename_migration", "rename_in_log"):
                connection.execute(SQL[block], names)


def current_id(migration: str) -> str:
    """Id that a recorded migration has in this version of the program."""
    return RENAMED.get(migration, migration)


def known_migrations() -> list[str]:
    """Names of the migrations that this version of the program comes with, in order."""
    return sorted(path.stem for path in MIGRATIONS.glob("*.sql"))


async def connect(url: str, application: str, *, statement_timeout_ms: int = 30_000) -> Connection:
    """One asyncpg connection in UTC, with server-side time limits.

    Client-side limits do not cover asyncpg's hidden first prepare of a COPY, so the server has limits too.

    Raises:
        OSError, TimeoutError, asyncpg.PostgresError: no connection.
    """
    made: Connection = await asyncpg.connect(
        url,
        timeout=CONNECT_TIMEOUT_S,
        server_settings={
            "timezone": "UTC",
            "application_name": application,
            "statement_timeout": str(statement_timeout_ms),
            "lock_timeout": "5000",
            "idle_in_transaction_session_timeout": "60000",
        },
    )
    return made


@asynccontextmanager
async def connected(url: str, application: str) -> AsyncIterator[Connection]:
    """A connection for one thing that a person has asked for; what fails is worded for them.

    Raises:
        DatabaseError: the database cannot be reached, lacks a migration, or refuses.
    """
    parts = urlsplit(url)
    where = f"{parts.hostname}:{parts.port or 5432}{parts.path}"
    try:
        connection = await connect(url, application)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise DatabaseError(f"no database at {where}: {error or type(error).__name__}") from error
    try:
        await connection.execute(SQL["principal"], person())
        yield connection
    except asyncpg.UndefinedTableError as error:
        raise DatabaseError(f"{error}; run `quaystream migrate`") from error
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        raise DatabaseError(f"the database at {where} refuses: {error}") from error
    finally:
        connection.terminate()


class Link:
    """One asyncpg connection that is made again after it broke.

    Args:
        url: the database.
        application: name shown in pg_stat_activity.
        begin: called with every new connection before it is used; where it raises, there is none.
        statement_timeout_ms: the server ends a statement that takes longer. [ms]
    """

    def __init__(
        self,
        url: str,
        application: str,
        begin: Callable[[Connection], Awaitable[None]] | None = None,
        *,
        statement_timeout_ms: int = 30_000,
    ) -> None:
        self._url = url
        self._statement_timeout_ms = statement_timeout_ms
        self._begin = begin
        self._application = application
        self._connection: Connection | None = None

    async def get(self) -> Connection:
        """The connection, made when there is none.

        Raises:
            OSError, TimeoutError, asyncpg.PostgresError: no connection.
        """
        if self._connection is None or self._connection.is_closed():
            connection = await connect(self._url, self._application, statement_timeout_ms=self._statement_timeout_ms)
            if self._begin is not None:
                try:
                    await self._begin(connection)
                except BaseException:
                    connection.terminate()
                    raise
            self._connection = connection
        return self._connection

    def drop(self) -> None:
        """Give the connection up at once; whatever hangs on it ends."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None
