"""Move lists as a terminal operating system would export them: one CSV a vessel call."""

import csv
from pathlib import Path

from infra.clock import from_us
from processing.calls.attribution import Attribution
from processing.calls.call import Assignment, VesselCall
from simulators.cranes.truth import TrueMove
from simulators.devices import Slice
from simulators.terminal import Terminal
from simulators.vessels import TrueCall

COLUMNS = ("crane", "time", "container", "kind", "size_type")
KINDS = ("load", "discharge", "shift")


class TosLists:
    """Writes what cranes really did, as it happens.

    Args:
        folder: for the lists, `{call_id}.csv`.
        terminal: whose calls; where it continues an earlier simulation, so do its lists.
    """

    def __init__(self, folder: Path, terminal: Terminal) -> None:
        self._folder = folder
        self._terminal = terminal
        self._goes_on = terminal.now_ms > terminal.start_ms
        self._begun: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, made: Slice) -> None:
        """Write the boxes of some time.

        Raises:
            OSError: the folder cannot be written to.
        """
        calls = Attribution(vessel_call(call) for berth in self._terminal.fleet.berths for call in berth.calls)
        rows: dict[str, list[tuple[str, ...]]] = {}
        for move in sorted(made.of(TrueMove), key=lambda one: (one.unlocked_ms, one.device)):
            call_id = calls.call_at(move.device, move.unlocked_ms * 1000)
            if call_id is not None and move.kind in KINDS:
                rows.setdefault(call_id, []).extend(_rows(move))
        for call_id, found in rows.items():
            self._write(call_id, found)

    def _write(self, call_id: str, rows: list[tuple[str, ...]]) -> None:
        path = self._folder / f"{call_id}.csv"
        new = call_id not in self._begun and not (self._goes_on and path.exists())
        self._begun.add(call_id)
        with path.open("w" if new else "a", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows] if new else rows)


def _rows(move: TrueMove) -> list[tuple[str, ...]]:
    at = from_us(move.unlocked_ms * 1000).isoformat(timespec="seconds").replace("+00:00", "Z")
    size_type = "22G1" if move.teu <= move.boxes else "45G1"
    numbers = [*move.container_ids, *[""] * (move.boxes - len(move.container_ids))]
    return [(move.device, at, number, move.kind, size_type) for number in numbers[: move.boxes]]


def vessel_call(call: TrueCall) -> VesselCall:
    """A call as far as its moves depend on it."""
    assigned = tuple(Assignment(crane, from_ms * 1000, until_ms * 1000) for crane, from_ms, until_ms in call.cranes)
    return VesselCall("", call.call_id, None, None, None, None, None, None, None, None, None, assigned)
