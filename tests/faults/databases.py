"""C: the database is killed, restarted, frozen, filled, locked; its connections end; its answers get lost."""

import asyncio
import os
import random
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg

from infra.database import Link, migrate
from infra.machine.database_users import DATABASE_USERS, OWNER
from infra.machine.postgres import PrivatePostgres
from infra.machine.processes import owner_of
from ingest.store import counts
from ingest.store.lock import LOCK_SPACE
from ingest.store.writer import Batch, BatchWriter
from tests.faults.api import Api
from tests.faults.bed import Bed
from tests.faults.brokers import fill, needs_mount, small_disk
from tests.faults.controls import EARLY_ACK, drop_keys
from tests.faults.experiment import Control, Experiment, Outcome
from tests.faults.network.proxy import Proxy
from tests.faults.supervised import Ingest
from tests.faults.twins import Twins

RESUME_S = 5.0
DISK_MIB = 320
COMMIT = b"COMMIT;\0"
"""As asyncpg sends it."""


def c1(bed: Bed) -> Outcome:
    """All processes of the database are killed again and again, and so is the worker in between."""
    outcome, resumed, twins = Outcome(), list[float](), Twins(bed)
    with bed.ingest() as worker, twins.listening(), bed.load(bed.pick(2000, 4000)) as load:
        with twins.sending(bed.pick(4, 80)):
            for _ in range(int(bed.pick(2, 10))):
                time.sleep(bed.pick(0.8, 3))
                worker.kill()
                time.sleep(bed.pick(0.8, 3))
                bed.stack.postgres.kill()
                bed.stack.postgres.start()
                resumed.append(_resumes(bed, worker, load.terminal))
        time.sleep(bed.pick(0.5, 3))
        ledger = load.stop()
        bed.judge(outcome, worker, ledger)
        twins.send(twins.calm)
        twins.compare(outcome, worker)
        outcome.most("resumed after it accepts [s]", max(resumed), RESUME_S, timed=True)
    return outcome


def _resumes(bed: Bed, worker: Ingest, terminal: str) -> float:
    """How long until more is stored. [s]."""
    before, began = bed.arrived(terminal), time.monotonic()
    worker.becomes(lambda: bed.arrived(terminal) > before, 60)
    return time.monotonic() - began


def c2(bed: Bed) -> Outcome:
    """The database is restarted, by turns in order (fast) and at once (immediate)."""
    outcome = Outcome()
    with bed.ingest() as worker, bed.load(2000) as load:
        for n in range(int(bed.pick(2, 20))):
            time.sleep(bed.pick(1, 3))
            if n % 2:
                os.kill(bed.stack.postgres.pid, signal.SIGQUIT)
            bed.stack.postgres.stop()
            bed.stack.postgres.start()
        time.sleep(bed.pick(1, 3))
        ledger = load.stop()
        bed.judge(outcome, worker, ledger)
        outcome.equal("deaths of the worker", len(worker.ends), 0)
    return outcome


CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"

LOCKS = """
    SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database
    WHERE locktype = 'advisory' AND classid = %s AND granted AND datname = current_database()
"""


SETTLED = 5
"""So many looks, half a second apart, at which the number of connections is the same."""


def c3(bed: Bed) -> Outcome:
    """Every connection to the database is ended, again and again."""
    outcome, ended = Outcome(), 0
    with bed.ingest() as worker, bed.load(2000) as load:
        before = settled_connections(bed)
        for _ in range(int(bed.pick(8, 120))):
            time.sleep(0.5)
            ((count,),) = bed.query(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid()"
            )
            ended += count
        ledger = load.stop()
        bed.judge(outcome, worker, ledger)
        outcome.least("connections ended", ended, 8)
        alone = worker.becomes(lambda: bed.query(LOCKS, LOCK_SPACE) == [(1,)], 10)
        outcome.true("lock against a second worker held again", alone)
        outcome.most("connections more than before", bed.query(CONNECTIONS)[0][0] - before, 0)
        outcome.equal("deaths of the worker", len(worker.ends), 0)
    return outcome


def settled_connections(bed: Bed) -> int:
    """How many connections there are, once it stays the same: a worker makes some a while after its start."""
    seen = [int(bed.query(CONNECTIONS)[0][0])]
    while len(seen) < SETTLED or (len(set(seen[-SETTLED:])) > 1 and len(seen) < 10 * SETTLED):
        time.sleep(0.5)
        seen.append(int(bed.query(CONNECTIONS)[0][0]))
    return seen[-1]


GIVEN_UP = "frozen server given up [s]"


def c4(bed: Bed, *launch: str, limited: bool = True) -> Outcome:
    """Every process of the database is frozen; what waits for it is given up in time, and everything is there later."""
    outcome, patience_s = Outcome(), bed.pick(2, 20)
    launch = ("--patience", str(patience_s if limited else 1000), *launch)
    with bed.ingest(*launch) as worker, bed.load(2000) as load:
        time.sleep(1)
        bed.stack.postgres.freeze()
        began = time.monotonic()
        given_up = worker.becomes(lambda: "no answer" in str(worker.readiness().get("problems")), patience_s + 5)
        given_up_s = time.monotonic() - began if given_up else None
        time.sleep(bed.pick(1, 40))
        bed.stack.postgres.thaw()
        outcome.most(GIVEN_UP, given_up_s, patience_s + 1)
        ledger = load.stop()
        bed.judge(outcome, worker, ledger)
        outcome.equal("deaths of the worker", len(worker.ends), 0)
    return outcome


def c5(bed: Bed) -> Outcome:
    """The disk of the database fills up; later there is room again, and the server is started by hand where it fell."""
    outcome = Outcome()
    with small_database(bed) as (server, disk), bed.ingest() as worker, bed.load(2000) as load:
        time.sleep(1)
        fill(disk)
        red = worker.becomes(lambda: worker.readiness().get("ready") is False, 30)
        outcome.true("not ready while it is full", red)
        time.sleep(bed.pick(1, 60))
        (disk / "balloon").unlink()
        fell = not server.pid
        if fell:
            server.start()
        began = time.monotonic()
        ready = worker.becomes(lambda: bool(worker.readiness().get("ready")), 60)
        outcome.most("ready again [s]", time.monotonic() - began if ready else None, 30, timed=True)
        ledger = load.stop()
        bed.judge(outcome, worker, ledger)
        outcome.equal("deaths of the worker", len(worker.ends), 0)
        outcome.notes.append("the server fell, and was started by hand" if fell else "the server stayed up")
    return outcome


@contextmanager
def small_database(bed: Bed) -> Iterator[tuple[PrivatePostgres, Path]]:
    """A server of the bed's own whose disk is soon full; everything asks it."""
    with small_disk(bed.folder / f"disk-{bed.name}", DISK_MIB) as disk:
        folder = disk / "postgres"
        server = PrivatePostgres(bed.stack.binaries, folder, owner_of(folder), dict.fromkeys(DATABASE_USERS, "secret"))
        server.start()
        try:
            migrate(server.url_of(OWNER))
            with bed.database_at(server.url_of(OWNER)):
                yield server, disk
        finally:
            server.kill()


LOCK_TIMEOUT = "lock timeouts"


def c6(bed: Bed, *launch: str) -> Outcome:
    """Somebody holds an exclusive lock on the raw table; live figures are answered all the same."""
    outcome = Outcome()
    with bed.ingest(*launch) as worker, Api(bed, worker) as api, bed.load(2000) as load:
        time.sleep(1)
        with bed.connection() as connection:
            connection.execute("LOCK TABLE crane_telemetry IN ACCESS EXCLUSIVE MODE")
            end = time.monotonic() + bed.pick(7, 30)
            slowest = 0.0
            while time.monotonic() < end:
                slowest = max(slowest, api.get(f"/api/v1/kpis/live?terminal={load.terminal}")[1])
                time.sleep(0.2)
            timeouts = sum(
                n for name, n in worker.metrics().items() if "LockNotAvailable" in name and "_created" not in name
            )
        ledger = load.stop()
        bed.judge(outcome, worker, ledger)
        outcome.least(LOCK_TIMEOUT, timeouts, 1)
        outcome.most("slowest live answer of the API meanwhile [s]", slowest, 1, timed=True)
        outcome.equal("deaths of the worker", len(worker.ends), 0)
    return outcome


WRITERS = 6
MANY = 200
"""Most rounds of the control: it ends with the first deadlock, which takes the second after which the server looks."""
DEADLOCKS = "deadlocks, or waits of 5 s for a lock"


def c7(bed: Bed, *, ordered: bool = True) -> Outcome:
    """Several writers of the same devices; counts are updated in the order of devices.

    In the control they are updated in the order in which they came.
    """
    outcome = Outcome()
    with bed.ingest() as worker, bed.load(1000, 40, "--duration", "1s") as load:
        ledger = load.end()
        bed.judge(outcome, worker, ledger)
    ids = [row[0] for row in bed.query("SELECT device_id FROM device")]
    if not ordered:
        setattr(counts, "sorted", _shuffled)  # noqa: B010 - a module has no such attribute; the control adds it
    try:
        deadlocks = asyncio.run(_write_at_once(bed.database_url, ids, int(bed.pick(40, 400)) if ordered else MANY))
    finally:
        if not ordered:
            delattr(counts, "sorted")
    outcome.equal(DEADLOCKS, deadlocks, 0)
    return outcome


def _shuffled(rows: Iterable[Any]) -> list[Any]:
    found = list(rows)
    random.shuffle(found)
    return found


async def _write_at_once(url: str, ids: list[int], rounds: int) -> int:
    """How often one of several writers could not go on; once one could not, none begins another round."""
    stuck = asyncio.Event()
    return sum(await asyncio.gather(*(_writer(url, ids, rounds, n, stuck) for n in range(WRITERS))))


async def _writer(url: str, ids: list[int], rounds: int, number: int, stuck: asyncio.Event) -> int:
    link, deadlocks = Link(url, f"quaystream-writer-{number}"), 0
    store = BatchWriter(link, lambda _id: (_ for _ in ()).throw(KeyError()))
    for _ in range(rounds):
        if stuck.is_set():
            break
        batch = Batch()
        for device_id in ids:
            batch.tally.of(device_id).received += 1
        try:
            await store.write(batch)
        except (asyncpg.DeadlockDetectedError, asyncpg.LockNotAvailableError):
            deadlocks += 1
            stuck.set()
    link.drop()
    return deadlocks


BEHIND = "worker behind [s]"


def c8(bed: Bed, *, table: str = "quarantine") -> Outcome:
    """Many slow queries of the API at once: it answers in time, if only that it cannot; the worker does not notice.

    In the control the table that makes them slow is one that the worker writes to.
    """
    outcome = Outcome()
    with bed.ingest() as worker, Api(bed, worker) as api, bed.load(2000) as load:
        time.sleep(1)
        with bed.connection() as connection:
            connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE".encode())
            answers = api.get_many(f"/api/v1/quarantine?terminal={load.terminal}", 200, during_s=bed.pick(3, 20))
            caught_up_s = bed.caught_up(load.records())
        refused = [took_s for _, took_s, code in answers if code == "busy"]
        outcome.equal("answers other than 200 and 503", sum(status not in (200, 503) for status, _, _ in answers), 0)
        outcome.least("refused as busy", len(refused), 150)
        outcome.most("slowest of these [s]", max(refused, default=None), 2, timed=True)
        outcome.most(BEHIND, caught_up_s, 1, timed=True)
        bed.judge(outcome, worker, load.stop())
    return outcome


def c9(bed: Bed, *, fact_key: bool = True) -> Outcome:
    """The connection is cut between a COMMIT and its answer: the outcome is unknown, and the batch is written again."""
    outcome = Outcome()
    if not fact_key:
        drop_keys(bed)
    with Proxy(bed.database_url) as proxy:
        proxy.weather.cut_after, proxy.weather.cut_every = COMMIT, 7
        with bed.ingest(DATABASE_URL=proxy.url) as worker, bed.load(2000) as load:
            wanted = int(bed.pick(10, 200))
            worker.becomes(lambda: proxy.cuts >= wanted, bed.pick(60, 600))
            proxy.weather.cut_after = b""
            ledger = load.stop()
            bed.judge(outcome, worker, ledger)
            outcome.least("cut between COMMIT and its answer", proxy.cuts, wanted)
            outcome.equal("deaths of the worker", len(worker.ends), 0)
    return outcome


C4 = Control("no limit of time", lambda bed: c4(bed, limited=False), misses=GIVEN_UP)
C6 = Control("no limit for locks", lambda bed: c6(bed, "--no-lock-timeout"), misses=LOCK_TIMEOUT)
C7 = Control("counts in any order", lambda bed: c7(bed, ordered=False), misses=DEADLOCKS)
C8 = Control("a table that the worker needs", lambda bed: c8(bed, table="crane_telemetry"), misses=BEHIND)
C9 = Control("no unique key", lambda bed: c9(bed, fact_key=False))

EXPERIMENTS = [
    Experiment(
        "C1", "database killed, worker killed in between", "zero; facts as undisturbed; resumed <= 5 s", c1, EARLY_ACK
    ),
    Experiment("C2", "database restarted, in order and at once", "zero; no restart of the worker", c2, EARLY_ACK),
    Experiment("C3", "every connection ended each 0.5 s", "zero; no connections pile up", c3, EARLY_ACK),
    Experiment("C4", "database frozen", "zero; given up within its limit + 1 s", c4, C4),
    Experiment(
        "C5", "disk of the database full", "zero; worker up, not ready meanwhile", c5, EARLY_ACK, needs=needs_mount
    ),
    Experiment("C6", "exclusive lock on the raw table", "zero; lock timeout fires; live API answers", c6, C6),
    Experiment("C7", "several writers, the same devices", "no deadlock", c7, C7),
    Experiment("C8", "200 slow queries at the API", "refused <= 2 s; the worker keeps up", c8, C8),
    Experiment("C9", "outcome of the commit unknown", "zero", c9, C9),
]
