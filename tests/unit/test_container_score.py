"""Boxes that flow through a simulated terminal, and how timelines are scored beside their ways."""

from simulators.boxes.flow import TrueBox, flow
from simulators.score.container_day import ContainerDay, simulate
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
    score = ContainerScore()
    score.add(simulate("chancay", 1, 1.0, ()), "1")
    assert [bar.reached for bar in bars(score, clean=True)] == [True, True, True]
    assert score.inferred > 0


def test_a_timeline_is_right_where_all_of_it_is() -> None:
    boxes = [TrueBox("A", [*ONE]), TrueBox("B", [*ONE], read=False), TrueBox("C", [*ONE])]  # type: ignore[list-item] # events are words
    day = ContainerDay(boxes, {"A": ONE, "B": ONE[:1], "C": ONE[::-1], "D": ONE[:1]}, conflicts=1, facts=8)
    score = ContainerScore()
    score.add(day, "1")
    assert (score.all.true, score.all.missed, score.all.invented) == (3, 2, 1)
    assert (score.read.true, score.read.missed, score.conflicts) == (2, 1, 1)
    assert [bar.reached for bar in bars(score, clean=True)] == [False, False, False]
    assert bars(score, clean=False) == []
    assert "| boxes; timelines wrong | 3; 2 |" in table({"clean": score})
    assert as_json({"clean": score})["clean"]["wrong"] == 2
