"""Results that are kept, as the table of docs/benchmarks.md."""

import json
from pathlib import Path
from typing import Any

from bench.figures import HEAD, Figure
from bench.machine import one_line
from bench.suite import ALL

RESULTS = Path(__file__).parent / "results"


def keep(folder: Path, name: str, machine: dict[str, str], figures: list[Figure], kept: dict[str, object]) -> None:
    """Write what a measurement gave."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [figure.cells() for figure in figures]
    (folder / f"{name}.json").write_text(json.dumps({"machine": machine, **kept, "lines": lines}, indent=1) + "\n")


def markdown(folder: Path = RESULTS) -> str:
    """All measurements of a folder, in the order of the suite, with the machine and the day of each."""
    parts = []
    for name in ALL:
        path = folder / f"{name}.json"
        if path.exists():
            parts.append(_measurement(name, json.loads(path.read_text())))
    return "\n".join(parts)


def _measurement(name: str, kept: dict[str, Any]) -> str:
    rows = [HEAD, ["---"] * len(HEAD), *kept["lines"]]
    text = "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)
    return f"### {name}\n\n{text}\n\n{one_line(kept['machine'])}\n"
