"""D: the network between the worker and its servers is cut, silent, slow, or delivers crumbs."""

import time
from contextlib import nullcontext

from tests.faults.bed import Bed
from tests.faults.broker_tools import other_settings, stored_messages
from tests.faults.controls import EARLY_ACK
from tests.faults.experiment import Control, Experiment, Outcome
from tests.faults.network.namespace import needs_namespace
from tests.faults.network.proxy import Proxy
from tests.faults.network.ways import BROKER, DATABASE, Ways
from tests.faults.supervised import Ingest

RECONNECT_S = 10.0
KEEPALIVE_S = 2
MEMORY_MIB = 250
RECONNECTED = "working again after it heals [s]"


def d1(bed: Bed, *, heals: bool = True) -> Outcome:
    """The way to the broker is cut for less and for more than the keepalive, then connections are reset."""
    return _cuts(bed, BROKER, heals=heals)


def d2(bed: Bed, *, heals: bool = True) -> Outcome:
    """The same on the way to the database."""
    return _cuts(bed, DATABASE, heals=heals)


def _cuts(bed: Bed, server: str, *, heals: bool) -> Outcome:
    outcome, worst_s = Outcome(), 0.0
    lengths_s = (5, 30, 120) if bed.long else (1, 5) if heals else (1,)
    patience = ("--keepalive", str(KEEPALIVE_S), "--patience", "3") if not bed.long else ()
    with (
        Ways(bed, {server}) as ways,
        bed.ingest(*patience, place=ways.place, MQTT_URL=ways.urls[BROKER], DATABASE_URL=ways.urls[DATABASE]) as worker,
        bed.load(2000) as load,
    ):
        for length_s in lengths_s:
            time.sleep(1)
            ways.cut()
            time.sleep(length_s)
            if heals:
                ways.heal()
            worst_s = max(worst_s, _works_again(bed, worker, load.terminal))
        for _ in range(int(bed.pick(3, 20)) if heals else 0):
            ways.reset()
            worst_s = max(worst_s, _works_again(bed, worker, load.terminal))
        ways.heal()
        ledger = load.stop()
        bed.judge(outcome, worker, ledger)
        outcome.most(RECONNECTED, worst_s, RECONNECT_S, timed=True)
        outcome.equal("deaths of the worker", len(worker.ends), 0)
        outcome.notes.append(f"{worker.log.read_text().count('MQTT connection to')} MQTT connections ended")
        outcome.notes.append("packets dropped in a namespace" if ways.place is not None else "a proxy that holds back")
    return outcome


def _works_again(bed: Bed, worker: Ingest, terminal: str) -> float:
    """How long until more is stored. [s]."""
    before, began = bed.arrived(terminal), time.monotonic()
    worker.becomes(lambda: bed.arrived(terminal) > before, 1.2 * RECONNECT_S)
    return time.monotonic() - began


LOST_PERCENT = 20
KBIT_S = 256


def d3(bed: Bed, *, queue: int | None = None) -> Outcome:
    """A fifth of all packets of the worker is lost and the rest is slow; the broker keeps what does not get through.

    Args:
        bed: to run on.
        queue: limit of the broker's queue, where it is not the one that is shipped.
    """
    with other_settings(bed.stack, max_queued_messages=queue) if queue is not None else nullcontext():
        return _lossy(bed)


def _lossy(bed: Bed) -> Outcome:
    outcome, memory_mib, waiting = Outcome(), 0.0, 0
    seconds = bed.pick(6, 120)
    with (
        Ways(bed, {BROKER, DATABASE}) as ways,
        bed.ingest(
            place=ways.place,
            MQTT_URL=ways.urls[BROKER],
            DATABASE_URL=ways.urls[DATABASE],
            RECEIVE_MAXIMUM="500",  # little of what waits is on its way already
            BATCH_MESSAGES="500",
        ) as worker,
    ):
        if ways.place is None:
            raise RuntimeError("no namespace")
        ways.place.lose(LOST_PERCENT)
        ways.place.slow(KBIT_S)
        with bed.load(1000) as load:
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                time.sleep(0.5)
                memory_mib = max(memory_mib, worker.memory_mib())
                waiting = max(waiting, stored_messages(bed.stack))
            arrived = bed.arrived(load.terminal)
            ways.heal()
            ledger = load.stop()
        bed.judge(outcome, worker, ledger)
        outcome.least("messages that waited at the broker", waiting, 1000)
        outcome.most("memory [MiB]", memory_mib, MEMORY_MIB)
        outcome.equal("deaths of the worker", len(worker.ends), 0)
        outcome.notes.append(f"{arrived / seconds:.0f} of 1000 samples/s got through meanwhile")
    return outcome


def d4(bed: Bed) -> Outcome:
    """Both ways are slow, uneven, and deliver a byte at a time."""
    outcome = Outcome()
    with (
        Proxy(bed.stack.mqtt_url, seed=1) as broker,
        Proxy(bed.database_url, seed=2) as database,
        bed.ingest(MQTT_URL=broker.url, DATABASE_URL=database.url) as worker,
        bed.load(bed.pick(500, 1000)) as load,
    ):
        for proxy in (broker, database):
            proxy.weather.delay_s, proxy.weather.jitter_s = 0.2, 0.15
        time.sleep(bed.pick(3, 60))
        for proxy in (broker, database):
            proxy.weather.delay_s, proxy.weather.jitter_s, proxy.weather.slice_bytes = 0.02, 0.015, 1
        time.sleep(bed.pick(2, 30))
        memory_mib = worker.memory_mib()
        for proxy in (broker, database):
            proxy.weather.delay_s, proxy.weather.slice_bytes = 0, 0
        ledger = load.stop()
        bed.judge(outcome, worker, ledger)
        outcome.most("memory [MiB]", memory_mib, MEMORY_MIB)
        outcome.equal("deaths of the worker", len(worker.ends), 0)
    return outcome


FEW = 500
"""Messages that the broker of D3's control keeps for the worker."""

D1 = Control("a way to the broker that stays silent", lambda bed: d1(bed, heals=False), misses=RECONNECTED)
D2 = Control("a way to the database that stays silent", lambda bed: d2(bed, heals=False), misses=RECONNECTED)
D3 = Control("a broker that keeps little", lambda bed: d3(bed, queue=FEW))

EXPERIMENTS = [
    Experiment("D1", "way to the broker cut, then reset", "zero; working <= 10 s after it heals", d1, D1),
    Experiment("D2", "way to the database cut, then reset", "zero; working <= 10 s after it heals", d2, D2),
    Experiment(
        "D3",
        f"{LOST_PERCENT} % of packets lost, {KBIT_S} kbit/s",
        "zero; memory bounded; what waits is seen at the broker",
        d3,
        D3,
        needs=needs_namespace,
    ),
    Experiment("D4", "delay, jitter, single bytes", "zero; memory bounded", d4, EARLY_ACK),
]
