"""Golden cases of move lists: each folder of tests/cases/tos holds a list, what was detected, and the report.

`python -m tests.unit.test_tos_cases` writes the report of now; look at every difference before it is kept.
"""

import csv
import tomllib
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from infra.tos import edifact
from processing.cranes.facts import CraneMove, MoveKind
from processing.reconcile import coarri, csv_list
from processing.reconcile.move_list import Cranes, TosError, TosList, TosMove
from processing.reconcile.reconciliation import reconcile
from processing.reconcile.report import text, utc
from processing.tos import times

CASES = Path(__file__).parents[1] / "cases" / "tos"


def report(case: Path) -> str:
    """The report of a case."""
    options = tomllib.loads((case / "options.toml").read_text()) if (case / "options.toml").exists() else {}
    try:
        found = read(case, options).checked()
    except TosError as error:
        return f"{error}\n"
    ship = f"vessel {found.vessel}, voyage {found.voyage}" if found.vessel or found.voyage else ""
    lines = [*(f"note: {note}" for note in found.notes), ship, *map(shown, found.moves)]
    if (case / "moves.csv").exists():
        lines += ["", *text(reconcile(moves(case / "moves.csv"), found.moves))]
    return "\n".join(lines).lstrip("\n") + "\n"


def read(case: Path, options: dict[str, Any]) -> TosList:
    zone = ZoneInfo(options["zone"]) if "zone" in options else None
    flag = options.get("flag", False)
    if (case / "list.edi").exists():
        return coarri.read(edifact.segments((case / "list.edi").read_bytes()), zone, flag=flag)
    names = {theirs.lower(): ours for theirs, ours in options.get("names", {}).items()}
    return csv_list.read((case / "list.csv").read_bytes(), Cranes({"sts1", "sts2"}, names), zone, flag=flag)


def shown(move: TosMove) -> str:
    at = "-" if move.at_us is None else utc(move.at_us)
    rest = [move.crane, move.kind, move.container_id, move.size_type, move.stowage, "" if move.check_ok else "faulty"]
    return f"{move.line}: {at} " + " ".join("-" if part is None else part for part in rest).rstrip()


def moves(path: Path) -> list[tuple[str, CraneMove]]:
    with path.open(newline="") as file:
        return [(row["crane"], move(row, number)) for number, row in enumerate(csv.DictReader(file))]


def move(row: dict[str, str], number: int) -> CraneMove:
    locked_us, unlocked_us = times.read(row["locked"], None), times.read(row["unlocked"], None)
    kind: MoveKind = row["kind"]  # type: ignore[assignment] # test data
    return CraneMove(
        device_id=number,
        began_us=None,
        locked_us=locked_us,
        lifted_us=locked_us,
        landed_us=unlocked_us,
        unlocked_us=unlocked_us,
        kind=kind,
        boxes=int(row["boxes"]),
        teu=0,
        from_trolley_m=None,
        to_trolley_m=None,
        gantry_m=None,
        peak_load_t=None,
        size_ft=None,
        twin=row["boxes"] == "2",
        container_ids=tuple(row["numbers"].split()),
        energy_kwh=None,
        waited_empty_s=None,
        waited_laden_s=None,
        inferred=False,
        confidence=1,
    )


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_the_report_of_a_list(case: Path) -> None:
    assert report(case) == (case / "expected.txt").read_text()


if __name__ == "__main__":
    for folder in CASES.iterdir():
        (folder / "expected.txt").write_text(report(folder))
