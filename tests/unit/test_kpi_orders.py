"""KPI samples do not depend on when things arrive, nor on what memory holds besides; times in minutes after T0."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processing.calls.attribution import Attribution
from processing.calls.call import Assignment, VesselCall
from processing.engine import Engine
from processing.gates.facts import GateTransaction
from processing.kpi.definition import KpiValue
from processing.kpi.windows import CALL
from processing.model.device import NEVER_US, Device
from processing.model.facts import Retracted
from processing.model.level import LevelChange
from processing.model.times import MINUTE_US
from processing.site.configuration import Sites
from tests.length import length
from tests.unit.test_crane_kpis import T0, at, call, move, stop, store, value, view

DAY = 24 * 60
Values = dict[tuple[str, str, str, int], float | None]
Change = Callable[[Engine], object]


@pytest.fixture(params=["summed", "kept"], autouse=True)
def _totals(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Totals of a terminal, once summed at each look and once kept up to date."""
    monkeypatch.setattr("processing.kpi.evaluator.MANY_CRANES", 10**6 if request.param == "summed" else 0)


def engine() -> Engine:
    """A terminal with the crane sts1, logged on since T0."""
    made = Engine(Sites())
    made.register(Device(1, "demo", "crane", "sts1", "STS", T0))
    made.evaluator("demo").advance(T0)
    made.restore([LevelChange(1, "logged_on", T0, 1.0)])
    return made


def go(made: Engine, minute: float) -> Values:
    """Samples that are stored when the terminal's now goes on to a minute, in the worker's order."""
    made.evaluator("demo").advance(at(minute))
    made.forget()
    return rows(made.kpis().samples)


def rows(samples: list[KpiValue]) -> Values:
    """By KPI, subject, window and minute."""
    return {(s.kpi, s.subject, s.window, round((s.time_us - T0) / MINUTE_US)): s.value for s in samples}


def _known(values: Values) -> Values:
    return {key: number for key, number in values.items() if number is not None}


def named(name: str, crane: str, begin: float, until: float | None, last_line: float | None = None) -> VesselCall:
    """A call of its own berth that a crane works."""
    plain = call((begin, until))
    assignments = (Assignment(crane, at(begin), None if until is None else at(until)),)
    return replace(
        plain,
        call_id=name,
        berth=f"berth-{name}",
        first_line_us=at(begin),
        all_fast_us=at(begin),
        last_line_us=None if last_line is None else at(last_line),
        assignments=assignments,
    )


def test_a_crane_that_has_not_begun_its_call_has_samples_whatever_it_does_later() -> None:
    """Boxes are 0 at the quarters before the first move, which is not known then."""
    made = engine()
    made.announce_call(named("v1", "sts1", 20, None))
    values: Values = {}
    for minute in range(1, 46):
        values |= go(made, minute)
    made.restore([move(50)])
    go(made, 60)
    recomputed = rows(made.evaluator("demo").recompute("move", "sts1", at(0), at(45)))
    for minute in (30, 45):
        key = ("boxes", "sts1", "call", minute)
        assert values.get(key) == recomputed[key], key


def test_an_open_call_holds_its_crane_for_96_hours() -> None:
    """Afterwards it depends on nothing whether the call is still in memory."""
    known = Attribution([named("v1", "sts1", 0, None)])
    assert known.assigned("sts1", at(0), at(200 * 60)) == [(at(0), at(96 * 60))]


def test_a_call_within_a_longer_one_keeps_its_moves() -> None:
    """The crane worked b from hour 10 to 20 of a; what b's windows need no more, a's still do."""
    made = engine()
    made.announce_call(named("a", "sts1", 0, None))
    made.announce_call(named("b", "sts1", 600, 1_200, 1_200))
    made.restore([move(300), move(900), move(1_500)])
    counted = []
    for hour in (30, 60, 90):
        go(made, hour * 60)
        counted.append(view(made.evaluator("demo").store, hour * 60, window=CALL, subject="a").activity.boxes)
    assert counted == [2, 2, 2]


def test_after_a_long_silence_calls_of_before_have_all_their_samples() -> None:
    """Nothing is heard for five days: what is too old for memory is noted for calls that have ended since, too."""
    made = engine()
    made.announce_call(named("v1", "sts1", 5, 100, 120))
    go(made, 40)
    made.evaluator("demo").advance(at(5 * DAY))
    made.forget()
    noted = {(one.subject, one.fact): one.since_us for one in made.kpis().stale}
    assert noted["v1", "move"] <= at(41)
    assert noted["berth-v1", "move"] <= at(41)


def test_a_late_move_after_the_last_line_is_counted() -> None:
    """It belongs to the call for ten minutes more, and the sample of the whole is the one after."""
    first, late = engine(), engine()
    for made in (first, late):
        made.announce_call(named("v1", "sts1", 5, None, 61))
    first.restore([move(65)])
    values = go(first, 76)
    before = go(late, 76)
    late.restore([move(65)])
    assert _known(before | go(late, 77)) == _known(values | go(first, 77))


def test_another_berth_has_the_samples_of_the_call() -> None:
    """And the one before has none any more."""
    made = engine()
    made.announce_call(named("v1", "sts1", 5, None))
    made.restore([move(10)])
    values = go(made, 46)
    assert _known(values)["boxes", "berth-v1", "call", 45] == 1
    made.announce_call(replace(named("v1", "sts1", 5, None), berth="b2"))
    values |= go(made, 47)
    assert values["boxes", "b2", "call", 45] == 1
    assert [key for key in _known(values) if key[1] == "berth-v1"] == []


def test_a_withdrawn_call_leaves_no_samples() -> None:
    made = engine()
    made.announce_call(named("v1", "sts1", 5, None))
    made.restore([move(10)])
    values = go(made, 46)
    made.withdraw_call("demo", "v1")
    values |= go(made, 47)
    assert [key for key in _known(values) if key[1] in ("v1", "berth-v1")] == []


def test_a_removed_subject_leaves_tombstones_after_a_restart_too() -> None:
    """Nobody knows then what was published before: every window of call and berth."""
    made = engine()
    made.announce_call(named("v1", "sts1", 5, None))
    made.withdraw_call("demo", "v1")
    tombstones = {(one.subject, one.kpi, one.window, one.main) for one in made.kpis().live if one.tombstone}
    assert ("v1", "boxes", "call", True) in tombstones
    assert ("berth-v1", "boxes", "call", True) in tombstones
    assert ("berth-v1", "boxes", "day", False) in tombstones


def test_a_delay_that_is_no_delay_is_use_of_the_crane() -> None:
    facts = store([move(10)], [stop(20, 32, "ship")])
    assert value(facts, "utilisation", 60) == 0.8
    facts.cranes["sts1"].edits[at(20)] = "working"
    assert value(facts, "utilisation", 60) == 1.0


def test_the_end_of_a_long_delay_changes_no_samples_of_before() -> None:
    """A crane that stood over the weekend begins to work: nothing of the days before is to be recomputed."""
    made = engine()
    made.restore([stop(60, None, "not_assigned")])
    hours = length(20, 60)
    for hour in range(2, hours + 2, 2):
        go(made, hour * 60)
    made.restore([stop(60, hours * 60 + 5, "not_assigned")])
    made.evaluator("demo").advance(at(hours * 60 + 10))
    assert made.kpis().stale == []


def test_a_crane_that_turns_out_to_be_a_yard_crane_leaves_the_terminal() -> None:
    """Its name shows nothing, its status does: samples of minutes before are recomputed."""
    made = engine()
    made.restore([move(10)])
    assert go(made, 30)["boxes", "demo", "PT1H", 30] == 1
    made.register(Device(1, "demo", "crane", "sts1", "ARMG", T0))
    assert go(made, 31)["boxes", "demo", "PT1H", 30] is None


def _late(change: Change) -> tuple[Values, Values]:
    """Samples up to minute 91: of a change that comes before all looks, and of one that comes after the first."""
    first, late = engine(), engine()
    change(first)
    before = go(late, 76)
    change(late)
    return _known(go(first, 91)), _known(before | go(late, 91))


def test_a_late_delay_of_an_idle_crane_has_samples_of_all_kpis_of_its_work() -> None:
    """A crane that only stood still moved 0 boxes: where nothing else happens, the delay makes that a sample."""
    first, late = _late(lambda made: made.restore([stop(5, 85, "wind")]))
    assert (first["lifts", "sts1", "PT1H", 60], first["lifts", "demo", "shift", 75]) == (0, 0)
    assert late == first


def test_a_delay_that_is_retracted_takes_these_samples_along() -> None:
    made = engine()
    delay = stop(5, 85, "wind")
    made.restore([delay])
    values = go(made, 76)
    made.amend(1, [Retracted(delay)], at(5), T0)
    values |= go(made, 91)
    assert [key for key in _known(values) if key[0] == "lifts"] == []


@settings(max_examples=length(5, 300))
@given(st.integers(1, 45), st.sampled_from((2, 10, 34, None)), st.sampled_from((2, 30, None)), st.booleans())
def test_versions_of_a_delay_leave_the_samples_of_the_last(
    began: int, lasted: int | None, lasted_before: int | None, stated: bool
) -> None:
    """The idle crane's delay was reported with another end or cause, or not at all, when samples were made first."""
    first, late = engine(), engine()
    if lasted_before is not None:
        late.restore([stop(began, began + lasted_before, "ship")])
    values = go(late, 46)
    for made in (first, late):
        made.restore([stop(began, None if lasted is None else began + lasted, "wind")])
        if stated:
            made.updater("demo").edit("sts1", at(began), "lashing")
    assert _known(values | go(late, 61)) == _known(go(first, 61))


@pytest.mark.parametrize("assigned", [True, False])
def test_a_call_that_is_announced_late_has_samples_of_all_kpis_of_its_work(assigned: bool) -> None:
    """At a terminal where nothing moves, with its crane or without one."""
    plain = named("v1", "sts1", 20, 50, 50)
    first, late = _late(lambda made: made.announce_call(plain if assigned else replace(plain, assignments=())))
    assert first["lifts", "demo", "PT1H", 75] == 0
    assert late == first


def test_a_call_that_is_withdrawn_takes_the_samples_of_an_idle_terminal_along() -> None:
    made = engine()
    made.announce_call(replace(named("v1", "sts1", 20, 50, 50), assignments=()))
    values = go(made, 76)
    made.withdraw_call("demo", "v1")
    values |= go(made, 91)
    assert [key for key in _known(values) if key[0] == "lifts"] == []


def test_a_passage_that_is_retracted_leaves_a_note_at_once() -> None:
    """A worker that is killed after that is written must not forget whose KPIs change."""
    made = engine()
    made.register(Device(2, "demo", "gate", "in1", "GATE", T0))
    passage = GateTransaction(2, at(5), at(5), at(6), "in", "v1", None, False, (), None)
    made.amend(2, [passage], at(5), T0)
    go(made, 30)
    made.amend(2, [Retracted(passage)], at(5), T0)
    noted = {(one.fact, one.subject, one.since_us) for one in made.changed()}
    assert noted == {("visit", "demo", at(6)), ("transaction", "demo", at(6)), ("transaction", "in1", at(6))}


def test_a_first_sample_that_came_late_to_a_killed_worker_leaves_a_note() -> None:
    """The next worker knows from the start since when the devices are there; samples of KPIs from then on are not."""
    made = engine()
    made.register(Device(2, "demo", "gate", "in1", "GATE", T0))
    go(made, 30)
    made.amend(1, [], T0, T0)
    made.amend(2, [], T0, T0)
    noted = {(one.fact, one.subject, one.since_us) for one in made.changed()}
    assert {("move", "sts1", T0), ("stop", "sts1", T0), ("visit", "demo", T0)} <= noted


def test_where_later_samples_are_in_doubt_the_first_one_leaves_no_note() -> None:
    made = engine()
    go(made, 30)
    made.amend(1, [], at(5), T0)
    assert made.changed() == []


def test_a_lane_that_has_sent_nothing_has_no_values() -> None:
    """It is registered by its status alone: its terminal has no time yet, so nothing is published or stored of it."""
    made = Engine(Sites())
    made.register(Device(2, "demo", "gate", "in1", "LANE", NEVER_US))
    made.tick(T0)
    made.forget()
    found = made.kpis(everything=True)
    assert (found.samples, found.live, found.stale) == ([], [], [])
