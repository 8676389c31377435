"""How far long work is: reported not too often, with what is left."""

import pytest

from ingest.recompute import progress
from ingest.recompute.progress import Progress


class Clock:
    """A clock that is set."""

    now_s = 100.0

    def monotonic(self) -> float:
        """Its time. [s]."""
        return self.now_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that progress looks at."""
    clock = Clock()
    monkeypatch.setattr(progress, "time", clock)
    return clock


def test_it_reports_share_speed_and_rest(clock: Clock) -> None:
    lines: list[str] = []
    report = Progress("crane", 1_000, 2_000, lines.append)
    clock.now_s += 1
    report(500, 1_100)
    assert lines == []
    clock.now_s += 4
    report(1_500, 1_250)
    assert lines == ["crane: 25%, 2,000 samples, 400 a second, 15 s to go"]
    clock.now_s += 5
    report(8_000, 9_999)
    report.done()
    assert lines[1:] == [
        "crane: 100%, 10,000 samples, 1,000 a second, 0 s to go",
        "crane: 10,000 samples in 10.0 s, 1,000 a second",
    ]


def test_an_empty_period_is_no_error(clock: Clock) -> None:
    lines: list[str] = []
    report = Progress("gate", 5, 5, lines.append)
    clock.now_s += 10
    report(0, 5)
    assert lines == ["gate: 0%"]
    report.done()
    assert lines[1:] == ["gate: 0 samples in 10.0 s, 0 a second"]
