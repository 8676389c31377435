"""The score of reefers: found, missed, invented and late, worked out by hand."""

import numpy as np
import pytest

from processing.model.samples import Samples
from processing.reefers.facts import ReeferExcursion
from processing.reefers.signals import REEFER
from simulators.reefers.truth import TrueExcursion, TrueOffPower, TruePlugged
from simulators.score.reefer_day import FoundExcursion, PlugDay, simulate, unread
from simulators.score.reefer_table import bars, table
from simulators.score.reefers import ReeferScore
from tests.length import length

MINUTE_US = 60_000_000
DAY_MIN = 1440


def true(began: int, ended: int, due: int | None, box: str = "MNBU1000009") -> TrueExcursion:
    """An excursion that happened, in minutes."""
    return TrueExcursion(
        "r1-01", box, "supply", began * 60_000, ended * 60_000, 2.0, None if due is None else due * 60_000
    )


def found(began: int, ended: int | None, reported: int, box: str = "MNBU1000009") -> FoundExcursion:
    """One that was found, in minutes."""
    ended_us = None if ended is None else ended * MINUTE_US
    return FoundExcursion(
        ReeferExcursion(1, box, "supply", began * MINUTE_US, ended_us, 4.0, 2.0), reported * MINUTE_US
    )


def day() -> PlugDay:
    """A whole day with one box, a report each minute."""
    stay = TruePlugged("r1-01", "MNBU1000009", 0, DAY_MIN * 60_000, 4.0, 4.0)
    return PlugDay("r1-01", MINUTE_US, DAY_MIN * MINUTE_US, stays=[stay])


def score(*days: PlugDay) -> ReeferScore:
    """What days add up to."""
    made = ReeferScore()
    made.add(list(days), "1")
    return made


def test_an_excursion_is_found_in_time_late_or_missed() -> None:
    """Due in minutes 131, 331, 531: reported in 131, two minutes late, never; a fourth is unclear."""
    one = day()
    one.excursions = [true(100, 200, 131), true(300, 400, 331), true(500, 600, 531), true(700, 735, None)]
    one.found = [found(101, 200, 131), found(301, 410, 333, "MNBU2000000")]
    one.possible = [(100 * MINUTE_US, 420 * MINUTE_US)]
    made = score(one)
    c = made.all
    assert (c.true, c.missed, c.invented, c.boxes_wrong, made.late, made.unclear) == (3, 1, 0, 1, 1, 1)
    assert (made.errors_min["excursion began"], made.errors_min["excursion ended"]) == ([1, 1], [0, 10])


def test_an_excursion_whose_air_nobody_saw_is_counted_apart() -> None:
    """Silence, or probes that keep their value, before it was due; a fault that came later hides nothing."""
    one = day()
    one.excursions = [true(began, began + 100, began + 31) for began in (100, 300, 500)]
    one.found = [found(300, 400, 331), found(500, 600, 531)]
    one.possible = [(300 * MINUTE_US, 600 * MINUTE_US)]
    one.spoilt = [
        ("silence", 90 * MINUTE_US, 120 * MINUTE_US),
        ("probes stuck", 330 * MINUTE_US, 335 * MINUTE_US),
        ("silence", 531 * MINUTE_US, 590 * MINUTE_US),
    ]
    made = score(one)
    assert (made.all.true, made.all.missed, made.unseen) == (1, 0, {"silence": [1, 0], "probes stuck": [1, 1]})
    assert "| excursions begun while nothing of the unit is heard (silence); found all the same | 1; 0 |" in table(
        {"clean": made}
    )


def test_late_and_missed_ones_whose_air_was_not_read_are_reported() -> None:
    """Late, missed, and in time with a gap before it was due; late without any, and with one after it was due."""
    one = day()
    one.excursions = [true(began, began + 90, began + 31) for began in (100, 300, 500, 700, 900)]
    reported = ((100, 140), (500, 531), (700, 740), (900, 950))
    one.found = [found(began, began + 90, at) for began, at in reported]
    one.possible = [(100 * MINUTE_US, 1000 * MINUTE_US)]
    gaps = ((90, 105), (320, 340), (510, 520), (932, 940))
    one.unread = [(begin * MINUTE_US, end * MINUTE_US) for begin, end in gaps]
    made = score(one)
    assert (made.all.missed, made.late, made.unread) == (1, 3, 2)


def test_air_is_unread_for_over_two_intervals_or_five_minutes() -> None:
    """Readings each minute but from 3 to 8 and from 20 to 26: the first gap is no longer than five minutes."""
    minutes = np.array([0, 1, 2, 3, 5, 8, 9, 20, 23, 26, 27])
    n = len(minutes)
    numbers = np.full((len(REEFER.numeric), n), np.nan)
    numbers[REEFER.numeric_index["supply_degc"]] = 4.0
    numbers[REEFER.numeric_index["supply_degc"], [4, 8]] = np.nan  # a sample came, without air
    time_us = minutes * MINUTE_US
    texts: dict[str, list[object]] = {signal.name: [None] * n for signal in REEFER.textual}
    ids, seqs = np.full(n, 1, np.int32), np.arange(n)
    samples = Samples(REEFER, ids, time_us, seqs, time_us, numbers, texts, [None] * n, [None] * n)
    found_us = [(9 * MINUTE_US, 20 * MINUTE_US), (20 * MINUTE_US, 26 * MINUTE_US)]
    assert unread(samples, MINUTE_US) == found_us
    assert unread(samples, 3 * MINUTE_US) == found_us[:1]
    assert unread(samples.between(0, 0), MINUTE_US) == []


def test_what_was_found_where_the_air_was_in_range_is_invented() -> None:
    """Two days of one box each: one false excursion is 500 in 1,000 reefer-days; a second is within the slack."""
    one, other = day(), day()
    one.found = [found(700, 760, 731), found(202, 230, 230)]
    one.possible = [(100 * MINUTE_US, 201 * MINUTE_US)]
    made = score(one, other)
    assert (made.all.invented, made.reefer_days, made.false_per_1000) == (1, 2.0, 500.0)
    assert {bar.what for bar in bars(made, clean=True) if not bar.reached} == {"false excursions in 1,000 reefer-days"}
    assert "| false excursions in 1,000 reefer-days | 500.00 | ≤ 1 | **no** |" in table({"clean": made})


def test_spans_without_power_are_found_missed_invented_and_late() -> None:
    one = day()
    one.off_power = [
        TrueOffPower("r1-01", "MNBU1000009", began * 60_000, (began + 30) * 60_000, rack=False, due_ms=due)
        for began, due in ((100, 101 * 60_000), (200, 201 * 60_000), (300, 301 * 60_000), (400, None))
    ]
    one.found_off = [
        (began * MINUTE_US, ended * MINUTE_US, reported * MINUTE_US)
        for began, ended, reported in ((100, 130, 101), (201, 232, 205), (600, 640, 600))
    ]
    made = score(one)
    off = made.off_power
    assert (off.true, off.missed, off.invented, made.off_late) == (3, 1, 1, 1)
    assert made.errors_min["off ended"] == [0, 2]


@pytest.mark.parametrize("faults", [False, True])
def test_a_day_is_simulated_and_found(faults: bool) -> None:
    """A shift, or half a day, of the smallest terminal; with faults that leave no sample at all nothing is found."""
    days = simulate("mixed", 3, length(8, 12), (lambda samples, _: (samples.between(0, 0), [])) if faults else None)
    made = score(*days)
    assert len(days) == 20
    assert made.reefer_days > 5
    assert (made.all.invented, made.off_power.invented) == (0, 0)
    assert not any(one.found or one.found_off for one in days) or not faults
