"""Cranes that wait for transport, by vehicles: expected causes by hand; samples are a function of the facts."""

import random
from dataclasses import replace

import pytest

from processing.cranes.facts import CraneDelay, CraneMove, DelayCause
from processing.engine import Engine
from processing.facts.store import FactStore
from processing.kpi.crane_activity import crane_activity
from processing.kpi.table import BY_ID
from processing.model.device import Device
from processing.model.facts import DeviceFact, Retracted
from processing.model.level import LevelChange
from processing.site.configuration import Sites
from processing.vehicles.facts import VehicleTrip
from tests.length import length
from tests.unit import test_crane_kpis
from tests.unit.test_crane_kpis import T0, at
from tests.unit.test_kpi_orders import Values, go, rows

CRANE_M = 200.0


def move(minute: float, gantry_m: float | None = CRANE_M) -> CraneMove:
    """A move of sts1, unlocked at a minute."""
    return replace(test_crane_kpis.move(minute), gantry_m=gantry_m)


def trip(
    began: float, ended: float, x_m: float | None = CRANE_M, zone: str | None = "quay", vehicle: int = 21
) -> VehicleTrip:
    """A vehicle's trip from a minute to another; to a place along the quay."""
    places = (None, None, x_m, 10.0)
    return VehicleTrip(vehicle, at(began), at(ended), None, "block", zone, *places, True, 500.0, 1.0, ())


def cause(delay: CraneDelay, *trips: VehicleTrip, moves: tuple[CraneMove, ...] = (move(99),)) -> str:
    """What is found of a delay of sts1."""
    store = test_crane_kpis.store(list(moves), [delay])
    for one in trips:
        store.put("agv01", one)
    return _causes(store)[0]


def _causes(store: FactStore) -> list[str]:
    found = crane_activity(store, "sts1", at(-100), at(10_000))
    assert found is not None
    return [part.cause for part in found.delays]


SHIP = test_crane_kpis.stop(100, 110, "ship")
ELSEWHERE = trip(80, 85, 600.0)


def test_without_vehicles_signals_decide() -> None:
    """None is known at all, or none has ended a trip from an hour before the delay on."""
    assert cause(SHIP) == "ship"
    assert cause(SHIP, trip(30, 39)) == "ship"
    assert cause(SHIP, trip(30, 41, 600.0)) == "waiting_transport"


def test_no_vehicle_is_there_for_most_of_the_delay() -> None:
    """It comes at minute 105, half of the way, or a little later; at the end it left already."""
    assert cause(SHIP, ELSEWHERE) == "waiting_transport"
    assert cause(SHIP, trip(103, 105)) == "ship"
    assert cause(SHIP, trip(103, 105.1)) == "waiting_transport"
    assert cause(SHIP, trip(95, 98), trip(105, 108, zone="block")) == "ship"
    assert cause(SHIP, trip(95, 98), trip(104.9, 108, zone="block")) == "waiting_transport"


def test_vehicles_take_turns() -> None:
    """From 98 to 103 and from 108 on: 5 of 10 minutes; what they share counts once."""
    first = trip(95, 98), trip(103, 104, zone="block")
    assert cause(SHIP, *first, trip(105, 108, vehicle=22)) == "ship"
    assert cause(SHIP, *first, trip(105, 108.1, vehicle=22)) == "waiting_transport"
    assert cause(SHIP, *first, trip(95, 97, vehicle=22), trip(102, 103, zone="block", vehicle=22)) == (
        "waiting_transport"
    )


@pytest.mark.parametrize(
    ("x_m", "zone", "expected"),
    [
        (230.0, "quay", "ship"),
        (170.0, "quay", "ship"),
        (230.5, "quay", "waiting_transport"),
        (None, "quay", "waiting_transport"),
        (200.0, "block", "waiting_transport"),
        (200.0, None, "waiting_transport"),
    ],
)
def test_a_vehicle_at_the_crane_stands_on_the_quay_within_reach(
    x_m: float | None, zone: str | None, expected: str
) -> None:
    assert cause(SHIP, trip(95, 98, x_m, zone)) == expected


def test_where_the_crane_stands_is_known_from_its_last_move() -> None:
    """Of an hour before the delay; a move without a place does not hide the one before."""
    assert cause(SHIP, ELSEWHERE, moves=()) == "ship"
    assert cause(SHIP, ELSEWHERE, moves=(move(39),)) == "ship"
    assert cause(SHIP, ELSEWHERE, moves=(move(41),)) == "waiting_transport"
    assert cause(SHIP, ELSEWHERE, moves=(move(90, 600.0), move(99, None))) == "ship"
    assert cause(SHIP, ELSEWHERE, moves=(move(90, 600.0), move(99))) == "waiting_transport"
    assert cause(SHIP, ELSEWHERE, moves=(move(112),)) == "ship"


@pytest.mark.parametrize("shown", ["breakdown", "wind", "no_operator", "boom", "spreader", "gantry", "not_assigned"])
def test_what_signals_show_for_certain_holds(shown: DelayCause) -> None:
    assert cause(test_crane_kpis.stop(100, 110, shown), ELSEWHERE) == shown


def test_a_delay_that_lasts_is_judged_by_its_first_two_minutes() -> None:
    """And a long one by its first hour."""
    lasting = test_crane_kpis.stop(100, None, "ship")
    assert cause(lasting, trip(95, 101)) == "ship"
    assert cause(lasting, trip(95, 101.1)) == "waiting_transport"
    long = test_crane_kpis.stop(100, 300, "ship")
    assert cause(long, trip(95, 98), trip(130, 140, zone="block")) == "ship"
    assert cause(long, trip(95, 98), trip(129, 140, zone="block")) == "waiting_transport"


def test_what_people_state_goes_first() -> None:
    store = test_crane_kpis.store([move(99)], [SHIP])
    store.put("agv01", ELSEWHERE)
    assert _causes(store) == ["waiting_transport"]
    store.cranes["sts1"].state_cause(at(100), "lashing")
    assert _causes(store) == ["lashing"]


@pytest.fixture(params=["summed", "kept"])
def totals(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Totals of a terminal, once summed at each look and once kept up to date."""
    monkeypatch.setattr("processing.kpi.evaluator.MANY_CRANES", 10**6 if request.param == "summed" else 0)


def engine() -> Engine:
    """The cranes sts1 and sts2, logged on since T0, and two vehicles."""
    made = Engine(Sites())
    for crane in (1, 2):
        made.register(Device(crane, "demo", "crane", f"sts{crane}", "STS", T0))
    for vehicle in (21, 22):
        made.register(Device(vehicle, "demo", "vehicle", f"agv{vehicle}", "AGV", T0))
    made.evaluator("demo").advance(T0)
    made.restore([LevelChange(crane, "logged_on", T0, 1.0) for crane in (1, 2)])
    return made


def some_facts(random_: random.Random) -> list[DeviceFact]:
    """Moves and delays of two cranes, 40 m apart, and what vehicles do at them within three hours."""
    facts: list[DeviceFact] = [trip(0, 1, 600.0), move(2), test_crane_kpis.stop(3, 9, "ship")]
    for crane, gantry_m in ((1, CRANE_M), (2, CRANE_M + 40)):
        minute = 12.0
        while minute < 165:
            facts.append(replace(move(minute, random_.choice([gantry_m, gantry_m, None])), device_id=crane))
            ended = minute + random_.choice([3, 8, 20, 70])
            shown: DelayCause = random_.choice(["ship", "ship", "ship", "wind"])
            facts.append(replace(test_crane_kpis.stop(minute + 1, ended, shown), device_id=crane))
            minute = ended + 5
    for vehicle in (21, 22):
        minute = random_.choice([10.0, 90.0])
        while minute < 165:
            ended = minute + random_.choice([2, 4])
            x_m, zone = random_.choice([CRANE_M, CRANE_M + 20, CRANE_M + 50]), random_.choice(["quay", "block"])
            facts.append(trip(minute, ended, x_m, zone, vehicle))
            minute = ended + random_.choice([1, 5, 15, 75])
    return facts


@pytest.mark.usefixtures("totals")
@pytest.mark.parametrize("seed", length(range(1, 2), range(60)))
def test_samples_are_a_function_of_the_facts(seed: int) -> None:
    """KPIs of delays: all at once, or in any order at any time, first as other versions, or some that do not hold."""
    random_ = random.Random(seed)
    facts = some_facts(random_)
    first = engine()
    first.restore(facts)
    expected = go(first, 168)
    assert any(value for (kpi, *_), value in expected.items() if kpi == "idle_waiting_transport_minutes")
    other, values = engine(), Values()
    waiting = random_.sample(facts, len(facts))
    for minute in range(6, 171, 6):
        for fact in waiting[: len(waiting) // 20 + (minute == 168) * len(waiting)]:
            waiting.remove(fact)
            if isinstance(fact, VehicleTrip) and random_.random() < 0.5:
                wrong = replace(fact, began_us=fact.began_us + 1, to_x_m=CRANE_M, to_zone="quay")
                other.restore([replace(fact, to_x_m=CRANE_M), wrong])
                values |= rows(other.kpis().samples)
                other.amend(fact.device_id, [Retracted(wrong)], T0 + 2**40, T0)
            if isinstance(fact, CraneDelay) and random_.random() < 0.5:
                other.restore([replace(fact, ended_us=None)])
                values |= rows(other.kpis().samples)
            other.restore([fact])
        values |= go(other, minute)
    assert _of_delays(values) == _of_delays(expected)


@pytest.mark.usefixtures("totals")
def test_signals_show_another_cause_than_they_did_and_vehicles_the_first_one() -> None:
    """The spreader, above the quay at first, is above the ship: the cause stays, and the minutes until 13 count."""
    made = engine()
    lasting = test_crane_kpis.stop(3, None, "waiting_transport")
    made.restore([trip(0, 1, 600.0), move(2), lasting])
    values = go(made, 10)
    made.restore([replace(lasting, cause="ship")])
    values |= go(made, 12)
    made.restore([test_crane_kpis.stop(3, 13, "ship")])
    values |= go(made, 20)
    whole = engine()
    whole.restore([trip(0, 1, 600.0), move(2), test_crane_kpis.stop(3, 13, "ship")])
    assert _of_delays(values) == _of_delays(go(whole, 20))


@pytest.mark.parametrize("seed", range(length(10, 500)))
def test_a_cause_is_found_again_where_what_decides_over_it_changes(seed: int) -> None:
    """After each change every cause is that of a store which has the same facts and was never asked before."""
    random_ = random.Random(seed)
    made = engine()
    store, updater = made.evaluator("demo").store, made.updater("demo")
    known: dict[object, DeviceFact] = {}
    facts = _cramped_facts(random_)
    for fact in random_.choices(facts, k=60):
        key = type(fact), fact.key
        retracted = key in known and random_.random() < 0.4
        updater.apply(_name(fact), known[key] if retracted else fact, retracted=retracted)
        if retracted:
            del known[key]
        else:
            known[key] = fact
        fresh = engine().evaluator("demo").store
        for one in known.values():
            fresh.put(_name(one), one)
        expected = _all_causes(fresh)
        assert _all_causes(store) == expected


def _cramped_facts(random_: random.Random) -> list[DeviceFact]:
    """Of two cranes and three vehicles within some hours; of many there are several versions."""
    facts: list[DeviceFact] = []
    for crane in (1, 2):
        for minute in range(0, 300, 25):
            facts += [replace(move(minute, random_.choice([200.0, 240.0, None])), device_id=crane) for _ in range(2)]
            ended = random_.choice([None, minute + 3, minute + 12, minute + 24])
            shown: DelayCause = random_.choice(["ship", "ship", "ship", "wind"])
            facts.append(replace(test_crane_kpis.stop(minute + 1, ended, shown), device_id=crane))
    for vehicle in (21, 22):
        for began in range(0, 300, 20):
            for _ in range(2):
                ended_at = began + random_.choice([1, 2, 9, 20, 30])
                x_m, zone = random_.choice([180.0, 215.0, 270.0, None]), random_.choice(["quay", "quay", "block"])
                facts.append(trip(began, ended_at, x_m, zone, vehicle))
    return facts


def _name(fact: DeviceFact) -> str:
    return f"sts{fact.device_id}" if fact.device_id < 20 else f"agv{fact.device_id}"


def _all_causes(store: FactStore) -> dict[tuple[str, int], str]:
    return {
        (name, delay.began_us): crane.found_cause(delay, store.trips)
        for name, crane in store.cranes.items()
        for delay in crane.delays.values()
    }


def _of_delays(values: Values) -> Values:
    return {key: value for key, value in values.items() if value is not None and BY_ID[key[0]].fact == "stop"}
