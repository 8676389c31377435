"""How far long work is: told not too often, with what is left."""

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


def test_it_tells_share_speed_and_rest(clock: Clock) -> None:
    said: list[str] = []
    told = Progress("crane", 1_000, 2_000, said.append)
    clock.now_s += 1
    told(500, 1_100)
    assert said == []
    clock.now_s += 4
    told(1_500, 1_250)
    assert said == ["crane: 25%, 2,000 samples, 400 a second, 15 s to go"]
    clock.now_s += 5
    told(8_000, 9_999)
    told.done()
    assert said[1:] == [
        "crane: 100%, 10,000 samples, 1,000 a second, 0 s to go",
        "crane: 10,000 samples in 10.0 s, 1,000 a second",
    ]


def test_an_empty_period_is_no_error(clock: Clock) -> None:
    said: list[str] = []
    told = Progress("gate", 5, 5, said.append)
    clock.now_s += 10
    told(0, 5)
    assert said == ["gate: 0%"]
    told.done()
    assert said[1:] == ["gate: 0 samples in 10.0 s, 0 a second"]
