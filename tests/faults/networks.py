"""D: the network between the worker and its servers is cut, silent, slow, or delivers crumbs."""

import time

from tests.faults.bed import Bed
from tests.faults.controls import EARLY_ACK
from tests.faults.experiment import Control, Experiment, Outcome
from tests.faults.network.proxy import Proxy
from tests.faults.supervised import Ingest

RECONNECT_S = 10.0
KEEPALIVE_S = 2
RECONNECTED = "working again after it heals [s]"


def d1(bed: Bed, *, heals: bool = True) -> Outcome:
    """The way to the broker is silent for less and for more than the keepalive, then connections are reset."""
    with Proxy(bed.stack.mqtt_url) as proxy:
        return _cuts(bed, proxy, {"MQTT_URL": proxy.url}, heals=heals)


def d2(bed: Bed, *, heals: bool = True) -> Outcome:
    """The same on the way to the database."""
    with Proxy(bed.database_url) as proxy:
        return _cuts(bed, proxy, {"DATABASE_URL": proxy.url}, heals=heals)


def _cuts(bed: Bed, proxy: Proxy, settings: dict[str, str], *, heals: bool) -> Outcome:
    outcome, worst_s = Outcome(), 0.0
    lengths_s = (5, 30, 120) if bed.long else (1, 5) if heals else (1,)
    patience = ("--keepalive", str(KEEPALIVE_S), "--patience", "3") if not bed.long else ()
    with bed.ingest(*patience, each_life=None, **settings) as worker, bed.load(2000) as load:
        for length_s in lengths_s:
            time.sleep(1)
            proxy.weather.silent = True
            time.sleep(length_s)
            proxy.reset()  # what was held back is lost, as packets are
            proxy.weather.silent = not heals
            worst_s = max(worst_s, _works_again(bed, worker, load.terminal))
        for _ in range(int(bed.pick(3, 20)) if heals else 0):
            proxy.reset()
            worst_s = max(worst_s, _works_again(bed, worker, load.terminal))
        proxy.weather.silent = False
        ledger = load.stop()
        bed.judge(outcome, worker, ledger)
        outcome.most(RECONNECTED, worst_s, RECONNECT_S, timed=True)
        outcome.equal("deaths of the worker", len(worker.ends), 0)
        outcome.notes.append(f"{worker.log.read_text().count('MQTT connection to')} MQTT connections ended")
    return outcome


def _works_again(bed: Bed, worker: Ingest, terminal: str) -> float:
    """How long until more is stored. [s]."""
    before, began = bed.arrived(terminal), time.monotonic()
    worker.becomes(lambda: bed.arrived(terminal) > before, 1.2 * RECONNECT_S)
    return time.monotonic() - began


MEMORY_MIB = 250


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


D1 = Control("a way to the broker that stays silent", lambda bed: d1(bed, heals=False), misses=RECONNECTED)
D2 = Control("a way to the database that stays silent", lambda bed: d2(bed, heals=False), misses=RECONNECTED)

EXPERIMENTS = [
    Experiment("D1", "way to the broker silent, then reset", "zero; working <= 10 s after it heals", d1, D1),
    Experiment("D2", "way to the database silent, then reset", "zero; working <= 10 s after it heals", d2, D2),
    Experiment("D4", "delay, jitter, single bytes", "zero; memory bounded", d4, EARLY_ACK),
]
