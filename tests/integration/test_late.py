"""Late, repeated and disordered samples: the facts and KPI samples are those of the undisturbed run."""

import asyncio
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from infra.mqtt import Mqtt
from simulators.terminal import Terminal
from tests.conftest import eventually
from tests.integration.test_ingest import rows
from tests.integration.worker_process import worker

MINUTES = 75
FACTS = {
    "moves": "SELECT device, locked_at, lifted_at, landed_at, unlocked_at, kind, boxes, teu, from_trolley_m, "
    "to_trolley_m, gantry_m, peak_load_t, size_ft, twin, inferred FROM v_crane_move WHERE terminal = %s",
    "transactions": "SELECT device, entered_at, opened_at, left_at, direction, visit, plate, trouble, container_ids, "
    "gross_weight_kg FROM v_gate_transaction WHERE terminal = %s",
    "visits": "SELECT visit, plate, entered_at, left_at, lane_in, lane_out FROM v_truck_visit WHERE terminal = %s",
    "excursions": "SELECT device, probe, began_at, ended_at, container_id, setpoint_degc, worst_degc "
    "FROM v_reefer_excursion WHERE terminal = %s",
    "levels": "SELECT device, name, time, value FROM v_device_level WHERE terminal = %s",
    "kpis": 'SELECT kpi, nullif(subject, terminal), "window", time, value FROM v_kpi '
    "WHERE terminal = %s AND value IS NOT NULL",
}
Sample = tuple[str, int, bytes]
"""Device topic, time, payload."""


def samples_of_a_terminal(start_ms: int) -> list[Sample]:
    """An hour and a quarter of a terminal: two cranes, its gate, some reefers; each sample a message, in time order."""
    terminal = Terminal("demo", 21, start_ms, "b1")
    made: list[Sample] = []
    for _ in range(MINUTES // 5):
        for (stream, device), listed in terminal.advance(terminal.now_ms + 300_000).rows.items():
            if (stream != "crane" or device in ("sts1", "armg1")) and (stream != "reefer" or device < "r008"):
                every = 2 if stream == "crane" else 1  # half the crane's samples are enough
                made += [(f"{stream}/{device}", row.ts, msgspec.json.encode(row)) for row in listed[::every]]
    for minute in range(MINUTES):  # a reefer that is 3 K too warm from the 10th to the 55th minute
        warm = 3.0 if 10 <= minute < 55 else 0.0
        told = {"ts": start_ms + minute * 60_000, "seq": minute + 1, "setpoint_degc": 5, "supply_degc": 5 + warm}
        made.append(("reefer/hot", start_ms + minute * 60_000, msgspec.json.encode(told | {"plugged": True})))
    return sorted(made, key=lambda sample: sample[1])


def disordered(samples: Sequence[Sample], random_: random.Random) -> list[Sample]:
    """Everything moved within ten minutes, one in a hundred an hour late, a third of all sent again some time later."""
    keyed = []
    for sample in samples:
        late_ms = 3_600_000 if random_.random() < 0.01 else random_.uniform(0, 600_000)
        keyed.append((sample[1] + late_ms, sample))
        if random_.random() < 0.33:
            keyed.append((sample[1] + late_ms + random_.uniform(0, 900_000), sample))
    return [sample for _, sample in sorted(keyed, key=lambda pair: pair[0])]


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


def compared(environment: dict[str, str]) -> str:
    """What `quaystream reprocess --check` says."""
    done = subprocess.run(
        [sys.executable, "-m", "infra", "reprocess", "--check"],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.stdout + done.stderr


def facts_of(url: str, terminal: str) -> dict[str, set[tuple[Any, ...]]]:
    """All facts and KPI samples of a terminal, lists as tuples."""
    return {
        name: {tuple(tuple(v) if isinstance(v, list) else v for v in row) for row in rows(url, query, terminal)}
        for name, query in FACTS.items()
    }


def settled(url: str, stored: int) -> bool:
    """Whether all samples are stored, and nothing waits to be made again."""
    (counts,) = rows(
        url,
        "SELECT (SELECT count(*) FROM crane_telemetry) + (SELECT count(*) FROM gate_event) "
        "+ (SELECT count(*) FROM reefer_telemetry), "
        "(SELECT count(*) FROM recompute_facts) + (SELECT count(*) FROM recompute_kpis)",
    )
    return counts == (stored, 0)


@pytest.mark.parametrize("seed", [1])
async def test_disorder_and_repetition_change_no_fact(
    database_url: str, mqtt_url: str, state_dir: Path, tmp_path: Path, seed: int
) -> None:
    """One terminal in order, another with the same samples in disorder, the worker killed in the middle of it."""
    environment = {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-late-{seed}-{time.time_ns()}",
        "QUAYSTREAM_STATE_DIR": str(state_dir),
    }
    start_ms = time.time_ns() // 60_000_000_000 * 60_000 - (MINUTES + 120) * 60_000
    samples = samples_of_a_terminal(start_ms)
    plain, odd = f"plain{time.time_ns():x}", f"odd{time.time_ns():x}"
    with worker(environment, tmp_path / "first.log") as running:
        await publish(mqtt_url, plain, samples)
        await eventually(lambda: settled(database_url, len(samples)), 60)
        shuffled = disordered(samples, random.Random(seed))
        await publish(mqtt_url, odd, shuffled[: len(shuffled) // 2])
        await asyncio.sleep(2.5)  # it may be making facts again now
        running.kill()
    with worker(environment, tmp_path / "second.log"):
        await publish(mqtt_url, odd, shuffled[len(shuffled) // 2 :])
        await eventually(lambda: settled(database_url, 2 * len(samples)), 120)
        await asyncio.sleep(1.5)
        await eventually(lambda: settled(database_url, 2 * len(samples)), 60)
        told = compared(environment)
    assert " 0 differences" in told, told
    expected, found = facts_of(database_url, plain), facts_of(database_url, odd)
    for name, facts in expected.items():
        assert facts, f"no {name} to compare"
        assert found[name] == facts, name
    with psycopg.connect(database_url) as connection:
        account = connection.execute(
            "SELECT sum(samples_received), sum(stored), sum(duplicate), sum(quarantined), sum(late), sum(seq_gaps) "
            "FROM device_count JOIN device USING (device_id) WHERE terminal = %s",
            (odd,),
        ).fetchone()
    assert account is not None
    received, stored, duplicate, quarantined, late, _ = (int(n) for n in account)
    assert received == stored + duplicate + quarantined
    assert (stored, quarantined) == (len(samples), 0)
    assert late > len(samples) / 4


def test_the_samples_hold_something_to_find() -> None:
    samples = samples_of_a_terminal(1_795_000_000_000)
    assert {s[0].split("/")[0] for s in samples} == {"crane", "gate", "reefer"}
    assert any(json.loads(s[2]).get("visit_id") for s in samples)
