"""Move lists of simulated calls: they can be imported, and agree with what was detected."""

from itertools import pairwise
from pathlib import Path

from processing.calls.attribution import moves_of_call
from processing.cranes.facts import CraneMove
from processing.reconcile import csv_list
from processing.reconcile.move_list import Cranes
from processing.reconcile.reconciliation import reconcile
from simulators.cranes import TrueMove
from simulators.devices import Slice
from simulators.terminal import Terminal
from simulators.tos_lists import TosLists, vessel_call
from tests.unit.test_simulators import PERIOD_MS, START_MS, detected


def lists(folder: Path, ends_ms: list[int], terminal: Terminal | None = None) -> dict[str, bytes]:
    """What is written of a terminal, published in slices."""
    terminal = terminal or Terminal("demo", 5, START_MS, "boot")
    writer = TosLists(folder, terminal)
    for end_ms in ends_ms:
        writer.write(terminal.advance(end_ms))
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_slices_make_no_difference_and_numbers_are_valid(tmp_path: Path) -> None:
    end_ms = START_MS + PERIOD_MS
    whole = lists(tmp_path / "whole", [end_ms])
    assert lists(tmp_path / "parts", [*range(START_MS, end_ms, 70_000), end_ms]) == whole
    assert whole
    for raw in whole.values():
        found = csv_list.read(raw, Cranes({"sts1", "sts2"}), None)
        assert found.problems == []
        assert len(found.moves) == raw.count(b"\n") - 1
        assert all(early.at_us <= late.at_us for early, late in pairwise(found.moves) if early.at_us and late.at_us)


def test_a_new_terminal_begins_new_lists_and_a_resumed_one_goes_on(tmp_path: Path) -> None:
    half_ms, end_ms = START_MS + PERIOD_MS // 2, START_MS + PERIOD_MS
    whole = lists(tmp_path, [end_ms])
    assert lists(tmp_path, [end_ms]) == whole
    terminal = Terminal("demo", 5, START_MS, "boot")
    lists(tmp_path, [half_ms], terminal)
    assert lists(tmp_path, [end_ms], terminal) == whole


def test_lists_agree_with_what_is_detected(tmp_path: Path) -> None:
    """Detectors have never seen the list, the list nothing of the samples."""
    terminal, truth, facts, names = detected(8)
    end_ms = terminal.now_ms
    # The last unlocks wait for their debounce.
    true_moves = [move for move in truth.of(TrueMove) if move.unlocked_ms < end_ms - 2_000]
    TosLists(tmp_path, terminal).write(Slice(truth=[*true_moves]))
    moves: dict[str, list[CraneMove]] = {}
    for fact in facts:
        if isinstance(fact, CraneMove):
            moves.setdefault(names[fact.device_id], []).append(fact)
    calls = [vessel_call(call) for berth in terminal.fleet.berths for call in berth.calls]
    compared = 0
    for call in calls:
        path = tmp_path / f"{call.call_id}.csv"
        if path.exists():
            done = reconcile(
                moves_of_call(call, calls, moves), csv_list.read(path.read_bytes(), Cranes(set(moves)), None).moves
            )
            assert done.equal, done.matched
            compared += done.tos
    assert compared > 20
