"""E: devices repeat themselves, come late and out of order, and do not know what time it is."""

import asyncio
import random
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from infra.clock import now_us
from infra.mqtt.connection import Mqtt
from infra.mqtt.packet_reader import Message as Arrived
from processing.model.topics import telemetry
from simulators.ledger.publish import sample, topic_of
from simulators.ledger.records import Head, LedgerWriter, Records
from simulators.ledger.records import read as read_ledger
from tests.disorder import disordered, facts_of
from tests.disorder import publish as publish_terminal
from tests.faults.bed import Bed
from tests.faults.controls import drop_keys
from tests.faults.experiment import Control, Experiment, Outcome
from tests.faults.messages import Message, publish
from tests.faults.supervised import Ingest
from tests.faults.twins import UNLIKE, Twins, unlike
from tests.story import Sample

CRANES = 10
EACH = 10
BACK_MS = 6 * 3_600_000
"""Scripted samples begin so long ago: their KPI windows are closed, no clock goes on under them."""
WAIT_S = 60.0
DAY_MS = 86_400_000


@dataclass(frozen=True)
class Script:
    """Scripted cranes: the messages, and the ledger of one publication of them."""

    head: Head
    messages: list[Message]
    ledger: Path


def script(bed: Bed, name: str, start_ms: int, count: int) -> Script:
    """What ten cranes send, `count` samples each, in messages of ten samples; the same for each name."""
    head = Head(f"{bed.name}-{name}", "e", [f"led{n:02}" for n in range(CRANES)], start_ms, 200)
    messages = []
    for first in range(1, count + 1, EACH):
        for device in range(CRANES):
            payloads = [sample(head, device, seq)[0] for seq in range(first, first + EACH)]
            messages.append((topic_of(head, device), b"[" + b",".join(payloads) + b"]"))
    return Script(head, messages, bed.folder / f"{name}-{bed.name}.ledger")


def publish_noted(bed: Bed, wanted: Script, copies: int = 1) -> Records:
    """Publish a script, each message so many times, and note it; the ledger."""
    with LedgerWriter(wanted.ledger, wanted.head) as ledger:

        def seqs(message: int) -> Iterable[tuple[int, int]]:
            block, device = divmod(message, CRANES)
            return ((device, block * EACH + n + 1) for n in range(EACH))

        for n in range(len(wanted.messages)):
            for device, seq in seqs(n):
                _, digest, time_ms = sample(wanted.head, device, seq)
                ledger.sent(device, seq, time_ms * 1000, digest)
        ledger.flush()

        def answered(n: int, reason: int) -> None:
            for device, seq in seqs(n // copies):
                ledger.answered(device, seq, reason)

        publish(bed.stack.mqtt_url, [message for message in wanted.messages for _ in range(copies)], answered)
    return read_ledger(wanted.ledger)


def received(bed: Bed, worker: Ingest, count: int) -> bool:
    """Wait until so many samples are accounted for, and nothing is in hand; whether that came."""
    came = worker.becomes(lambda: bed.account().received >= count, WAIT_S)
    bed.settle(worker)
    return came


def everything(bed: Bed, terminal: str) -> dict[str, Any]:
    """Raw rows as a hash of all their text, facts and KPI samples of a terminal."""
    query = (
        "SELECT count(*), md5(string_agg(v::text, '|' ORDER BY v.device, v.time, v.seq, v.received_at))"
        " FROM v_crane v WHERE terminal = %s"
    )
    return {"rows": bed.query(query, terminal), **facts_of(bed.database_url, terminal)}


def e1(bed: Bed, *, keys: bool = True) -> Outcome:
    """Each message comes three times, and when all is stored the whole span again; another terminal sends it once."""
    outcome = Outcome()
    if not keys:
        drop_keys(bed)
    count, start_ms = int(bed.pick(640, 18_000)), now_us() // 60_000_000 * 60_000 - BACK_MS
    once, thrice = script(bed, "once", start_ms, count), script(bed, "thrice", start_ms, count)
    total = CRANES * count
    with bed.ingest() as worker:
        plain = publish_noted(bed, once)
        ledger = publish_noted(bed, thrice, copies=3)
        outcome.true("all arrived", received(bed, worker, 4 * total))
        before = everything(bed, thrice.head.terminal)
        publish(bed.stack.mqtt_url, thrice.messages)
        outcome.true("all arrived again", received(bed, worker, 5 * total))
        after = everything(bed, thrice.head.terminal)
        outcome.equal("changed by the replay", unlike(before, after), "0")
        undisturbed = facts_of(bed.database_url, once.head.terminal)
        outcome.equal("unlike an undisturbed run", unlike(undisturbed, after), "0")
        outcome.least("KPI samples compared", len(undisturbed["kpi_sample"]), 1)
        outcome.equal("duplicates reported", bed.account().duplicate, 3 * total)
        bed.judge(outcome, worker, ledger)
        outcome.equal("faults of the undisturbed run", bed.verify(plain).faults, {})
        if keys:
            _thrice_and_again(bed, outcome, worker)
    return outcome


def _thrice_and_again(bed: Bed, outcome: Outcome, worker: Ingest) -> None:
    """The same with devices of every stream, with documents and messages."""
    twins = Twins(bed)
    with twins.listening():
        for _ in range(3):
            twins.send(twins.broken)
        twins.send(twins.calm)
        twins.send(twins.broken)
        twins.compare(outcome, worker)
    bed.recheck(outcome)


def e2(bed: Bed, *launch: str) -> Outcome:
    """A terminal's samples out of order by ten minutes, one in a hundred an hour late, a third of them twice."""
    outcome = Outcome()
    minutes = int(bed.pick(20, 180))
    twins = Twins(bed, minutes, minutes + 120)
    samples = twins.samples
    shuffled = disordered(samples, random.Random(2))
    first, second = shuffled[: len(shuffled) * 2 // 3], shuffled[len(shuffled) * 2 // 3 :]
    odd = twins.broken
    with bed.ingest(*launch) as worker, twins.listening():
        twins.send(twins.calm)
        asyncio.run(publish_terminal(bed.stack.mqtt_url, odd, first))
        worker.becomes(lambda: bed.arrived(odd) >= len(set(first)), WAIT_S)
        asyncio.run(publish_terminal(bed.stack.mqtt_url, odd, second))
        twins.make_known(odd)
        received(bed, worker, len(samples) + len(shuffled))
        done = bed.made_again(3 if launch else bed.pick(30, 600))
        bed.settle(worker)
        account = worker.account()
        outcome.account = str(account)
        outcome.true("account closes", account.closes and bed.account().closes)
        outcome.equal("stored", bed.arrived(odd), len(samples))
        ((late, quarantined),) = bed.query(
            "SELECT sum(late)::bigint, sum(quarantined)::bigint FROM device_count JOIN device USING (device_id)"
            " WHERE terminal = %s",
            odd,
        )
        outcome.equal("quarantined", quarantined, 0)
        outcome.least("late reported", late, certainly_late(first, second))
        outcome.equal("metric late", worker.metrics().get("samples_total{late}"), late)
        outcome.true("nothing waits to be made again", done)
        twins.compare(outcome, worker, within_s=3.0 if launch else bed.pick(60, 600))
        bed.recheck(outcome)
    return outcome


def certainly_late(first: list[Sample], second: list[Sample]) -> int:
    """Samples of the second part that are new, and older than one of their device in the first."""
    newest: dict[str, int] = {}
    for device, time_ms, _ in first:
        newest[device] = max(newest.get(device, 0), time_ms)
    return sum(time_ms < newest.get(device, 0) for device, time_ms, _ in set(second) - set(first))


CLOCKS: dict[str, tuple[Any, str | None]] = {
    "behind": (-7_200_000, None),
    "ahead": (7_200_000, "ts_future"),
    "epoch": ("1970-01-01T00:00:00Z", "ts_too_old"),
    "zero": (0, "ts_too_old"),
    "year1": ("0001-01-01T00:00:00Z", "ts_too_old"),
    "y2106": ("2106-02-07T06:28:15Z", "ts_future"),
    "y9999": (253_402_300_799_000, "ts_future"),
    "max": ("9999-12-31T23:59:59.999999Z", "ts_future"),
}
"""By device: how far its clock is away [ms], or what it sends whatever the time is; the reason of the refusal."""


def e3(bed: Bed, *launch: str) -> Outcome:
    """Devices with clocks that are two hours off, or show 1970, 2106, 9999; each has right ones in between."""
    outcome = Outcome()
    rounds = int(bed.pick(40, 2000))
    terminal, messages = f"{bed.name}-clock", []
    began_ms = now_us() // 1000 - rounds * 10
    for n in range(rounds):
        for device, (stated, _) in CLOCKS.items():
            right = began_ms + n * 10
            wrong = right + stated if isinstance(stated, int) and abs(stated) == CLOCKS["ahead"][0] else stated
            topic = telemetry(terminal, "crane", device)
            for ts, seq, load_t in ((right, 2 * n + 1, 11.0), (wrong, 2 * n + 2, 77.0)):
                messages.append((topic, msgspec.json.encode({"ts": ts, "seq": seq, "boot": "c", "load_t": load_t})))
    with bed.ingest(*launch) as worker:
        before = chunks(bed)
        publish(bed.stack.mqtt_url, messages)
        if not launch:
            outcome.true("all arrived", received(bed, worker, len(messages)))
        else:
            worker.becomes(lambda: chunks(bed) - before > 2, 5)
        outcome.most("new chunks", chunks(bed) - before, 2)
        reasons = bed.query(
            "SELECT device, reason, count(*)::int FROM v_quarantine WHERE terminal = %s GROUP BY 1, 2", terminal
        )
        wanted = {(device, reason, rounds) for device, (_, reason) in CLOCKS.items() if reason is not None}
        outcome.equal("refused with the right reason [devices]", len(wanted & set(reasons)), len(wanted))
        outcome.equal("refused for another one", sorted(set(reasons) - wanted), [])
        rows = bed.query(
            "SELECT DISTINCT ON (device) device, (extract(epoch FROM time) * 1000)::bigint, load_t, seq FROM v_crane"
            " WHERE terminal = %s ORDER BY device, time DESC",
            terminal,
        )
        newest = (began_ms + (rounds - 1) * 10, 11.0, 2 * rounds - 1)
        outcome.equal("latest state as by right clocks [devices]", sum(row[1:] == newest for row in rows), len(CLOCKS))
        outcome.equal("right samples stored", stored(bed, terminal, 11.0), rounds * len(CLOCKS))
        outcome.equal("deaths of the worker", len(worker.ends), 0)
        outcome.true("account closes", worker.account().closes and bed.account().closes)
        outcome.account = str(worker.account())
        if not launch:
            bed.recheck(outcome)
    return outcome


def chunks(bed: Bed) -> int:
    """Chunks of the cranes' table."""
    query = "SELECT count(*) FROM timescaledb_information.chunks WHERE hypertable_name = 'crane_telemetry'"
    return int(bed.query(query)[0][0])


def stored(bed: Bed, terminal: str, load_t: float) -> int:
    """Rows of a terminal with this load."""
    query = "SELECT count(*) FROM v_crane WHERE terminal = %s AND load_t = %s"
    return int(bed.query(query, terminal, load_t)[0][0])


STEPS_S = (3600.0, -3600.0)
LISTEN_S = 2.2


def e4(bed: Bed, *launch: str) -> Outcome:
    """The worker's wall clock is set on by an hour, back by two, on again, and goes a second too slow."""
    outcome = Outcome()
    clock = bed.folder / f"clock-{bed.name}"
    set_clock(clock, 0)
    with bed.ingest("--clock", str(clock), *launch) as worker, bed.load(1000, 50) as load:
        counts = []
        for _ in range(int(bed.pick(1, 20))):
            for step_s in STEPS_S:
                time.sleep(bed.pick(0.3, 5))
                set_clock(clock, step_s)
                counts.append(asyncio.run(receipts(bed.stack.mqtt_url, load.terminal)))
            for n in range(20):
                set_clock(clock, -n / 20)
                time.sleep(bed.pick(0.02, 0.5))
            set_clock(clock, 0)
        ledger = load.stop()
        outcome.least("receipts after each step, the fewest", min(counts), 1)
        if launch:
            worker.hold()
            worker.kill()
            return outcome
        bed.judge(outcome, worker, ledger, in_order=False)  # the clock that jumps stamps when a row was received
        outcome.equal("deaths of the worker", len(worker.ends), 0)
        outcome.equal("connections lost", worker.log.read_text().count("MQTT connection to"), 0)
        outcome.true("worker ready", worker.readiness().get("ready"))
    return outcome


def set_clock(file: Path, off_s: float) -> None:
    """Set the worker's clock; it never reads half a number."""
    new = file.with_suffix(".new")
    new.write_text(str(off_s))
    new.replace(file)


async def receipts(url: str, terminal: str) -> int:
    """How many receipts are published in the last second of a time of listening."""
    count = 0

    def come(messages: list[Arrived]) -> None:
        nonlocal count
        count += len(messages)

    async with Mqtt(url, f"gateway-{terminal}", subscriptions=[f"ack/{terminal}/#"], on_messages=come):
        await asyncio.sleep(LISTEN_S - 1.2)
        count = 0
        await asyncio.sleep(1.2)
    return count


BOMB = 10_000


def e5(bed: Bed, *launch: str) -> Outcome:
    """A device sends 10,000 samples on 10,000 days, half of them to come, while a hundred cranes work."""
    outcome = Outcome()
    terminal = f"{bed.name}-bomb"
    now_ms = now_us() // 1000
    days = [n + 31 if n < BOMB // 2 else BOMB // 2 - n - 2 for n in range(BOMB)]
    samples = [{"ts": now_ms - day * DAY_MS, "seq": n, "boot": "x"} for n, day in enumerate(days)]
    topic = telemetry(terminal, "crane", "bomb")
    messages = [(topic, msgspec.json.encode(samples[n : n + 100])) for n in range(0, BOMB, 100)]
    with bed.ingest(*launch) as worker, bed.load(2000) as load:
        before = chunks(bed)
        time.sleep(0.5)
        publish(bed.stack.mqtt_url, messages)
        outcome.most("lag of another crane [s]", lag_s(bed, worker), 1, timed=True)
        came = worker.becomes(lambda: refused(bed, terminal) >= BOMB, 3 if launch else 20)
        outcome.equal("quarantined", refused(bed, terminal), BOMB)
        outcome.most("new chunks", chunks(bed) - before, 2)
        ledger = load.stop()
        if came:
            bed.judge(outcome, worker, ledger)
    return outcome


def refused(bed: Bed, terminal: str) -> int:
    """Samples of a terminal in quarantine for their time."""
    query = "SELECT count(*) FROM v_quarantine WHERE terminal = %s AND reason IN ('ts_future', 'ts_too_old')"
    return int(bed.query(query, terminal)[0][0])


def lag_s(bed: Bed, worker: Ingest) -> float | None:
    """How long a sample that is sent now takes to be stored. [s]; None: it does not come."""
    terminal = f"{bed.name}-probe"
    payload = msgspec.json.encode({"ts": now_us() // 1000, "seq": 1, "boot": "p", "load_t": 11.0})
    began = time.monotonic()
    publish(bed.stack.mqtt_url, [(telemetry(terminal, "crane", "probe"), payload)])
    came = worker.becomes(lambda: stored(bed, terminal, 11.0) == 1, 5)
    return time.monotonic() - began if came else None


E1 = Control("raw table without unique key", lambda bed: e1(bed, keys=False))
E2 = Control("late data not made again", lambda bed: e2(bed, "--no-recompute"), misses=UNLIKE)
E3 = Control("no bounds of time", lambda bed: e3(bed, "--any-time"), misses="new chunks")
E4 = Control(
    "timers by the wall clock",
    lambda bed: e4(bed, "--wall-timers"),
    misses="receipts after each step, the fewest",
)
E5 = Control("no bounds of time, and many days", lambda bed: e5(bed, "--any-time"), misses="quarantined")

EXPERIMENTS = [
    Experiment(
        "E1", "each record three times, and all again", "duplicates 0; facts, KPIs, events the same bits", e1, E1
    ),
    Experiment("E2", "out of order and late", "facts, KPIs, events of an undisturbed run; late reported", e2, E2),
    Experiment("E3", "clocks of devices wrong", "refused with the reason; <= 2 new chunks; latest unaffected", e3, E3),
    Experiment("E4", "the worker's clock jumps", "zero; no crash; receipts go on; facts as by raw samples", e4, E4),
    Experiment("E5", "10,000 samples on 10,000 days", "all quarantined; lag of others <= 1 s", e5, E5),
]
