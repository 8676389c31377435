"""Errors of the API and the one table that turns exceptions into HTTP answers."""

from aiohttp import web
from msgspec import Struct

from api.broker.errors import BrokerAwayError
from api.database.errors import BusyError, DatabaseAwayError, QueryTooSlowError, ReadOnlyError, SchemaMissingError
from infra.verification import TooManyEntriesError
from processing.model.errors import QuaystreamError


class BadRequestError(QuaystreamError):
    """The request needs a change; the message names it."""


class NotFoundError(QuaystreamError):
    """The thing asked for does not exist; the message names what does."""


class ForbiddenError(QuaystreamError):
    """The request comes from where it must not come from."""


class UnauthorizedError(QuaystreamError):
    """Nobody knows who asks; the message explains how to show it."""


class ProviderAwayError(QuaystreamError):
    """The provider of tokens cannot be asked now; the message has what keeps it."""


class TooManyRequestsError(QuaystreamError):
    """One principal asks too often."""


class SlowBodyError(QuaystreamError):
    """A body did not come in time."""


class LengthRequiredError(QuaystreamError):
    """A body was expected, and none was announced."""


class TooLargeError(QuaystreamError):
    """A body is larger than its route takes."""


class MediaTypeError(QuaystreamError):
    """A body is of a kind that its route does not take."""


class ConflictError(QuaystreamError):
    """The request contradicts what is known; the message explains how to insist."""


class ErrorDetail(Struct, frozen=True):
    """What went wrong: a code for programs, a message for people."""

    code: str
    message: str


class ErrorBody(Struct, frozen=True):
    """The body of every answer that is not a success."""

    error: ErrorDetail


STATUS: dict[type[Exception], tuple[int, str]] = {
    TooManyEntriesError: (400, "bad_request"),
    BadRequestError: (400, "bad_request"),
    UnauthorizedError: (401, "unauthorized"),
    ForbiddenError: (403, "forbidden"),
    NotFoundError: (404, "not_found"),
    web.HTTPNotFound: (404, "not_found"),
    web.HTTPMethodNotAllowed: (405, "method_not_allowed"),
    SlowBodyError: (408, "slow_body"),
    LengthRequiredError: (411, "length_required"),
    TooLargeError: (413, "too_large"),
    web.HTTPRequestEntityTooLarge: (413, "too_large"),
    MediaTypeError: (415, "unsupported_media_type"),
    ConflictError: (409, "conflict"),
    TooManyRequestsError: (429, "too_many_requests"),
    BrokerAwayError: (503, "broker_away"),
    BusyError: (503, "busy"),
    ProviderAwayError: (503, "provider_away"),
    DatabaseAwayError: (503, "database_away"),
    ReadOnlyError: (503, "database_read_only"),
    SchemaMissingError: (503, "schema_missing"),
    QueryTooSlowError: (503, "query_too_slow"),
}
"""Exception → HTTP status and code; whatever is not here is a bug and answered with 500."""


def answer(error: Exception, request: web.Request) -> tuple[int, ErrorBody] | None:
    """The HTTP answer to an exception, None for a bug."""
    found = STATUS.get(type(error))
    if found is None and isinstance(error, web.HTTPException) and error.status >= 400:
        found = error.status, "http_error"
    if found is None:
        return None
    status, code = found
    return status, ErrorBody(ErrorDetail(code, _message(error, request)))


def _message(error: Exception, request: web.Request) -> str:
    if isinstance(error, web.HTTPNotFound):
        return f"there is no {request.path[:200]} here; /openapi.json lists every route"
    if isinstance(error, web.HTTPMethodNotAllowed):
        return f"{request.path[:200]} takes {', '.join(sorted(error.allowed_methods))}, not {request.method}"
    return str(error)
