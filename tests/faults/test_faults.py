"""The short form of every experiment, with its control; bars of time are met with patience for a slow machine."""

from collections.abc import Iterator

import pytest

from tests.faults.__main__ import DOCUMENT
from tests.faults.experiment import Experiment
from tests.faults.rows import EXPERIMENTS
from tests.faults.suite import Suite, in_order, suite
from tests.faults.table import descriptions, merged


@pytest.fixture(scope="module")
def running() -> Iterator[Suite]:
    """One suite for all, so that stacks are started and shared controls run once."""
    with suite() as one:
        yield one


@pytest.mark.parametrize("experiment", in_order(EXPERIMENTS), ids=lambda one: one.id)
def test_nothing_is_lost(running: Suite, experiment: Experiment) -> None:
    """Its bars are met, and its control fails."""
    row = running.run(experiment)
    if row.skipped:
        pytest.skip(str(row.error))
    assert row.error is None, row.error
    assert row.outcome is not None
    assert not row.outcome.missed(slow=True), row.line()
    assert row.control_failed, row.line()


def test_every_experiment_stands_once_and_in_the_document() -> None:
    names = [one.id for one in EXPERIMENTS]
    assert len(set(names)) == len(names)
    assert descriptions(EXPERIMENTS) in DOCUMENT.read_text()


def test_results_of_some_experiments_take_the_place_of_theirs() -> None:
    """And new ones stand where their ids do."""
    head = "| id | verdict |\n| --- | --- |"
    before, after = f"{head}\n| A1 | pass |\n| F2 | FAIL |", f"{head}\n| B1 | pass |\n| F2 | pass |"
    assert merged(before, after) == f"{head}\n| A1 | pass |\n| B1 | pass |\n| F2 | pass |"
    assert merged("", after) == after
