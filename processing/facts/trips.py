"""The trips of a terminal's vehicles, looked up by where on the quay they end, and when any of them does."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator

from processing.facts.spans import Spans
from processing.model.times import HOUR_US
from processing.vehicles.facts import VehicleTrip

CELL_M = 30.0
"""Stops are kept by parts of the quay of this length. [m]"""
Stop = tuple[int, int, float]
"""Arrival, device id, place along the quay. [µs since 1970 UTC, m]"""


class Trips(Spans[VehicleTrip]):
    """Of one terminal; a thousand vehicles make ten thousand an hour, of which few end at one place."""

    def __init__(self) -> None:
        super().__init__("trip", VehicleTrip.seen)
        self._ends_us: dict[int, list[int]] = {}  # of all trips, in order, by hour
        self._stops: dict[tuple[int, int], list[Stop]] = {}  # on the quay, in order, by cell and hour
        self._departures_us: dict[tuple[int, int], int | None] = {}  # by device and arrival

    def put(self, fact: VehicleTrip) -> None:
        """Enter a trip, in the place of an earlier version of it."""
        super().put(fact)
        self._forget_departures(fact)
        hour = fact.ended_us // HOUR_US
        insort(self._ends_us.setdefault(hour, []), fact.ended_us)
        x_m = quay_m(fact)
        if x_m is not None:
            insort(self._stops.setdefault((int(x_m // CELL_M), hour), []), (fact.ended_us, fact.device_id, x_m))

    def drop(self, fact: VehicleTrip) -> None:
        """Remove a trip, of any version."""
        known = self.get(fact)
        if known is None:
            return
        self._forget_departures(known)
        super().drop(fact)
        self._departures_us.pop((known.device_id, known.ended_us), None)
        hour, x_m = known.ended_us // HOUR_US, quay_m(known)
        ends_us = self._ends_us[hour]
        del ends_us[bisect_left(ends_us, known.ended_us)]
        if not ends_us:
            del self._ends_us[hour]
        if x_m is not None:
            cell = int(x_m // CELL_M), hour
            stops = self._stops[cell]
            del stops[bisect_left(stops, (known.ended_us, known.device_id, x_m))]
            if not stops:
                del self._stops[cell]

    def stops(self, x_m: float, reach_m: float, after_us: int, until_us: int) -> Iterator[Stop]:
        """Arrivals in (after, until] within reach of a place along the quay, in no order."""
        for cell in range(int((x_m - reach_m) // CELL_M), int((x_m + reach_m) // CELL_M) + 1):
            for hour in range(after_us // HOUR_US, until_us // HOUR_US + 1):
                stops = self._stops.get((cell, hour), ())
                for stop in stops[bisect_left(stops, (after_us + 1,)) : bisect_left(stops, (until_us + 1,))]:
                    if abs(stop[2] - x_m) <= reach_m:
                        yield stop

    def first_end_us(self, after_us: int, until_us: int) -> int | None:
        """When the first trip ended in (after, until]. [µs since 1970 UTC]."""
        for hour in range(after_us // HOUR_US, until_us // HOUR_US + 1):
            ends_us = self._ends_us.get(hour, ())
            at = bisect_right(ends_us, after_us)
            if at < len(ends_us):
                return ends_us[at] if ends_us[at] <= until_us else None
        return None

    def last_end_us(self, since_us: int, before_us: int) -> int | None:
        """When the last trip ended in [since, before). [µs since 1970 UTC]."""
        for hour in range(before_us // HOUR_US, since_us // HOUR_US - 1, -1):
            ends_us = self._ends_us.get(hour, ())
            at = bisect_left(ends_us, before_us) - 1
            if at >= 0:
                return ends_us[at] if ends_us[at] >= since_us else None
        return None

    def departure_us(self, device_id: int, arrived_us: int) -> int | None:
        """When a vehicle that arrived began its first trip after that; None: it is still there. [µs since 1970 UTC]."""
        key = device_id, arrived_us
        if key not in self._departures_us:
            begins = self._devices[device_id].begins
            at = bisect_left(begins, (arrived_us,))
            self._departures_us[key] = begins[at][0] if at < len(begins) else None
        return self._departures_us[key]

    def _forget_departures(self, trip: VehicleTrip) -> None:
        """A trip comes or goes: vehicles that arrived before it may depart at another time."""
        for one in self.ended_before(trip):
            self._departures_us.pop((one.device_id, one.ended_us), None)

    def ended_before(self, trip: VehicleTrip) -> list[VehicleTrip]:
        """Trips of a vehicle after which this one is its first to begin, whether it is here or not."""
        spans = self._devices.get(trip.device_id)
        if spans is None:
            return []
        at = bisect_left(spans.begins, (trip.began_us,)) - 1
        departed_us = spans.begins[at][0] if at >= 0 else trip.began_us
        return [
            one
            for one in spans.begun(departed_us, trip.began_us)
            if departed_us < one.ended_us <= trip.began_us and one.key != trip.key
        ]


def quay_m(trip: VehicleTrip) -> float | None:
    """Where along the quay a trip ends; None: elsewhere, or unknown. [m]."""
    return trip.to_x_m if trip.to_zone == "quay" else None
