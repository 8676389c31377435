"""A: the worker is killed, stopped, frozen, doubled, poisoned."""

import json
import random
import time

from infra.clock import now_us
from infra.database import migrate
from simulators.ledger.records import Head, LedgerWriter, message_digest
from simulators.ledger.records import read as read_ledger
from tests.faults.bed import Bed
from tests.faults.broker_tools import FIGURE_S, dropped, stored_messages
from tests.faults.controls import EARLY_ACK, NO_KEY
from tests.faults.experiment import Control, Experiment, Outcome
from tests.faults.launch import POINTS
from tests.faults.messages import publish
from tests.faults.poisons import KINDS
from tests.faults.supervised import Ingest
from tests.faults.twins import Twins

BATCH = 2000
"""QUAYSTREAM_BATCH_MESSAGES, as it is by default."""


def a1(bed: Bed) -> Outcome:
    """Kill -9 the worker again and again."""
    outcome, twins = Outcome(), Twins(bed)
    with bed.ingest() as worker, twins.listening(), bed.load(bed.pick(3000, 4000)) as load:
        with twins.sending(bed.pick(5, 150)):
            for _ in range(int(bed.pick(3, 50))):
                time.sleep(bed.pick(1.8, 3))
                worker.kill()
        ledger = load.stop()
        bed.judge(outcome, worker, ledger)
        twins.send(twins.calm)
        twins.compare(outcome, worker)
        outcome.notes.append(f"{worker.lives} lives, {load.summary['messages']} messages")
    return outcome


def a2(bed: Bed) -> Outcome:
    """SIGTERM the worker again and again."""
    outcome, times = Outcome(), []
    with bed.ingest() as worker, bed.load(bed.pick(3000, 4000)) as load:
        for _ in range(int(bed.pick(3, 50))):
            worker.wait_ready()
            time.sleep(bed.pick(1, 3))
            times.append(worker.terminate())
        ledger = load.stop()
        worker.wait_ready()  # what is measured is how fast it catches up, not how long a machine takes to start it
        bed.judge(outcome, worker, ledger)
        outcome.most("slowest exit [s]", max(times), 5, timed=True)
        again = bed.account().duplicate
        outcome.most("redelivered a stop", again / len(times), BATCH)
        outcome.equal("exit codes", sorted(set(worker.ends)), [0])
    return outcome


def a3(bed: Bed) -> Outcome:
    """The worker dies at each step of a batch; which batch, the seed decides."""
    seeds = int(bed.pick(1, 50))
    deaths = [f"{point}:{random.Random(f'{point} {n}').randint(1, 12)}" for n in range(seeds) for point in POINTS]
    outcome = Outcome()
    with bed.ingest(each_life=lambda life: ["--die", deaths[life]] if life < len(deaths) else []) as worker:
        with bed.load(bed.pick(2000, 3000)) as load:
            died = worker.becomes(lambda: worker.lives > len(deaths), 30 + 5 * len(deaths))
            outcome.true(f"died at all {len(deaths)} points", died)
            ledger = load.stop()
        worker.wait_ready()
        bed.judge(outcome, worker, ledger)
    return outcome


def a4(bed: Bed) -> Outcome:
    """The worker is frozen, for less and for more than the broker waits for a sign of life."""
    keepalive_s = int(bed.pick(2, 30))  # the broker gives up after one and a half times as long
    outcome, queued = Outcome(), 0
    before = dropped(bed.stack)
    with bed.ingest("--keepalive", str(keepalive_s)) as worker, bed.load(2000) as load:
        for times in (0.75, 2.2):
            time.sleep(1)
            worker.freeze()
            time.sleep(times * keepalive_s - FIGURE_S)
            queued = max(queued, stored_messages(bed.stack))
            worker.thaw()
        time.sleep(1)
        ledger = load.stop()
        bed.judge(outcome, worker, ledger)
        outcome.equal("dropped by the broker", dropped(bed.stack) - before, 0)
        outcome.notes.append(f"most messages stored at the broker as $SYS has it: {queued}")
        outcome.equal("deaths", len(worker.ends), 0)
    return outcome


def a5(bed: Bed, *, lock: bool = True) -> Outcome:
    """A second worker is started beside the first; without a lock to find, in the control: on another database."""
    outcome = Outcome()
    other = {} if lock else {"QUAYSTREAM_DATABASE_URL": bed.stack.database_url}
    if not lock:
        migrate(bed.stack.database_url)
    with bed.ingest() as worker, bed.load(2000) as load:
        time.sleep(0.5)
        second = Ingest(bed.environment | other, bed.folder / "second.log", lambda _life: [])
        second.hold()
        with second:
            # It starts as slowly as the machine is; in the control it does not end, however long one waits.
            refused = second.becomes(lambda: bool(second.ends), 60 if lock else bed.pick(5, 30))
        outcome.true("the second refuses to start", refused and second.ends[0] != 0)
        outcome.true("and says why", "another worker runs with QUAYSTREAM_CLIENT_ID=" in second.log.read_text())
        ledger = load.stop()
        bed.judge(outcome, worker, ledger)
        outcome.equal("connections taken over", worker.log.read_text().count("MQTT connection to"), 0)
        outcome.equal("deaths of the first", len(worker.ends), 0)
    return outcome


def a6(bed: Bed, *, poisoned: bool = True) -> Outcome:
    """Payloads for which the parser raises, one of each of 20 kinds, again and again, among good ones."""
    outcome = Outcome()
    head = Head(f"{bed.name}-poison", "p", ["crane1"])
    path = bed.folder / "poison.ledger"
    rounds = int(bed.pick(10, 200))
    with bed.ingest("--poison") as worker, bed.load(2000) as load:
        with LedgerWriter(path, head) as writer:
            topic = f"port/{head.terminal}/crane/crane1/telemetry"
            messages = []
            for n in range(rounds * len(KINDS)):
                kind = list(KINDS)[n % len(KINDS)] if poisoned else "none"
                sample = {"ts": now_us() // 1000, "seq": n + 1, "boot": "p"} | ({"raise": kind} if poisoned else {})
                payload = json.dumps(sample, separators=(",", ":")).encode()
                writer.sent(0, n + 1, 0, message_digest(topic, payload), poison=True)
                messages.append((topic, payload))
            writer.flush()
            time.sleep(0.5)
            publish(bed.stack.mqtt_url, messages, lambda n, reason: writer.answered(0, n + 1, reason))
        time.sleep(0.5)
        poison, ledger = read_ledger(path), load.stop()
        bed.judge(outcome, worker, ledger)
        found = bed.verify(poison)
        outcome.equal("poison quarantined", found.ok, rounds * len(KINDS))
        outcome.equal("poison lost or twice", found.lost + found.duplicate, 0)
        internal = bed.query("SELECT count(*) FROM v_quarantine WHERE reason = 'internal'")
        outcome.equal("with reason internal", internal[0][0], rounds * len(KINDS))
        outcome.equal("deaths", len(worker.ends), 0)
        outcome.true("worker ready", worker.readiness().get("ready"))
    return outcome


def a7(bed: Bed, *launch: str) -> Outcome:
    """A broker without persistence restarts while a batch is uncommitted; its acknowledgements come late; a kill."""
    outcome = Outcome()
    hold = bed.folder / "hold"
    hold.write_text("0")
    with bed.ingest("--hold", str(hold), *launch) as worker:
        with bed.load(0, 20, "--count", "300") as first:
            first.end()
        worker.becomes(lambda: worker.metrics().get("messages_total", 0) >= 300, 10)
        bed.stack.broker.kill()
        bed.stack.broker.start()
        again = worker.becomes(lambda: worker.metrics().get("session_lost_total", 0) >= 1, 20)
        outcome.true("reconnected, and the session reported as lost", again)
        worker.wait_ready()
        with bed.load(0, 20, "--count", "300") as load:
            ledger = load.end()
        worker.becomes(lambda: worker.metrics().get("messages_total", 0) >= 600, 10)
        hold.write_text("1")  # the batch that was read before the restart
        stored = worker.becomes(lambda: bed.arrived(first.terminal) > 0, 10)
        outcome.true("committed what was read before", stored)
        time.sleep(0.3)
        outcome.equal("of the later ones", bed.arrived(load.terminal), 0)
        worker.kill()
        worker.becomes(lambda: bool(worker.ends), 10)
        hold.unlink()
        worker.becomes(lambda: worker.lives > 1, 10)
        bed.judge(outcome, worker.wait_ready(), ledger)
    return outcome


A5 = Control(
    "a second worker that finds no lock", lambda bed: a5(bed, lock=False), misses="the second refuses to start"
)
A6 = Control("messages that are no poison", lambda bed: a6(bed, poisoned=False), misses="poison quarantined")
A7 = Control("without the connection's number", lambda bed: a7(bed, "--no-epoch"), "memory")

EXPERIMENTS = [
    Experiment("A1", "worker killed again and again", "zero; facts as undisturbed; caught up <= 10 s", a1, EARLY_ACK),
    Experiment(
        "A2", "worker stopped again and again", "zero; exit <= 5 s; redelivered <= 1 batch a stop", a2, EARLY_ACK
    ),
    Experiment("A3", "worker dies at each step of a batch", "zero at each point", a3, NO_KEY),
    Experiment("A4", "worker frozen, under and over the keepalive", "zero; nothing dropped", a4, EARLY_ACK),
    Experiment("A5", "two workers, one client id", "the second refuses to start, clearly", a5, A5),
    Experiment("A6", "parser raises 20 kinds of exception", "all quarantined; worker alive", a6, A6),
    Experiment("A7", "late acknowledgements, new session", "zero of the new messages", a7, A7, "memory"),
]
