"""KPIs of reefers over windows, expected values by hand."""

from processing.facts.store import FactStore
from processing.kpi.explain import explain
from processing.kpi.table import BY_ID
from processing.kpi.view import look
from processing.model.facts import DeviceFact
from processing.model.level import LevelChange
from processing.model.times import MINUTE_US
from processing.reefers.facts import ReeferExcursion, ReeferOffPower, ReeferSilence

T0 = 472_000 * 60 * MINUTE_US
"""A full hour. [µs since 1970 UTC]"""


def at(minute: float) -> int:
    """A minute after T0. [µs since 1970 UTC]."""
    return T0 + round(minute * MINUTE_US)


def store(*facts: DeviceFact) -> FactStore:
    """A terminal with the plugs 41 and 42."""
    made = FactStore("demo")
    for fact in facts:
        made.put("", fact)
    return made


def value(facts: FactStore, kpi: str, minute: float, subject: str = "demo") -> float | None:
    """Over the main window that ends at a minute."""
    view = look(facts, subject, BY_ID[kpi].main, at(minute))
    assert view is not None
    return BY_ID[kpi].of(view)


def test_minutes_without_power_are_those_in_the_window() -> None:
    """Minutes 10 to 40 of one plug, from 50 on of another; the hour ends in 60, 90, 105, 160."""
    facts = store(ReeferOffPower(41, None, at(10), at(40)), ReeferOffPower(42, None, at(50), None))
    assert [value(facts, "reefer_off_power_min", minute) for minute in (5, 60, 90, 105, 160)] == [0, 40, 50, 55, 60]


def test_minutes_out_of_range_are_those_of_excursions() -> None:
    facts = store(
        ReeferExcursion(41, None, "supply", at(-30), at(20), 4.0, 2.0),
        ReeferExcursion(42, None, "return", at(50), None, -20.0, 3.0),
    )
    assert [value(facts, "reefer_out_of_range_min", minute) for minute in (0, 60, 110)] == [30, 30, 60]


def test_minutes_unknown_are_those_of_silence() -> None:
    """Of a silence that ended in minute 70 ten minutes lie in the hour that ended in 60."""
    facts = store(ReeferSilence(41, None, at(50), at(70)), ReeferSilence(42, None, at(0), at(6)))
    assert [value(facts, "reefer_unknown_min", minute) for minute in (60, 66, 140)] == [16, 16, 0]


def test_the_facts_behind_minutes_are_listed() -> None:
    off = [ReeferOffPower(42, "MNBU1000009", at(5), at(6)), ReeferOffPower(41, None, at(20), None)]
    view = look(
        store(*reversed(off), ReeferOffPower(41, None, at(-20), at(-10))),
        "demo",
        BY_ID["reefer_off_power_min"].main,
        at(60),
    )
    assert view is not None
    found = explain(BY_ID["reefer_off_power_min"], view)
    assert found.value == 41
    assert found.evidence.of(ReeferOffPower) == off


def test_machinery_that_runs_is_counted_by_its_last_level() -> None:
    facts = store(
        LevelChange(41, "running", at(0), 1.0),
        LevelChange(42, "running", at(5), 1.0),
        LevelChange(41, "running", at(10), 0.0),
    )
    assert [value(facts, "reefers_running", minute) for minute in (-1, 5, 10)] == [None, 2, 1]


def racked() -> FactStore:
    """Rack r1 has the plugs 41 and 42, r2 has 43; all have boxes from minute 0 on, 42 for half an hour only."""
    facts = store(
        *(LevelChange(plug, "plugged", at(0), 1.0) for plug in (41, 42, 43)),
        LevelChange(42, "plugged", at(30), 0.0),
        LevelChange(43, "unpowered", at(0), 1.0),
        ReeferExcursion(41, None, "supply", at(20), at(50), 4.0, 2.0),
        ReeferExcursion(43, None, "supply", at(48), None, 4.0, 2.0),
        ReeferSilence(41, None, at(45), at(55)),
        ReeferOffPower(43, None, at(40), None),
    )
    for plug, rack in ((41, "r1"), (42, "r1"), (43, "r2")):
        facts.put_rack(rack, plug)
    return facts


def test_the_share_out_of_range_leaves_out_what_was_not_heard() -> None:
    """Of r1, 60 and 30 min on plugs, 10 not heard: 25 of 80 min; of r2, 12 of 60; of the terminal 37 of 140."""
    facts = racked()
    shares = [value(facts, "reefer_out_of_range_share", 60, subject) for subject in ("r1", "r2", "demo")]
    assert shares == [31.25, 20.0, 26.428571]
    assert value(facts, "reefer_out_of_range_share", 600, "r1") == 0
    assert value(store(), "reefer_out_of_range_share", 60) is None


def test_a_rack_has_the_figures_of_its_plugs() -> None:
    facts = racked()
    found = {
        kpi: [value(facts, kpi, 60, subject) for subject in ("r1", "r2")]
        for kpi in ("reefers_plugged", "reefers_out_of_range", "reefers_unpowered", "reefer_off_power_min")
    }
    assert found == {
        "reefers_plugged": [1, 1],
        "reefers_out_of_range": [0, 1],
        "reefers_unpowered": [None, 1],
        "reefer_off_power_min": [0, 20],
    }
    view = look(facts, "r2", BY_ID["reefer_out_of_range_share"].main, at(60))
    assert view is not None
    made = explain(BY_ID["reefer_out_of_range_share"], view)
    assert made.filled == "100 × 12 min ÷ (60 min − 0 min) = 20 %"
    assert [one.device_id for one in made.evidence.levels] == [43]
    assert [one.device_id for one in made.evidence.of(ReeferExcursion)] == [43]
