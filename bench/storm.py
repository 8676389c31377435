"""How much alarms that many devices raise at once slow ingest, and how long they take to be raised.

Simulated cranes report in turn, and each reports a fault from its third message on. A worker that knows all of them
stands still until what they send after their first message waits at the broker, and drains it. Beside it the same
messages where the site file has switched this alarm off.
"""

import asyncio
import os
import signal
import statistics
import time
from dataclasses import dataclass
from typing import LiteralString

import msgspec
import psycopg

from bench.bed import Bed, bed
from bench.drain import wait_stored
from bench.figures import Figure
from bench.messages import Message, publish, spread
from bench.programs import Program, cpu_s, family_cpu_s
from infra.clock import now_us
from infra.machine.persistence import Profile

SITES = {False: "[default.alarm.crane_fault]\nenabled = false\n", True: ""}
"""Without the alarm, and with it."""
ROUNDS, FAULT_FROM = 6, 2
"""Messages of each crane in the queue, and the first one that reports a fault, from 0."""
RAISED = "SELECT count(*) FROM alarm WHERE alarm = 'crane_fault' AND cleared_at IS NULL"
PUBLISHED = """
SELECT count(*) FROM alarm_event WHERE alarm = 'crane_fault'
    AND id <= (SELECT max(event) FROM alarm_receiver WHERE receiver = 'mqtt')
"""
DERIVED = "SELECT count(*) FROM alarm_note"
MOST_SLOWER = 0.1
LOOK_S, PATIENCE_S = 0.05, 300.0


@dataclass(frozen=True, slots=True)
class Drained:
    """A queue that a worker has drained.

    Attributes:
        ingest_s: until the last commit. [s]
        worker_cpu_s, postgres_cpu_s: CPU time meanwhile. [s]
        raised_s: from then on until all alarms were raised. [s]
        published_s: from then on until the broker has all of them. [s]
    """

    ingest_s: float
    worker_cpu_s: float
    postgres_cpu_s: float
    raised_s: float
    published_s: float


@dataclass(frozen=True, slots=True)
class Storm:
    """What the measurement gave.

    Attributes:
        alarms, messages: of each run.
        calm, storm: runs without alarms, and with all of them, in turn.
    """

    alarms: int
    messages: int
    calm: list[Drained]
    storm: list[Drained]

    @property
    def slower(self) -> float:
        """By what share more time ingest takes with alarms, by the medians."""
        calm_s, storm_s = (statistics.median(one.ingest_s for one in some) for some in (self.calm, self.storm))
        return storm_s / calm_s - 1

    def figures(self) -> list[Figure]:
        """Lines of the table."""
        calm, storm = (statistics.median(one.ingest_s for one in some) for some in (self.calm, self.storm))
        costs = (
            f"worker {statistics.median(one.worker_cpu_s for one in some) / self.messages * 1e6:.0f}, "
            f"PostgreSQL {statistics.median(one.postgres_cpu_s for one in some) / self.messages * 1e6:.0f} µs a message"
            for some in (self.calm, self.storm)
        )
        return [
            Figure(
                f"ingest while {self.alarms:,} alarms are raised at once",
                f"{self.messages / storm:,.0f} msg/s: {self.slower:+.1%} of the time",
                f"without alarms {self.messages / calm:,.0f} msg/s",
                f"≤ {MOST_SLOWER:+.0%}",
                self.slower <= MOST_SLOWER,
            ),
            Figure("", next(costs), "without alarms"),
            Figure("", next(costs), "with them"),
            Figure(
                "all of them raised, after the last commit of ingest",
                f"{statistics.median(one.raised_s for one in self.storm):.1f} s",
                f"published by MQTT {statistics.median(one.published_s for one in self.storm):.1f} s",
            ),
        ]


def measure(profile: Profile, alarms: int, repeats: int) -> Storm:
    """Send all in turn, each time to servers of their own, of which nobody knows a crane.

    Args:
        profile: of the broker.
        alarms: at once.
        repeats: of each kind.

    Raises:
        RuntimeError: the worker ended, or not everything was stored, or raised, in time.
    """
    found: dict[bool, list[Drained]] = {False: [], True: []}
    for _ in range(repeats):
        for raises, drained in found.items():
            with bed(profile) as where:
                drained.append(_drained(where, alarms, raises=raises))
    return Storm(alarms, alarms * (ROUNDS - 1), found[False], found[True])


def _messages(cranes: int) -> list[Message]:
    """What simulated cranes send, in turn, with a fault from a round on."""
    found: list[Message] = []
    for number, (topic, payload) in enumerate(spread(cranes, cranes * ROUNDS)):
        state = "fault" if number // cranes >= FAULT_FROM else "working"
        found.append((topic, msgspec.json.encode(msgspec.json.decode(payload) | {"state": state})))
    return found


def _drained(where: Bed, cranes: int, *, raises: bool) -> Drained:
    site, url, mqtt_url = where.folder / "storm.toml", where.stack.database_url, where.stack.mqtt_url
    site.write_text(SITES[raises])
    messages = _messages(cranes)
    environment = where.environment() | {"QUAYSTREAM_SITE": str(site)}
    with Program(["ingest"], environment, where.folder / "ingest.log") as worker:
        worker.wait_ready(where.http)
        pid, postgres = worker.process.pid, where.stack.postgres.pid
        asyncio.run(publish(mqtt_url, messages[:cranes]))
        wait_stored(url, cranes, worker)
        _wait_for(url, DERIVED, 0, worker)
        os.kill(pid, signal.SIGSTOP)  # the queue fills first: the publisher is no part of what is measured
        try:
            asyncio.run(publish(mqtt_url, messages[cranes:]))
            own_s, postgres_s, began_s = cpu_s(pid), family_cpu_s(postgres), now_us() / 1e6
        finally:
            os.kill(pid, signal.SIGCONT)
        ended_s = wait_stored(url, cranes * ROUNDS, worker)
        own_s, postgres_s = cpu_s(pid) - own_s, family_cpu_s(postgres) - postgres_s
        raised = cranes if raises else 0
        raised_s, published_s = (_wait_for(url, query, raised, worker) - ended_s for query in (RAISED, PUBLISHED))
    return Drained(ended_s - began_s, own_s, postgres_s, raised_s, published_s)


def _wait_for(url: str, query: LiteralString, wanted: int, worker: Program) -> float:
    """When there was what is wanted. [s since 1970 UTC]."""
    end = time.monotonic() + PATIENCE_S
    with psycopg.connect(url, autocommit=True) as connection:
        while time.monotonic() < end:
            row = connection.execute(query).fetchone()
            if row and row[0] == wanted:
                return now_us() / 1e6
            worker.check()
            time.sleep(LOOK_S)
    raise RuntimeError(f"not {wanted} after {PATIENCE_S:.0f} s: {query}")
