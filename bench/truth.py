"""`make truth`: run a preset live and compare what was detected with what really happened.

The simulators publish what really happened under `truth/…`; nothing of quaystream reads it. Here it is compared with
the views of `COMPARED`, and every difference is listed.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from bench.programs import Program
from infra.database import migrate
from infra.machine.processes import free_port
from infra.machine.stack import Stack
from infra.mqtt.connection import Mqtt
from infra.mqtt.packet_reader import Message
from infra.settings import load

Fact = dict[str, Any]
PROGRESS_S = 30.0
SAME = timedelta(seconds=10)
"""A fact of a device that began within this time of a true one is that one."""
UNSETTLED = timedelta(seconds=15)
"""What ends so shortly before everything else may be found a little before or after it is published as true."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Facts of one type.

    Attributes:
        name: for people.
        fact: as in the topic of the truth.
        view: that holds what was detected.
        key: a time that identifies one: that of a device which is nearest.
        fields: that have to be equal.
        nearly: that may be off by so much: seconds, or a share of it.
        ended: when one is over, None: always; those that are not are left out.
        device: column of its device.
        least: share of the true ones that have to be found as they were.
    """

    name: str
    fact: str
    view: str
    key: str
    fields: tuple[str, ...]
    nearly: Mapping[str, float] = field(default_factory=dict)
    ended: str | None = None
    device: str = "device"
    least: float = 1.0


COMPARED = (
    Compared(
        "crane moves",
        "crane_move",
        "v_crane_move",
        "locked_at",
        ("locked_at", "lifted_at", "landed_at", "unlocked_at", "kind", "boxes", "teu"),
    ),
    Compared(
        "truck visits",
        "truck_visit",
        "v_truck_visit",
        "left_at",
        ("entered_at", "left_at", "lane_in", "reason"),
        {},
        "left_at",
        "lane_out",
        0.99,
    ),
    Compared(
        "vehicle trips",
        "vehicle_trip",
        "v_vehicle_trip",
        "began_at",
        ("from_zone", "to_zone", "laden", "container_ids"),
        {"began_at": 1.0, "ended_at": 1.0, "distance_m": 0.02, "energy_kwh": 0.1},
        "ended_at",
    ),
    Compared(
        "charging sessions",
        "vehicle_charge",
        "v_vehicle_charge",
        "began_at",
        (),
        {"began_at": 1.0, "ended_at": 1.0, "battery_from_pct": 0.01, "battery_to_pct": 0.01, "energy_kwh": 0.01},
        "ended_at",
    ),
)


def main() -> int:
    """Run, compare and print; 1 where something differs."""
    parser = argparse.ArgumentParser(prog="python -m bench.truth", description=__doc__)
    parser.add_argument("--preset", default="chancay", help="which terminal (default chancay)")
    parser.add_argument("--minutes", type=float, default=10, help="how long, live (default 10)")
    parser.add_argument("--backfill", default="1h", help="the past first, at full speed (default 1h)")
    parser.add_argument("--seed", type=int, default=7, help="seed of the simulation (default 7)")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="quaystream-truth-") as folder:
        Path(folder).chmod(0o755)
        with Stack(Path(folder), load(os.environ).cache_dir, report=show) as stack:
            migrate(stack.database_url)
            truth = asyncio.run(_watch(args, stack, Path(folder)))
            return compare(truth, stack.database_url)


def show(text: str) -> None:
    """One line for the person."""
    print(text, flush=True)


async def _watch(args: argparse.Namespace, stack: Stack, folder: Path) -> dict[str, list[Fact]]:
    """Run worker and simulators; what really happened, by fact."""
    environment = {
        "QUAYSTREAM_DATABASE_URL": stack.database_url,
        "QUAYSTREAM_MQTT_URL": stack.mqtt_url,
        "QUAYSTREAM_INGEST_HTTP": f"127.0.0.1:{free_port()}",
        "QUAYSTREAM_STATE_DIR": str(folder),
    }
    truth: dict[str, list[Fact]] = {}

    def received(messages: list[Message]) -> None:
        for message in messages:
            truth.setdefault(message.topic.rsplit("/", 1)[1], []).append(json.loads(message.payload))

    simulate = ["simulate", args.preset, "--backfill", args.backfill, "--seed", str(args.seed)]
    simulate += ["--duration", f"{args.minutes}m"]
    async with Mqtt(stack.mqtt_url, "truth-watcher", on_messages=received, subscriptions=["truth/#"]):
        with Program(["ingest"], environment, folder / "ingest.log") as ingest:
            ingest.wait_ready(environment["QUAYSTREAM_INGEST_HTTP"])
            await _simulated(Program(simulate, environment, folder / "simulate.log"), ingest, stack, truth)
    return truth


async def _simulated(program: Program, ingest: Program, stack: Stack, truth: dict[str, list[Fact]]) -> None:
    """Run the simulation to its end, and wait until all of it is stored."""
    with program as simulation:
        shown_s = 0.0
        while simulation.process.poll() is None:
            await asyncio.sleep(1)
            ingest.check()
            if time.monotonic() - shown_s > PROGRESS_S:
                shown_s = time.monotonic()
                facts, samples = sum(map(len, truth.values())), _stored(stack.database_url)
                show(f"{facts} true facts so far, {samples} samples stored")
        if simulation.process.returncode:
            simulation.check()
        await _settled(stack.database_url)


def _stored(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT coalesce(sum(stored), 0)::bigint FROM device_count").fetchone()
    return int(row[0]) if row else 0


async def _settled(url: str) -> None:
    """Wait until nothing more is stored; raises TimeoutError when that does not come about."""
    async with asyncio.timeout(120):
        before = -1
        while before != (now := _stored(url)):
            before = now
            await asyncio.sleep(3)


def compare(truth: dict[str, list[Fact]], url: str) -> int:
    """Print the comparison; 1 where something differs, else 0."""
    with psycopg.connect(url, row_factory=dict_row) as connection:
        detected = {
            one.view: connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(one.view))).fetchall()
            for one in COMPARED
        }
        refused = connection.execute("SELECT topic, reason, detail FROM v_quarantine ORDER BY received_at").fetchall()
        stored = connection.execute("SELECT sum(stored) AS n FROM device_count").fetchone()
    show(f"samples stored    {stored['n'] if stored else 0}")
    found: list[str] = []
    missed = False
    for one in COMPARED:
        true = [_parsed(fact) for fact in truth.get(one.fact, [])]
        true = [fact for fact in true if one.ended is None or fact[one.ended] is not None]
        done = [fact for fact in detected[one.view] if one.ended is None or fact[one.ended] is not None]
        show(f"{one.name:<18}{len(true)} true, {len(done)} detected")
        differences = _differences(one, true, done)
        missed |= len(differences) > (1 - one.least) * len(true)
        found += differences
    show(f"quarantine rows   {len(refused)}")
    for row in refused[:20]:
        show(f"  {row['topic']} {row['reason']}: {row['detail']}")
    show(f"differences       {len(found)}")
    for line in found:
        show(f"  {line}")
    return 1 if missed or refused or not truth.get("crane_move") else 0


def _parsed(fact: Fact) -> Fact:
    return {
        name: datetime.fromisoformat(value) if name.endswith("_at") and value else value for name, value in fact.items()
    }


def _differences(one: Compared, true: list[Fact], detected: list[Fact]) -> list[str]:
    """What is missing, wrong or invented."""
    left = sorted(detected, key=lambda fact: (str(fact[one.device]), fact[one.key]))
    found = []
    for fact in true:
        same = next((other for other in left if _is(one, fact, other)), None)
        if same is None:
            found.append(f"missing: {_text(one, fact)}")
            continue
        left.remove(same)
        wrong = [
            f"{name} {same[name]} instead of {fact[name]}"
            for name in (*one.fields, *one.nearly)
            if not _equal(fact[name], same[name], one.nearly.get(name, 0.0))
        ]
        if wrong:
            found.append(f"{_text(one, fact)}: {'; '.join(wrong)}")
    if one.nearly and one.ended is not None and left:  # found by what comes after it, as is the true one
        last = max(fact[one.ended] for fact in detected)
        left = [fact for fact in left if fact[one.ended] < last - UNSETTLED]
    return found + [f"invented: {_text(one, fact)}" for fact in left]


def _is(one: Compared, true: Fact, detected: Fact) -> bool:
    return bool(true[one.device] == detected[one.device] and abs(true[one.key] - detected[one.key]) < SAME)


def _equal(true: Any, detected: Any, off: float) -> bool:
    if not off or detected is None:
        return bool(true == detected)
    if isinstance(true, datetime):
        return bool(abs(true - detected) <= timedelta(seconds=off))
    return bool(abs(true - detected) <= off * abs(true))


def _text(one: Compared, fact: Fact) -> str:
    """A fact for people: its name and what distinguishes it."""
    return f"{one.fact} {fact[one.device]} {fact[one.key]:%H:%M:%S.%f}"


if __name__ == "__main__":
    sys.exit(main())
