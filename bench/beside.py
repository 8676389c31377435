"""Two checkouts of the project measured in turns, with the benchmarks of each; medians beside each other.

`python -m bench.beside ../before --only drain,latency --rounds 5`: the other checkout is set up as this one is.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.suite import ALL

HERE = Path(__file__).parents[1]
LEFT_OUT = ("machine", "lines")
COSTS = (("_s", "s"), ("_us", "µs"), ("_ms", "ms"), ("_mib", "MiB"))
"""Figures are compared whose name ends so: each of them is better the lower it is."""
MOST = 1.05
Found = dict[str, list[float]]


def main(argv: list[str] | None = None) -> int:
    """Measure in turns; 0 whatever comes of it: the table shows it."""
    parser = argparse.ArgumentParser(prog="python -m bench.beside", description=__doc__)
    parser.add_argument("before", type=Path, help="the other checkout, in which `make setup-dev dashboard` was run")
    parser.add_argument("--only", metavar="NAMES", required=True, help=f"comma-separated, of {', '.join(ALL)}")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--short", action="store_true", help="as of `python -m bench`")
    args = parser.parse_args(argv)
    found: dict[Path, Found] = {args.before.resolve(): defaultdict(list), HERE: defaultdict(list)}
    for turn in range(args.rounds):
        for checkout, figures in found.items():
            for name, value in _measured(checkout, args.only, short=args.short):
                figures[name].append(value)
            print(f"round {turn + 1} of {args.rounds}, {checkout.name}: done", file=sys.stderr, flush=True)
    before, after = found.values()
    print(table(before, after))
    return 0


def _measured(checkout: Path, only: str, *, short: bool) -> Iterator[tuple[str, float]]:
    """Figures of one run, by name; a figure that has several values, as of repeats, comes as their median.

    Raises:
        subprocess.CalledProcessError: the benchmark failed.
    """
    with tempfile.TemporaryDirectory(prefix="quaystream-beside-") as results:
        command = [str(checkout / ".venv/bin/python"), "-m", "bench", "--only", only, "--results", results]
        subprocess.run(command + ["--short"] * short, cwd=checkout, check=True, stdout=subprocess.DEVNULL)
        for path in sorted(Path(results).glob("*.json")):
            kept = json.loads(path.read_text())
            for key in LEFT_OUT:
                kept.pop(key, None)
            values: Found = defaultdict(list)
            for name, value in leaves(kept, path.stem):
                values[name].append(value)
            for name, several in values.items():
                yield name, statistics.median(several)


def leaves(kept: Any, name: str) -> Iterator[tuple[str, float]]:
    """Numbers of a result by their names; those of several runs have the same name, those of a list each its own."""
    if isinstance(kept, dict):
        for key, value in kept.items():
            yield from leaves(value, f"{name} · {key}")
    elif isinstance(kept, list):
        alike = all(isinstance(one, dict) for one in kept)
        for number, value in enumerate(kept):
            yield from leaves(value, name if alike else f"{name} {number}")
    elif isinstance(kept, int | float) and not isinstance(kept, bool):
        yield name, float(kept)


def table(before: Found, after: Found) -> str:
    """Medians of figures that both have measured, and how much more the second costs."""
    rows = [("figure", "before", "after", "after / before")]
    for name in before.keys() & after.keys():
        one, other = statistics.median(before[name]), statistics.median(after[name])
        unit = _unit(name)
        if unit is not None and one > 0 and other > 0:  # a run may be too short for one: it is 0 then, or not a number
            mark = " !" if other / one > MOST else ""
            rows.append((name, f"{one:.4g} {unit}", f"{other:.4g} {unit}", f"× {other / one:.3f}{mark}"))
    rows[1:] = sorted(rows[1:])
    return "\n".join("| " + " | ".join(row) + " |" for row in (rows[0], ("---",) * 4, *rows[1:]))


def _unit(name: str) -> str | None:
    if name.startswith("steps"):
        return "µs"
    word = name.rpartition(" · ")[2].partition(" ")[0]
    rate = word.endswith("samples_s")
    return None if rate else next((unit for end, unit in COSTS if word.endswith(end)), None)


if __name__ == "__main__":
    sys.exit(main())
