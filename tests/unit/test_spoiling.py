"""The faults that are put into samples: what each does, and that they are written down."""

from pathlib import Path

import numpy as np
import pytest

from simulators.spoiling import FAULTS, markdown, spoil
from tests.unit.crane_signals import EMPTY, samples

DOCS = Path(__file__).parents[2] / "docs" / "simulators.md"
HOUR = samples(
    [(float(t), EMPTY | {"move_count": float(t // 100), "energy_kwh": t / 10, "twin": 0.0}) for t in range(3_600)]
)


def test_the_rates_are_written_down() -> None:
    assert markdown() in DOCS.read_text()


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
