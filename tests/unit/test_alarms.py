"""Alarms from spans: delay, hold, suppression, storms; the same whatever is read, and in whatever order."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from processing.alarms.condition import Condition, Storm, facts_of
from processing.alarms.derive import Derived, derive
from processing.alarms.facts import Alarm
from processing.alarms.name import alarm_id, key_of
from processing.alarms.spans import ConditionSpan, held, of_level
from processing.alarms.table import BY_ID, CONDITIONS, FACTS
from processing.alarms.targets import of_stretches
from tests.length import length

S = 1_000_000
NEVER = 10**15
STORM = Storm("rack", "rack", least=3, within_us=60 * S, delay_us=10 * S, severity="critical", text="", response="")
PLAIN = replace(BY_ID["reefer_off_power"], id="off", delay_us=300 * S, hold_us=20 * S, storm=None)
GROUPED = replace(PLAIN, storm=STORM)


def rack_of(plug: str) -> str:
    """The part before the last `-`; a plug without one has no neighbours."""
    return plug.rpartition("-")[0] or plug


def span(subject: str, began_s: int, ended_s: int | None) -> ConditionSpan:
    """A span in seconds."""
    return ConditionSpan(subject, began_s * S, None if ended_s is None else ended_s * S)


def alarms(
    condition: Condition, spans: list[ConditionSpan], suppressing: tuple[ConditionSpan, ...] = (), now_us: int = NEVER
) -> list[tuple[str, str, float, float, float | None]]:
    """Alarm, subject, began, raised, cleared in seconds."""
    found = derive("t", condition, spans, suppressing, rack_of, now_us).alarms
    return sorted(
        (a.alarm, a.subject, a.began_us / S, a.raised_us / S, None if a.cleared_us is None else a.cleared_us / S)
        for a in found
    )


def test_an_alarm_is_raised_after_its_delay_and_cleared_after_its_hold_time() -> None:
    assert alarms(PLAIN, [span("r-1", 100, 1000)]) == [("off", "r-1", 100, 400, 1020)]
    assert alarms(PLAIN, [span("r-1", 100, None)]) == [("off", "r-1", 100, 400, None)]


def test_a_condition_shorter_than_the_delay_raises_nothing() -> None:
    assert alarms(PLAIN, [span("r-1", 100, 400)]) == []
    assert alarms(PLAIN, [span("r-1", 100, 401)]) == [("off", "r-1", 100, 400, 421)]


def test_a_condition_that_comes_back_within_the_hold_time_is_one_alarm() -> None:
    assert alarms(PLAIN, [span("r-1", 100, 300), span("r-1", 320, 500)]) == [("off", "r-1", 100, 400, 520)]
    assert alarms(PLAIN, [span("r-1", 100, 300), span("r-1", 321, 500)]) == []


def test_what_is_to_come_is_known() -> None:
    before = derive("t", PLAIN, [span("r-1", 100, None)], (), rack_of, 399 * S)
    assert before == Derived([], {"r-1": 400 * S})
    ending = derive("t", PLAIN, [span("r-1", 100, 1000)], (), rack_of, 1010 * S)
    assert [alarm.cleared_us for alarm in ending.alarms] == [None]
    assert ending.due_us == {"r-1": 1020 * S}


def test_it_is_not_raised_while_something_else_suppresses_it() -> None:
    now = replace(PLAIN, delay_us=0)
    assert alarms(now, [span("r-1", 100, 900)], (span("r-1", 90, 500),)) == [("off", "r-1", 100, 500, 920)]
    assert alarms(now, [span("r-1", 100, 900)], (span("r-1", 90, None),)) == []
    assert alarms(now, [span("r-1", 100, 900)], (span("r-1", 101, None),)) == [("off", "r-1", 100, 100, 920)]
    assert alarms(now, [span("r-1", 100, 900)], (span("r-2", 90, None),)) == [("off", "r-1", 100, 100, 920)]


def test_an_event_is_raised_and_cleared_at_once() -> None:
    event = replace(PLAIN, delay_us=0, hold_us=0)
    assert alarms(event, [span("r-1", 100, 100)]) == [("off", "r-1", 100, 100, 100)]


def test_a_dead_rack_is_one_alarm_with_its_members() -> None:
    plugs = [span(f"r-{number:02d}", 100 + number, None) for number in range(48)]
    (storm,) = derive("t", GROUPED, plugs, (), rack_of, NEVER).alarms
    members = tuple(f"r-{number:02d}" for number in range(48))
    assert storm == Alarm("t", "rack", "r", "critical", 100 * S, 112 * S, None, members)


def test_a_storm_is_cleared_when_its_last_member_is_well() -> None:
    plugs = [span("r-1", 100, 200), span("r-2", 110, 900), span("r-3", 120, 300)]
    assert alarms(GROUPED, plugs) == [("rack", "r", 100, 130, 920)]


def test_two_plugs_are_no_storm_and_neither_are_those_of_other_racks() -> None:
    plugs = [span("r-1", 100, None), span("r-2", 110, None), span("q-1", 110, None)]
    assert [row[:2] for row in alarms(GROUPED, plugs)] == [("off", "q-1"), ("off", "r-1"), ("off", "r-2")]


def test_a_plug_that_fails_alone_later_is_an_alarm_of_its_own() -> None:
    plugs = [span("r-1", 100, None), span("r-2", 110, None), span("r-3", 120, None), span("r-4", 500, None)]
    assert alarms(GROUPED, plugs) == [("off", "r-4", 500, 800, None), ("rack", "r", 100, 130, None)]


def test_a_plug_that_fails_twice_does_not_make_a_storm() -> None:
    plugs = [span("r-1", 100, 110), span("r-1", 131, 140), span("r-2", 150, None)]
    assert alarms(GROUPED, plugs) == [("off", "r-2", 150, 450, None)]


SPANS = st.lists(
    st.builds(
        lambda subject, began, lasts: span(subject, began, None if lasts is None else began + lasts),
        st.sampled_from(["r-1", "r-2", "r-3", "r-4", "q-1"]),
        st.integers(0, 2_000),
        st.none() | st.integers(1, 800),
    ),
    max_size=12,
)


@settings(max_examples=length(100, 3_000))
@given(spans=SPANS, seed=st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(spans: list[ConditionSpan], seed: object) -> None:
    shuffled = list(spans)
    seed.shuffle(shuffled)  # type: ignore[attr-defined] # hypothesis' random
    assert alarms(GROUPED, shuffled) == alarms(GROUPED, spans)
    assert alarms(GROUPED, spans + spans) == alarms(GROUPED, spans)


@settings(max_examples=length(100, 3_000))
@given(spans=SPANS, now_s=st.integers(0, 4_000))
def test_what_holds_at_a_time_is_what_will_have_held(spans: list[ConditionSpan], now_s: int) -> None:
    """As long as no other facts come; and what is due brings all that is not there yet."""
    now = derive("t", GROUPED, spans, (), rack_of, now_s * S)
    later = derive("t", GROUPED, spans, (), rack_of, NEVER).alarms
    for alarm in later:
        if alarm.raised_us <= now_s * S:
            cleared_us = alarm.cleared_us if (alarm.cleared_us or NEVER) <= now_s * S else None
            assert replace(alarm, cleared_us=cleared_us) in now.alarms
        else:
            assert min(now.due_us[member] for member in alarm.members) <= alarm.raised_us
    assert len(now.alarms) == sum(alarm.raised_us <= now_s * S for alarm in later)


def test_levels_have_two_limits() -> None:
    changes = [(1, 3.0), (2, 10.0), (3, 7.0), (4, 12.0), (5, 6.0), (6, 9.0), (7, 11.0)]
    assert of_level("l1", changes, 10, 7) == [ConditionSpan("l1", 2, 5), ConditionSpan("l1", 7, None)]


def test_a_kpi_is_low_until_it_is_well_again() -> None:
    """Between the limits it stays as it was; one without a value is not low."""
    well, low, between, unknown = (0, 60, 30.0), (60, 120, 24.0), (120, 180, 25.5), (180, 240, None)
    assert held(of_stretches("sts1", [well, low, between, unknown], 25, 26), 0) == [ConditionSpan("sts1", 60, 180)]
    assert of_stretches("sts1", [well, (60, 120, 25.5)], 25, 26) == []
    assert of_stretches("sts1", [low], 25, 25) == [ConditionSpan("sts1", 60, 120)]


def test_spans_that_overlap_are_one() -> None:
    assert held([span("a", 5, 9), span("a", 1, 6), span("a", 2, 3)], 0) == [span("a", 1, 9)]
    assert held([span("a", 5, 9), span("a", 1, None)], 0) == [span("a", 1, None)]


def test_the_table_is_whole() -> None:
    """Each row says what to do, suppresses by rows that are there, and no two alarms have one id."""
    ids = [name for one in CONDITIONS for name in one.alarms]
    assert len(set(ids)) == len(ids)
    assert all(one.response and one.text and one.origin for one in CONDITIONS)
    assert {name for one in CONDITIONS for name in one.suppressed_by} <= BY_ID.keys()
    assert {one.id for one in facts_of(CONDITIONS)["reefer_off_power"]} == {"reefer_off_power", "reefer_excursion"}
    assert "level_change:queue_length" in FACTS


def test_an_id_names_its_alarm() -> None:
    assert key_of(alarm_id("demo", "rack_off_power", "r01", 1795)) == ("demo", "rack_off_power", "r01", 1795)


def test_silence_is_looked_at_again_where_the_levels_change_that_decide_over_it() -> None:
    """A late sample may show that the plug was empty, or that its reports come more seldom."""
    followed = {
        fact for fact, conditions in facts_of(CONDITIONS).items() if any(c.id == "reefer_silent" for c in conditions)
    }
    assert followed == {"reefer_silence", "level_change:plugged", "level_change:silence_min"}
