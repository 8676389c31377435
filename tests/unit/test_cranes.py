"""Crane moves from signals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processing.cranes.facts import CraneMove
from processing.engine import Engine
from processing.model.device import Device
from processing.model.facts import Retracted
from processing.site.configuration import Sites
from tests.length import length
from tests.unit.crane_signals import (
    BETWEEN,
    EMPTY,
    FAR_FUTURE_US,
    LANDED_EMPTY,
    LIFTED,
    LOCKED,
    START_US,
    changed,
    discharge,
    every,
    feed,
    samples,
    seconds,
)
from tests.unit.written_samples import Row


def test_a_box_from_ship_to_quay_is_one_discharge() -> None:
    """A lock, lift, land and unlock sequence is one move with the times of its edges."""
    (move,) = feed(every(0.1, discharge()))
    assert seconds(move) == (3.2, 5.0, 40.0, 42.2)
    assert isinstance(move, CraneMove)
    assert (move.kind, move.boxes, move.teu, move.inferred) == ("discharge", 1, 2.0, False)
    assert (move.from_trolley_m, move.to_trolley_m, move.peak_load_t, move.size_ft) == (35.0, -8.0, 20.0, 40)


def test_report_by_exception_finds_the_same_move() -> None:
    """Samples that carry only what changed give the same edges as periodic ones."""
    rows: list[Row] = []
    known: dict[str, float] = {}
    for begin_s, _, signals in discharge():
        rows.append((begin_s, {name: value for name, value in signals.items() if known.get(name) != value}))
        known |= signals
    facts = feed(rows)
    assert [seconds(move) for move in facts] == [(3.2, 5.0, 40.0, 42.2)]


def test_a_twin_lift_is_two_boxes_of_one_teu() -> None:
    """Twin at lock time makes two 20 ft boxes."""
    rows = [(t, s | {"twin": 1.0, "spreader_size_ft": 20.0}) for t, s in every(0.1, discharge())]
    (move,) = feed(rows)
    assert isinstance(move, CraneMove)
    assert (move.boxes, move.teu) == (2, 2.0)


def test_a_lock_without_a_lift_is_no_move() -> None:
    """Locking and unlocking on the spot, without weight and rise, is discarded."""
    rows = every(0.1, [(0, 2, EMPTY), (2, 6, LOCKED | {"hoist_height_m": 3.0}), (6, 10, EMPTY)])
    assert feed(rows) == []


def test_a_bouncing_twistlock_does_not_end_a_move() -> None:
    """Unlocked for 200 ms in the middle of a lift is a bounce."""
    phases = discharge()
    phases[5:6] = [
        (10, 20, phases[5][2]),
        (20, 20.2, phases[5][2] | {"twistlock_locked": 0.0, "twistlock_unlocked": 1.0}),
        (20.2, 40, phases[5][2]),
    ]
    assert [seconds(move) for move in feed(every(0.1, phases))] == [(3.2, 5.0, 40.0, 42.2)]


def test_a_partial_lock_changes_nothing() -> None:
    """Neither locked nor unlocked for a second, then locked again, is still the same move."""
    phases = discharge()
    phases[5:6] = [(10, 20, phases[5][2]), (20, 21, phases[5][2] | BETWEEN | {"landed": 0.0}), (21, 40, phases[5][2])]
    assert [seconds(move)[0::3] for move in feed(every(0.1, phases))] == [(3.2, 42.2)]


def test_relanding_counts_the_last_landing() -> None:
    """Landed toggling with the locks closed is positioning; only the unlock ends the move."""
    phases = discharge()
    phases[6:7] = [(40, 40.5, phases[6][2]), (40.5, 41, phases[5][2]), (41, 42, phases[6][2])]
    assert [seconds(move)[2] for move in feed(every(0.1, phases))] == [41.0]


@pytest.mark.parametrize(
    ("from_m", "to_m", "kind"),
    [(30.0, -8.0, "discharge"), (-8.0, 30.0, "load"), (30.0, 12.0, "shift"), (-8.0, -30.0, "rehandle")],
)
def test_the_side_of_the_quay_gives_the_kind(from_m: float, to_m: float, kind: str) -> None:
    """Vessel is more than 2 m seawards of the waterside rail."""
    rows = [(t, s | {"trolley_position_m": from_m if t < 10 else to_m}) for t, s in every(0.1, discharge())]
    (move,) = feed(rows)
    assert isinstance(move, CraneMove)
    assert move.kind == kind


def test_a_yard_crane_rehandles() -> None:
    """A yard crane has no vessel side."""
    (move,) = feed(every(0.1, discharge()), kind="ARMG")
    assert isinstance(move, CraneMove)
    assert move.kind == "rehandle"


def test_a_gap_in_the_data_marks_the_move_as_inferred() -> None:
    """More than 10 s without samples inside a move."""
    rows = [(t, s) for t, s in every(0.1, discharge()) if not 12 <= t < 30]
    (move,) = feed(rows)
    assert isinstance(move, CraneMove)
    assert move.inferred


def test_a_lift_without_load_cell_is_seen_by_its_rise() -> None:
    """One metre above the lock height is evidence enough."""
    rows = [(t, {k: v for k, v in s.items() if k != "load_t"}) for t, s in every(0.1, discharge())]
    assert [seconds(move) for move in feed(rows)] == [(3.2, 5.0, 40.0, 42.2)]


@pytest.mark.parametrize("cut", range(32, 60))
def test_loads_before_a_rise_count_in_no_split(cut: int) -> None:
    """Pins that stick on the ground: only the rise shows the lift, and its peak load is of the time since then."""
    up, heavy = {"hoist_height_m": 20.0}, LIFTED | {"hoist_height_m": 12.0, "load_t": 25.0}
    lift = [phase for phase in discharge() if not 3.2 <= phase[0] < 10]
    lift += [(3.2, 5.0, heavy), (5.0, 10.0, LIFTED | up)]
    rows = every(0.1, changed(sorted(lift, key=lambda phase: phase[0]), landed=1.0))
    (whole,) = [fact for fact in feed(rows) if isinstance(fact, CraneMove)]
    assert whole.peak_load_t == 20.0
    assert [fact for fact in feed(rows, [cut]) if isinstance(fact, CraneMove)] == [whole]


@pytest.mark.parametrize("cut", range(30, 56))
def test_a_load_that_hangs_on_after_the_unlock_proves_no_lift_in_no_split(cut: int) -> None:
    """Twistlocks read "locked" for 0.4 s in the air, the cell 20 t for 2.4 s: the unlock stands first."""
    air = {"hoist_height_m": 15.0, "trolley_position_m": -8.0}
    phases = [(0, 3, EMPTY), (3, 3.4, LIFTED), (3.4, 5.4, EMPTY | {"load_t": 20.0}), (5.4, 8, LANDED_EMPTY)]
    rows = every(0.1, [(begin_s, end_s, signals | air) for begin_s, end_s, signals in phases])
    assert feed(rows) == feed(rows, [cut]) == []


@settings(max_examples=length(25, 500))
@given(st.lists(st.integers(0, 999), max_size=12))
def test_any_split_into_batches_gives_the_same_moves(cuts: list[int]) -> None:
    """Two moves and a bounce, cut anywhere."""
    bounce = LIFTED | {"twistlock_locked": 0.0, "twistlock_unlocked": 1.0, "landed": 0.0}
    rows = every(0.1, [*discharge(0), *discharge(50)])
    rows[210] = (rows[210][0], rows[210][1] | bounce)
    assert len(rows) == 1000
    assert feed(rows, cuts) == feed(rows)
    assert len(feed(rows)) == 2


def test_a_silent_crane_is_reported_early_and_confirmed_later() -> None:
    """The last unlock of a crane that sends nothing more becomes a move by time alone, and the same one by samples."""
    rows = [(t, s) for t, s in every(0.1, discharge()) if t < 42.25]
    engine = Engine(Sites())
    engine.register(Device(1, "demo", "crane", "sts1", "STS", FAR_FUTURE_US))
    now_us = START_US + 42_300_000
    assert engine.feed(samples(rows), now_us) == []
    assert engine.tick(now_us + 1_000_000) == []
    (early,) = engine.tick(now_us + 3_000_000)
    assert seconds(early) == (3.2, 5.0, 40.0, 42.2)
    later = samples([*rows, (43.0, EMPTY)]).take(np.array([len(rows)]))
    assert engine.feed(later, now_us + 3_000_000) == [early]


def test_a_move_reported_early_is_retracted_when_its_unlock_bounced() -> None:
    """Locked again within the debounce time: the early report was wrong."""
    rows = [(t, s) for t, s in every(0.1, discharge()) if t < 42.25]
    engine = Engine(Sites())
    engine.register(Device(1, "demo", "crane", "sts1", "STS", FAR_FUTURE_US))
    now_us = START_US + 42_300_000
    engine.feed(samples(rows), now_us)
    (early,) = engine.tick(now_us + 3_000_000)
    later = samples([*rows, (42.3, LOCKED)]).take(np.array([len(rows)]))
    (retracted,) = engine.feed(later, now_us + 3_000_000)
    assert isinstance(early, CraneMove)
    assert retracted == Retracted(early)
    assert engine.evaluator("demo").store.cranes["sts1"].moves == []


@pytest.mark.parametrize("step", [None, 1, 7])
def test_an_ocr_that_reads_in_every_sample_reads_the_box_of_the_lift(step: int | None) -> None:
    """What it reads after the unlock is not the box's, in however many samples that is before the move is reported."""
    rows = every(0.1, discharge())
    ids = {second: ("MSKU1234565",) if second < 42.25 else ("OOLU6012345",) for second, _ in rows if second >= 10}
    found = feed(rows, None if step is None else list(range(step, len(rows), step)), ids=ids)
    assert [fact.container_ids for fact in found if isinstance(fact, CraneMove)] == [("MSKU1234565",)]
