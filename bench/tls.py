"""What TLS costs: the same queue drained by the worker with it and without it, in turns; medians beside each other.

`python -m bench.tls --rounds 5`
"""

import argparse
import statistics
import sys
from collections.abc import Callable

from bench.bed import bed
from bench.drain import Drain, measure
from bench.machine import describe
from bench.messages import made

SHAPES = {"1 a message": (20_000, 1), "20 a message": (4_000, 20)}
"""Messages, and samples in each."""
FIGURES: dict[str, Callable[[Drain], float]] = {
    "time of ingest [s]": lambda found: found.ingest_s,
    "CPU of the worker [µs a message]": lambda found: found.ingest_cpu_us,
    "memory of the worker [MiB]": lambda found: found.ingest_memory_mib,
}


def main(argv: list[str] | None = None) -> int:
    """Measure in turns, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.tls", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args(argv).rounds
    lines = ["| samples | figure | without TLS | with TLS | |", "| --- | --- | --- | --- | --- |"]
    machine: dict[str, str] = {}
    for shape, (count, each) in SHAPES.items():
        found: dict[bool, list[Drain]] = {False: [], True: []}
        for turn in range(rounds):
            for secure, drains in found.items():
                with bed("durable", secure=secure) as where:
                    machine = machine or describe(where.stack.database_url)
                    drains.append(measure(where, made(count, each)))
            print(f"{shape}: round {turn + 1} of {rounds}", file=sys.stderr, flush=True)
        for name, figure in FIGURES.items():
            plain, secured = (statistics.median(map(figure, found[secure])) for secure in (False, True))
            lines.append(f"| {shape} | {name} | {plain:.3g} | {secured:.3g} | x {secured / plain:.2f} |")
    print("\n".join(lines))
    print("\n" + "\n".join(f"{key}: {value}" for key, value in machine.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
