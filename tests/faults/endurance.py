"""H: everything at once for long, and more than the worker can take."""

import random
import time
from collections.abc import Callable

from tests.faults.bed import Bed
from tests.faults.broker_tools import other_settings
from tests.faults.brokers import FORGETFUL
from tests.faults.experiment import Control, Experiment, Outcome
from tests.faults.supervised import Ingest
from tests.faults.twins import Twins

MEMORY_MIB = 250
"""design.md §13: the worker, whatever happens."""
SLOPE_MIB_H = 1.0
WARM_SHARE = 0.5
"""The first half of a soak is warm-up."""
DESCRIPTORS = 2
"""The connections to broker and database may be one more or less at the moment of counting."""


def _broker_stopped(bed: Bed, _worker: Ingest) -> None:
    bed.stack.broker.stop()
    bed.stack.broker.start()


def _broker_killed(bed: Bed, _worker: Ingest) -> None:
    bed.kill_broker()
    bed.stack.broker.start()


def _database_stopped(bed: Bed, _worker: Ingest) -> None:
    bed.stack.postgres.stop()
    bed.stack.postgres.start()


def _database_killed(bed: Bed, _worker: Ingest) -> None:
    bed.stack.postgres.kill()
    bed.stack.postgres.start()


def _frozen(_bed: Bed, worker: Ingest) -> None:
    worker.freeze()
    time.sleep(1)
    worker.thaw()


def _connections_ended(bed: Bed, _worker: Ingest) -> None:
    bed.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid()"
    )


FAULTS: tuple[Callable[[Bed, Ingest], None], ...] = (
    _broker_killed,
    _database_killed,
    _frozen,
    _connections_ended,
    _broker_stopped,
    _database_stopped,
)


def h1(bed: Bed) -> Outcome:
    """A fault a minute, for long; memory and open files are watched. The worker lives through all of it."""
    outcome, seeded = Outcome(), random.Random(1)
    every_s, length_s = bed.pick(2.5, 60), bed.pick(15, 1800)
    memory: list[tuple[float, float]] = []
    with bed.ingest() as worker:
        worker.wait_ready()
        files = worker.settled_files()
        with bed.load(bed.pick(1500, 2000)) as load:
            began = time.monotonic()
            faults = [FAULTS[n % len(FAULTS)] for n in range(int(length_s / every_s))]
            seeded.shuffle(faults)
            for fault in faults:
                time.sleep(every_s)
                memory.append((time.monotonic() - began, worker.memory_mib()))
                fault(bed, worker)
            time.sleep(every_s)
            ledger = load.stop()
            bed.judge(outcome, worker, ledger)
            memory.append((time.monotonic() - began, worker.memory_mib()))
            outcome.most("memory [MiB]", max(mib for _, mib in memory), MEMORY_MIB)
            if bed.long:
                outcome.most("memory growth [MiB/h]", slope_per_h(memory), SLOPE_MIB_H)
            outcome.most("open files more than before", worker.settled_files() - files, DESCRIPTORS)
            outcome.equal("deaths of the worker", len(worker.ends), 0)
            outcome.notes.append(
                "faults: " + ", ".join(fault.__name__.lstrip("_").replace("_", " ") for fault in faults)
            )
    return outcome


def slope_per_h(memory: list[tuple[float, float]]) -> float:
    """Growth of the second half, by least squares. [unit/h].

    Args:
        memory: time [s] and memory.
    """
    warm = [point for point in memory if point[0] >= memory[-1][0] * WARM_SHARE]
    mean_t = sum(t for t, _ in warm) / len(warm)
    mean_m = sum(m for _, m in warm) / len(warm)
    spread = sum((t - mean_t) ** 2 for t, _ in warm)
    return 3600 * sum((t - mean_t) * (m - mean_m) for t, m in warm) / spread if spread else 0.0


def h2(bed: Bed) -> Outcome:
    """The worker takes a third of what comes, for a while; then it may work as it can."""
    outcome = Outcome()
    slow, rate, overload_s = bed.folder / "slow", 3000.0, bed.pick(3, 300)
    batch = 100
    slow.write_text(str(batch / (rate / 3)))
    with (
        bed.ingest("--slow", str(slow), BATCH_MESSAGES=str(batch), RECEIVE_MAXIMUM="1000") as worker,
        bed.load(rate) as load,
    ):
        time.sleep(overload_s)
        memory_mib = worker.memory_mib()
        at_the_end = load.records()
        backlog = int(at_the_end.acked.sum()) - bed.arrived(load.terminal)
        slow.unlink()
        took_s = bed.caught_up(at_the_end)
        ledger = load.stop()
        bed.judge(outcome, worker, ledger)
        outcome.least("backlog [messages]", backlog, rate * overload_s / 3)
        outcome.most("overload caught up [s]", took_s, 2 * overload_s, timed=True)
        outcome.most("memory [MiB]", memory_mib, MEMORY_MIB)
        outcome.equal("deaths of the worker", len(worker.ends), 0)
    return outcome


def _short_queue(bed: Bed) -> Outcome:
    with other_settings(bed.stack, max_queued_messages=1000):
        return h2(bed)


def h3(bed: Bed) -> Outcome:
    """Worker, database and broker are killed at the same moment, again and again, as by a power cut."""
    outcome, twins = Outcome(), Twins(bed)
    with bed.ingest() as worker, twins.listening(), bed.load(3000) as load:
        with twins.sending(bed.pick(5, 120)):
            for _ in range(int(bed.pick(3, 30))):
                time.sleep(bed.pick(1, 3))
                worker.kill()
                bed.stack.postgres.kill()
                bed.kill_broker()
                bed.stack.postgres.start()
                bed.stack.broker.start()
        time.sleep(bed.pick(1, 3))
        ledger = load.stop()
        bed.judge(outcome, worker, ledger)
        twins.send(twins.broken)  # as gateways do that wait for receipts: a killed broker's last turn may be lost
        twins.send(twins.calm)
        twins.compare(outcome, worker)
    return outcome


H2 = Control("a broker with its own default limit", _short_queue)

EXPERIMENTS = [
    Experiment("H1", "soak with every fault in turn", "zero; memory and files constant", h1, FORGETFUL),
    Experiment("H2", "overload, three times what it can take", "zero; caught up <= 2x the overload", h2, H2),
    Experiment("H3", "worker, database, broker killed together", "zero; facts as undisturbed", h3, FORGETFUL),
]
