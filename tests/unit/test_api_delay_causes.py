"""Causes found by vehicles, for the API: trips are read once for delays that share them, of some hours at a time."""

from datetime import UTC, datetime, timedelta
from typing import Any

from api.delays.transport import TRIPS_SQL, found_causes

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Asked:
    """A reader that notes over which spans trips are asked for; there are none."""

    def __init__(self) -> None:
        self.spans: list[list[tuple[datetime, datetime]]] = []

    async def fetch(self, sql: str, *args: Any) -> Any:
        """No trips; each crane stood at 200 m."""
        if sql == TRIPS_SQL:
            self.spans.append(list(zip(args[1], args[2], strict=True)))
            return []
        return [{"gantry_m": 200.0} for _ in args[1]]


def row(crane: str, began: datetime, minutes: int, cause: str = "ship") -> Any:
    ended = began + timedelta(minutes=minutes)
    return {"terminal": "demo", "device": crane, "began_at": began, "ended_at": ended, "found_cause": cause}


async def test_delays_that_share_trips_read_them_once() -> None:
    """Trips that ended from an hour before a delay on decide; a delay that signals explain needs none."""
    asked = Asked()
    rows = [row("sts1", NOON, 10), row("sts2", NOON + HOUR / 2, 10), row("sts3", NOON + 9 * HOUR, 10, "wind")]
    assert await found_causes(asked, rows) == ["ship", "ship", "wind"]
    assert asked.spans == [[(NOON - HOUR, NOON + timedelta(minutes=40))]]


async def test_delays_of_many_days_read_trips_of_some_hours_at_a_time() -> None:
    """Of three delays a day, 70 minutes of trips each: ten make 700 minutes of the 720 that are read at once."""
    asked = Asked()
    rows = [row("sts1", NOON + at * 8 * HOUR, 10) for at in range(25)]
    await found_causes(asked, rows[::-1])
    assert [len(spans) for spans in asked.spans] == [10, 10, 5]
    assert asked.spans[0][0] == (NOON - HOUR, NOON + timedelta(minutes=10))


async def test_a_long_chain_of_delays_is_read_in_parts() -> None:
    """One delay each half hour, of a day and a half: the spans join, and are cut all the same."""
    asked = Asked()
    await found_causes(asked, [row("sts1", NOON + at * HOUR / 2, 10) for at in range(72)])
    lengths = [sum((end - begin for begin, end in spans), timedelta()) for spans in asked.spans]
    assert [len(spans) for spans in asked.spans] == [1] * len(lengths)
    assert max(lengths) <= 12 * HOUR
    assert len(lengths) == 4
