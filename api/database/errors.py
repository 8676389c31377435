"""What the database may answer instead of rows; each message explains what to do."""

from processing.model.errors import QuaystreamError


class BusyError(QuaystreamError):
    """A limit is reached; asking later helps."""


class DatabaseAwayError(QuaystreamError):
    """The database cannot be reached now; the message explains what to do."""


class ReadOnlyError(QuaystreamError):
    """The database answers, but takes no changes now: a standby, or set so."""


class SchemaMissingError(QuaystreamError):
    """The database lacks a table or column of this version."""


class QueryTooSlowError(QuaystreamError):
    """The database gave a query up at its time limit."""


UNANSWERED = (BusyError, DatabaseAwayError, QueryTooSlowError)
"""A query that got no answer; the same one may get it later."""
