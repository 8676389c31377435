"""The same line again and again is counted, not written."""

import logging

import pytest
from aiohttp.http_exceptions import BadStatusLine

from infra.log_flood import LONGEST, MOST_KINDS, FloodFilter


class Clock:
    """A clock that stands still."""

    now_s = 100.0

    def __call__(self) -> float:
        """The time."""
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    """It."""
    return Clock()


def lines(flood: FloodFilter, count: int, message: str = "no %s", name: str = "quay") -> list[str]:
    """What is written of so many lines."""
    found = []
    for number in range(count):
        record = logging.LogRecord(name, logging.WARNING, __file__, 1, message, (number,), None)
        if flood.filter(record):
            found.append(record.getMessage())
    return found


def test_beyond_a_burst_lines_are_counted_and_the_next_one_names_them(clock: Clock) -> None:
    flood = FloodFilter(clock)
    assert lines(flood, 1_000) == [f"no {number}" for number in range(20)]
    assert lines(flood, 1, "other %s") == ["other 0"]
    assert lines(flood, 1, name="other") == ["no 0"]
    clock.now_s += 10
    assert lines(flood, 2) == ["no 0 (980 more of this kind were left out)", "no 1"]


def test_a_malformed_request_takes_one_line(clock: Clock) -> None:
    error = BadStatusLine("GET /\nX")
    record = logging.LogRecord(
        "aiohttp.server", logging.ERROR, __file__, 1, "Error handling request", (), (BadStatusLine, error, None)
    )
    assert FloodFilter(clock).filter(record)
    line = logging.Formatter("%(message)s").format(record)
    assert line.startswith("Error handling request: 400, message:")
    assert "\n" not in line


def test_a_defect_keeps_its_traceback(clock: Clock) -> None:
    record = logging.LogRecord(
        "aiohttp.server", logging.ERROR, __file__, 1, "Unhandled", (), (ValueError, ValueError("x"), None)
    )
    assert FloodFilter(clock).filter(record)
    assert record.exc_info is not None


def test_long_lines_are_cut_and_kinds_are_forgotten(clock: Clock) -> None:
    flood = FloodFilter(clock)
    assert len(lines(flood, 1, "%s" + "x" * 10_000)[0]) == LONGEST + 1
    for number in range(2 * MOST_KINDS):
        lines(flood, 1, f"kind {number} %s")
    assert len(flood._kinds) <= MOST_KINDS
