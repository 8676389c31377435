from datetime import UTC, datetime, timedelta

import pytest

from api.http.errors import BadRequestError
from api.http.spans import Span, instant, span

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAY, YEAR = timedelta(days=1), timedelta(days=366)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-23T06:15:00Z", datetime(2026, 11, 23, 6, 15, tzinfo=UTC)),
        ("2026-11-23T06:15:00.250Z", datetime(2026, 11, 23, 6, 15, 0, 250_000, tzinfo=UTC)),
        ("2026-11-23T01:15:00-05:00", datetime(2026, 11, 23, 6, 15, tzinfo=UTC)),
        ("1795414500000", datetime(2026, 11, 23, 6, 15, tzinfo=UTC)),
        ("0", datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_instant(text: str, expected: datetime) -> None:
    """A time is read from RFC 3339 with offset and from milliseconds."""
    assert instant("from", text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("yesterday", "write a time as"),
        ("2026-11-23T06:15:00", "the offset is missing"),
        ("2026-11-23T06:15:00 01:00", "%2B"),
        ("9" * 30, "write a time as"),
        ("9" * 5000, "write a time as"),
        ("", "write a time as"),
        ("²", "write a time as"),
        ("0001-01-01T00:00:00+14:00", "write a time as"),
    ],
)
def test_instant_refused(text: str, message: str) -> None:
    """What is no time is refused with what to write instead."""
    with pytest.raises(BadRequestError, match=message):
        instant("from", text)


def test_span_defaults_to_the_time_before_now() -> None:
    """Without from and to, the span is the default length up to now."""
    assert span(None, None, NOW, DAY, YEAR) == Span(datetime(2026, 11, 22, 12, 0, tzinfo=UTC), NOW)


def test_span_ends_where_given() -> None:
    """The default length counts back from `to`."""
    got = span(None, "2026-11-20T00:00:00Z", NOW, DAY, YEAR)
    assert got == Span(datetime(2026, 11, 19, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC))


def test_span_refuses_what_is_empty_or_too_long() -> None:
    """From must lie before to, and not too far before it."""
    with pytest.raises(BadRequestError, match="before `to`"):
        span("2026-11-24T00:00:00Z", None, NOW, DAY, YEAR)
    with pytest.raises(BadRequestError, match="longer than 366 days"):
        span("2020-01-01T00:00:00Z", None, NOW, DAY, YEAR)
    with pytest.raises(BadRequestError, match="to: write a time"):
        span(None, "0001-01-01T00:00:00Z", NOW, DAY, YEAR)
