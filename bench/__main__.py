"""`make bench`: durable ingest measured beside references of the same run; a table, and files in bench/results."""

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

from bench.bed import bed
from bench.figures import Figure, table
from bench.machine import describe
from bench.report import RESULTS, keep
from bench.suite import ALL, BOTH_PROFILES, NORMAL, SHORT
from infra.machine.persistence import Profile


def main(argv: list[str] | None = None) -> int:
    """Measure what is wanted; 0 also where a target is not reached: the table shows it."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", metavar="NAMES", help=f"comma-separated, of {', '.join(ALL)}; default: all")
    parser.add_argument("--short", action="store_true", help="seconds instead of minutes; figures are rough")
    parser.add_argument("--minutes", type=float, help="how long the database is away (default 10, with --short 5 s)")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder for the results")
    args = parser.parse_args(argv)
    names = args.only.split(",") if args.only else list(ALL)
    unknown = sorted(set(names) - set(ALL))
    if unknown:
        parser.error(f"there is no measurement {', '.join(unknown)}; there are {', '.join(ALL)}")
    size = SHORT if args.short else NORMAL
    if args.minutes is not None:
        size = replace(size, away_s=args.minutes * 60)
    with bed("memory") as where:
        machine = describe(where.stack.database_url)
    figures: list[Figure] = []
    for name in names:
        kept: dict[str, object] = {}
        lines: list[Figure] = []
        profiles: tuple[Profile, ...] = ("durable", "memory") if name in BOTH_PROFILES else ("durable",)
        for profile in profiles:
            began = time.monotonic()
            measured, kept[profile] = ALL[name](size, profile)
            lines += measured
            print(f"{name}, {profile}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        keep(args.results, name, machine, lines, kept)
        figures += lines
    print(table(figures))
    print("\n" + "\n".join(f"{key}: {value}" for key, value in machine.items()))
    print(f"\nkept in {args.results}; `make docs` puts it into docs/benchmarks.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
