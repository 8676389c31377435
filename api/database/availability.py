"""Whether the database is there, and the errors that explain what to do where it is not."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import asyncpg

from api.database.errors import BusyError, DatabaseAwayError, QueryTooSlowError, ReadOnlyError, SchemaMissingError

log = logging.getLogger(__name__)

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
NOT_YET = "not connected yet"


class Availability:
    """Remembers whether the database is there; logs a change once, not each attempt.

    Args:
        url: of the database.

    Attributes:
        where: its host and port.
        problem: why it is away, None while it is there.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.where = f"{parts.hostname}:{parts.port or 5432}"
        self.problem: str | None = NOT_YET

    def present(self) -> None:
        """It answered."""
        if self.problem is not None:
            log.info("connected to the database %s", self.where)
            self.problem = None

    def away(self, error: Exception) -> None:
        """It did not answer."""
        problem = str(error) or "no answer in time"
        if self.problem is None or self.problem == NOT_YET:
            log.warning("database %s is away: %s", self.where, problem)
        self.problem = problem

    def error(self) -> DatabaseAwayError:
        """What is raised while it is away."""
        return DatabaseAwayError(
            f"the database at {self.where} does not answer; start it, or check QUAYSTREAM_DATABASE_URL"
            " (`quaystream doctor` reports more); quaystream reconnects by itself"
        )

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Turn what the database's client raises into errors that explain what to do.

        Raises:
            DatabaseAwayError: no connection, or it broke.
            QueryTooSlowError: the server's time limit.
            SchemaMissingError: the schema is not that of this version.
            ReadOnlyError: it takes no changes now.
            BusyError: somebody else changes the same rows.
        """
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
                f"the database at {self.where} takes no changes now: it is a standby, or set to read only; "
                "ask again when it takes them, or check QUAYSTREAM_DATABASE_URL"
            ) from error
        except LOCKED as error:
            raise BusyError("the same rows are being changed just now; nothing was changed, ask again") from error
        except AWAY as error:
            self.away(error)
            raise self.error() from error
        self.present()
