"""KPI values and their samples, expected values by hand."""

import random
from dataclasses import replace

from processing.calls.call import VesselCall
from processing.cranes.facts import CraneMove, MoveKind
from processing.engine import Engine
from processing.facts.cranes import CraneFacts
from processing.facts.store import FactStore
from processing.kpi.evaluator import KpiEvaluator
from processing.kpi.evidence import Evidence
from processing.kpi.explain import explain
from processing.kpi.subjects import BERTH, CRANE, KINDS, TERMINAL, VESSEL_CALL, kind_of, subjects, subjects_of
from processing.kpi.table import BY_ID, KPIS
from processing.kpi.terms.table import TERMS
from processing.kpi.view import look
from processing.model.device import Device
from processing.model.level import LevelChange, LevelName
from processing.model.timeline import Timeline
from processing.reefers.facts import ReeferExcursion
from processing.site.configuration import Sites
from tests.unit.gate_signals import visit_of

MINUTE = 60_000_000
HOUR = 60 * MINUTE
T0 = 472_000 * HOUR


def move(minute: float, kind: MoveKind = "discharge", boxes: int = 1, device_id: int = 1) -> CraneMove:
    """A move unlocked at a minute, locked a minute before."""
    at = T0 + round(minute * MINUTE)
    return CraneMove(
        device_id,
        None,
        at - MINUTE,
        at - 50_000_000,
        at - 5_000_000,
        at,
        kind,
        boxes,
        boxes * 1.0,
        False,
        1.0,
        None,
        None,
        None,
        None,
        None,
        boxes == 2,
        (),
        None,
        None,
        None,
    )


def store() -> FactStore:
    """A terminal with one quay crane seen since T0 and one yard crane."""
    made = FactStore("demo")
    made.cranes["sts1"] = CraneFacts(1, yard=False, first_seen_us=T0)
    made.cranes["armg1"] = CraneFacts(2, yard=True, first_seen_us=T0)
    return made


def value(facts: FactStore, kpi: str, subject: str, minute: float) -> float | None:
    """A KPI's value at a minute after T0."""
    view = look(facts, subject, BY_ID[kpi].main, T0 + round(minute * MINUTE))
    return None if view is None else BY_ID[kpi].of(view)


def test_boxes_counts_what_is_a_box_move() -> None:
    """Twin counts two; a re-handle of a quay crane does not count, a yard crane's does not count for the terminal."""
    facts = store()
    for m in (move(5), move(10, "load", 2), move(15, "shift"), move(20, "rehandle"), move(25, "hatch_cover")):
        facts.cranes["sts1"].put(m)
    facts.cranes["armg1"].put(move(12, "rehandle", device_id=2))
    assert value(facts, "boxes", "sts1", 30) == 4.0
    assert value(facts, "boxes", "armg1", 30) == 1.0
    assert value(facts, "boxes", "demo", 30) == 4.0
    assert value(facts, "boxes", "demo", 69) == 3.0, "the first box left the hour"


def test_gross_crane_rate_is_boxes_per_logged_on_hour() -> None:
    """Ten boxes in 24 of 30 minutes logged on are 25 an hour; delays are not subtracted."""
    facts = store()
    for minute in range(1, 11):
        facts.cranes["sts1"].put(move(minute * 2))
    for minute, on in ((0, 1.0), (10, 0.0), (16, 1.0)):
        facts.put_level(LevelChange(1, "logged_on", T0 + minute * MINUTE, on))
    assert value(facts, "gross_crane_rate", "sts1", 30) == 25.0


def test_gross_crane_rate_counts_from_the_first_sample_without_log_ons() -> None:
    """Five boxes in the first quarter of an hour of a crane that reports no log-on."""
    facts = store()
    for minute in range(1, 6):
        facts.cranes["sts1"].put(move(minute * 2))
    assert value(facts, "gross_crane_rate", "sts1", 15) == 20.0
    assert value(facts, "gross_crane_rate", "sts1", 0.5) is None, "half a minute means nothing"


def test_a_first_log_on_changes_no_earlier_window() -> None:
    """A sample recomputed later, with all facts at hand, is the one that was made at the time."""
    facts = store()
    for minute in range(1, 6):
        facts.cranes["sts1"].put(move(minute * 2))
    facts.put_level(LevelChange(1, "logged_on", T0 + 20 * MINUTE, 1.0))
    assert value(facts, "gross_crane_rate", "sts1", 15) == 20.0
    assert value(facts, "gross_crane_rate", "sts1", 30) == 30.0


def test_median_cycle_time_leaves_pauses_out() -> None:
    """Unlocks at 0, 2, 5, 9 and, after a pause, 55 min: cycles of 2, 3 and 4 min."""
    facts = store()
    for minute in (0.5, 2.5, 5.5, 9.5, 55.5):
        facts.cranes["sts1"].put(move(minute))
    assert value(facts, "median_cycle_time", "sts1", 59) == 180.0


def test_turn_times_are_median_and_p90_of_completed_visits() -> None:
    """Eleven visits of 20, 22 … 40 minutes: median 30, p90 38."""
    facts = store()
    assert value(facts, "trucks_in_terminal", "demo", 61) is None, "no gate has been heard of"
    facts.gates_since_us = T0
    for n in range(11):
        left = T0 + (50 + n) * MINUTE
        facts.visits.put(visit_of(f"V{n}", left - (20 + 2 * n) * MINUTE, left))
    facts.visits.put(visit_of("V99", T0 + 55 * MINUTE, None))
    facts.visits.put(visit_of("V98", T0 + 54 * MINUTE, None, reason="entered_again"))
    assert value(facts, "truck_turn_time_median", "demo", 61) == 30.0
    assert value(facts, "truck_turn_time_p90", "demo", 61) == 38.0
    assert value(facts, "trucks_in_terminal", "demo", 61) == 1.0
    assert value(facts, "trucks_in_terminal", "demo", 54) == 6.0, "visits leaving from minute 55 on were inside"


def test_reefers_are_counted_by_their_last_level() -> None:
    """Three plugs, one of them emptied, one without power; one excursion from minute 10 to 40."""
    facts = store()
    for device_id in (11, 12, 13):
        facts.put_level(LevelChange(device_id, "plugged", T0, 1.0))
    facts.put_level(LevelChange(13, "plugged", T0 + 20 * MINUTE, 0.0))
    facts.put_level(LevelChange(12, "unpowered", T0 + 5 * MINUTE, 1.0))
    facts.put("plug", ReeferExcursion(11, None, "supply", T0 + 10 * MINUTE, T0 + 40 * MINUTE, 4.0, 2.0))
    assert [value(facts, "reefers_plugged", "demo", m) for m in (10, 30)] == [3.0, 2.0]
    assert [value(facts, "reefers_unpowered", "demo", m) for m in (4, 30)] == [None, 1.0]
    assert [value(facts, "reefers_out_of_range", "demo", m) for m in (5, 30, 40)] == [0.0, 1.0, 0.0]


def test_explanations_of_gauges_list_their_facts() -> None:
    """Plugs 11 and 12 with reefers, 12 without power since minute 5; two lanes; a truck inside and one that left."""
    facts = store()
    facts.gates_since_us = T0
    changes: list[tuple[int, LevelName, int, float]] = [
        (11, "plugged", 0, 1.0),
        (12, "plugged", 2, 1.0),
        (13, "plugged", 40, 1.0),
        (12, "unpowered", 5, 1.0),
        (21, "queue_length", 1, 2.0),
        (21, "queue_length", 3, 1.0),
        (22, "queue_length", 2, 4.0),
    ]
    for device_id, name, minute, number in changes:
        facts.put_level(LevelChange(device_id, name, T0 + minute * MINUTE, number))
    facts.put("plug", ReeferExcursion(11, None, "supply", T0 + 10 * MINUTE, T0 + 40 * MINUTE, 4.0, 2.0))
    facts.put("plug", ReeferExcursion(12, None, "supply", T0 + 3 * MINUTE, T0 + 20 * MINUTE, 4.0, 2.0))
    facts.visits.put(visit_of("V1", T0 + 4 * MINUTE, None))
    facts.visits.put(visit_of("V2", T0 + 2 * MINUTE, T0 + 25 * MINUTE))

    def found(kpi: str) -> Evidence:
        view = look(facts, "demo", BY_ID[kpi].main, T0 + 30 * MINUTE)
        assert view is not None
        return explain(BY_ID[kpi], view).evidence

    def levels(kpi: str) -> list[tuple[int, int, float]]:
        return [(one.device_id, (one.time_us - T0) // MINUTE, one.value) for one in found(kpi).levels]

    assert levels("gate_queue_length") == [(22, 2, 4.0), (21, 3, 1.0)]
    assert levels("reefers_plugged") == [(11, 0, 1.0), (12, 2, 1.0)]
    assert levels("reefers_unpowered") == [(12, 5, 1.0)]
    assert [one.device_id for one in found("reefers_out_of_range").of(ReeferExcursion)] == [11]
    assert [one.visit for one in found("trucks_in_terminal").visits] == ["V1"]
    assert [one.visit for one in found("truck_turn_time_median").visits] == ["V2"]


def test_of_subjects_with_one_name_the_first_kind_counts() -> None:
    """A call that is named like a crane, and a berth like another call, are not subjects of their own."""
    facts = store()
    plain = VesselCall("demo", "v1", None, "b1", None, None, None, None, None, None, None, ())
    for call_id, berth in (("v1", "b1"), ("sts1", "v1")):
        facts.put_call(replace(plain, call_id=call_id, berth=berth))
    expected = {"demo": TERMINAL, "sts1": CRANE, "armg1": CRANE, "b1": BERTH, "v1": BERTH}
    assert subjects(facts) == expected
    assert {name: kind_of(facts, name) for name in expected} == expected
    by_kind = [subjects_of(facts, kind) for kind in (TERMINAL, CRANE, BERTH, VESSEL_CALL)]
    assert by_kind == [["demo"], ["sts1", "armg1"], ["b1", "v1"], []]
    assert kind_of(facts, "v2") is None
    assert [kind for kind in KINDS if kind.tombstones] == [BERTH, VESSEL_CALL]


def test_every_kpi_has_evidence() -> None:
    """Each is made of at least one term that names the collector of its facts."""
    for kpi in KPIS:
        assert any(TERMS[name].evidence for name in kpi.terms), kpi.id


def test_a_timeline_integrates_and_forgets() -> None:
    """On from 0 to 10 and from 30: 15 of the minutes 5 to 40."""
    line = Timeline()
    for minute, on in ((30, 1.0), (0, 1.0), (10, 0.0)):
        line.put(minute, on)
    assert line.held_us(5, 40) == 15
    line.forget(20)
    assert (line.at(20), line.at(35)) == (0.0, 1.0)


def samples_of(facts: list[CraneMove], late: bool) -> dict[tuple[str, str, str, int], float | None]:
    """KPI samples of an engine that receives facts minute by minute, or in random order at the end.

    Nothing is stored where there is no value every minute.
    """
    engine = Engine(Sites())
    engine.register(Device(1, "demo", "crane", "sts1", "STS", T0))
    evaluator: KpiEvaluator = engine.evaluator("demo")
    evaluator.advance(T0)
    samples: dict[tuple[str, str, str, int], float | None] = {}
    arrived = sorted(facts, key=lambda f: f.unlocked_us)
    if late:
        random.Random(4).shuffle(arrived)
    for minute in range(1, 91):
        now = T0 + minute * MINUTE
        due = (
            arrived
            if late and minute == 90
            else []
            if late
            else [f for f in arrived if now - MINUTE <= f.unlocked_us < now]
        )
        engine.restore(due)
        evaluator.advance(now)
        samples |= {(k.kpi, k.subject, k.window, k.time_us): k.value for k in engine.kpis().samples}
    return {key: value for key, value in samples.items() if value is not None}


def test_late_facts_give_the_same_samples() -> None:
    """Samples of full minutes depend on the facts, not on when they arrived."""
    facts = [move(3 * n + 0.5) for n in range(1, 29)]
    in_time, late = samples_of(facts, late=False), samples_of(facts, late=True)
    assert in_time == late
    assert in_time["boxes", "sts1", "PT1H", T0 + 60 * MINUTE] == 19.0
    assert in_time["boxes", "demo", "PT1H", T0 + 90 * MINUTE] == 19.0
    assert in_time["boxes", "sts1", "day", T0 + 90 * MINUTE] == 28.0


def test_live_values_are_published_when_they_change() -> None:
    """The same value is not published twice; a new box is."""
    engine = Engine(Sites())
    engine.register(Device(1, "demo", "crane", "sts1", "STS", T0))
    engine.restore([move(1)])
    engine.evaluator("demo").advance(T0 + 2 * MINUTE)
    published = engine.kpis().live
    assert ("boxes", "sts1", 1.0) in [(k.kpi, k.subject, k.value) for k in published if k.main]
    published += [value for _ in range(3) for value in engine.kpis().live]
    assert {k.window for k in published} == {"PT1H", "shift", "day"}, "longer windows take their turn"
    assert engine.kpis().live == []
    engine.restore([move(1.5)])
    assert ("boxes", "sts1", 2.0) in [(k.kpi, k.subject, k.value) for k in engine.kpis().live]


def test_live_values_that_are_not_asked_for_wait() -> None:
    """A worker that catches up asks for samples with every batch, and for live values now and then."""
    engine = Engine(Sites())
    engine.register(Device(1, "demo", "crane", "sts1", "STS", T0))
    engine.evaluator("demo").advance(T0)
    engine.restore([move(1)])
    engine.evaluator("demo").advance(T0 + 2 * MINUTE)
    waiting = engine.kpis(live=False)
    assert waiting.live == []
    assert ("boxes", "sts1", 1.0) in [(k.kpi, k.subject, k.value) for k in waiting.samples]
    assert ("boxes", "sts1", 1.0) in [(k.kpi, k.subject, k.value) for k in engine.kpis().live]


def many(cranes: int, minute: int = 2) -> Engine:
    """An engine at a minute with so many cranes, each with a move in minute 1; all values are published."""
    engine = Engine(Sites())
    for n in range(cranes):
        engine.register(Device(n, "demo", "crane", f"sts{n}", "STS", T0))
    engine.restore([move(1, device_id=n) for n in range(cranes)])
    engine.evaluator("demo").advance(T0 + minute * MINUTE)
    engine.evaluator("demo").forget_changes()  # samples of the minutes before are not the point
    engine.kpis(everything=True)
    return engine


def emptied(engine: Engine) -> list[str]:
    """Subjects that had boxes in the hour, and have none now."""
    return [k.subject for k in engine.kpis().live if k.kpi == "boxes" and k.window == "PT1H" and k.value == 0.0]


def test_windows_change_with_time_alone() -> None:
    """An hour later the moves have left the window: each of ten cranes is looked at within five seconds."""
    engine = many(10, 60)
    engine.evaluator("demo").advance(T0 + 62 * MINUTE)
    assert emptied(engine) == []
    found = []
    for second in range(5):
        engine.tick(T0 + 62 * MINUTE + second * 1_000_000)
        found.append(emptied(engine))
    assert all(len(some) <= 3 for some in found), "a fifth of eleven subjects at once"
    assert sorted(name for some in found for name in some) == sorted(["demo", *(f"sts{n}" for n in range(10))])


def test_many_cranes_take_more_turns() -> None:
    """Of 550 cranes and the terminal a hundred at once."""
    engine = many(550, 60)
    engine.evaluator("demo").advance(T0 + 62 * MINUTE)
    found = []
    for second in range(6):
        engine.tick(T0 + 62 * MINUTE + second * 1_000_000)
        found.append(len(emptied(engine)))
    assert found == [100] * 5 + [51]


def test_with_many_cranes_the_terminal_does_not_wait() -> None:
    """Each move changes the value of the terminal at once."""
    engine = many(500)

    def boxes() -> list[float | None]:
        live = engine.kpis().live
        return [k.value for k in live if (k.kpi, k.subject, k.window) == ("boxes", "demo", "PT1H")]

    engine.tick(T0 + 2 * MINUTE)
    assert boxes() == []
    engine.restore([move(1.5, device_id=7)])
    assert boxes() == [501.0]
    engine.restore([move(1.6, device_id=8)])
    assert boxes() == [502.0]
    assert boxes() == []


def test_every_kpi_is_evaluated_for_something_and_cites_its_source() -> None:
    """Rows of the table are complete, ids unique."""
    assert len(BY_ID) == len(KPIS)
    assert all(kpi.subjects and kpi.source and kpi.formula and kpi.unit for kpi in KPIS)
