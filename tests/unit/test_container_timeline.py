"""Where a box is by its events, and which of them contradict each other."""

import random
from dataclasses import replace

import pytest

from processing.containers.facts import ContainerEvent, EventName
from processing.containers.timeline import judge
from processing.model.times import MINUTE_US

BOX = "CSQU3054383"
M = MINUTE_US
Row = tuple[int, EventName, str, str | None]
"""Minute, event, device, place."""


def events(*rows: Row) -> list[ContainerEvent]:
    """Events of one box."""
    return [
        ContainerEvent("demo", "crane_move", device, name, 0, m * M, BOX, m * M, "crane", place, 0.99, True, BOX)
        for m, name, device, place in rows
    ]


def state(*rows: Row) -> tuple[str, str | None, float] | None:
    """State, place, minute since when."""
    found = judge(events(*rows)).state
    return None if found is None else (found.state, found.place, found.since_us / M)


def conflicts(*rows: Row) -> list[tuple[str, float, float | None, str]]:
    """Kind, minute, minute of the event before, words."""
    found = judge(events(*rows)).conflicts
    return [(c.kind, c.time_us / M, None if c.before_us is None else c.before_us / M, c.detail) for c in found]


IMPORT: list[Row] = [
    (0, "discharged", "sts1", "sts1"),
    (1, "picked", "agv3", "agv3"),
    (8, "placed", "agv3", "block 88 m"),
    (9, "picked", "armg2", "armg2"),
    (11, "placed", "armg2", "armg2 88 m"),
    (3_000, "picked", "armg2", "armg2"),
    (3_002, "placed", "armg2", "armg2 0 m"),
    (3_030, "gate_out", "out1", "out1"),
]
EXPORT: list[Row] = [
    (0, "gate_in", "in1", "in1"),
    (30, "picked", "armg2", "armg2"),
    (32, "placed", "armg2", "armg2 88 m"),
    (60, "plugged", "r2-04", "r2-04"),
    (90, "excursion_began", "r2-04", "r2-04"),
    (120, "excursion_ended", "r2-04", "r2-04"),
    (600, "unplugged", "r2-04", "r2-04"),
    (660, "picked", "armg2", "armg2"),
    (700, "loaded", "sts1", "vessel"),
]


def test_an_import_box() -> None:
    assert state(*IMPORT[:1]) == ("inside", "sts1", 0)
    assert state(*IMPORT[:5]) == ("inside", "armg2 88 m", 11)
    assert state(*IMPORT) == ("left", "out1", 3_030)
    assert conflicts(*IMPORT) == []


def test_an_export_box() -> None:
    assert state(*EXPORT[:4]) == state(*EXPORT[:7]) == ("inside", "r2-04", 60)
    assert state(*EXPORT) == ("on_vessel", "vessel", 700)
    assert conflicts(*EXPORT) == []


def test_a_box_that_comes_again_is_a_new_stay() -> None:
    again: list[Row] = [(9_000, "gate_in", "in2", "in2"), (9_100, "loaded", "sts1", "vessel")]
    assert conflicts(*IMPORT, *again) == []
    assert conflicts(*EXPORT, (9_000, "discharged", "sts2", "sts2")) == []


def test_the_same_box_at_two_places() -> None:
    twin: Row = (1_000, "gate_in", "in2", "in2")
    assert conflicts(*IMPORT[:5], twin) == [
        ("arrived_twice", 1_000, 11, "gate_in at in2, after placed at armg2 (armg2 88 m)")
    ]
    plugs: list[Row] = [(60, "plugged", "r1-01", "r1-01"), (90, "plugged", "r7-02", "r7-02")]
    assert conflicts(*EXPORT[:3], *plugs) == [("two_plugs", 90, 60, "plugged at r7-02, after plugged at r1-01")]
    between: Row = (80, "picked", "armg2", "armg2")
    assert conflicts(*EXPORT[:3], plugs[0], between, plugs[1]) == []


def test_one_box_on_a_whole_rack_within_seconds_is_one_conflict() -> None:
    """A monitor that gives one number to all of its 48 plugs, one second after the other."""
    rack = [plug_event(second, f"r1-{second + 1:02d}") for second in range(48)]
    (conflict,) = judge(rack).conflicts
    assert (conflict.kind, conflict.before_us, conflict.time_us) == ("two_plugs", 0, 1_000_000)
    assert conflict.detail == "plugged at r1-02, after plugged at r1-01; on 48 plugs in all"
    resolved = [plug_event(7_200 + second, f"r1-{second + 1:02d}", "unplugged") for second in range(47)]
    again = plug_event(9_000, "r1-05")
    assert [one.time_us for one in judge([*rack, *resolved, again]).conflicts] == [1_000_000, 9_000_000_000]


def plug_event(second: int, plug: str, name: EventName = "plugged") -> ContainerEvent:
    """Plugged in or out."""
    time_us = second * 1_000_000
    known = ("demo", "reefer_plug_change", plug, name, 0, time_us, BOX, time_us, "reefer", plug)
    return ContainerEvent(*known, 0.99, True, BOX)


@pytest.mark.parametrize(("minutes", "found"), [(10, []), (11, ["two_plugs"])])
def test_a_box_is_on_two_plugs_where_it_stays_on_both(minutes: int, found: list[str]) -> None:
    """On r1-01 from 0, on r7-02 from minute 5; one ends so many minutes later: a slow report, a typing error."""
    both: list[Row] = [(0, "plugged", "r1-01", "r1-01"), (5, "plugged", "r7-02", "r7-02")]
    for plug in ("r1-01", "r7-02"):
        end: Row = (5 + minutes, "unplugged", plug, plug)
        assert [kind for kind, *_ in conflicts(*both, end)] == found


def test_a_second_box_that_comes_while_the_first_one_is_moved() -> None:
    """Two minutes after a crane has moved the box, which came an hour ago: not the same truck once more."""
    first: list[Row] = [
        (0, "gate_in", "in1", "in1"),
        (60, "picked", "armg2", "armg2"),
        (62, "placed", "armg2", "armg2 0 m"),
    ]
    twin: Row = (64, "gate_in", "in2", "in2")
    assert conflicts(*first, twin) == [("arrived_twice", 64, 62, "gate_in at in2, after placed at armg2 (armg2 0 m)")]


def test_seen_again_and_again_after_it_has_left() -> None:
    """Each sight is within ten minutes of the one before, not of when it left."""
    seen: list[Row] = [(3_036, "picked", "armg2", "armg2"), (3_042, "placed", "armg2", "armg2 0 m")]
    assert conflicts(*IMPORT, *seen) == [
        ("seen_after_leaving", 3_042, 3_030, "placed at armg2 (armg2 0 m), after gate_out at out1")
    ]
    assert state(*IMPORT, seen[0]) == ("left", "out1", 3_030)  # the crane's clock is six minutes ahead


def test_a_plug_that_reports_late_shows_nothing_after_it_has_left() -> None:
    late: list[Row] = [(760, "excursion_ended", "r2-04", "r2-04"), (760, "unplugged", "r2-04", "r2-04")]
    assert conflicts(*EXPORT, *late) == []
    assert state(*EXPORT, *late) == ("on_vessel", "vessel", 700)
    warm: Row = (760, "excursion_began", "r2-04", "r2-04")
    assert [kind for kind, *_ in conflicts(*EXPORT, warm)] == ["seen_after_leaving"]


def test_a_lift_from_ship_to_ship() -> None:
    """A crane picks it on the ship, and places it there; loaded once more, it must have come off."""
    lift = events((900, "picked", "sts1", "sts1"), (901, "placed", "sts1", "vessel"))
    shift = [replace(one, fact_us=900 * M) for one in lift]
    judged = judge([*events(*EXPORT), *shift])
    assert judged.conflicts == ()
    assert judged.state is not None
    assert (judged.state.state, judged.state.place) == ("on_vessel", "vessel")
    again = conflicts(*EXPORT, (800, "loaded", "sts2", "vessel"))
    assert again == [("seen_after_leaving", 800, 700, "loaded at sts2 (vessel), after loaded at sts1 (vessel)")]


def test_seen_after_it_has_left() -> None:
    assert conflicts(*IMPORT, (3_100, "picked", "armg2", "armg2")) == [
        ("seen_after_leaving", 3_100, 3_030, "picked at armg2, after gate_out at out1")
    ]
    assert conflicts(*EXPORT, (800, "gate_out", "out1", "out1"))[0][0] == "seen_after_leaving"
    assert conflicts(*EXPORT, (800, "placed", "sts1", "vessel")) == []  # a shift on board


def test_left_without_arriving() -> None:
    assert conflicts((5, "gate_out", "out1", "out1")) == [
        ("left_without_arriving", 5, None, "gate_out at out1, after nothing")
    ]
    assert state((5, "gate_out", "out1", "out1")) == ("left", "out1", 5)
    assert conflicts((5, "gate_out", "out1", "out1"), (14, "placed", "armg2", "armg2")) == []  # by another clock
    assert judge(events((5, "gate_out", "out1", "out1")), whole=False).conflicts == ()  # what was before is not known


@pytest.mark.parametrize("minutes", [1, 10])
def test_clocks_may_differ_by_minutes(minutes: int) -> None:
    assert conflicts(*IMPORT, (3_030 + minutes, "placed", "armg2", "armg2 0 m")) == []
    assert conflicts(*EXPORT[:1], (minutes, "gate_in", "in2", "in2")) == []  # it turned round in a lane


def test_a_treatment_shows_nothing_of_where_it_is() -> None:
    assert state((5, "treatment_began", BOX, None)) is None
    assert state(*EXPORT, (900, "treatment_done", BOX, None)) == ("on_vessel", "vessel", 700)


def test_a_number_that_was_not_read_accuses_nobody() -> None:
    """A vehicle at the wrong crane: what was not read may be another box; but it may clear a box."""
    loaded = replace(events((20, "loaded", "sts2", "vessel"))[0], read_as=None)
    assert judge([*events(*IMPORT), loaded]).conflicts == ()
    twin = events((1_000, "gate_in", "in2", "in2"))
    out = replace(events((900, "gate_out", "out1", "out1"))[0], read_as="CSQU3054388", confidence=0.7)
    assert [one.kind for one in judge([*events(*IMPORT[:5]), *twin]).conflicts] == ["arrived_twice"]
    assert judge([*events(*IMPORT[:5]), out, *twin]).conflicts == ()


def test_a_conflict_begins_where_its_number_was_read() -> None:
    """Another box left under its number; the crane that lifts it then does not read it, the vehicle does."""
    left: Row = (900, "gate_out", "out1", "out1")
    lift = [replace(one, read_as="CSQU3054388") for one in events((1_000, "picked", "armg2", "armg2"))]
    taken = events((1_002, "picked", "agv1", "agv1"))
    (conflict,) = judge([*events(*IMPORT[:5], left), *lift, *taken]).conflicts
    assert (conflict.kind, conflict.before_us, conflict.time_us) == ("seen_after_leaving", 900 * M, 1_002 * M)


def test_a_number_with_a_wrong_check_digit_makes_no_conflicts() -> None:
    """Cameras give the same text for many boxes, such as NOREAD."""
    many = [replace(one, container_id="NOREAD", check_ok=False) for one in events(*EXPORT, *EXPORT[:1], *IMPORT)]
    found = judge(many)
    assert found.conflicts == ()
    assert found.state is not None


def test_the_order_in_which_events_become_known_does_not_matter() -> None:
    every = events(*IMPORT, (3_100, "plugged", "r1-01", "r1-01"), (3_100, "discharged", "sts1", "sts1"))
    expected = judge(every)
    for seed in range(20):
        random.Random(seed).shuffle(every)
        assert judge(every) == expected
