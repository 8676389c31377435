"""Runs of cold treatments: cases worked out by hand to the minute, and any readings beside a slow reference."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from processing.model.times import DAY_US, HOUR_US, MINUTE_US
from processing.treatments.facts import ColdTreatment
from processing.treatments.runs import Reading, Treatment, TreatmentDetector, runs
from processing.treatments.schedules import SCHEDULES, Level, Schedule, version_at
from tests.length import length
from tests.unit.treatment_reference import Reference

T0 = 20_600 * DAY_US
"""2026-05-27."""
Degc = tuple[float | None, float | None, float | None]
COLD: Degc = (0.5, 0.7, 0.9)


def treatment(schedule: str = "cn", *corrections_degc: float) -> Treatment:
    """A treatment announced for T0; China's levels are 1.1 °C 15 d, 1.7 °C 17 d, 2.1 °C 21 d."""
    one, two, three = corrections_degc or (0.0, 0.0, 0.0)
    return Treatment("pechy", "CSQU3054383", version_at(SCHEDULES, schedule, T0), T0, (one, two, three))


def mixed(last_minute: int, first: int, last: int, degc: Degc) -> list[Reading]:
    """Readings each half hour, and each minute around some minutes that have other temperatures."""
    minutes = {*range(0, last_minute + 1, 30), *range(first - 2, last + 3), last_minute}
    return [Reading(T0 + m * MINUTE_US, degc if first <= m <= last else COLD) for m in sorted(minutes)]


def every(minutes: int, hours: int, degc: Callable[[int], Degc] = lambda _minute: COLD) -> list[Reading]:
    """Readings from T0 on, the last one after some hours; `degc` by the minute."""
    return [Reading(T0 + m * MINUTE_US, degc(m)) for m in range(0, hours * 60 + 1, minutes)]


def hours(row: ColdTreatment) -> tuple[float, float, str]:
    """Done, left, verdict."""
    return row.done_h, row.left_h, row.verdict


def minute(time_us: int | None) -> int | None:
    """Minutes since T0."""
    return None if time_us is None else (time_us - T0) // MINUTE_US


def test_a_run_is_done_when_the_days_of_its_level_are_over() -> None:
    """15 days of 1.1 °C are 360 h; a quarter of an hour before it still runs."""
    readings = every(15, 400)
    (before,) = runs(treatment(), readings[: 360 * 4])
    assert (before.verdict, before.left_h) == ("running", 0.25)
    (row,) = runs(treatment(), readings)
    assert row == ColdTreatment(
        "pechy", "CSQU3054383", T0, "cn", 1.1, 360.0, 0.0, "done", None, None, T0 + 360 * HOUR_US
    )


def test_above_its_level_a_run_goes_on_at_the_next_one_which_takes_longer() -> None:
    """1.3 °C from minute 6,007 to 6,030: the 17 days of 1.7 °C hold since the beginning: done after 408 h."""
    (after,) = runs(treatment(), mixed(6_099, 6_007, 6_030, (0.5, 1.3, 0.9)))
    assert (after.level, after.verdict, minute(after.breach_us), after.breach_sensor) == (
        1.7,
        "running",
        6_007,
        "usda2",
    )
    assert round(after.done_h * 60) == 6_099
    (row,) = runs(treatment(), mixed(420 * 60, 6_007, 6_030, (0.5, 1.3, 0.9)))
    assert (row.level, *hours(row), minute(row.ended_us)) == (1.7, 408.0, 0.0, "done", 408 * 60)
    assert (minute(row.breach_us), row.breach_sensor) == (6_007, "usda2")


def test_after_an_early_breach_the_colder_level_counted_again_is_done_first() -> None:
    """1.3 °C at hour 10 only: 360 h from hour 11 on end before 408 h from hour 0 on."""
    (row,) = runs(treatment(), every(60, 400, lambda m: (0.5, 0.7, 1.3) if m == 600 else COLD))
    assert (row.level, row.verdict, minute(row.ended_us)) == (1.1, "done", 371 * 60)
    assert (minute(row.breach_us), row.breach_sensor) == (600, "usda3")


def test_above_the_warmest_level_a_run_has_failed_and_another_one_begins() -> None:
    """2.15 °C from minute 14,405 to 14,500, of two probes the warmer one; cold again with minute 14,501."""
    readings = mixed(14_501 + 360 * 60, 14_405, 14_500, (2.15, 2.18, 0.9))
    first, second = runs(treatment(), readings)
    assert (first.level, first.verdict, minute(first.ended_us)) == (1.1, "failed", 14_405)
    assert (minute(first.breach_us), first.breach_sensor, round(first.done_h * 60)) == (14_405, "usda2", 14_404)
    assert (minute(second.began_us), second.verdict, minute(second.ended_us)) == (14_501, "done", 14_501 + 360 * 60)
    assert (second.breach_us, second.breach_sensor) == (None, None)


def test_a_failed_run_keeps_the_minute_of_the_last_level_exceeded() -> None:
    """It warms by 0.1 K a minute from 1.0 °C: over 1.1 in minute 102, over 1.7 in 108, over 2.1 in 112."""
    readings = every(1, 2, lambda m: (1.0, 0.5, round(1.0 + 0.1 * max(0, m - 100), 1)))
    breached: dict[float, int | None] = {}
    detector = TreatmentDetector(treatment())
    for reading in readings:
        detector.feed(reading)
        breached[detector.row.level] = minute(detector.row.breach_us)
    assert breached == {1.1: None, 1.7: 102, 2.1: 112}
    assert (detector.row.verdict, minute(detector.row.ended_us)) == ("failed", 112)


@pytest.mark.parametrize(("silence", "done_h"), [(60, 20.0), (61, 19.0)])
def test_silence_up_to_the_limit_counts_and_longer_silence_does_not(silence: int, done_h: float) -> None:
    """Ten hours, a silence, ten hours less an hour of it: of 61 min not one minute counts."""
    readings = every(1, 10)
    later = readings[-1].time_us + silence * MINUTE_US
    readings += [Reading(later + m * MINUTE_US, COLD) for m in range(9 * 60 + 1)]
    (row,) = runs(treatment(), readings)
    assert hours(row) == (done_h, 360 - done_h, "running")


def test_a_silent_probe_stops_the_time_from_its_last_reading_on() -> None:
    """The third probe is silent from hour 5 to 8: ten hours less three; until it is an hour, five are certain."""
    readings = every(1, 10, lambda m: (0.5, 0.7, None) if 300 < m < 480 else COLD)
    assert runs(treatment(), readings[:330])[0].done_h == 5.0
    assert runs(treatment(), readings[:450])[0].done_h == 5.0
    assert runs(treatment(), readings)[0].done_h == 7.0


def test_silences_that_overlap_take_back_what_either_had() -> None:
    """The first probe is silent from minute 0 to 62, the second one from 50 to 112: cold time begins with 112."""
    both = set(range(62, 200))
    own = ({0, *both}, {0, 50, *range(112, 200)}, {0, 61, *both})
    readings = [Reading(T0 + m * MINUTE_US, degc_of(own, m)) for m in sorted(set.union(*own))]
    known = [round(runs(treatment(), readings[: n + 1])[0].done_h * 60) for n in range(len(readings))]
    by_minute = {minute(reading.time_us): done for reading, done in zip(readings, known, strict=True)}
    assert [by_minute[m] for m in (50, 61, 62, 111, 112, 113, 199)] == [0, 0, 0, 0, 0, 1, 87]


def degc_of(own: Sequence[set[int]], at_minute: int) -> Degc:
    """0.9 °C of each probe that is read in a minute."""
    one, two, three = (0.9 if at_minute in minutes else None for minutes in own)
    return one, two, three


def test_probes_may_be_read_one_by_one() -> None:
    """One probe every 20 min, each once an hour: after ten hours every probe confirms nine and a third."""
    readings = every(20, 10, lambda m: ((0.5, None, None), (None, 0.7, None), (None, None, 0.9))[m // 20 % 3])
    assert round(runs(treatment(), readings)[0].done_h * 60) == 560


def test_corrections_are_added_to_each_probe() -> None:
    """1.05 °C and +0.1 K are above 1.1 °C; 1.15 °C and -0.1 K are not, nor are 1.01 °C and +0.1 K above 1.11 °C."""
    (row,) = runs(treatment("cn", 0.1, 0.0, 0.0), every(1, 2, lambda m: (1.05 if m == 77 else 0.9, 0.9, 0.9)))
    assert (minute(row.breach_us), row.breach_sensor) == (77, "usda1")
    (row,) = runs(treatment("cn", 0.0, 0.0, -0.1), every(1, 2, lambda _m: (0.9, 0.9, 1.15)))
    assert (row.breach_us, row.level, row.done_h) == (None, 1.1, 2.0)
    (row,) = runs(treatment("us-medfly", 0.1, 0.0, 0.0), every(1, 2, lambda _m: (1.01, 0.9, 0.9)))
    assert (row.breach_us, row.level, row.done_h) == (None, 1.11, 2.0)


def test_pulp_that_cools_down_has_broken_nothing() -> None:
    """Announced at 4 °C, minus 0.02 K a minute: China's count begins with 2.1 °C, in minute 95."""
    (row,) = runs(treatment(), every(1, 2, lambda m: (0.5, 0.7, round(4.0 - 0.02 * m, 2))))
    assert (row.began_us, row.breach_us, row.level, round(row.done_h * 60)) == (T0, None, 1.7, 5)


@pytest.mark.parametrize(("degc", "done_h"), [(1.38, 2.0), (1.39, 0.0)])
def test_where_the_source_asks_for_it_the_pulp_is_near_the_coldest_level_first(degc: float, done_h: float) -> None:
    """0.28 K above 1.1 °C are 1.38 °C; 1.39 °C begins nothing, though 1.67 °C is a level."""
    (row,) = runs(treatment("us-south-america"), every(1, 2, lambda _m: (0.5, degc, 0.5)))
    assert (row.done_h, row.verdict, row.breach_us) == (done_h, "running", None)


def test_readings_before_the_announced_time_count_for_nothing() -> None:
    early = [Reading(T0 - m * MINUTE_US, (5.0, 5.0, 5.0)) for m in range(30, 0, -1)]
    assert runs(treatment(), [*early, *every(1, 2)]) == runs(treatment(), every(1, 2))


def test_without_a_reading_there_is_a_run_with_nothing_done() -> None:
    (row,) = runs(treatment(), [])
    assert (row.began_us, row.level, *hours(row)) == (T0, 1.1, 0.0, 360.0, "running")


def test_samples_of_the_minute_of_a_failure_begin_nothing() -> None:
    """Three samples have the time T0: cold, warm, cold. The failed run stays as it is; the next minute begins one."""
    at_once = [Reading(T0, COLD), Reading(T0, (3.0, 0.7, 0.9)), Reading(T0, COLD)]
    first, second = runs(treatment(), [*at_once, Reading(T0 + MINUTE_US, COLD)])
    assert (first.verdict, first.began_us, first.ended_us, first.breach_sensor) == ("failed", T0, T0, "usda1")
    assert (second.verdict, second.began_us) == ("running", T0 + MINUTE_US)


def test_a_run_that_is_done_stays_done() -> None:
    (row,) = runs(treatment(), every(60, 500, lambda m: (9.0, 9.0, 9.0) if m > 361 * 60 else COLD))
    assert (row.verdict, row.breach_us) == ("done", None)


SHORT = Schedule("short", "", (Level(1.0, 1), Level(2.0, 2), Level(3.0, 3)), "tests", gap_us=12 * HOUR_US, start_k=1.5)
"""Few readings decide; a run begins at 2.5 °C or below."""


def random_readings(rng: random.Random, count: int) -> list[Reading]:
    """Some hours apart, mostly cold; probes that are left out now and then, or for long."""
    time_us, found = T0 - 5 * HOUR_US, []
    left_out, base = 0.05, 0.5
    for _ in range(count):
        time_us += rng.choice([1, 2, 3, 6, 6, 12, 12, 13]) * HOUR_US
        if rng.random() < 0.1:
            left_out, base = rng.choice([0.0, 0.05, 0.4, 0.8]), rng.choice([0.5, 0.5, 0.5, 1.5, 2.2, 2.8])
        degc = [
            None if rng.random() < left_out else round(base + rng.choice([-0.4, 0.0, 0.2, 0.5]), 1) for _ in range(3)
        ]
        found.append(Reading(time_us, (degc[0], degc[1], degc[2])))
    return found


def test_any_readings_give_what_counting_from_the_beginning_gives() -> None:
    """After each reading, not only at the end; and the random readings do reach every verdict."""
    verdicts: set[tuple[str, bool]] = set()
    for seed in range(length(40, 2_000)):
        rng = random.Random(seed)
        plan = Treatment("pechy", "CSQU3054383", SHORT, T0, (0.1, 0.0, -0.1))
        detector, reference = TreatmentDetector(plan), Reference(plan)
        for reading in random_readings(rng, 26):
            detector.feed(reading)
            reference.feed(reading)
            assert detector.row == to_the_minute(reference.rows[-1]), (seed, reading)
        verdicts |= {(row.verdict, row.breach_us is not None) for row in reference.rows}
    assert verdicts == {(v, b) for v in ("running", "done") for b in (True, False)} | {("failed", True)}


def to_the_minute(row: ColdTreatment) -> ColdTreatment:
    """Hours as whole minutes: the two sum up floats in another order."""
    return replace(row, done_h=round(row.done_h * 60) / 60, left_h=round(row.left_h * 60) / 60)


def in_parts(plan: Treatment, parts: Sequence[Sequence[Reading]]) -> dict[object, ColdTreatment]:
    """Runs as a worker stores them that takes readings in batches."""
    detector = TreatmentDetector(plan)
    stored: dict[object, ColdTreatment] = {detector.row.key: detector.row}
    for part in parts:
        ended = [row for reading in part if (row := detector.feed(reading)) is not None]
        stored |= {row.key: row for row in [*ended, detector.row]}
    return stored


@pytest.mark.parametrize("seed", range(length(10, 200)))
def test_batches_duplicates_and_restarts_change_nothing(seed: int) -> None:
    """Any split; each reading once more, at once or after later ones; all read again after a restart."""
    rng = random.Random(seed)
    plan = Treatment("pechy", "CSQU3054383", SHORT, T0)
    readings = random_readings(rng, 40)
    whole = in_parts(plan, [readings])
    cut = rng.randrange(len(readings))
    assert in_parts(plan, [readings[:cut], readings[cut:]]) == whole
    twice = [r for n, reading in enumerate(readings) for r in (reading, reading, readings[max(0, n - 3)], reading)]
    assert in_parts(plan, [twice]) == whole
    assert in_parts(plan, [readings[:cut], readings]) == whole
    assert list(whole.values()) == runs(plan, readings)


def test_followed_on_from_a_run_that_failed_it_gives_the_same() -> None:
    """Of the readings before, only those are read again behind which a probe may not be silent yet."""
    resumed = 0
    for seed in range(length(40, 1_000)):
        plan = Treatment("pechy", "CSQU3054383", SHORT, T0, (0.1, 0.0, -0.1))
        readings = random_readings(random.Random(seed), 40)
        whole = runs(plan, readings)
        for number, run in enumerate(whole, 1):
            if run.ended_us is None:
                continue
            resumed += 1
            detector = TreatmentDetector.behind(plan, run, run.ended_us)
            since_us = detector.last_us
            ended = [row for one in readings if one.time_us >= since_us and (row := detector.feed(one)) is not None]
            later = ended if detector.row in [run, *ended] else [*ended, detector.row]
            assert later == whole[number:], seed
    assert resumed > 20
