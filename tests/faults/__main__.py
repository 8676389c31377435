"""`make faults`: break the worker, the broker, the database and the network, and count what is lost."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from tests.faults.rows import EXPERIMENTS
from tests.faults.suite import in_order, suite
from tests.faults.table import Row, descriptions, markdown, merged, put

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "faults.md"
RESULTS = ROOT / "bench" / "results" / "faults.json"


def main(argv: list[str] | None = None) -> int:
    """Run experiments; 1 when a bar is missed or a control does not fail."""
    args = _arguments(argv)
    known = {one.id: one for one in EXPERIMENTS}
    if args.list:
        for one in EXPERIMENTS:
            print(f"{one.id:<4}{one.title}: {one.bar}")
        return 0
    unknown = [name for name in args.only if name not in known]
    if unknown:
        print(f"there is no experiment {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    rows: list[Row] = []
    with suite(long=args.long, controls=args.controls) as running:
        for experiment in in_order([known[name] for name in args.only or known]):
            row = running.run(experiment)
            rows.append(row)
            print(row.line(), flush=True)
    rows.sort(key=lambda row: row.experiment.id)
    print("\n" + markdown(rows))
    if not args.only or args.write:
        write(rows, running.machine, long=args.long, whole=not args.only)
    return 0 if all(row.skipped or row.passed() for row in rows) else 1


def write(rows: list[Row], machine: dict[str, str], *, long: bool, whole: bool) -> None:
    """Results with machine and versions; of some experiments in the place of theirs from the run before."""
    before: dict[str, Any] = {} if whole else json.loads(RESULTS.read_text())
    experiments = before.get("experiments", {}) | {row.experiment.id: row.as_json() for row in rows}
    table = merged(before.get("table", ""), markdown(rows))
    result: dict[str, Any] = {"form": "long" if long else "short", "machine": machine}
    result |= {"experiments": dict(sorted(experiments.items())), "table": table}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    where = ", ".join(machine.get(name, "?") for name in ("processor", "kernel", "measured_at"))
    measured = f"{result['form'].capitalize()} form; {machine.get('cores', '?')} cores, {where}."
    text = DOCUMENT.read_text()
    text = put(text, "experiments", descriptions(EXPERIMENTS))
    DOCUMENT.write_text(put(text, "results", f"{measured}\n\n{table}"))


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--long", action="store_true", help="the long form, hours; without it: minutes")
    parser.add_argument("--only", type=lambda text: text.split(","), default=[], metavar="A1,C4", help="only these")
    parser.add_argument(
        "--controls", action=argparse.BooleanOptionalAction, default=True, help="run the controls, which must fail"
    )
    parser.add_argument("--write", action="store_true", help="put results of some experiments in the place of theirs")
    parser.add_argument("--list", action="store_true", help="list the experiments and end")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
