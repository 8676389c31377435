"""The score itself: pairs, counts and bars, worked out by hand."""

import pytest

from processing.cranes.facts import CraneDelay, CraneMove, PartialLock
from simulators.cranes import TrueDelay, TrueMove
from simulators.score.bars import bars
from simulators.score.day import CraneDay, Day
from simulators.score.table import as_json, table
from simulators.score.tally import Score

END_S = 1_000


def true(locked_s: int, unlocked_s: int, kind: str = "load", boxes: int = 1) -> TrueMove:
    """A move that happened; lifted 2 s after its lock, landed 2 s before its unlock."""
    lifted_s, landed_s = locked_s + 2, unlocked_s - 2
    return TrueMove(
        "sts1", locked_s * 1_000, lifted_s * 1_000, landed_s * 1_000, unlocked_s * 1_000, kind, boxes, 2.0 * boxes, ()
    )


def found(locked_s: float, unlocked_s: float, boxes: int = 1) -> CraneMove:
    """A load that was found."""
    return CraneMove(
        device_id=1,
        began_us=None,
        locked_us=round(locked_s * 1e6),
        lifted_us=round((locked_s + 2) * 1e6),
        landed_us=round((unlocked_s - 2) * 1e6),
        unlocked_us=round(unlocked_s * 1e6),
        kind="load",
        boxes=boxes,
        teu=2.0,
        from_trolley_m=-8.0,
        to_trolley_m=30.0,
        gantry_m=None,
        peak_load_t=None,
        size_ft=40,
        twin=False,
        container_ids=(),
        energy_kwh=None,
        waited_empty_s=None,
        waited_laden_s=None,
        inferred=False,
        confidence=1.0,
    )


def scored(moves: list[TrueMove], detected: list[CraneMove]) -> Score:
    """The score of one crane and day."""
    day = CraneDay("sts1", "STS", 100, 0, END_S * 1_000_000, moves=moves, found_moves=detected)
    day.delays = [TrueDelay("sts1", 200_000, 400_000, "wind"), TrueDelay("sts1", 500_000, 700_000, "ship")]
    day.found_delays = [
        CraneDelay(1, 200_000_000, 410_000_000, "boom"),
        CraneDelay(1, 500_000_000, 690_000_000, "ship"),
        CraneDelay(1, 710_000_000, 900_000_000, "gantry"),
    ]
    score = Score()
    score.add(Day([day], []), "1")
    return score


def test_moves_are_found_missed_and_invented() -> None:
    """The second is missed; the third is found 0.2 s late, with two boxes; one at 700 s never was."""
    score = scored(
        [true(0, 60), true(100, 160), true(200, 260)], [found(0, 60), found(200.2, 260.2, 2), found(700, 760)]
    )
    c = score.all
    assert (c.true, c.missed, c.invented, c.boxes_wrong) == (3, 1, 1, 1)
    assert (c.recall, c.precision) == pytest.approx((2 / 3, 2 / 3))
    assert dict(score.off_by_more) == {"locked": 1, "lifted": 1, "landed": 1, "unlocked": 1}


def test_delays_are_found_and_invented() -> None:
    """The first has the wrong cause, the second the right one; the third was none."""
    score = scored([], [])
    assert score.delays == {"wind": [1, 1, 0], "ship": [1, 1, 1]}
    assert dict(score.invented_delays) == {"gantry": 1}


def test_partial_locks_are_found_and_invented() -> None:
    """Found twice in part, together more than half; found for less than half; one that lasts and never was."""
    day = CraneDay("sts1", "STS", 100, 0, END_S * 1_000_000)
    day.spoilt = [("partial lock", 100_000_000, 130_000_000), ("partial lock", 300_000_000, 340_000_000)]
    day.spoilt += [("bounce", 0, END_S * 1_000_000)]
    seconds: list[tuple[int, int | None]] = [(100, 110), (115, 131), (300, 319), (900, None)]
    day.found_partial_locks = [
        PartialLock(1, a * 1_000_000, None if b is None else b * 1_000_000, None, airborne=False) for a, b in seconds
    ]
    score = Score()
    score.add(Day([day], []), "1")
    assert score.partial_locks == [2, 1, 1]
    assert "| all | 2 | 1 | 1 |" in table({"all faults": score})


def test_bars_are_reached_or_missed() -> None:
    """A clean day with a missed move, one late by two samples, and half of the delays with the right cause."""
    score = scored([true(0, 60), true(100, 160)], [found(0.2, 60)])
    reached = {bar.what: (bar.measured, bar.reached) for bar in bars(score, clean=True)}
    assert reached == {
        "missed": ("1", False),
        "invented": ("0", True),
        "kind wrong": ("0", True),
        "lock more than a sample off": ("1", False),
        "unlock more than a sample off": ("0", True),
        "delays found, cause right": ("50.000 %", False),
        "partial locks invented": ("0", True),
    }


def test_table_and_json_have_the_bars() -> None:
    scores = {"all faults": scored([true(0, 60), true(100, 160)], [found(0, 60)])}
    assert "| recall | 50.000 % | ≥ 99.5 % | **no** |" in table(scores)
    assert as_json(scores)["all faults"]["bars"][0] == {
        "what": "recall",
        "measured": "50.000 %",
        "to_reach": "≥ 99.5 %",
        "reached": False,
    }
