"""All experiments, in the order of the table."""

from tests.faults import brokers, endurance, workers
from tests.faults.experiment import Experiment

EXPERIMENTS: list[Experiment] = [*workers.EXPERIMENTS, *brokers.EXPERIMENTS, *endurance.EXPERIMENTS]
