"""Simulated treatments: their truth is right where it was counted by hand, and the detector finds it, spoilt or not."""

import numpy as np
import pytest

from processing.treatments.runs import Reading, Treatment, runs
from processing.treatments.schedules import SCHEDULES, version_at
from simulators.score.subjects import SUBJECTS
from simulators.score.treatments import TreatmentScore, bars
from simulators.treatments.faults import TREATMENT_FAULTS
from simulators.treatments.truth import TrueRun, Truth
from tests.length import length

HALF_HOUR_US, HOUR_US = 1_800_000_000, 3_600_000_000
T0 = 1_795_000_000_000_000 // HOUR_US * HOUR_US


def test_truth_counted_by_hand() -> None:
    """South Korea, at most 2 °C for 17 days: broken after 10 h by the second probe, done 17 days after 11 h.

    For five hours then the third probe is not read: their time does not count.
    """
    n = 2 * 24 * 18
    time_us = T0 + HALF_HOUR_US * np.arange(n)
    degc = np.full((3, n), 1.0)
    degc[1, 20] = 2.5
    degc[0, 21] = 2.1
    runs = Truth(version_at(SCHEDULES, "kr", T0), T0, time_us, degc).runs()
    broken_us, again_us = T0 + 10 * HOUR_US, T0 + 11 * HOUR_US
    assert runs == [
        TrueRun(T0, "failed", 2.0, 9.5, broken_us, "usda2", broken_us),
        TrueRun(again_us, "done", 2.0, 408.0, None, None, again_us + 408 * HOUR_US),
    ]
    degc[2, 101:110] = np.nan
    runs = Truth(version_at(SCHEDULES, "kr", T0), T0, time_us, degc).runs()
    assert runs[1].ended_us == again_us + 413 * HOUR_US


def test_a_probe_read_last_before_the_treatment_began_takes_part_from_its_next_reading_on() -> None:
    """The second probe is read half an hour before the beginning, and then after three hours: these three count.

    Readings before the beginning are not in the log, so nobody who has the log could know of that probe.
    """
    schedule = version_at(SCHEDULES, "kr", T0)
    time_us = T0 + HALF_HOUR_US * np.arange(-1, 9)  # four hours after the beginning
    degc = np.full((3, 10), 1.0)
    degc[0, 0] = 3.0  # warm before the beginning: that counts for nothing either
    degc[1, 1:7] = np.nan
    true = TrueRun(T0, "running", 2.0, 4.0, None, None, None)
    assert Truth(schedule, T0, time_us, degc).runs() == [true]
    readings = [
        Reading(at, (one, None if np.isnan(two) else two, three))
        for at, (one, two, three) in zip(time_us.tolist(), degc.T.tolist(), strict=True)
    ]
    (found,) = runs(Treatment("t", "CSQU3054383", schedule, T0), readings)
    assert (found.began_us, found.verdict, found.done_h) == (T0, "running", 4.0)


@pytest.mark.parametrize("faults", [(), tuple(fault.name for fault in TREATMENT_FAULTS)], ids=["clean", "spoilt"])
def test_the_detector_finds_what_readings_come_to(faults: tuple[str, ...]) -> None:
    """Every bar is reached; faults lose some readings."""
    score = TreatmentScore()
    for seed in range(length(1, 4)):
        days = SUBJECTS["treatments"].day("tandem", seed, length(72, 600), faults)
        score.add(days, str(seed))
        assert all(day.happened == day.true for day in days) == (not faults)
    assert score.all.true >= 4
    assert [bar.what for bar in bars(score, clean=not faults) if not bar.reached] == []
