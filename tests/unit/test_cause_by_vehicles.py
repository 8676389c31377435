"""Causes by vehicles, with trips kept by place, are those that a plain search through all trips finds."""

import random
from itertools import pairwise

import pytest

from processing.cranes.facts import CraneDelay
from processing.facts.transport import cause_by_vehicles
from processing.facts.trips import Trips
from processing.model.times import HOUR_US, MINUTE_US
from processing.vehicles.facts import VehicleTrip
from tests.length import length
from tests.unit.test_crane_kpis import at
from tests.unit.test_transport import trip

PLACES_M = (None, -61.0, -60.0, -31.0, -30.0, -1.0, 0.0, 29.5, 30.0, 31.0, 60.0)


def plain_cause(delay: CraneDelay, gantry_m: float | None, trips: list[VehicleTrip]) -> str:
    """The rule of docs/causes.md, read off all trips: of each part of the delay, whether any vehicle is there."""
    if delay.cause != "ship" or gantry_m is None:
        return delay.cause
    until_us = delay.began_us + 2 * MINUTE_US if delay.ended_us is None else delay.ended_us
    until_us = min(until_us, delay.began_us + HOUR_US)
    arrivals = [one for one in trips if delay.began_us - HOUR_US < one.ended_us <= until_us]
    if not arrivals:
        return delay.cause
    stays = [
        (one.ended_us, min([until_us, *_departures_us(one, trips)]))
        for one in arrivals
        if one.to_zone == "quay" and one.to_x_m is not None and abs(one.to_x_m - gantry_m) <= 30
    ]
    changes = {delay.began_us, until_us, *(max(time_us, delay.began_us) for stay in stays for time_us in stay)}
    absent_us = sum(
        last_us - first_us
        for first_us, last_us in pairwise(sorted(changes))
        if not any(arrived_us <= first_us and last_us <= left_us for arrived_us, left_us in stays)
    )
    return "waiting_transport" if 2 * absent_us > until_us - delay.began_us else "ship"


def _departures_us(arrival: VehicleTrip, trips: list[VehicleTrip]) -> list[int]:
    return [one.began_us for one in trips if one.device_id == arrival.device_id and one.began_us >= arrival.ended_us]


def a_trip(random_: random.Random) -> VehicleTrip:
    """One of some vehicles within four hours; often another version of one that was there."""
    began = random_.randrange(0, 240, 4)
    ended = began + random_.choice([1, 2, 10, 45])
    return trip(
        began, ended, random_.choice(PLACES_M), random_.choice(["quay", "quay", "block"]), random_.randint(21, 26)
    )


def a_delay(random_: random.Random) -> CraneDelay:
    """Short, long, or lasting."""
    began, minutes = random_.randint(0, 300), random_.choice([None, 1, 10, 50, 150])
    ended_us = None if minutes is None else at(began + minutes)
    return CraneDelay(1, at(began), ended_us, random_.choice(["ship", "ship", "ship", "wind"]))


@pytest.mark.parametrize("seed", range(length(10, 500)))
def test_a_cause_is_what_a_search_through_all_trips_finds(seed: int) -> None:
    """While trips are entered, replaced and removed, in any order."""
    random_, trips, known = random.Random(seed), Trips(), dict[object, VehicleTrip]()
    found = set[tuple[str, str]]()
    for _ in range(120):
        fact = a_trip(random_)
        if known and random_.random() < 0.3:
            fact = known.pop(random_.choice(list(known)))
            trips.drop(fact)
        else:
            trips.put(fact)
            known[fact.key] = fact
        delay, gantry_m = a_delay(random_), random_.choice([None, -30.0, 0.0, 15.0, 30.0])
        expected = plain_cause(delay, gantry_m, list(known.values()))
        assert cause_by_vehicles(delay, gantry_m, trips) == expected
        found.add((delay.cause, expected))
    assert found == {("ship", "ship"), ("ship", "waiting_transport"), ("wind", "wind")}
