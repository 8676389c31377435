"""B: the broker is restarted, killed, filled, its sessions deleted; its configuration is wrong; its disk is full."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.machine.broker import PrivateBroker
from infra.machine.broker_users import ADMIN
from infra.machine.processes import owner_of
from tests.faults.bed import Bed, forget_session, make_session
from tests.faults.broker_tools import dropped, other_settings
from tests.faults.controls import EARLY_ACK
from tests.faults.experiment import Control, Experiment, Outcome
from tests.faults.supervised import Ingest, resident_mib

MESSAGE_KIB = 1.0
"""Most memory that a queued message of a crane may cost the broker. Measured: 0.7 KiB."""
DISK_MIB = 8


def b1(bed: Bed) -> Outcome:
    """The broker is stopped and started again and again."""
    outcome = Outcome()
    with bed.ingest() as worker, bed.load(3000) as load:
        for _ in range(int(bed.pick(2, 20))):
            time.sleep(bed.pick(1, 3))
            bed.stack.broker.stop()
            bed.stack.broker.start()
        time.sleep(bed.pick(1, 3))
        ledger = load.stop()
        bed.judge(outcome, worker, ledger)
        outcome.equal("sessions lost", worker.metrics().get("session_lost_total"), 0)
        outcome.equal("deaths of the worker", len(worker.ends), 0)
        outcome.notes.append(f"the publisher was reconnected {load.summary['reconnects']} times")
    return outcome


def b2(bed: Bed) -> Outcome:
    """The broker is killed again and again, and so is the worker in between."""
    outcome = Outcome()
    with bed.ingest() as worker, bed.load(3000) as load:
        for _ in range(int(bed.pick(2, 10))):
            time.sleep(bed.pick(0.8, 3))
            worker.kill()
            time.sleep(bed.pick(0.8, 3))
            bed.kill_broker()
            bed.stack.broker.start()
        time.sleep(bed.pick(1, 3))
        ledger = load.stop()
        bed.judge(outcome, worker, ledger)
        outcome.notes.append(f"{len(ledger)} sent over {load.summary['reconnects']} reconnects")
    return outcome


def b4(bed: Bed, *, session: bool = True) -> Outcome:
    """The worker is away while messages come; then it drains the queue. In the control its session is not kept."""
    outcome = Outcome()
    rate, away_s = 2000.0, bed.pick(4, 600)
    make_session(bed.stack.mqtt_url, bed.client_id)
    if not session:
        forget_session(bed.stack.mqtt_url, bed.client_id)
    before_mib = resident_mib(bed.stack.broker.pid)
    with bed.load(rate, 100, "--duration", f"{away_s:g}s") as load:
        ledger = load.end()
    broker_mib = resident_mib(bed.stack.broker.pid)
    with bed.ingest() as worker:
        took_s = bed.caught_up(ledger)
        drained = len(ledger) / max(took_s, 0.05) if took_s is not None else None
        outcome.least("drained [messages/s]", drained, 2 * rate, timed=True)
        bed.judge(outcome, worker, ledger)
    bound_mib = before_mib + 16 + len(ledger) * MESSAGE_KIB / 1024
    outcome.most("memory of the broker [MiB]", broker_mib, round(bound_mib))
    return outcome


def b5(bed: Bed, *, queue: int = 1000) -> Outcome:
    """The worker is away and the queue overflows: the loss is reported, and counted to the last message."""
    outcome = Outcome()
    with other_settings(bed.stack, max_queued_messages=queue), bed.ingest() as worker:
        _away(worker)
        with bed.load(2000, 50) as load:
            time.sleep(2.5)
            lost_at_broker = dropped(bed.stack)
            began = time.monotonic()
            worker.release()
            alerted = worker.becomes(lambda: "dropped" in str(worker.readiness().get("problems", "")), 20)
            outcome.most("alert [s]", time.monotonic() - began if alerted else None, 15)
            ledger = load.stop()
        bed.come_to_rest(worker, ledger)
        report = outcome.report = bed.verify(ledger)
        counted = worker.metrics().get("broker_dropped_messages")
        outcome.least("lost", report.lost, 1)
        outcome.equal("$SYS dropped", dropped(bed.stack), report.lost)
        outcome.equal("metric broker_dropped_messages", counted, report.lost)
        outcome.equal("metric seq_missing", worker.metrics().get("seq_missing"), report.lost)
        outcome.equal("duplicate, unexpected, out of order", report.duplicate + report.unexpected + report.disorder, 0)
        outcome.true("account closes", worker.account().closes and bed.account().closes)
        outcome.notes.append(f"{lost_at_broker} were dropped while the worker was away")
    return outcome


def _away(worker: Ingest) -> None:
    """Stop the worker, and keep it stopped until released."""
    worker.hold()
    worker.terminate()
    worker.becomes(lambda: bool(worker.ends), 5)


UNSAFE: tuple[tuple[str, dict[str, object], str], ...] = (
    ("short queue", {"max_queued_messages": 1000}, "max_queued_messages"),
    ("anonymous", {"allow_anonymous": "true"}, "allow_anonymous"),
    ("QoS 0 only", {"max_qos": 0}, "QoS"),
    ("forgets when killed", {"persistence": "false"}, "persist"),
    ("small packets", {"max_packet_size": 65_536}, "max_packet_size"),
    ("forgets nobody", {"persistent_client_expiration": None}, "persistent_client_expiration"),
    ("window without bound", {"max_inflight_messages": 0}, "max_inflight_messages"),
)
"""What is wrong, the settings, and the word that the doctor must name."""


def b6(bed: Bed, *, unsafe: bool = True) -> Outcome:
    """Brokers with one unsafe setting each: the doctor must name it. In the control the broker is as it is shipped."""
    outcome = Outcome()
    for name, settings, word in UNSAFE:
        with other_settings(bed.stack, **(settings if unsafe else {})):
            findings = doctor(bed, bed.stack.broker.configuration_file)
        named = [line for line in findings.splitlines() if word in line and line.startswith(("warn", "fail"))]
        outcome.true(f"names {name}", named)
        outcome.notes += named
    return outcome


def doctor(bed: Bed, configuration: Path) -> str:
    """Output of `quaystream doctor`."""
    command = [sys.executable, "-m", "infra", "doctor", "--broker-config", str(configuration)]
    done = subprocess.run(
        command, env={**os.environ, **bed.environment}, capture_output=True, text=True, timeout=120, check=False
    )
    return done.stdout


def b7(bed: Bed, *, forget: bool = True) -> Outcome:
    """The broker deletes the session, first while the worker runs, then while it does not."""
    outcome = Outcome()
    with bed.ingest() as worker, bed.load(1000, 50) as load:
        time.sleep(1)
        if forget:
            forget_session(bed.stack.mqtt_url, bed.client_id)
        noticed = worker.becomes(lambda: worker.metrics().get("session_lost_total", 0) >= 1, 15)
        outcome.true("reported while it runs", noticed)
        time.sleep(1)
        _away(worker)
        if forget:
            forget_session(bed.stack.mqtt_url, bed.client_id)
        time.sleep(0.5)
        worker.release()
        noticed = worker.becomes(lambda: worker.metrics().get("session_lost_total", 0) >= 1, 15)
        outcome.true("reported after a start", noticed)
        time.sleep(0.5)
        ledger = load.stop()
        bed.come_to_rest(worker, ledger)
        report = outcome.report = bed.verify(ledger)
        outcome.notes.append(f"of the lost, the broker acknowledged {report.unheard} as without subscribers")
        ((gaps,),) = bed.query("SELECT sum(seq_gaps)::bigint FROM device_count")
        outcome.equal("gaps in seq reported", gaps, report.lost)
        outcome.equal("duplicate, unexpected, out of order", report.duplicate + report.unexpected + report.disorder, 0)
    return outcome


@contextmanager
def small_disk(folder: Path, size_mib: int) -> Iterator[Path]:
    """A file system of its own, of a size that is soon full."""
    folder.mkdir()
    options = f"size={size_mib}m,mode=711"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True, capture_output=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True, capture_output=True)


def needs_mount() -> str | None:
    """Why a file system cannot be mounted here."""
    return None if os.geteuid() == 0 else "needs root, to mount a small file system"


def b8(bed: Bed, *, freed: bool = True) -> Outcome:
    """The broker's disk fills up; then there is room again, and the broker is killed with a full queue.

    In the control the queue is filled while there is no room: the broker acknowledges, and reports nothing.
    """
    outcome = Outcome()
    with small_disk(bed.folder / f"disk-{bed.name}", DISK_MIB) as disk:
        folder = disk / "broker"
        broker = PrivateBroker(bed.stack.binaries, folder, owner_of(folder), {ADMIN: "secret"}, "durable")
        broker.start()
        try:
            with bed.ingest(MQTT_URL=broker.url_of(ADMIN)) as worker:
                fill(disk)
                with bed.load(1000, 50, "--duration", "2s", url=broker.url_of(ADMIN)) as full:
                    while_full = full.end()
                outcome.most("caught up with a full disk [s]", bed.caught_up(while_full), 10, timed=True)
                outcome.equal("lost with a full disk", bed.verify(while_full).lost, 0)
                if freed:
                    (disk / "balloon").unlink()
                _away(worker)
                with bed.load(1000, 50, "--duration", "2s", url=broker.url_of(ADMIN)) as load:
                    ledger = load.end()
                broker.kill()
                (disk / "balloon").unlink(missing_ok=True)
                broker.start()
                worker.release()
                worker.becomes(lambda: worker.lives > 1, 5)
                bed.judge(outcome, worker.wait_ready(), ledger)
                outcome.equal("deaths of the worker", len(worker.ends), 1)
        finally:
            broker.kill()
    return outcome


def fill(disk: Path) -> None:
    """Leave no room."""
    with (disk / "balloon").open("wb", buffering=0) as balloon:
        try:
            while True:
                balloon.write(bytes(4096))
        except OSError:
            return


FORGETFUL = Control("a broker that forgets", b2, "memory")
B4 = Control("no session at the broker", lambda bed: b4(bed, session=False))
B5 = Control("a queue that is long enough", lambda bed: b5(bed, queue=5_000_000), misses="alert [s]")
B6 = Control("a broker as it is shipped", lambda bed: b6(bed, unsafe=False), misses=f"names {UNSAFE[0][0]}")
B7 = Control("the session is kept", lambda bed: b7(bed, forget=False), misses="reported while it runs")
B8 = Control("a queue filled while the disk is full", lambda bed: b8(bed, freed=False))

EXPERIMENTS = [
    Experiment("B1", "broker stopped and started", "zero", b1, EARLY_ACK),
    Experiment("B2", "broker killed, worker killed in between", "zero", b2, FORGETFUL),
    Experiment("B4", "worker away, queue drained", "zero; drain >= 2x input; memory <= bound", b4, B4),
    Experiment("B5", "queue of the broker overflows", "alert <= 15 s; loss = $SYS dropped = gaps in seq", b5, B5),
    Experiment("B6", "unsafe settings of the broker", "doctor names each", b6, B6),
    Experiment("B7", "session lost at the broker", "reported; gaps reported; nothing else lost", b7, B7),
    Experiment(
        "B8", "disk of the broker full", "no crash; zero for later messages, a kill included", b8, B8, needs=needs_mount
    ),
]
