"""What a killed broker may have lost, in ledgers in which it is known by hand."""

from dataclasses import replace

import numpy as np

from simulators.ledger.records import Records
from simulators.ledger.turns import of_last_turns
from tests.unit.test_ledger import ledger

KILL_US = 1_000
# Two devices, each on a connection of its own. Entries of the ledger, by their places:
#   0, 1 connected; 2 to 7 acknowledgements of (0,1) (1,1) (0,2) (1,2) (0,3) (1,3); then the broker is killed;
#   8, 9 connected again; 10, 11 acknowledgements of (0,4) (1,4).
SENT = [(0, 1), (1, 1), (0, 2), (1, 2), (0, 3), (1, 3), (0, 4), (1, 4)]
RECORDS: Records = replace(
    ledger(*((device, seq, "acked") for device, seq in SENT)),
    acked_at=np.array([2, 3, 4, 5, 6, 7, 10, 11]),
    connected=[(0, 10, 0), (1, 20, 1), (0, 2_000, 8), (1, 2_100, 9)],
)


def excused(
    *missing: tuple[int, int], killed_us: tuple[int, ...] = (KILL_US,), records: Records = RECORDS
) -> list[tuple[int, int]]:
    """Which of the missing ones the broker's last turn explains."""
    lost = np.array([sent in missing for sent in SENT])
    found = of_last_turns(records, lost, killed_us)
    return [sent for sent, is_found in zip(SENT, found.tolist(), strict=True) if is_found]


def test_the_last_acknowledged_of_a_connection_are_excused() -> None:
    assert excused((0, 3), (0, 2), (1, 3)) == [(0, 2), (0, 3), (1, 3)]


def test_one_before_another_that_is_there_is_not() -> None:
    assert excused((0, 2), (1, 1), (1, 3)) == [(1, 3)]


def test_nothing_is_excused_that_was_acknowledged_after_the_kill() -> None:
    assert excused((0, 4), (0, 3)) == [(0, 3)]


def test_nothing_is_excused_without_a_kill_of_that_connection() -> None:
    assert excused((0, 3), (1, 3), killed_us=()) == []
    assert excused((0, 3), (1, 3), killed_us=(15,)) == [(0, 3)], "the other one was not up yet"


def test_a_connection_that_never_came_back_ended_with_the_kill() -> None:
    lost = replace(RECORDS, connected=RECORDS.connected[:2], acked_at=np.array([2, 3, 4, 5, 6, 7, -1, -1]))
    assert excused((0, 3), (0, 4), (1, 2), records=lost) == [(0, 3)]


def test_a_ledger_without_connections_excuses_nothing() -> None:
    assert excused((0, 3), records=replace(RECORDS, connected=[])) == []
