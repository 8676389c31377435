"""KPIs of vehicles, expected values by hand; samples do not depend on the order in which facts arrive."""

import random
from dataclasses import replace

import pytest

from processing.engine import Engine
from processing.facts.store import FactStore
from processing.kpi.definition import KpiValue
from processing.kpi.explain import explain
from processing.kpi.subjects import VEHICLE, kind_of, subjects_of
from processing.kpi.table import BY_ID
from processing.kpi.view import look
from processing.kpi.windows import HOUR, SHIFT
from processing.model.device import Device
from processing.model.facts import DeviceFact, Retracted
from processing.model.level import LevelChange
from processing.model.times import MINUTE_US
from processing.site.configuration import Sites
from processing.vehicles.facts import VehicleCharge, VehicleTrip
from tests.length import length

T0 = 472_000 * 60 * MINUTE_US
"""A full hour. [µs since 1970 UTC]"""
Values = dict[tuple[str, str, str, int], float | None]


def at(minute: float) -> int:
    """A minute after T0. [µs since 1970 UTC]."""
    return T0 + round(minute * MINUTE_US)


def trip(
    minute: float,
    to_zone: str = "block",
    *,
    wait: float | None = None,
    laden: bool | None = True,
    distance_m: float | None = 500.0,
    energy_kwh: float | None = 1.0,
    vehicle: int = 21,
) -> VehicleTrip:
    """A trip of four minutes that ends at a minute, and is served so many minutes later."""
    served_us = None if wait is None else at(minute + wait)
    places = (None, None, None, None)
    return VehicleTrip(
        vehicle, at(minute - 4), at(minute), served_us, "quay", to_zone, *places, laden, distance_m, energy_kwh, ()
    )


def store(*facts: DeviceFact) -> FactStore:
    """A terminal with the vehicles agv01 and agv02, ids 21 and 22."""
    made = FactStore("demo")
    made.devices["vehicle"].update({"agv01": 21, "agv02": 22})
    for fact in facts:
        made.put("", fact)
    return made


def value(facts: FactStore, kpi: str, minute: float, subject: str = "demo") -> float | None:
    """Over the main window that ends at a minute."""
    view = look(facts, subject, BY_ID[kpi].main, at(minute))
    assert view is not None
    return BY_ID[kpi].of(view)


def test_the_empty_share_is_of_the_distance() -> None:
    """500 m laden, 300 m empty, 200 m empty of another vehicle; of two trips the load, or the way, is not known."""
    facts = store(
        trip(10),
        trip(20, laden=False, distance_m=300.0),
        trip(30, laden=False, distance_m=200.0, vehicle=22),
        trip(40, laden=None),
        trip(50, laden=False, distance_m=None),
    )
    assert value(facts, "vehicle_empty_travel_share", 60) == 50.0
    assert value(facts, "vehicle_empty_travel_share", 60, "agv01") == 37.5
    assert value(facts, "vehicle_empty_travel_share", 60, "agv02") == 100.0
    assert value(facts, "vehicle_empty_travel_share", 70) == 100.0, "the laden trip left the hour"
    assert value(facts, "vehicle_empty_travel_share", 9) is None


def test_trips_per_hour_count_those_that_ended_in_the_window() -> None:
    """At the beginning of the window it is not counted, at its end it is."""
    facts = store(trip(10), trip(20), trip(30, vehicle=22))
    assert [value(facts, "vehicle_trips_per_hour", minute) for minute in (9, 10, 60, 70)] == [0.0, 1.0, 3.0, 2.0]
    assert value(facts, "vehicle_trips_per_hour", 60, "agv01") == 2.0


def test_energy_is_of_trips_of_which_it_is_known() -> None:
    facts = store(trip(10, energy_kwh=0.5), trip(20, energy_kwh=1.5), trip(30, energy_kwh=None))
    assert value(facts, "vehicle_energy_per_trip", 60) == 1.0
    assert value(store(trip(30, energy_kwh=None)), "vehicle_energy_per_trip", 60) is None


def test_waits_count_once_they_have_ended() -> None:
    """At the crane 4 and 8 minutes, and one that lasts; at a block 1; at a charger none counts."""
    facts = store(
        trip(10, "quay", wait=4),
        trip(20, "quay", wait=8),
        trip(30, "quay"),
        trip(35, "block", wait=1),
        trip(40, "charger", wait=15),
    )
    assert [value(facts, "vehicle_crane_wait_mean", minute) for minute in (13, 14, 27, 28)] == [None, 4.0, 4.0, 6.0]
    assert value(facts, "vehicle_block_wait_mean", 60) == 1.0


def test_counts_of_now() -> None:
    """Two report; one begins to charge in minute 10, its battery is low until minute 15."""
    facts = store(
        LevelChange(21, "charging", at(0), 0.0),
        LevelChange(22, "charging", at(5), 0.0),
        LevelChange(21, "charging", at(10), 1.0),
        LevelChange(21, "battery_low", at(5), 1.0),
        LevelChange(21, "battery_low", at(15), 0.0),
    )
    assert [value(facts, "vehicles_charging", minute) for minute in (-1, 5, 10)] == [None, 0.0, 1.0]
    assert [value(facts, "vehicles_battery_low", minute) for minute in (4, 5, 15)] == [None, 1.0, 0.0]
    view = look(facts, "demo", BY_ID["vehicles_charging"].main, at(20))
    assert view is not None
    levels = explain(BY_ID["vehicles_charging"], view).evidence.levels
    assert [(one.device_id, one.value) for one in levels] == [(21, 1.0), (22, 0.0)]


def test_energy_charged_is_of_sessions_that_ended() -> None:
    """Of 21 it is 5 kWh, and another session lasts; of 22 it is not known."""
    facts = store(
        VehicleCharge(21, at(5), at(15), 20.0, 60.0, 5.0),
        VehicleCharge(21, at(25), None, 20.0, None, None),
        VehicleCharge(22, at(5), at(20), 20.0, 60.0, None),
    )
    assert [value(facts, "vehicle_energy_charged", minute) for minute in (14, 15, 60)] == [None, 5.0, 5.0]
    assert value(facts, "vehicle_energy_charged", 60, "agv02") is None
    view = look(facts, "demo", HOUR, at(60))
    assert view is not None
    charges = explain(BY_ID["vehicle_energy_charged"], view).evidence.of(VehicleCharge)
    assert [(charge.device_id, charge.energy_kwh) for charge in charges] == [(21, 5.0), (22, None)]


def test_an_explanation_lists_the_trips_of_the_subject() -> None:
    facts = store(trip(30), trip(10, vehicle=22), trip(20), trip(70))
    view = look(facts, "agv01", HOUR, at(60))
    assert view is not None
    assert explain(BY_ID["vehicle_trips_per_hour"], view).evidence.of(VehicleTrip) == [trip(20), trip(30)]
    assert (kind_of(facts, "agv02"), subjects_of(facts, VEHICLE)) == (VEHICLE, ["agv01", "agv02"])


def test_a_view_finds_what_touches_its_window_and_what_ended_in_it() -> None:
    """The hour from minute 0 to 60, of one vehicle, and of the terminal."""
    before, at_edge, inside, lasting, after = (
        VehicleCharge(21, at(begin), None if end is None else at(end), None, None, None)
        for begin, end in ((-20, 0), (-10, 60), (5, 15), (25, None), (50, 70))
    )
    other = VehicleCharge(22, at(5), at(20), None, None, None)
    facts = store(before, at_edge, inside, lasting, after, other)
    own, terminal = look(facts, "agv01", HOUR, at(60)), look(facts, "demo", HOUR, at(60))
    assert own is not None
    assert terminal is not None
    assert (own.device_id, terminal.device_id) == (21, None)
    assert list(own.touching(VehicleCharge)) == [at_edge, inside, lasting, after]
    assert set(terminal.touching(VehicleCharge)) == {at_edge, inside, lasting, after, other}
    assert list(own.ended(VehicleCharge)) == [at_edge, inside]
    assert set(terminal.ended(VehicleCharge)) == {at_edge, inside, other}


def engine() -> Engine:
    """The same terminal, its now is T0."""
    made = Engine(Sites())
    for device_id, name in ((21, "agv01"), (22, "agv02")):
        made.register(Device(device_id, "demo", "vehicle", name, "AGV", T0))
    made.evaluator("demo").advance(T0)
    return made


def go(made: Engine, minute: float) -> Values:
    """Samples that are stored when the terminal's now goes on to a minute, in the worker's order."""
    made.evaluator("demo").advance(at(minute))
    made.forget()
    return rows(made.kpis().samples)


def rows(samples: list[KpiValue]) -> Values:
    """By KPI, subject, window and minute."""
    return {(s.kpi, s.subject, s.window, round((s.time_us - T0) / MINUTE_US)): s.value for s in samples}


def known(values: Values) -> Values:
    """Those that are known."""
    return {key: number for key, number in values.items() if number is not None}


def some_facts(random_: random.Random) -> list[DeviceFact]:
    """Trips, sessions and levels of two vehicles within two hours."""
    facts: list[DeviceFact] = [
        VehicleCharge(22, at(3), at(9), 10.0, 20.0, 1.5),
        VehicleCharge(21, at(70), None, 9.0, None, None),
    ]
    for vehicle in (21, 22):
        for minute in range(5, 115, random_.choice([7, 11])):
            zone = random_.choice(["quay", "block", "charger"])
            wait = random_.choice([0.5, 2.0, 30.0, None])
            laden = random_.choice([True, False, None])
            facts.append(
                trip(minute, zone, wait=wait, laden=laden, distance_m=random_.uniform(0, 900), vehicle=vehicle)
            )
        for minute in range(0, 100, 13):
            facts.append(LevelChange(vehicle, "charging", at(minute), float(minute % 2)))
            facts.append(LevelChange(vehicle, "battery_low", at(minute + 1), float(minute % 3 == 0)))
    return facts


@pytest.mark.parametrize("seed", range(length(3, 20)))
def test_samples_are_a_function_of_the_facts(seed: int) -> None:
    """All at once, or in any order at any time, first as other versions, or some that do not hold."""
    random_ = random.Random(seed)
    facts = some_facts(random_)
    first = engine()
    first.restore(facts)
    expected = known(go(first, 120))
    other, values = engine(), Values()
    waiting = random_.sample(facts, len(facts))
    for minute in range(3, 121, 3):
        for fact in waiting[: len(waiting) // 8 + (minute == 120) * len(waiting)]:
            waiting.remove(fact)
            if isinstance(fact, VehicleTrip) and random_.random() < 0.5:
                other.restore(
                    [replace(fact, served_us=None), replace(fact, distance_m=1.0, began_us=fact.began_us + 1)]
                )
                other.amend(fact.device_id, [Retracted(replace(fact, began_us=fact.began_us + 1))], T0 + 2**40, T0)
                values |= rows(other.kpis().samples)
            other.restore([fact])
        values |= go(other, minute)
    assert known(values) == expected
    assert {window for _, _, window, _ in expected} == {"now", "PT1H", "shift", "day"}
    assert {subject for _, subject, _, _ in expected} == {"demo", "agv01", "agv02"}
    view = look(other.evaluator("demo").store, "agv01", SHIFT, at(120))
    assert view is not None
    assert not view.busy, "no crane did anything"
