"""All experiments, in the order of the table."""

from tests.faults import brokers, databases, devices, endurance, networks, outbox, payloads, workers
from tests.faults.experiment import Experiment

EXPERIMENTS: list[Experiment] = [
    *workers.EXPERIMENTS,
    *brokers.EXPERIMENTS,
    *outbox.EXPERIMENTS,
    *databases.EXPERIMENTS,
    *networks.EXPERIMENTS,
    *devices.EXPERIMENTS,
    *payloads.EXPERIMENTS,
    *endurance.EXPERIMENTS,
]
