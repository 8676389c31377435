"""Boxes that flow through a simulated terminal, and how timelines are scored beside their ways."""

from processing.containers.timeline import ContainerConflict
from simulators.boxes.conflicts import WAYS, TrueConflict
from simulators.boxes.flow import TrueBox, flow
from simulators.score.container_day import ContainerDay, compare, simulate
from simulators.score.container_table import ContainerScore, as_json, bars, table

START_US = 1_795_000_000_000_000
ONE: list[tuple[str, str]] = [("gate_in", "in1"), ("loaded", "sts1")]


def test_every_box_goes_all_the_way() -> None:
    """In from the ship and out by the gate, or the other way round; read by everybody, nothing is missing."""
    made = flow(1, START_US, 1.0, 1.0)
    assert {(box.events[0][0], box.events[-1][0]) for box in made.boxes} == {
        ("discharged", "gate_out"),
        ("gate_in", "loaded"),
    }
    assert all(box.read for box in made.boxes)
    assert len({box.number for box in made.boxes}) == len(made.boxes) > 50


def test_a_short_day_reaches_its_bars() -> None:
    """Every way of contradicting is put in once, and found."""
    score = ContainerScore()
    score.add(simulate("chancay", 1, 2.0, ()), "1")
    assert [bar.reached for bar in bars(score, clean=True)] == [True, True, True, True]
    assert score.inferred > 0
    assert score.conflicts == {(way.kind, way.name): [1, 1] for way in WAYS}


def test_conflicts_are_found_with_wrong_clocks_and_late_plugs() -> None:
    day = simulate("chancay", 2, 2.0, ("wrong_clocks", "late_plugs"))
    assert ([one.way for one, found in day.put_in if not found], day.invented) == ([], set())


def test_a_timeline_is_right_where_all_of_it_is() -> None:
    boxes = [TrueBox("A", [*ONE]), TrueBox("B", [*ONE], read=False), TrueBox("C", [*ONE])]  # type: ignore[list-item] # events are words
    put_in = TrueConflict("E", "two_plugs", "is on two plugs", 0, 0)
    day = ContainerDay(boxes, {"A": ONE, "B": ONE[:1], "C": ONE[::-1], "D": ONE[:1]}, facts=8)
    day.put_in, day.invented = [(put_in, True), (put_in, False)], {("A", "arrived_twice")}
    score = ContainerScore()
    score.add(day, "1")
    assert (score.all.true, score.all.missed, score.all.invented) == (3, 2, 1)
    assert (score.read.true, score.read.missed) == (2, 1)
    assert [bar.reached for bar in bars(score, clean=True)] == [False, False, False, False]
    assert [bar.what for bar in bars(score, clean=False)] == ["conflicts found", "conflicts invented, a box"]
    shown = table({"clean": score})
    assert "| boxes; timelines wrong | 3; 2 |" in shown
    assert "| conflicts invented | 1 arrived_twice |" in shown
    assert "| two_plugs | is on two plugs | 2 | 1 |" in shown
    assert as_json({"clean": score})["clean"]["wrong"] == 2


def test_a_conflict_is_found_by_its_kind_in_its_time() -> None:
    """What such a box shows afterwards follows from it; what it shows before, and what others show, was invented."""
    hour = 3_600_000_000
    day = ContainerDay([])
    there_were = [TrueConflict(box, "two_plugs", "is on two plugs", 10 * hour, 11 * hour) for box in "ABC"]
    found = [
        ("A", "two_plugs", 10),
        ("A", "seen_after_leaving", 20),
        ("B", "arrived_twice", 10),
        ("C", "two_plugs", 9),
        ("D", "two_plugs", 10),
    ]
    compare(there_were, [ContainerConflict("flow", box, kind, at * hour, None, "") for box, kind, at in found], day)  # type: ignore[arg-type] # kinds are words
    assert [(one.number, seen) for one, seen in day.put_in] == [("A", True), ("B", False), ("C", False)]
    assert day.invented == {("C", "two_plugs"), ("D", "two_plugs")}
