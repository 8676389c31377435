"""KPIs of cranes and vessel calls, and their explanations; expected values by hand."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from processing.calls.call import Assignment, VesselCall
from processing.cranes.facts import CraneDelay, CraneMove, DelayCause, MoveKind
from processing.engine import Engine
from processing.facts.cranes import CraneFacts
from processing.facts.store import FactStore
from processing.kpi.explain import explain
from processing.kpi.table import BY_ID
from processing.kpi.view import View, look
from processing.kpi.windows import CALL, DAY, HOUR, SHIFT, Window
from processing.model.device import Device
from processing.model.level import LevelChange
from processing.site.configuration import Sites
from tests.length import length

MINUTE = 60_000_000
HOUR_US = 60 * MINUTE
T0 = 20_000 * 24 * HOUR_US
"""A midnight, UTC."""


def at(minute: float) -> int:
    """A time in minutes after T0. [µs since 1970 UTC]."""
    return T0 + round(minute * MINUTE)


def move(
    minute: float,
    kind: MoveKind = "discharge",
    *,
    boxes: int = 1,
    began: float | None = None,
    waited_s: tuple[float, float] = (0.0, 0.0),
    energy_kwh: float | None = None,
) -> CraneMove:
    """A move unlocked at a minute: locked 60 s before, lifted after 5 s, landed 10 s before the unlock."""
    end = at(minute)
    return CraneMove(
        device_id=1,
        began_us=None if began is None else at(began),
        locked_us=end - 60_000_000,
        lifted_us=end - 55_000_000,
        landed_us=end - 10_000_000,
        unlocked_us=end,
        kind=kind,
        boxes=boxes,
        teu=2.0,
        from_trolley_m=None,
        to_trolley_m=None,
        gantry_m=None,
        peak_load_t=None,
        size_ft=40,
        twin=boxes == 2,
        container_ids=(),
        energy_kwh=energy_kwh,
        waited_empty_s=waited_s[0],
        waited_laden_s=waited_s[1],
        inferred=False,
        confidence=1.0,
    )


def stop(began: float, ended: float | None, cause: DelayCause) -> CraneDelay:
    """A stop from minute to minute."""
    return CraneDelay(1, at(began), None if ended is None else at(ended), cause)


def store(moves: list[CraneMove], stops: list[CraneDelay] | None = None, logged_from: float = 0) -> FactStore:
    """A terminal with the crane sts1, logged on from a minute on."""
    made = FactStore("demo")
    made.cranes["sts1"] = CraneFacts(1, yard=False, first_seen_us=T0 - 24 * HOUR_US)
    made.put_level(LevelChange(1, "logged_on", T0 - 24 * HOUR_US, 0.0))
    made.put_level(LevelChange(1, "logged_on", at(logged_from), 1.0))
    for one in moves:
        made.cranes["sts1"].put(one)
    for delay in stops or []:
        made.cranes["sts1"].put_delay(delay)
    return made


def call(assigned: tuple[float, float | None], **fields: Any) -> VesselCall:
    """A call at berth b1 that sts1 works."""
    until = None if assigned[1] is None else at(assigned[1])
    plain = VesselCall(
        terminal="demo",
        call_id="v1",
        vessel="QUAY PIONEER",
        berth="b1",
        first_line_us=at(0),
        all_fast_us=at(0),
        last_line_us=None,
        planned_completion_us=None,
        planned_discharge=None,
        planned_load=None,
        planned_shift=None,
        assignments=(Assignment("sts1", at(assigned[0]), until),),
    )
    return replace(plain, **fields)


def view(facts: FactStore, minute: float, window: Window = HOUR, subject: str = "sts1") -> View:
    """A window that ends at a minute."""
    found = look(facts, subject, window, at(minute))
    assert found is not None
    return found


def value(facts: FactStore, kpi: str, minute: float, window: Window = HOUR, subject: str = "sts1") -> float | None:
    """A KPI's value."""
    return BY_ID[kpi].of(view(facts, minute, window, subject))


def test_net_rate_leaves_out_what_is_deducted() -> None:
    """20 boxes in 60 min: a breakdown of 12 min and a gear cycle of 3 min go off: 20 in 45 min are 26.666667."""
    moves = [move(1 + 2 * n, boxes=2) for n in range(10)]
    gear = move(40, "gear", boxes=0, began=37)
    facts = store([*moves, gear], [stop(22, 34, "breakdown")])
    assert value(facts, "gross_crane_rate", 60) == 20.0
    assert value(facts, "net_crane_rate", 60) == 26.666667


def test_a_cause_that_a_person_stated_counts_instead() -> None:
    """The signals show a breakdown, a person states that the crane was not even assigned: nothing is left out."""
    facts = store([move(10)], [stop(22, 34, "breakdown")])
    assert value(facts, "idle_breakdown_minutes", 60) == 12.0
    facts.cranes["sts1"].edits[at(22)] = "not_assigned"
    assert value(facts, "net_crane_rate", 60) == 1.0
    assert value(facts, "idle_breakdown_minutes", 60) == 0.0
    facts.cranes["sts1"].edits[at(22)] = "stowage_change"
    assert value(facts, "idle_said_minutes", 60) == 12.0
    assert value(facts, "net_crane_rate", 60) == 1.25


def test_a_value_is_final_once_all_causes_are_stated() -> None:
    """Provisional while a delay lasts, and until somebody has stated its cause."""
    facts = store([move(10)], [stop(22, 34, "breakdown"), stop(50, None, "ship")])
    assert not view(facts, 60).activity.final
    facts.cranes["sts1"].edits[at(22)] = "breakdown"
    assert view(facts, 50).activity.final, "the second stop has not begun"
    assert not view(facts, 60).activity.final
    facts.cranes["sts1"].edits[at(50)] = "ship"
    assert not view(facts, 60).activity.final, "it lasts"
    facts.cranes["sts1"].put_delay(stop(50, 58, "ship"))
    assert view(facts, 60).activity.final


def test_failures_and_availability() -> None:
    """One of two breakdowns began in the hour; 6 + 12 of 60 minutes were down: 42 min a failure, 3 moves a failure."""
    moves = [move(10), move(20), move(55)]
    facts = store(moves, [stop(-10, 6, "breakdown"), stop(22, 34, "breakdown"), stop(40, 43, "waiting_transport")], -60)
    assert value(facts, "availability", 60) == 0.7
    assert value(facts, "utilisation", 60) == 0.65
    assert value(facts, "mtbf", 60) == 0.7
    assert value(facts, "mmbf", 60) == 3.0
    assert value(facts, "idle_minutes", 60) == 21.0
    assert value(store(moves), "mtbf", 60) is None, "nothing broke down"


def test_parts_of_a_cycle() -> None:
    """Minute 10 to 12.5: 90 s to the lock, 20 of them waiting; 5 + 10 s positioning; 45 s laden, 15 of them waiting."""
    facts = store([move(12.5, began=10, waited_s=(20.0, 15.0))])
    assert value(facts, "empty_travel_median", 60) == 70.0
    assert value(facts, "positioning_median", 60) == 15.0
    assert value(facts, "laden_travel_median", 60) == 30.0
    assert value(facts, "waiting_median", 60) == 35.0
    assert value(facts, "waiting_p90", 60) == 35.0


def test_twin_and_dual_cycles() -> None:
    """Load, discharge, load, discharge, discharge: two pairs in five moves are two dual cycles of three."""
    kinds: list[MoveKind] = ["load", "discharge", "load", "discharge", "discharge"]
    facts = store([move(5 * n + 5, kind, boxes=1 + (n == 0)) for n, kind in enumerate(kinds)])
    assert value(facts, "dual_cycle_share", 60) == round(2 / 3, 6)
    assert value(facts, "twin_ratio", 60) == 0.2
    assert value(facts, "lifts", 60) == 5.0
    assert value(facts, "boxes", 60) == 6.0


def test_energy_per_move_is_of_known_moves() -> None:
    """A counter that was reset is left out."""
    facts = store([move(5, energy_kwh=4.0), move(10, energy_kwh=6.5), move(15)])
    assert value(facts, "energy_per_move", 60) == 5.25


def test_allocated_is_assigned_where_a_call_has_assignments() -> None:
    """Ten boxes in an hour logged on, assigned for 30 minutes of it: 20 an hour; productivity stays 10."""
    facts = store([move(3 + 2 * n) for n in range(10)])
    assert value(facts, "gross_crane_rate", 60) == 10.0
    facts.put_call(call((0, 30)))
    assert value(facts, "gross_crane_rate", 60) == 20.0
    assert value(facts, "crane_productivity", 60) == 10.0


def test_a_shift_and_a_day_begin_by_the_clock() -> None:
    """Shifts begin at 0, 8 and 16 h; at the end of one it is meant, a moment later the next."""
    facts = store([move(30), move(9 * 60)])
    assert value(facts, "boxes", 480, SHIFT) == 1.0
    assert value(facts, "boxes", 540, SHIFT) == 1.0
    assert value(facts, "boxes", 540, DAY) == 2.0
    assert value(facts, "boxes", 24 * 60, DAY) == 2.0
    assert value(facts, "boxes", 24 * 60 + 1, DAY) == 0.0


def vessel() -> FactStore:
    """60 boxes planned; 20 moved from minute 21 to 59, by one crane assigned from minute 20 on; all fast at 0."""
    facts = store([move(21 + 2 * n) for n in range(20)])
    facts.put_call(call((20, 140), planned_discharge=40, planned_load=20, planned_completion_us=at(140)))
    return facts


def test_a_call_while_it_lasts() -> None:
    """After an hour: 20 of 60; 20 an hour alongside; worked 39 min; 40 min of crane time; even pace: 20 by now."""
    facts = vessel()
    values = {
        kpi: value(facts, kpi, 60, CALL, "v1")
        for kpi in (
            "boxes",
            "gross_berth_productivity",
            "net_berth_productivity",
            "gross_crane_rate",
            "crane_intensity",
            "moves_remaining",
            "ahead_of_plan",
            "tos_difference",
        )
    }
    assert values == {
        "boxes": 20.0,
        "gross_berth_productivity": 20.0,
        "net_berth_productivity": round(20 / (39 / 60), 6),
        "gross_crane_rate": 30.0,
        "crane_intensity": round(40 / 39, 6),
        "moves_remaining": 40.0,
        "ahead_of_plan": 0.0,
        "tos_difference": None,
    }
    facts.listed["v1"] = 18
    assert value(facts, "tos_difference", 60, CALL, "v1") == 2.0


def test_completion_is_predicted_by_the_pace_of_two_hours() -> None:
    """20 boxes in the 40 minutes since the first lock: 30 an hour; 40 remain: 80 minutes from minute 60 on."""
    assert value(vessel(), "predicted_completion", 60, CALL, "v1") == at(140) / 1e6
    assert value(vessel(), "predicted_completion", 24, CALL, "v1") is None, "four minutes mean nothing for hours"


def test_a_terminal_sums_the_calls_of_the_vessels_that_are_there() -> None:
    """v1: 20 of 60. v2, by another crane from minute 0 on: 6 of 5, so nothing is left of it, and 5 were due.

    In all 26 boxes in the hour since the first lock, at minute 0: 40 remain, at 26 an hour.
    """
    facts = vessel()
    facts.cranes["sts2"] = CraneFacts(2, yard=False, first_seen_us=T0)
    for n in range(6):
        facts.cranes["sts2"].put(replace(move(1 + n), device_id=2))
    other = call((0, 60), call_id="v2", berth="b2", planned_load=5, planned_completion_us=at(30))
    facts.put_call(replace(other, assignments=(Assignment("sts2", at(0), at(60)),)))
    assert value(facts, "moves_remaining", 60, CALL, "demo") == 40.0
    assert value(facts, "moves_remaining", 60, CALL, "v2") == 0.0
    assert value(facts, "ahead_of_plan", 60, CALL, "demo") == 1.0
    assert value(facts, "predicted_completion", 60, CALL, "demo") == round(at(60) / 1e6 + 40 / 26 * 3600, 6)
    facts.put_call(replace(other, last_line_us=at(59), assignments=(Assignment("sts2", at(0), at(59)),)))
    assert value(facts, "predicted_completion", 60, CALL, "demo") == at(140) / 1e6, "it has left"
    facts.drop_call("v2")
    facts.put_call(call((0, 60), call_id="v3", berth="b2"))
    assert value(facts, "moves_remaining", 60, CALL, "demo") is None, "nobody knows how many v3 has"
    assert look(facts, "demo", CALL, at(-600)) is None, "no vessel is there"


def test_a_berth_has_the_values_of_its_call() -> None:
    """And over the day those of all its calls."""
    facts = vessel()
    facts.put_call(call((-180, -60), call_id="v0", first_line_us=at(-200), all_fast_us=at(-190), last_line_us=at(-50)))
    assert value(facts, "gross_berth_productivity", 60, CALL, "b1") == 20.0
    assert value(facts, "boxes", 60, DAY, "b1") == 20.0
    assert look(facts, "b1", CALL, at(-20)) is None, "nobody is there"


def test_a_call_after_its_last_line() -> None:
    """Alongside ends with the last line, a move in the ten minutes after the assignment still belongs to it."""
    facts = store([move(25), move(65), move(75)])
    facts.put_call(call((20, 60), last_line_us=at(70)))
    assert value(facts, "boxes", 80, CALL, "v1") == 2.0
    assert value(facts, "gross_berth_productivity", 80, CALL, "v1") == round(2 / (70 / 60), 6)
    assert look(facts, "v1", CALL, at(86)) is None, "a sample for the last time on the quarter after the end"


@given(
    st.lists(st.tuples(st.integers(1, 299), st.integers(0, 2)), min_size=2, max_size=40, unique_by=lambda one: one[0]),
    st.integers(0, 20),
    st.integers(280, 400),
)
def test_berth_productivity_is_crane_rate_times_intensity(boxes: list[tuple[int, int]], begin: int, end: int) -> None:
    """Whatever is moved: net berth productivity = gross crane rate x crane intensity of the call."""
    facts = store([move(minute, boxes=n) for minute, n in boxes])
    facts.put_call(call((begin, end)))
    found = view(facts, 300, CALL, "v1")
    net, rate, intensity = (
        BY_ID[kpi].of(found) for kpi in ("net_berth_productivity", "gross_crane_rate", "crane_intensity")
    )
    assume(net is not None)  # some move was made for the call
    assert rate is not None
    assert intensity is not None
    assert net == pytest.approx(rate * intensity, rel=1e-5)


def test_an_explanation_shows_the_formula_with_its_numbers() -> None:
    """Three boxes in half an hour: what was counted, what was not, and why."""
    facts = store(
        [move(5), move(10, "load", boxes=2), move(15, "hatch_cover", boxes=0), move(20, "rehandle")], None, 30
    )
    facts.put_level(LevelChange(1, "logged_on", T0, 1.0))
    facts.put_level(LevelChange(1, "logged_on", at(30), 0.0))
    found = explain(BY_ID["gross_crane_rate"], view(facts, 60))
    assert found.value == 6.0
    assert found.filled == "3 boxes ÷ 0.5 h = 6 boxes/h"
    assert [(one.move.kind, one.reason) for one in found.evidence.moves] == [
        ("discharge", None),
        ("load", None),
        ("hatch_cover", "a hatch cover is no box"),
        ("rehandle", "re-handled on the quay: no box move of the ship"),
    ]


def test_an_explanation_of_a_net_rate_shows_what_is_left_out() -> None:
    """Each stop with its cause, clipped to the window and the allocated time."""
    facts = store([move(10)], [stop(-5, 6, "wind"), stop(22, 34, "ship")])
    found = explain(BY_ID["net_crane_rate"], view(facts, 60))
    assert [(one.cause, one.length_us // MINUTE) for one in found.evidence.excluded] == [("wind", 6), ("ship", 12)]
    assert found.filled == "1 boxes ÷ (1 h − 0.3 h) = 1.4286 boxes/h"
    assert found.state == "provisional"


def test_an_explanation_of_a_prediction_shows_times() -> None:
    """Not the seconds since 1970 that the value is."""
    found = explain(BY_ID["predicted_completion"], view(vessel(), 60, CALL, "v1"))
    assert found.filled == "2024-10-04T01:00:00Z + 40 boxes ÷ 30 boxes/h = 2024-10-04T02:20:00Z"


def test_an_explanation_lists_calls_with_plan_and_move_list() -> None:
    """Of a terminal all vessels that are there: v1 with 20 of 60 boxes, and a list of 55."""
    facts = vessel()
    facts.listed["v1"] = 55
    found = explain(BY_ID["moves_remaining"], view(facts, 60, CALL, "demo")).evidence
    assert [(one.call.call_id, one.call.planned, one.boxes, one.listed) for one in found.calls] == [("v1", 60, 20, 55)]
    assert len(found.moves) == 20


def test_an_explanation_of_delays_lists_them() -> None:
    """Two minutes of the first lie before the window; a move is listed too."""
    facts = store([move(10)], [stop(-2, 6, "wind"), stop(22, 34, "ship")], -60)
    found = explain(BY_ID["idle_ship_minutes"], view(facts, 60)).evidence
    assert [(one.cause, one.length_us // MINUTE) for one in found.delays] == [("wind", 6), ("ship", 12)]
    assert (len(found.moves), found.excluded, found.calls) == (1, [], [])


def test_every_formula_names_its_terms() -> None:
    """A formula has no term that the value is not made of."""
    for kpi in BY_ID.values():
        named = {word.split("}")[0] for word in kpi.formula.split("{")[1:]}
        assert named <= set(kpi.terms), kpi.id


def test_a_withdrawn_call_and_its_berth_leave_tombstones() -> None:
    """The retained values of both are emptied, those of another call and the crane stay."""
    engine = Engine(Sites())
    engine.register(Device(1, "demo", "crane", "sts1", "STS", T0))
    engine.evaluator("demo").advance(at(60))
    engine.announce_call(call((20, None)))
    engine.announce_call(call((200, None), call_id="v2", berth="b2", first_line_us=at(180), all_fast_us=at(180)))
    engine.kpis()
    engine.withdraw_call("demo", "v1")
    tombstones = [value for value in engine.kpis().live if value.tombstone]
    assert {value.subject for value in tombstones} == {"v1", "b1"}
    assert {(value.window, value.main) for value in tombstones} == {("call", True), ("day", False)}


Event = tuple[int, Callable[[Engine], None]]
"""When it happens, in minutes after T0, and what."""


def events() -> list[Callable[[Engine], None]]:
    """Events of two hours: moves, delays, a call that is corrected, a stated cause, a list of boxes."""

    def fact(one: CraneMove | CraneDelay | LevelChange) -> Callable[[Engine], None]:
        return lambda engine: engine.restore([one])

    found = [fact(move(7 * n + 3, began=7 * n - 4, energy_kwh=4.0)) for n in range(1, 16)]
    found += [
        fact(stop(30, 36, "ship")),
        fact(stop(62, 70, "breakdown")),
        fact(LevelChange(1, "logged_on", at(5), 1.0)),
    ]
    found.append(lambda engine: engine.announce_call(call((20, None), planned_load=40, planned_completion_us=at(110))))
    found.append(lambda engine: engine.updater("demo").edit("sts1", at(30), "lashing"))
    found.append(lambda engine: engine.updater("demo").listed("v1", 12))
    return found


def samples_of(order: list[Event]) -> dict[tuple[str, str, str, int], tuple[float | None, str | None]]:
    """KPI samples of an engine that receives events at their minutes; those that are None are not there."""
    engine = Engine(Sites())
    engine.register(Device(1, "demo", "crane", "sts1", "STS", T0))
    evaluator = engine.evaluator("demo")
    evaluator.advance(T0)
    samples: dict[tuple[str, str, str, int], tuple[float | None, str | None]] = {}
    for minute in range(1, 122):
        for due, event in order:
            if due == minute:
                event(engine)
        evaluator.advance(at(minute))
        engine.forget()
        samples |= {(k.kpi, k.subject, k.window, k.time_us): (k.value, k.state) for k in engine.kpis().samples}
    return {key: value for key, value in samples.items() if value[0] is not None}


@settings(max_examples=length(2, 60), phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.permutations(range(21)), st.lists(st.integers(1, 121), min_size=21, max_size=21), st.integers(25, 90))
def test_samples_depend_on_what_happens_not_on_when_it_arrives(
    order: list[int], minutes: list[int], until: int
) -> None:
    """Moves, delays, calls, stated causes and lists, in any order at any time, give the same samples.

    The call is corrected at the end in both: it has ended.
    """
    all_events = events()
    corrected: list[Event] = [(121, lambda engine: engine.announce_call(call((20, until), last_line_us=at(until + 5))))]
    first = samples_of([(1, event) for event in all_events] + corrected)
    other = samples_of([(minutes[n], all_events[n]) for n in order] + corrected)
    assert other == first
    assert (("boxes", "v1", "call", at(90)) in first) == (until + 20 > 90), "the last one on the quarter after the end"
