"""A terminal's samples, the same in disorder, and the facts that must come of either."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import msgspec
import psycopg

from infra.mqtt.connection import Mqtt
from ingest.recompute.containers import STORED as FROM_EVENTS
from processing.model.fact_type import FactType
from processing.streams import FACT_TYPES
from simulators.terminal import Terminal
from tests import story
from tests.story import Sample
from tests.unit.vehicle_signals import random_drive

MINUTES = 75
EVENTS_OF_DCSA = (
    "SELECT DISTINCT ON (source, device, event, ordinal, fact_at) retracts, document::text FROM dcsa_event"
    " WHERE terminal = %s ORDER BY source, device, event, ordinal, fact_at, number DESC"
)
KPI_SAMPLES = (
    'SELECT kpi, nullif(subject, terminal), "window", time, value FROM v_kpi WHERE terminal = %s AND value IS NOT NULL'
)

SENT = {"sts1", "armg1", *(f"r01-{number:02d}" for number in range(1, 8))}
"""Devices of the simulation that send, beside the gate."""


def samples_of_a_terminal(start_ms: int, minutes: int = MINUTES) -> list[Sample]:
    """A while of a terminal: two cranes, its gate, some reefers, a vehicle; in time order.

    Args:
        start_ms: when it begins. [ms since 1970 UTC]
        minutes: how long it lasts; a multiple of 5.
    """
    terminal = Terminal("demo", 21, start_ms, "b1")
    made: list[Sample] = []
    for _ in range(minutes // 5):
        for (stream, device), listed in terminal.advance(terminal.now_ms + 300_000).rows.items():
            if stream == "gate" or device in SENT:
                every = 2 if stream == "crane" else 1  # half the crane's samples are enough
                made += [(f"{stream}/{device}", row.ts, msgspec.json.encode(row)) for row in listed[::every]]
    for minute in range(minutes):  # a reefer that is 3 K too warm from the 10th to the 55th minute
        warm = 3.0 if 10 <= minute < 55 else 0.0
        sample = {"ts": start_ms + minute * 60_000, "seq": minute + 1, "setpoint_degc": 5, "supply_degc": 5 + warm}
        made.append(("reefer/hot", start_ms + minute * 60_000, msgspec.json.encode(sample | {"plugged": True})))
        power = {"plugged": True, "powered": not 20 <= minute < 30}  # of one that says nothing for ten minutes later on
        if not 40 <= minute < 50:
            made.append(("reefer/cut", start_ms + minute * 60_000, msgspec.json.encode(sample | power)))
    made += _samples_of_a_vehicle(start_ms, minutes) + story.samples(start_ms)
    return sorted(made, key=lambda sample: sample[1])


def _samples_of_a_vehicle(start_ms: int, minutes: int) -> list[Sample]:
    """One that works, waits, charges, falls silent."""
    drive = random_drive(random.Random(7), minutes // 2)
    return [
        (
            "vehicle/scripted",
            start_ms + round(second * 1000),
            msgspec.json.encode({"ts": start_ms + round(second * 1000), "seq": seq, **signals}),
        )
        for seq, (second, signals) in enumerate(drive, 1)
        if second < minutes * 60
    ]


def disordered(samples: Sequence[Sample], random_: random.Random) -> list[Sample]:
    """Everything moved within ten minutes, one in a hundred an hour late, a third of all sent again some time later."""
    fact_key = []
    for sample in samples:
        late_ms = 3_600_000 if random_.random() < 0.01 else random_.uniform(0, 600_000)
        fact_key.append((sample[1] + late_ms, sample))
        if random_.random() < 0.33:
            fact_key.append((sample[1] + late_ms + random_.uniform(0, 900_000), sample))
    return [sample for _, sample in sorted(fact_key, key=lambda pair: pair[0])]


async def publish(mqtt_url: str, terminal: str, samples: Sequence[Sample]) -> None:
    """Send samples as messages of up to twenty samples of a device that stand together."""
    async with Mqtt(mqtt_url, f"device-{terminal}") as device:
        at = 0
        while at < len(samples):
            name, upto = samples[at][0], at
            while upto < min(at + 20, len(samples)) and samples[upto][0] == name:
                upto += 1
            payload = b"[" + b",".join(sample[2] for sample in samples[at:upto]) + b"]"
            device.publish(f"port/{terminal}/{name}/telemetry", payload)
            await device.drain(1_000)
            at = upto
        await device.drain(1)


def statement_of(of: FactType[Any]) -> str:
    """All facts of a type of a terminal; devices by their names, the terminal left out."""
    owner, *others = of.columns
    quoted = [f'"{one.name}"' for one in others]
    names = ", ".join(f"nullif({name}, %(terminal)s)" if name == '"subject"' else name for name in quoted)
    if owner.name == "terminal":
        return f"SELECT {names} FROM {of.table} WHERE terminal = %(terminal)s"  # noqa: S608 - from the types of facts
    assert owner.name == "device_id", of
    return f"SELECT device, {names} FROM {of.table} JOIN device USING (device_id) WHERE terminal = %(terminal)s"  # noqa: S608 - as above


def facts_of(url: str, terminal: str) -> dict[str, set[tuple[Any, ...]]]:
    """All facts of a terminal by the name of their type, its KPI samples, and the events of DCSA that hold."""
    with psycopg.connect(url) as connection:
        found = {
            of.name: {_plain(row) for row in connection.execute(statement_of(of).encode(), {"terminal": terminal})}
            for of in (*FACT_TYPES.values(), *FROM_EVENTS)
        }
        found["kpi_sample"] = set(connection.execute(KPI_SAMPLES.encode(), (terminal,)))
        events = connection.execute(EVENTS_OF_DCSA.encode(), (terminal,)).fetchall()
    found["dcsa_event"] = {(shown(json.loads(document)),) for retracts, document in events if not retracts}
    return found


def shown(document: dict[str, Any]) -> str:
    """What an event of DCSA states, without what names it or its terminal."""
    return json.dumps([document["metadata"]["eventType"], document["payload"]], sort_keys=True)


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row whose values can be members of a set."""
    return tuple(
        tuple(value) if isinstance(value, list) else tuple(sorted(value.items())) if isinstance(value, dict) else value
        for value in row
    )


def compared(environment: dict[str, str]) -> str:
    """Output of `quaystream reprocess --check`."""
    done = subprocess.run(
        [sys.executable, "-m", "infra", "reprocess", "--check"],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    return done.stdout + done.stderr


def summary(output: str) -> str:
    """The last words of it, such as `0 differences`."""
    lines = output.splitlines()
    return lines[-1].rpartition("compared, ")[2] if lines else "no answer"
