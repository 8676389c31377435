"""Totals that are kept up to date equal those that are summed from all facts, whatever changes; times in minutes."""

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from processing.calls.call import Assignment
from processing.cranes.cycles import PARTS
from processing.cranes.facts import CraneMove
from processing.facts.cranes import CraneFacts
from processing.facts.store import FactStore
from processing.kpi.activity import Activity
from processing.kpi.crane_activity import crane_activity
from processing.kpi.running import RunningWindows
from processing.kpi.sequences import SortedValues
from processing.kpi.totals import Totals
from processing.model.level import LevelChange
from tests.length import length
from tests.unit.test_crane_kpis import HOUR_US, T0, at, call, move, stop

CRANES = ("sts1", "sts2", "armg1")
LENGTH_US, PERIOD_US = 40 * 60_000_000, 50 * 60_000_000
NUMBERS = ["crane_count", "busy", "lifts", "boxes", "teu", "twin_lifts", "moves", "allocated_us", "logged_on_us"]
NUMBERS += ["excluded_us", "failures", "dual_pairs", "energy_kwh", "energy_moves", "final", "cycles_us", "parts_us"]

minutes = st.builds(lambda minute, us: minute + us / 60e6, st.integers(0, 60), st.sampled_from((-1, 0, 0, 0, 1)))
"""Whole minutes, and the microseconds beside them: many things begin and end together, or nearly."""
cranes = st.sampled_from((0, 1, 2))
Change = Callable[[FactStore], object]


def _facts(store: FactStore, crane: int) -> CraneFacts:
    return store.cranes.setdefault(CRANES[crane], CraneFacts(crane + 1, CRANES[crane] == "armg1", at(-1000)))


def _moves(crane: int, minute: float, kind: Any, long: float, energy_kwh: float | None) -> Change:
    boxes = 0 if kind in ("gear", "hatch_cover") else 1 + (long > 1)
    began = None if long == 5 else minute - long - 1
    made: CraneMove = replace(
        move(minute, kind, boxes=boxes, began=began, energy_kwh=energy_kwh, waited_s=(long, 2.0)), device_id=crane + 1
    )
    return lambda store: _facts(store, crane).put(made)


def _delay(crane: int, began: float, length: float, cause: Any, open_: bool) -> Change:
    one = replace(stop(began, None if open_ else began + length, cause), device_id=crane + 1)
    return lambda store: _facts(store, crane).put_delay(one)


def _drop(crane: int, place: int) -> Change:
    def drop(store: FactStore) -> None:
        facts = _facts(store, crane)
        locks, began = sorted(facts.by_lock), sorted(facts.delays)
        if locks and place % 2:
            facts.drop(locks[place % len(locks)])
        elif began:
            facts.drop_delay(began[place % len(began)])

    return drop


def _state(crane: int, place: int, cause: str) -> Change:
    def state(store: FactStore) -> None:
        facts = _facts(store, crane)
        if facts.delays:
            facts.state_cause(sorted(facts.delays)[place % len(facts.delays)], cause)

    return state


def _level(crane: int, minute: float, on: bool, drop: bool) -> Change:
    level = LevelChange(crane + 1, "logged_on", at(minute), float(on))
    return lambda store: store.drop_level(level) if drop else store.put_level(level)


def _call(name: str, assigned: list[tuple[int, float, float]], last_line: float | None, drop: bool) -> Change:
    works = tuple(Assignment(CRANES[crane], at(begin), at(begin + length)) for crane, begin, length in assigned)
    last_line_us = None if last_line is None else at(last_line)
    announced = call((0, None), call_id=name, assignments=works, last_line_us=last_line_us)
    return lambda store: store.drop_call(name) if drop else store.put_call(announced)


def _there(crane: int, minute: float, yard: bool) -> Change:
    def there(store: FactStore) -> None:
        facts = _facts(store, crane)
        facts.first_seen_us, facts.yard = at(minute), yard

    return there


places = st.integers(0, 50)
kinds = st.sampled_from(("load", "discharge", "discharge", "rehandle", "gear", "hatch_cover"))
causes = st.sampled_from(("breakdown", "wind", "ship", "not_assigned"))
lengths = st.sampled_from((1.0, 2.0, 5.0, 40.0))
energies = st.one_of(st.none(), st.integers(1, 9_999).map(lambda wh: wh / 1000))
assignments = st.lists(st.tuples(cranes, minutes, lengths), max_size=3)
changes: st.SearchStrategy[Change] = st.one_of(
    st.builds(_moves, cranes, minutes, kinds, lengths, energies),
    st.builds(_moves, cranes, minutes, kinds, lengths, energies),
    st.builds(_delay, cranes, minutes, lengths, causes, st.booleans()),
    st.builds(_drop, cranes, places),
    st.builds(_state, cranes, places, st.sampled_from(("lashing", "working", "breakdown"))),
    st.builds(_level, cranes, minutes, st.booleans(), st.booleans()),
    st.builds(_call, st.sampled_from(("v1", "v2")), assignments, st.one_of(st.none(), minutes), st.booleans()),
    st.builds(_there, cranes, minutes, st.booleans()),
)
looks = st.builds(
    lambda minute, us: minute + us / 60e6, st.integers(0, 110), st.sampled_from((-1, 0, 0, 1, 30_000_000))
)


def _all(totals: Totals) -> dict[str, Any]:
    """All that terms ask for; a cause without a delay may be missing, or 0."""
    found: dict[str, Any] = {name: getattr(totals, name) for name in NUMBERS}
    found["parts_us"] = {part: list(found["parts_us"][part]) for part in PARTS}
    return found | {"delay_us": {cause: us for cause, us in totals.delay_us.items() if us}}


def _summed(store: FactStore, begin_us: int, end_us: int) -> Activity:
    names = [name for name, crane in store.cranes.items() if not crane.yard]
    found = (crane_activity(store, name, begin_us, end_us) for name in names)
    return Activity(one for one in found if one is not None)


def _compare(running: RunningWindows, store: FactStore, window: str, begin_us: int, end_us: int) -> None:
    sliding = window == "sliding"
    kept = running.at("demo", window, begin_us, end_us, lambda crane: not crane.yard, sliding=sliding)
    assert kept is not None
    assert _all(kept) == _all(_summed(store, begin_us, end_us))


@settings(max_examples=length(35, 2_000))
@given(
    st.lists(changes, min_size=6, max_size=30),
    st.lists(looks, min_size=8, max_size=40, unique=True),
    st.dictionaries(st.integers(0, 39), changes, max_size=4),
)
def test_totals_kept_equal_totals_summed(
    before: list[Change], looks: list[float], meanwhile: dict[int, Change]
) -> None:
    """40 minutes that slide, and periods of 50 that grow; facts come, change and go while time goes on."""
    store = FactStore("demo")
    for change in before:
        change(store)
    running = RunningWindows(store)
    for number, minute in enumerate(sorted(looks)):
        if number in meanwhile:
            meanwhile[number](store)
        now_us = at(minute)
        _compare(running, store, "sliding", now_us - LENGTH_US, now_us)
        _compare(running, store, "growing", T0 + (now_us - 1 - T0) // PERIOD_US * PERIOD_US, now_us)


def test_only_cranes_that_change_are_counted_again() -> None:
    """Of three cranes that are delayed for good, the one that moves a box; and an hour later that one again."""
    store = FactStore("demo")
    for n in range(3):
        store.cranes[f"sts{n}"] = CraneFacts(n, yard=False, first_seen_us=at(-1000))
        store.cranes[f"sts{n}"].put_delay(replace(stop(-900, None, "not_assigned"), device_id=n))
    counted: list[str] = []

    def belongs(crane: CraneFacts) -> bool:
        counted.append(f"sts{crane.device_id}")
        return True

    running = RunningWindows(store)

    def look(minute: float) -> Totals:
        counted.clear()
        found = running.at("demo", "PT1H", at(minute - 60), at(minute), belongs, sliding=True)
        assert found is not None
        return found

    assert (look(0).delay_us["not_assigned"], sorted(counted)) == (3 * HOUR_US, ["sts0", "sts1", "sts2"])
    assert (look(1).boxes, look(2).allocated_us, counted) == (0, 3 * HOUR_US, [])
    store.cranes["sts1"].put(replace(move(2.5), device_id=1))
    assert (look(3).boxes, counted) == (1, ["sts1"])
    assert (look(62).boxes, counted) == (1, [])
    assert (look(63).boxes, counted) == (0, ["sts1"])
    assert running.at("demo", "PT1H", at(2), at(62), belongs, sliding=True) is None, "time goes on"


def test_sorted_values() -> None:
    """Few values are put in one by one, many at once; equal ones are there as often as they were put in."""
    found = SortedValues()
    found.replace([], [5, 3, 3])
    found.replace([3, 3], [3, 4])
    assert found.values == [3, 4, 5]
    found.replace([], list(range(100)))
    found.replace([4], [])
    assert found.values == sorted([3, 5, *range(100)])


def test_sums_are_exact_in_whatever_order_cranes_come() -> None:
    """As floats, 0.1 + 0.2 + 0.3 kWh is not 0.3 + 0.2 + 0.1, and 1.1 + 2.2 + 1.5 TEU is not 4.8."""
    found = set()
    for order in permutations(((0, 0.1, 1.1), (1, 0.2, 2.2), (2, 0.3, 1.5))):
        store = FactStore("demo")
        running = RunningWindows(store)
        for crane, energy_kwh, teu in order:
            made = replace(move(10, energy_kwh=energy_kwh), device_id=crane + 1, teu=teu)
            store.cranes[f"sts{crane}"] = CraneFacts(crane + 1, yard=False, first_seen_us=at(-1000))
            store.cranes[f"sts{crane}"].put(made)
        kept = running.at("demo", "PT1H", at(-30), at(30), lambda _: True, sliding=True)
        assert kept is not None
        for totals in (kept, _summed(store, at(-30), at(30))):
            found.add((totals.energy_kwh, totals.teu))
    assert found == {(0.6, 4.8)}
