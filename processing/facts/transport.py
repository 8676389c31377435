"""Whether a crane waits for transport, by the vehicles at it: signals show the same of a crane that waits for the ship.

A function of the delay, of where the crane stood, and of the trips that end between an hour before the delay and its
first hour; of each with the vehicle's next departure.
"""

from collections.abc import Iterator

from processing.cranes.facts import CraneDelay, DelayCause
from processing.facts.spans import Ended, Spans
from processing.model.times import HOUR_US, MINUTE_US
from processing.vehicles.facts import VehicleTrip

Span = tuple[int, int]
"""Begin, end. [µs since 1970 UTC]"""
REACH_M = 30.0
"""A vehicle is at a crane where it stands no further off along the quay, below it or in its queue. [m] Assumed."""
ABSENT_SHARE = 0.5
"""A crane waits for transport where no vehicle is at it for more than this share of a delay. Assumed."""
KNOWN_US = HOUR_US
"""Vehicles are known where one ended a trip so long before a delay, or in it; one that came before is parked. [µs]"""
JUDGED_US = HOUR_US
"""Vehicles decide by the first part of a delay, so long at most. [µs]"""
PLACED_US = HOUR_US
"""A crane stands where its last move was, unless that is longer ago than this: no longer than `KNOWN_US`. [µs]"""
LASTING_US = 2 * MINUTE_US
"""Of a delay that lasts, by a first part of this length. [µs]"""


def undecided(delay: CraneDelay) -> bool:
    """Whether vehicles decide over the cause: the spreader is over the ship, and the crane reports no other reason."""
    return delay.cause == "ship"


def judged_us(delay: CraneDelay) -> Span:
    """The part of a delay by which vehicles decide. [µs since 1970 UTC]."""
    began_us = delay.began_us
    ended_us = began_us + LASTING_US if delay.ended_us is None else delay.ended_us
    return began_us, min(ended_us, began_us + JUDGED_US)


def concerned_us(delay: CraneDelay) -> Span:
    """When trips that decide over a delay end, or begin at a vehicle that does. [µs since 1970 UTC]."""
    began_us, ended_us = judged_us(delay)
    return began_us - KNOWN_US, ended_us


def delays_concerned_us(trip: VehicleTrip) -> Span:
    """When delays begin over which a trip may decide. [µs since 1970 UTC]."""
    return trip.began_us - JUDGED_US, trip.ended_us + KNOWN_US


def cause_by_vehicles(delay: CraneDelay, gantry_m: float | None, trips: Spans[VehicleTrip]) -> DelayCause:
    """The cause of a delay, by vehicles where they are known and signals do not decide; else that of the signals.

    Args:
        delay: of a crane.
        gantry_m: where the crane stood along its rails; None: unknown. [m]
        trips: of the terminal, those at least that are `concerned_us`.
    """
    if not undecided(delay) or gantry_m is None:
        return delay.cause
    parts = list(trips.ended(*concerned_us(delay)))
    if not any(part.facts for part in parts):
        return delay.cause
    began_us, ended_us = judged_us(delay)
    there_us, until_us = 0, began_us
    for first_us, last_us in sorted(_stays(gantry_m, ended_us, parts, trips)):
        if last_us > until_us:
            there_us += last_us - max(first_us, until_us)
            until_us = last_us
    return "waiting_transport" if ended_us - began_us - there_us > ABSENT_SHARE * (ended_us - began_us) else delay.cause


def _stays(
    gantry_m: float, until_us: int, parts: list[Ended[VehicleTrip]], trips: Spans[VehicleTrip]
) -> Iterator[Span]:
    """When vehicles stand at a place up to a time, in no order."""
    for trip in (one for part in parts for one in part.facts.values()):
        if trip.to_zone == "quay" and trip.to_x_m is not None and abs(trip.to_x_m - gantry_m) <= REACH_M:
            later = (one.began_us for one in trips.between(trip.ended_us, until_us, trip.device_id))
            yield trip.ended_us, min((at_us for at_us in later if at_us >= trip.ended_us), default=until_us)
