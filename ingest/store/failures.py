"""What a database error means for a batch."""

import asyncpg

from ingest.store.outcome import Failure

CONTENT = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.ProgramLimitExceededError,
)
"""Errors that the same row would meet again. Source: PostgreSQL, error codes, classes 22, 23 and 54."""
AWAY = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError)
"""Everything else that a database does: nothing of it is a reason to give a message up.

InternalClientError is what asyncpg raises where a connection ends between two of its steps.
"""


PASSING = (
    asyncpg.PostgresConnectionError,
    asyncpg.TransactionRollbackError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ObjectNotInPrerequisiteStateError,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresSystemError,
    asyncpg.ReadOnlySQLTransactionError,
)
"""Errors of the server that pass: classes 08, 40, 53, 55, 57 and 58."""


def refuses(error: BaseException) -> bool:
    """Whether the server would answer the same statement with the same error; too long a statement is one of these."""
    if isinstance(error, asyncpg.QueryCanceledError):
        return True
    return isinstance(error, asyncpg.PostgresError) and not isinstance(error, PASSING)


def classify(error: BaseException) -> Failure:
    """What follows from an error of a write."""
    if isinstance(error, asyncpg.UniqueViolationError):
        return Failure.STORED
    if isinstance(error, CONTENT):
        return Failure.CONTENT
    return Failure.AWAY


def cause(error: BaseException) -> str:
    """A short name of an error, for a metric's label."""
    state = getattr(error, "sqlstate", None)
    return f"{state} {type(error).__name__}" if state else type(error).__name__


def breaks_connection(error: BaseException) -> bool:
    """Whether the connection cannot be trusted any more; after an ordinary error of the server it can."""
    return not isinstance(error, asyncpg.PostgresError) or isinstance(
        error, asyncpg.PostgresConnectionError | asyncpg.OperatorInterventionError | asyncpg.PostgresSystemError
    )
