"""The faults that are put into samples: what each does, and that they are written down."""

from pathlib import Path

import numpy as np
import pytest

from simulators.reefer_faults import OWN_FAULTS
from simulators.spoiling import FAULTS, markdown, spoil
from simulators.twistlock_faults import at_switches, stuck_between
from tests.unit.crane_signals import BETWEEN, EMPTY, LOCKED, START_US, every, samples

DOCS = Path(__file__).parents[2] / "docs"
HOUR = samples(
    [(float(t), EMPTY | {"move_count": float(t // 100), "energy_kwh": t / 10, "twin": 0.0}) for t in range(3_600)]
)


def test_the_rates_are_written_down() -> None:
    assert markdown() in (DOCS / "simulators.md").read_text()
    assert markdown(OWN_FAULTS) in (DOCS / "reefers.md").read_text()


@pytest.mark.parametrize("name", [fault.name for fault in FAULTS])
def test_a_fault_is_the_same_again_and_leaves_the_clean_samples_alone(name: str) -> None:
    before = HOUR.numbers.copy()
    once, reported = spoil(HOUR, [name], np.random.default_rng(3), times=200)
    again, _ = spoil(HOUR, [name], np.random.default_rng(3), times=200)
    np.testing.assert_array_equal(once.numbers, again.numbers)
    np.testing.assert_array_equal(once.time_us, again.time_us)
    np.testing.assert_array_equal(HOUR.numbers, before)
    assert {fault for fault, _, _ in reported} <= {name}


def test_no_fault_changes_nothing() -> None:
    spoilt, reported = spoil(HOUR, [], np.random.default_rng(3))
    np.testing.assert_array_equal(spoilt.numbers, HOUR.numbers)
    assert reported == []


SWITCHING = samples(
    every(1.0, [(0, 10, EMPTY), (10, 12, BETWEEN), (12, 40, LOCKED), (40, 41, BETWEEN), (41, 60, EMPTY)])
)


def test_a_twistlock_hangs_where_it_switches_and_ends_where_it_does_not() -> None:
    """Six seconds from second 10 on, and 29 that end while they switch once more; one of them, and none at the end."""

    def at(second: float) -> int:
        return START_US + round(second * 1e6)

    assert at_switches(SWITCHING, [(at(3), at(9))]) == [(at(10), at(16))]
    assert at_switches(SWITCHING, [(at(3), at(33.5)), (at(5), at(12))]) == [(at(10), at(41))]
    assert at_switches(SWITCHING, [(at(45), at(55))]) == []
    spoilt = stuck_between(SWITCHING.take(np.arange(len(SWITCHING))), [(at(10), at(16))], np.random.default_rng(3))
    changed = spoilt.number("twistlock_locked") != SWITCHING.number("twistlock_locked")
    np.testing.assert_array_equal(np.flatnonzero(changed), np.arange(12, 16))
    assert not spoilt.number("twistlock_unlocked")[10:16].any()


def test_partial_locks_leave_the_other_faults_as_they_were() -> None:
    """The same spans, and the same values of all signals but the twistlocks."""
    minutes = [
        phase for n in range(60) for phase in ((60 * n, 60 * n + 30, EMPTY), (60 * n + 30, 60 * n + 60, BETWEEN))
    ]
    hour, names = samples(every(1.0, minutes)), ["bounce", "load offset", "landed inverted"]
    without, reported = spoil(hour, names, np.random.default_rng(3), times=20)
    hanging, all_reported = spoil(hour, [*names, "partial lock"], np.random.default_rng(3), times=20)
    assert [span for span in all_reported if span[0] != "partial lock"] == reported
    assert len(all_reported) > len(reported) > 0
    for name in ("load_t", "landed"):
        np.testing.assert_array_equal(hanging.number(name), without.number(name))
