"""Trips, charging sessions and levels of vehicles, from samples written by hand; times in seconds."""

import random
from typing import Any

import pytest

from processing.model.level import LevelChange
from processing.vehicles.facts import VehicleCharge, VehicleTrip
from tests.length import length
from tests.unit.vehicle_signals import SECOND, T0, Drive, found_in, random_drive, samples
from tests.unit.written_samples import Row


def trips(rows: list[Row]) -> list[VehicleTrip]:
    """Trips in the order in which they began."""
    return [fact for fact in found_in(samples(rows)).values() if isinstance(fact, VehicleTrip)]


def seconds(time_us: int | None) -> float | None:
    """After T0."""
    return None if time_us is None else (time_us - T0) / SECOND


def times(trip: VehicleTrip) -> tuple[float | None, float | None, float | None]:
    """Departure, arrival, service."""
    return seconds(trip.began_us), seconds(trip.ended_us), seconds(trip.served_us)


def job() -> list[Row]:
    """Loaded at the quay in second 20, off in 31, 100 m along a lane, at the block from 51, unloaded in 80."""
    drive = Drive(x_m=300.0).stand(20).load("CSQU3054383").stand(10).go(20, 5.0).arrive("block").stand(28)
    return drive.unload().stand(5).rows


def test_a_trip_goes_from_where_it_stood_to_where_it_stands() -> None:
    """100 m in 20 s; the counter goes from 100.00 to 100.20 kWh; it waits from second 51 to 80."""
    (trip,) = trips(job())
    assert trip == VehicleTrip(
        1,
        T0 + 31 * SECOND,
        T0 + 51 * SECOND,
        T0 + 80 * SECOND,
        "quay",
        "block",
        300.0,
        20.0,
        400.0,
        20.0,
        True,
        100.0,
        0.2,
        ("CSQU3054383",),
    )


def test_a_stop_in_a_lane_is_traffic() -> None:
    """A minute in a jam: one trip, the way of both parts."""
    drive = Drive().stand(20).go(10).stand(60).go(10).arrive("block").stand(20)
    (trip,) = trips(drive.rows)
    assert (times(trip), trip.distance_m, trip.from_zone, trip.to_zone) == ((20, 100, None), 100.0, "quay", "block")


def test_a_short_stop_is_none_unless_its_load_is_handed_over() -> None:
    """Nine seconds are too short to have arrived; with a hand-over in the fifth it has arrived, and is served then."""
    drive = Drive().stand(20).go(10, zone="block").stand(9).go(10, zone="block").stand(20)
    assert [times(trip) for trip in trips(drive.rows)] == [(20, 49, None)]
    drive = Drive().stand(20).go(10, zone="block").stand(5).load().stand(3).go(10, zone="block").stand(20)
    assert [(times(trip), trip.laden) for trip in trips(drive.rows)] == [
        ((20, 30, 35), False),
        ((39, 49, None), True),
    ]


def test_a_hand_over_in_a_lane_ends_a_trip() -> None:
    drive = Drive().stand(20).go(10).stand(5).load("MSCU6639870").stand(5)
    (trip,) = trips(drive.rows)
    assert (times(trip), trip.to_zone, trip.laden, trip.container_ids) == ((20, 30, 35), "lane", False, ())


def test_it_leaves_unserved() -> None:
    """At the crane from second 30 to 70: the wait ends with the departure."""
    drive = Drive(zone="block").stand(20).go(10).arrive("quay").stand(39).go(10).arrive("parking").stand(15)
    first, second = trips(drive.rows)
    assert times(first) == (20, 30, 70)
    assert (times(second), second.from_zone, second.to_zone) == ((70, 80, None), "quay", "parking")


def test_a_correction_of_where_it_stands_is_no_trip_and_the_wait_goes_on() -> None:
    """Four metres, twenty seconds after it has arrived at the crane; served in second 85."""
    drive = Drive(zone="block").stand(20).go(10).arrive("quay").stand(19).go(4, 1.0, "quay").stand(31).load().stand(5)
    (trip,) = trips(drive.rows)
    assert (times(trip), trip.distance_m) == ((20, 30, 85), 50.0)


def test_no_trip_is_made_across_silence() -> None:
    """Silence of more than a minute on the way; and whoever served it in silence is not known."""
    drive = Drive().stand(20).go(10).silence(61).go(10).arrive("block").stand(20)
    assert trips(drive.rows) == []
    drive = Drive().stand(20).go(10).silence(59).go(10).arrive("block").stand(20).silence(61).unload().stand(20)
    assert [times(trip) for trip in trips(drive.rows)] == [(20, 99, None)]
    assert trips(drive.rows)[0].distance_m == 100.0


def test_before_its_first_stop_nothing_is_known() -> None:
    """It was on its way when the first sample came."""
    assert trips(Drive().go(10).arrive("block").stand(20).rows) == []


def without(rows: list[Row], *names: str) -> list[Row]:
    """Rows without some signals."""
    return [(second, {name: v for name, v in signals.items() if name not in names}) for second, signals in rows]


def test_without_positions_the_way_is_speed_times_time() -> None:
    """21 steps to the stop, of which the first begins at 0 m/s."""
    (trip,) = trips(without(job(), "position_x_m", "position_y_m"))
    assert (trip.distance_m, trip.from_x_m, trip.to_y_m) == (100.0, None, None)


def test_without_speeds_it_moves_where_positions_change() -> None:
    (trip,) = trips(without(job(), "speed_mps"))
    assert (times(trip), trip.distance_m) == ((31, 51, 80), 100.0)


def test_a_position_that_no_vehicle_can_reach_is_no_way() -> None:
    """One position 3 km off: the two steps count by speed, 5 m each."""
    rows = job()
    rows[40][1]["position_x_m"] = 3_400.0
    assert trips(rows)[0].distance_m == 100.0


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"energy_kwh": None}, None),
        ({"zone": None}, (None, None)),
        ({"laden": None}, None),
    ],
    ids=str,
)
def test_what_is_never_reported_is_not_known(change: dict[str, Any], expected: Any) -> None:
    (name,) = change
    (trip,) = trips(without(job(), name))
    found = {"energy_kwh": trip.energy_kwh, "zone": (trip.from_zone, trip.to_zone), "laden": trip.laden}
    assert found[name] == expected


def test_the_energy_of_a_counter_that_restarted_is_not_known() -> None:
    rows = [(s, signals | {"energy_kwh": signals["energy_kwh"] - (100 if s > 40 else 0)}) for s, signals in job()]
    assert trips(rows)[0].energy_kwh is None


def test_containers_are_those_reported_last_since_the_load_was_put_on() -> None:
    """Read while it is loaded, corrected on the way; an empty trip has none, whatever is reported."""
    drive = Drive().stand(20).load("MSCU6639871").stand(5).go(10)
    drive.rows[-5][1]["container_ids"] = ("MSCU6639870", "CSQU3054383")
    drive.arrive("block").stand(5).unload().stand(5).go(10).arrive("quay").stand(20)
    drive.rows[-3][1]["container_ids"] = ("TTNU0000000",)
    assert [trip.container_ids for trip in trips(drive.rows)] == [("MSCU6639870", "CSQU3054383"), ()]


def charged() -> list[Row]:
    """At the charger from second 10 to 110, with 180 kW: 5 kWh; from 15 % to 40 %."""
    drive = Drive(zone="charger")
    drive.more = {"battery_pct": 15.0, "charging": False, "power_kw": 2.0}
    drive.stand(10)
    drive.more |= {"charging": True, "power_kw": -180.0}
    drive.stand(50)
    drive.more |= {"battery_pct": 30.0}
    drive.stand(50)
    drive.more |= {"battery_pct": 40.0, "charging": False, "power_kw": 2.0}
    return drive.stand(5).rows


def charges(rows: list[Row]) -> list[VehicleCharge]:
    """Charging sessions."""
    return [fact for fact in found_in(samples(rows)).values() if isinstance(fact, VehicleCharge)]


def test_a_charging_session() -> None:
    assert charges(charged()) == [VehicleCharge(1, T0 + 10 * SECOND, T0 + 110 * SECOND, 15.0, 40.0, 5.0)]
    assert charges(charged()[:60]) == [VehicleCharge(1, T0 + 10 * SECOND, None, 15.0, None, None)]
    (one,) = charges(without(charged(), "power_kw"))
    assert (one.ended_us, one.energy_kwh) == (T0 + 110 * SECOND, None)


def test_silence_ends_a_charging_session_with_the_last_sample_before_it() -> None:
    """From second 40 to 101 nothing is heard: 29 s of 180 kW before, and 9 s after."""
    rows = [row for row in charged() if not 40 <= row[0] < 101]
    assert [(seconds(c.began_us), seconds(c.ended_us), c.energy_kwh) for c in charges(rows)] == [
        (10, 39, 1.45),
        (101, 110, 0.45),
    ]


def test_levels() -> None:
    """Charging from second 10 to 110; the battery is low, below 20 %, until 60."""
    found = found_in(samples(charged())).values()
    levels = [(f.name, seconds(f.time_us), f.value) for f in found if isinstance(f, LevelChange)]
    assert sorted(levels) == [
        ("battery_low", 0, 1.0),
        ("battery_low", 60, 0.0),
        ("charging", 0, 0.0),
        ("charging", 10, 1.0),
        ("charging", 110, 0.0),
    ]


@pytest.mark.parametrize("seed", range(length(2, 40)))
def test_any_split_into_batches_gives_the_same_facts(seed: int) -> None:
    """Absent signals, missing samples, silence; batches of one sample to all."""
    random_ = random.Random(seed)
    whole = samples(random_drive(random_, 6))
    expected = found_in(whole)
    assert sum(isinstance(fact, VehicleTrip) for fact in expected.values()) > 1
    for _ in range(5):
        assert found_in(whole, random_.sample(range(len(whole)), random_.randint(1, 60))) == expected
    assert found_in(whole, range(len(whole))) == expected
