"""`make truth`: run a preset live and compare what was detected with what really happened.

The simulators publish what really happened under `truth/…`; nothing of quaystream reads it. Here it is compared with
`v_crane_move` and `v_truck_visit`, and every difference is listed.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
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
MOVE_FIELDS = ("lifted_at", "landed_at", "unlocked_at", "kind", "boxes", "teu")
VISIT_FIELDS = ("plate", "entered_at", "left_at")
SAME_MOVE = timedelta(seconds=10)


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
        moves = connection.execute("SELECT * FROM v_crane_move ORDER BY device, locked_at").fetchall()
        visits = connection.execute("SELECT * FROM v_truck_visit ORDER BY visit").fetchall()
        refused = connection.execute("SELECT topic, reason, detail FROM v_quarantine ORDER BY received_at").fetchall()
        stored = connection.execute("SELECT sum(stored) AS n FROM device_count").fetchone()
    true_moves = [_parsed(move) for move in truth.get("crane_move", [])]
    true_visits = [_parsed(visit) for visit in truth.get("truck_visit", [])]
    done = [visit for visit in visits if visit["left_at"] is not None]
    found = _moves(true_moves, moves)
    found += _by_key("truck visit", "visit", VISIT_FIELDS, true_visits, done)
    show(f"samples stored    {stored['n'] if stored else 0}")
    show(f"crane moves       {len(true_moves)} true, {len(moves)} detected")
    show(f"truck visits      {len(true_visits)} true, {len(done)} detected")
    show(f"quarantine rows   {len(refused)}")
    for row in refused[:20]:
        show(f"  {row['topic']} {row['reason']}: {row['detail']}")
    show(f"differences       {len(found)}")
    for line in found:
        show(f"  {line}")
    return 1 if found or refused or not true_moves else 0


def _parsed(fact: Fact) -> Fact:
    return {name: datetime.fromisoformat(value) if name.endswith("_at") else value for name, value in fact.items()}


def _moves(true: list[Fact], detected: list[Fact]) -> list[str]:
    """Differences of moves; one that locked within ten seconds of a true one is that one."""
    left, found = list(detected), []
    for move in true:
        near = [
            d for d in left if d["device"] == move["device"] and abs(d["locked_at"] - move["locked_at"]) < SAME_MOVE
        ]
        if not near:
            found.append(f"missing: {_text(move)}")
            continue
        left.remove(near[0])
        wrong = [
            f"{name} {near[0][name]} instead of {move[name]}"
            for name in ("locked_at", *MOVE_FIELDS)
            if near[0][name] != move[name]
        ]
        if wrong:
            found.append(f"{_text(move)}: {'; '.join(wrong)}")
    return found + [f"invented: {_text(move)}" for move in left]


def _by_key(kind: str, key: str, fields: tuple[str, ...], true: list[Fact], detected: list[Fact]) -> list[str]:
    known = {fact[key]: fact for fact in detected}
    found = []
    for fact in true:
        other = known.pop(fact[key], None)
        if other is None:
            found.append(f"missing {kind} {fact[key]}")
            continue
        wrong = [f"{name} {other[name]} instead of {fact[name]}" for name in fields if other[name] != fact[name]]
        if wrong:
            found.append(f"{kind} {fact[key]}: {'; '.join(wrong)}")
    return found + [f"invented {kind} {name}" for name in known]


def _text(move: Fact) -> str:
    locked, unlocked = (f"{move[name]:%H:%M:%S.%f}" for name in ("locked_at", "unlocked_at"))
    return f"{move['device']} {move['kind']} locked {locked} unlocked {unlocked}"


if __name__ == "__main__":
    sys.exit(main())
