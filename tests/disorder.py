"""A terminal's samples, the same in disorder, and the facts that must come of either."""

import os
import random
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import msgspec
import psycopg

from infra.mqtt.connection import Mqtt
from simulators.terminal import Terminal
from tests.unit.vehicle_signals import random_drive

MINUTES = 75
FACTS = {
    "moves": "SELECT device, locked_at, lifted_at, landed_at, unlocked_at, kind, boxes, teu, from_trolley_m, "
    "to_trolley_m, gantry_m, peak_load_t, size_ft, twin, inferred FROM v_crane_move WHERE terminal = %s",
    "transactions": "SELECT device, entered_at, opened_at, left_at, direction, visit, plate, trouble, container_ids, "
    "gross_weight_kg, reason FROM v_gate_transaction WHERE terminal = %s",
    "visits": "SELECT visit, plate, entered_at, left_at, lane_in, lane_out, lane, passed_at, confidence, reason, "
    "brought, taken, trouble "
    "FROM v_truck_visit WHERE terminal = %s",
    "excursions": "SELECT device, probe, began_at, ended_at, container_id, setpoint_degc, worst_degc "
    "FROM v_reefer_excursion WHERE terminal = %s",
    "off power": "SELECT device, began_at, ended_at, container_id FROM v_reefer_off_power WHERE terminal = %s",
    "silences": "SELECT device, began_at, ended_at, container_id FROM v_reefer_silence WHERE terminal = %s",
    "trips": "SELECT device, began_at, ended_at, served_at, from_zone, to_zone, from_x_m, from_y_m, to_x_m, to_y_m, "
    "laden, distance_m, energy_kwh, container_ids FROM v_vehicle_trip WHERE terminal = %s",
    "charges": "SELECT device, began_at, ended_at, battery_from_pct, battery_to_pct, energy_kwh FROM v_vehicle_charge "
    "WHERE terminal = %s",
    "plug changes": "SELECT device, container_id, time, plugged FROM v_reefer_plug_change WHERE terminal = %s",
    "container events": "SELECT container_id, time, event, place, stream, device, source, confidence, check_ok, "
    "read_as, ordinal, fact_at FROM v_container_event WHERE terminal = %s",
    "containers": "SELECT container_id, state, place, since, conflict FROM v_container WHERE terminal = %s",
    "conflicts": "SELECT container_id, kind, time, before_at, detail FROM container_conflict WHERE terminal = %s",
    "levels": "SELECT device, name, time, value FROM v_device_level WHERE terminal = %s",
    "alarms": "SELECT alarm, subject, severity, began_at, raised_at, cleared_at, members "
    "FROM v_alarm WHERE terminal = %s",
    "kpis": 'SELECT kpi, nullif(subject, terminal), "window", time, value FROM v_kpi '
    "WHERE terminal = %s AND value IS NOT NULL",
}

Sample = tuple[str, int, bytes]
"""Device topic, time, payload."""
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
    made += _samples_of_a_vehicle(start_ms, minutes)
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


def facts_of(url: str, terminal: str) -> dict[str, set[tuple[Any, ...]]]:
    """All facts and KPI samples of a terminal, lists as tuples."""
    with psycopg.connect(url) as connection:
        return {
            name: {
                tuple(tuple(v) if isinstance(v, list) else v for v in row)
                for row in connection.execute(query.encode(), (terminal,))
            }
            for name, query in FACTS.items()
        }


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
