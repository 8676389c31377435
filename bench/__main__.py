"""`make bench`: durable ingest beside a bare QoS 1 subscriber, in one run."""

import argparse
import json
import os
import statistics
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import get_args

from bench.drain import Drain, measure
from bench.machine import describe
from bench.messages import made
from infra.database import migrate
from infra.machine.persistence import Profile
from infra.machine.stack import Stack
from infra.settings import load

RESULTS = Path(__file__).parent / "results"
HEAD = "broker   samples/msg  bare msg/s  ingest msg/s  of bare  samples/s  ingest µs/msg  postgres µs/msg  memory MiB"


def main() -> int:
    """Measure, print a table, write the results with machine and versions."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--messages", type=int, default=60_000, help="messages in a queue (default 60000)")
    parser.add_argument("--repeats", type=int, default=3, help="the median of so many runs is told (default 3)")
    parser.add_argument("--profile", choices=get_args(Profile), help="only this profile of the broker")
    args = parser.parse_args()
    results: dict[str, object] = {}
    print(HEAD, flush=True)
    for profile in [args.profile] if args.profile else get_args(Profile):
        with tempfile.TemporaryDirectory(prefix="quaystream-bench-") as name:
            folder = Path(name)
            folder.chmod(0o755)
            cache = load(os.environ).cache_dir
            with Stack(folder, cache, profile=profile, say=lambda _text: None) as stack:
                migrate(stack.database_url)
                results["machine"] = describe(stack.database_url)
                for each in (1, 10):
                    count = args.messages // (1 if each == 1 else 2)
                    runs = [measure(stack, made(count, each), folder) for _ in range(args.repeats)]
                    results[f"{profile}, {each} a message"] = [asdict(run) for run in runs]
                    print(_line(profile, each, runs), flush=True)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "ingest.json").write_text(json.dumps(results, indent=1) + "\n")
    for key, value in dict(results["machine"]).items():  # type: ignore[call-overload] # a dict, set above
        print(f"  {key}: {value}")
    return 0


def _line(profile: str, each: int, runs: list[Drain]) -> str:
    def median(values: list[float]) -> float:
        return statistics.median(values)

    return (
        f"{profile:8} {each:11d} {median([r.messages / r.bare_s for r in runs]):11.0f}"
        f" {median([r.messages / r.ingest_s for r in runs]):13.0f} {median([r.ratio for r in runs]):7.0%}"
        f" {median([r.samples / r.ingest_s for r in runs]):11.0f} {median([r.ingest_cpu_us for r in runs]):13.1f}"
        f" {median([r.postgres_cpu_us for r in runs]):16.1f} {max(r.ingest_memory_mib for r in runs):11.0f}"
    )


if __name__ == "__main__":
    sys.exit(main())
