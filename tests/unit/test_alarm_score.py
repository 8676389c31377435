"""The score of alarms about silent plugs, worked out by hand: a box's modem is silent in clean days too."""

from processing.model.level import LevelChange
from simulators.reefers.truth import TruePlugged, TrueSilence
from simulators.score.alarm_day import AlarmDay, plug_silences
from simulators.score.alarm_table import AlarmScore
from simulators.score.reefer_day import PlugDay

MINUTE_US, MINUTE_MS = 60_000_000, 60_000
END_MIN = 360
BOX = "MNBU1000009"


def plug(*, plugged: bool = True) -> PlugDay:
    """Six hours of a plug with one box, a report each minute, silence after 5 min, heard until the end."""
    stay = TruePlugged("r1-01", BOX, 0, END_MIN * MINUTE_MS, 4.0, 4.0)
    one = PlugDay("r1-01", MINUTE_US, END_MIN * MINUTE_US, stays=[stay], last_us=(END_MIN - 1) * MINUTE_US)
    levels = ("plugged", 0.0), ("silence_min", 5.0), ("plugged", float(plugged))
    one.found_levels = [LevelChange(1, name, at * MINUTE_US, value) for at, (name, value) in enumerate(levels)]
    return one


def silence(began: int, ended: int, due: int | None) -> TrueSilence:
    """Nothing was heard, in minutes."""
    return TrueSilence("r1-01", BOX, began * MINUTE_MS, ended * MINUTE_MS, None if due is None else due * MINUTE_MS)


def score(*plugs: PlugDay) -> tuple[int, int, int]:
    """Alarms that had to be raised, missed, and invented."""
    day = AlarmDay(END_MIN * MINUTE_US)
    plug_silences(day, plugs)
    made = AlarmScore()
    made.add(day, "1")
    return made.all.true, made.all.missed, made.all.invented


def test_silence_of_a_modem_calls_for_an_alarm() -> None:
    """Two are due: one is found, one is missed; a third was too short to be sure of, and is found all the same."""
    one = plug()
    one.silences = [silence(60, 90, 70), silence(120, 150, 130), silence(200, 209, None)]
    one.found_silent = [(59 * MINUTE_US, 90 * MINUTE_US), (199 * MINUTE_US, 209 * MINUTE_US)]
    assert score(one) == (2, 1, 0)


def test_silence_that_nothing_calls_for_is_invented() -> None:
    one = plug()
    one.found_silent = [(59 * MINUTE_US, 90 * MINUTE_US)]
    assert score(one) == (0, 0, 1)


def test_silence_that_still_lasts_at_the_end_of_the_day_is_raised() -> None:
    one = plug()
    one.silences, one.last_us = [silence(200, END_MIN, 210)], 199 * MINUTE_US
    assert score(one) == (1, 0, 0)


def test_an_alarm_begins_after_the_limit_of_the_plug_and_where_there_is_a_box() -> None:
    """Four and a half minutes are below the limit of 5 min; a plug without a box may be silent."""
    one, free = plug(), plug(plugged=False)
    one.found_silent, free.found_silent = [(60 * MINUTE_US, 65 * MINUTE_US)], [(60 * MINUTE_US, 90 * MINUTE_US)]
    assert score(one, free) == (0, 0, 0)


def test_five_plugs_of_a_rack_are_one_alarm_in_which_each_counts() -> None:
    plugs = [plug() for _ in range(5)]
    for number, one in enumerate(plugs, 1):
        one.plug = f"r1-0{number}"
        one.silences, one.found_silent = [silence(60, 90, 70)], [(59 * MINUTE_US, 90 * MINUTE_US)]
    assert score(*plugs) == (5, 0, 0)
