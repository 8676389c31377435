"""The verifier against ledgers made by hand in which each set is known; the script against the detector."""

import itertools
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from processing.cranes.facts import CraneMove
from processing.cranes.tracker import CraneTracker
from processing.model.device import Device
from processing.model.facts import Fact, Retracted
from processing.model.samples import Samples
from simulators.ledger import script
from simulators.ledger.publish import sample
from simulators.ledger.records import (
    Head,
    LedgerError,
    LedgerWriter,
    Records,
    message_digest,
    read,
    row_digest,
    row_line,
)
from simulators.ledger.script import SAMPLES, Clock, Move, move
from simulators.ledger.verify import Report, Stored, compare
from tests.unit.crane_signals import START_US
from tests.unit.crane_signals import samples as crane_samples

START_MS = 1_700_000_000_000
HEAD = Head("t", "b", ["c1", "c2"], START_MS, 200)
NO_SCRIPT = Head("t", "b", ["c1", "c2"])


def ledger(*sent: tuple[int, int, str], head: Head = NO_SCRIPT) -> Records:
    """Records of (device, seq, state): acked, unheard, sent, poison."""
    device = np.array([d for d, _, _ in sent], np.int64)
    seq = np.array([s for _, s, _ in sent], np.int64)
    states = [state for _, _, state in sent]
    return Records(
        head,
        device,
        seq,
        seq * 200_000,
        (device * 1000 + seq).astype(np.uint64),
        np.array([state != "sent" for state in states], bool),
        np.array([state == "unheard" for state in states], bool),
        np.array([state == "poison" for state in states], bool),
        np.full(len(states), -1),
        [],
    )


def stored(*rows: tuple[int, int], altered: tuple[int, ...] = (), **more: object) -> Stored:
    """Rows (device, seq), received in this order; those at the places `altered` hold another value."""
    device = np.array([d for d, _ in rows], np.int64)
    seq = np.array([s for _, s in rows], np.int64)
    digest = (device * 1000 + seq).astype(np.uint64)
    digest[list(altered)] += np.uint64(500)
    names = [f"c{d + 1} seq {s}" for d, s in rows]
    found = Stored(device, seq, digest, np.arange(len(rows), dtype=np.int64), names)
    return replace(found, **more)  # type: ignore[arg-type] # fields of Stored, by name


def sets(report: Report) -> dict[str, int]:
    """The numbers that are not zero."""
    names = ("ok", "lost", "duplicate", "unexpected", "recovered", "unheard", "quarantined", "poison", "disorder")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


ALL = ledger((0, 1, "acked"), (1, 1, "acked"), (0, 2, "acked"))


@pytest.mark.parametrize(
    ("records", "found", "expected"),
    [
        (ALL, stored((0, 1), (1, 1), (0, 2)), {"ok": 3}),
        (ALL, stored((0, 1), (1, 1)), {"ok": 2, "lost": 1}),
        (ALL, stored((0, 1), (1, 1), (0, 2), (0, 2)), {"ok": 2, "duplicate": 1}),
        (ALL, stored((0, 1), (1, 1), (0, 2), (0, 2), (0, 2)), {"ok": 2, "duplicate": 2}),
        (ALL, stored((0, 1), (1, 1), (0, 2), (0, 3)), {"ok": 3, "unexpected": 1}),
        (ALL, stored((0, 1), (1, 1), (0, 2), (-1, 1)), {"ok": 3, "unexpected": 1}),
        (ALL, stored((0, 1), (1, 1), (0, 2), altered=(1,)), {"ok": 2, "unexpected": 1}),
        (ALL, stored((0, 2), (1, 1), (0, 1)), {"ok": 3, "disorder": 1}),
        (ALL, stored((1, 1), (0, 1), (0, 2)), {"ok": 3}),
        (ALL, stored((0, 1), (1, 1), quarantined=[(0, 2)]), {"ok": 3, "quarantined": 1}),
        (ALL, stored((0, 1), (1, 1), (0, 2), quarantined=[(0, 2)]), {"ok": 2, "duplicate": 1, "quarantined": 1}),
        (ledger((0, 1, "sent"), (0, 2, "sent")), stored((0, 1)), {"recovered": 1}),
        (ledger((0, 1, "unheard")), stored(), {"lost": 1, "unheard": 1}),
        (ledger((0, 1, "poison")), stored(messages=Counter([1])), {"ok": 1, "quarantined": 1, "poison": 1}),
        (ledger((0, 1, "poison")), stored(), {"lost": 1, "poison": 1}),
        (ledger((0, 1, "poison")), stored(messages=Counter([1, 1])), {"duplicate": 1, "quarantined": 2, "poison": 1}),
        (ledger((0, 1, "poison")), stored((0, 1)), {"lost": 1, "unexpected": 1, "poison": 1}),
        (ledger(), stored((0, 1)), {"unexpected": 1}),
    ],
)
def test_each_set_is_reported(records: Records, found: Stored, expected: dict[str, int]) -> None:
    report = compare(records, found)
    assert sets(report) == expected
    assert report.zero == (not {"lost", "duplicate", "unexpected", "disorder"} & set(expected))
    assert bool(report.examples) == (not report.zero)


def whole(cycles: int) -> tuple[Records, list[tuple[int, int]]]:
    """A ledger of whole cycles of one crane, all acknowledged, and its rows."""
    rows = [(0, seq) for seq in range(1, cycles * SAMPLES + 1)]
    return ledger(*((d, s, "acked") for d, s in rows), head=HEAD), rows


def due(cycles: int) -> list[tuple[int, Move]]:
    """Moves of those cycles."""
    moves = [move(0, number, HEAD.clock) for number in range(cycles)]
    return [(0, one) for one in moves if one is not None]


def facts(report: Report) -> tuple[int, int, int, int]:
    """Moves as they must be, missing, invented, altered."""
    return report.facts, report.missing, report.invented, report.altered


def test_moves_are_compared() -> None:
    records, rows = whole(6)
    moves = due(6)
    assert len(moves) == 5  # one of the six cycles lifts nothing
    assert facts(compare(records, stored(*rows, moves=moves))) == (5, 0, 0, 0)
    assert facts(compare(records, stored(*rows, moves=moves[1:]))) == (4, 1, 0, 0)
    assert facts(compare(records, stored(*rows, moves=[*moves, moves[0]]))) == (5, 0, 1, 0)
    stranger = (1, moves[0][1])
    assert facts(compare(records, stored(*rows, moves=[*moves, stranger]))) == (5, 0, 1, 0)
    other = (0, replace(moves[0][1], landed_ms=moves[0][1].landed_ms + 200))
    assert facts(compare(records, stored(*rows, moves=[other, *moves[1:]]))) == (4, 0, 0, 1)


def test_a_move_whose_samples_nobody_acknowledged_may_be_there_or_not() -> None:
    _, rows = whole(1)
    records = ledger(*((d, s, "acked" if s < SAMPLES else "sent") for d, s in rows), head=HEAD)
    for moves, expected in ((due(1), (1, 0, 0, 0)), ([], (0, 0, 0, 0))):
        assert facts(compare(records, stored(*rows[:-1], moves=moves))) == expected


def test_moves_beside_an_excused_sample_are_not_compared_with_the_script() -> None:
    """One of cycle 3 may be missing: of cycles 2 to 4 the script has nothing certain, of 0, 1 and 5 it does."""
    records, rows = whole(6)
    moves = due(6)
    excused = replace(records, excused={0: [3 * SAMPLES + 5]})
    first = next(n for n, (_, one) in enumerate(moves) if one == move(0, 3, HEAD.clock))
    without = [*moves[:first], *moves[first + 1 :]]
    assert facts(compare(records, stored(*rows, moves=without)))[1:] == (1, 0, 0)
    assert facts(compare(excused, stored(*rows, moves=without)))[1:] == (0, 0, 0)
    odd = (0, replace(moves[first][1], locked_ms=moves[first][1].locked_ms + 200))
    assert facts(compare(excused, stored(*rows, moves=[*without, odd])))[1:] == (0, 0, 0)
    assert facts(compare(excused, stored(*rows, moves=without[1:])))[1:] == (1, 0, 0), "the first one is certain"


def crane_facts(samples: Samples) -> list[Fact]:
    """What the detector finds in one crane's samples."""
    tracker = CraneTracker(lambda number: Device(number, "t", "crane", "c", "STS", 0))
    return tracker.feed(samples, np.array([0]), np.array([len(samples) - 1]))


@pytest.mark.parametrize("device", range(6))
def test_the_scripted_moves_are_what_the_detector_finds(device: int) -> None:
    """Script and detector are written apart from each other: they agree, cycle by cycle."""
    clock, cycles = Clock(START_MS, 200), 14
    rows = []
    for seq in range(1, cycles * SAMPLES + 1):
        sent = {name: float(value) for name, value in script.signals(device, seq).items()}
        rows.append((clock.time_ms(device, seq) / 1000 - START_US / 1e6, sent))
    found = crane_facts(crane_samples(rows))
    got = [
        Move(
            one.locked_us // 1000,
            one.lifted_us // 1000,
            one.landed_us // 1000,
            one.unlocked_us // 1000,
            one.kind,
            one.boxes,
            one.teu,
            one.inferred,
        )
        for one in found
        if isinstance(one, CraneMove)
    ]
    assert got == [one for n in range(cycles) if (one := move(device, n, clock)) is not None]
    assert not [one for one in found if isinstance(one, Retracted)]
    assert {one.kind for one in got} == {"discharge", "load", "shift", "rehandle"}


def test_a_ledger_is_read_back_as_written(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    with LedgerWriter(path, HEAD) as writer:
        for seq in (1, 2, 3, 4):
            writer.sent(0, seq, seq * 1000, 70 + seq)
        writer.sent(1, 1, 0, message_digest("topic", b"payload"), poison=True)
        writer.sent(0, 1, 1000, 71)  # sent again
        for seq, reason in ((1, 0), (2, 0x10), (3, 0x87)):
            writer.answered(0, seq, reason)
        writer.answered(1, 1, 0)
    path.write_bytes(path.read_bytes() + b"\x01half of an ent")
    found = read(path)
    assert found.head == HEAD
    assert found.seq.tolist() == [1, 2, 3, 4, 1]
    assert found.device.tolist() == [0, 0, 0, 0, 1]
    assert found.time_us.tolist()[:4] == [1000, 2000, 3000, 4000]
    assert found.digest.tolist()[:4] == [71, 72, 73, 74]
    assert found.acked.tolist() == [True, True, False, False, True]
    assert found.unheard.tolist() == [False, True, False, False, False]
    assert found.poison.tolist() == [False] * 4 + [True]


def test_a_file_that_is_no_ledger_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    path.write_text("hello\n")
    with pytest.raises(LedgerError, match="no ledger"):
        read(path)


def test_a_row_is_hashed_as_copy_writes_it() -> None:
    line = row_line(
        "c1", "b", 1_700_000_000_000_000, 7, {"load_t": 12.5, "landed": True, "twin": False, "move_count": 3}
    )
    absent = b"\\N"
    assert line.split(b"\t") == [
        *(b"c1", b"b", b"1700000000000000", b"7", absent, absent, absent, b"12.5", absent, absent, b"t", absent, b"f"),
        *(absent, absent, absent, absent, absent, b"3", absent, absent, absent, absent, absent, absent),
    ]
    assert row_line("c1", "b", 0, 7, {"load_t": 12.0}).split(b"\t")[7] == b"12"
    assert row_digest("c1", "b", 0, 7, {"load_t": 12.0}) != row_digest("c1", "b", 0, 7, {"load_t": 12.5})


def test_samples_of_a_device_differ_and_fit_a_message() -> None:
    """A digest that two samples share could not distinguish them."""
    made = [sample(HEAD, 0, seq) for seq in range(1, 500)]
    assert len({digest for _, digest, _ in made}) == len(made)
    assert all(later[2] - earlier[2] == 200 for earlier, later in itertools.pairwise(made))
    assert max(len(payload) for payload, _, _ in made) < 400
