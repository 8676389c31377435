"""Spans of time as people write them in a URL."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from api.http.errors import BadRequestError
from processing.model.times import EPOCH

MS = timedelta(milliseconds=1)
DAY, YEAR = timedelta(days=1), timedelta(days=366)
"""Of facts: the span that is meant when none is given, and the longest one."""
EXAMPLE = "2026-11-23T06:15:00Z, or milliseconds since 1970 UTC"


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open span of time: `begin` is in it, `end` is not. Both aware, UTC."""

    begin: datetime
    end: datetime

    @property
    def seconds(self) -> float:
        """Length. [s]."""
        return (self.end - self.begin).total_seconds()


def instant(name: str, text: str) -> datetime:
    """A point in time from RFC 3339 with offset, or from integer milliseconds since 1970 UTC.

    Args:
        name: what stands before the complaint, for example `body field until`.
        text: the time.

    Raises:
        BadRequestError: it is neither.
    """
    try:
        if text.removeprefix("-").isdigit():
            return EPOCH + int(text) * MS
        time = datetime.fromisoformat(text)
        if time.tzinfo is not None:
            return time.astimezone(UTC)
    except (ValueError, OverflowError):
        hint = "; write '+' as %2B in a URL" if " " in text else ""
        raise BadRequestError(f"{name}: write a time as {EXAMPLE}{hint}") from None
    raise BadRequestError(f"{name}: the offset is missing; write a time as {EXAMPLE}")


def span(begin: str | None, end: str | None, now: datetime, default: timedelta, longest: timedelta) -> Span:
    """The span between two times of a URL.

    Args:
        begin: `from`; None: `default` before the end.
        end: `to`; None: now.
        now: the time now.
        default: length when `from` is not given.
        longest: longest span allowed.

    Raises:
        BadRequestError: a time is malformed, the span is empty or too long.
    """
    last = instant("query parameter to", end) if end is not None else now
    try:
        first = instant("query parameter from", begin) if begin is not None else last - default
    except OverflowError:
        raise BadRequestError(f"query parameter to: write a time as {EXAMPLE}") from None
    if first >= last:
        raise BadRequestError("query parameters from and to: `from` must lie before `to`, which is now when left out")
    if last - first > longest:
        raise BadRequestError(f"query parameters from and to: the span must not be longer than {longest.days} days")
    return Span(first, last)


def facts_span(begin: str | None, end: str | None, now: datetime) -> Span:
    """The span of a request for facts: a day when not given.

    Raises:
        BadRequestError: a time is malformed, the span is empty or too long.
    """
    return span(begin, end, now, DAY, YEAR)
