"""Whether a crane waits for transport, by the vehicles at it: signals show the same of a crane that waits for the ship.

A function of the delay, of where the crane stood, and of the trips that end between an hour before the delay and its
first hour; of each with the vehicle's next departure.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from processing.cranes.facts import CraneDelay, DelayCause
from processing.facts.trips import Trips, quay_m
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


@dataclass(frozen=True, slots=True)
class Doubt:
    """Delays whose cause a change of a trip may change. Times in µs since 1970 UTC.

    Attributes:
        x_m: they are at cranes within `REACH_M` of this place along the quay, None: at any. [m]
        since_us, until_us: they began in [since, until).
        reached_us: the part of them by which vehicles decide lasts until then at least.
    """

    x_m: float | None
    since_us: int
    until_us: int
    reached_us: int

    def includes(self, delay: CraneDelay) -> bool:
        """Whether a delay is one of them, wherever its crane stood."""
        began_in_time = self.since_us <= delay.began_us < self.until_us
        return began_in_time and undecided(delay) and judged_us(delay)[1] >= self.reached_us

    def near(self, gantry_m: float | None) -> bool:
        """Whether a crane is; vehicles do not decide where its place is unknown."""
        return gantry_m is not None and (self.x_m is None or abs(self.x_m - gantry_m) <= REACH_M)


def doubts(trips: Trips, before: VehicleTrip | None, after: VehicleTrip | None) -> list[Doubt]:
    """What may change where one version of a trip takes the place of another; None: there is none.

    Args:
        trips: of the terminal, as they are before that.
        before: the version that is among them.
        after: the one that will be.
    """
    found: list[Doubt] = []
    versions = [one for one in (before, after) if one is not None]
    if len(versions) == 1:  # the stop before it has another end
        for one in trips.ended_before(versions[0]):
            found += _doubts_at(quay_m(one), one.ended_us, versions[0].began_us)
    if len({(one.ended_us, quay_m(one)) for one in versions}) == 2 or len(versions) == 1:
        for one in versions:
            found += _doubts_at(quay_m(one), one.ended_us, one.ended_us)
    if len({one.ended_us for one in versions}) == 2 or len(versions) == 1:
        found += [_known_by(trips, one.ended_us) for one in versions]
    return found


def _doubts_at(x_m: float | None, arrived_us: int, from_us: int) -> list[Doubt]:
    """Delays near a stop that may see from a time on whether the vehicle is there."""
    return [] if x_m is None else [Doubt(x_m, from_us - JUDGED_US, arrived_us + KNOWN_US, from_us)]


def _known_by(trips: Trips, ended_us: int) -> Doubt:
    """Delays for which vehicles are known by a trip that ended then, and perhaps by no other one."""
    last_us = trips.last_end_us(ended_us - KNOWN_US, ended_us)
    first_us = trips.first_end_us(ended_us, ended_us + KNOWN_US)
    since_us = ended_us - JUDGED_US if last_us is None else last_us + KNOWN_US
    return Doubt(None, since_us, ended_us + KNOWN_US if first_us is None else first_us, ended_us)


def cause_by_vehicles(delay: CraneDelay, gantry_m: float | None, trips: Trips) -> DelayCause:
    """The cause of a delay, by vehicles where they are known and signals do not decide; else that of the signals.

    Args:
        delay: of a crane.
        gantry_m: where the crane stood along its rails; None: unknown. [m]
        trips: of the terminal, those at least that are `concerned_us`.
    """
    if not undecided(delay) or gantry_m is None or trips.first_end_us(*concerned_us(delay)) is None:
        return delay.cause
    began_us, ended_us = judged_us(delay)
    there_us, until_us = 0, began_us
    for first_us, last_us in sorted(_stays(gantry_m, delay, trips)):
        if last_us > until_us:
            there_us += last_us - max(first_us, until_us)
            until_us = last_us
    return "waiting_transport" if ended_us - began_us - there_us > ABSENT_SHARE * (ended_us - began_us) else delay.cause


def _stays(gantry_m: float, delay: CraneDelay, trips: Trips) -> Iterator[Span]:
    """When vehicles stand at a crane until the end of the part of its delay that decides, in no order."""
    after_us, until_us = concerned_us(delay)
    for arrived_us, device_id, _ in trips.stops(gantry_m, REACH_M, after_us, until_us):
        left_us = trips.departure_us(device_id, arrived_us)
        if left_us is None or left_us > delay.began_us:  # few of those that came within the hour before
            yield arrived_us, until_us if left_us is None else min(left_us, until_us)
