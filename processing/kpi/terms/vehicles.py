"""Terms about vehicles, each takes a view. Sums are of whole numbers, so that no order changes them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from processing.facts.spans import FOREVER_US
from processing.kpi.evidence import Evidence
from processing.kpi.terms.levels import level, levels
from processing.kpi.terms.term import Term
from processing.kpi.view import View
from processing.model.times import HOUR_US, MINUTE_US
from processing.vehicles.facts import VehicleCharge, VehicleTrip

MM_PER_KM = 1_000_000
MWH_PER_KWH = 1_000_000
"""[1e-3 Wh per kWh]"""


@dataclass(slots=True)
class TripTotals:
    """Totals of trips that ended in a window.

    Attributes:
        trips: how many.
        empty_mm, laden_mm: way of those whose load and way are known. [1e-3 m]
        metered: how many of known energy, which is `energy_mwh`. [1e-3 Wh]
        waits: how many waits have ended, by zone, which lasted `waited_us`. [µs]
        served_us: when the last of them ended. [µs since 1970 UTC]
    """

    trips: int = 0
    empty_mm: int = 0
    laden_mm: int = 0
    metered: int = 0
    energy_mwh: int = 0
    waits: dict[str | None, int] = field(default_factory=dict)
    waited_us: dict[str | None, int] = field(default_factory=dict)
    served_us: int = 0

    def add(self, other: "TripTotals") -> None:
        """Add totals of other trips."""
        self.trips += other.trips
        self.empty_mm += other.empty_mm
        self.laden_mm += other.laden_mm
        self.metered += other.metered
        self.energy_mwh += other.energy_mwh
        for zone, count in other.waits.items():
            self.waits[zone] = self.waits.get(zone, 0) + count
            self.waited_us[zone] = self.waited_us.get(zone, 0) + other.waited_us[zone]


def _totals(view: View) -> TripTotals:
    if view.device_id is not None:
        return _totals_of(view.ended(VehicleTrip), view.end_us)
    totals = TripTotals()
    for part in view.store.spans(VehicleTrip).ended(view.begin_us, view.end_us):
        known: TripTotals | None = part.made.get(_totals_of)
        if known is None:
            known = part.made[_totals_of] = _totals_of(part.facts.values(), FOREVER_US)
        # Of a window of the past waits are left out that ended after it.
        whole = known.served_us <= view.end_us
        totals.add(known if whole else _totals_of(part.facts.values(), view.end_us))
    return totals


def _totals_of(trips: Iterable[VehicleTrip], until_us: int) -> TripTotals:
    """Totals of trips, and of the waits after them that ended by a time. [µs since 1970 UTC]."""
    totals = TripTotals()
    for trip in trips:
        totals.trips += 1
        if trip.distance_m is not None and trip.laden is not None:
            way_mm = round(trip.distance_m * 1000)
            if trip.laden:
                totals.laden_mm += way_mm
            else:
                totals.empty_mm += way_mm
        if trip.energy_kwh is not None:
            totals.metered += 1
            totals.energy_mwh += round(trip.energy_kwh * MWH_PER_KWH)
        if trip.served_us is not None and trip.served_us <= until_us:
            zone, wait_us = trip.to_zone, trip.served_us - trip.ended_us
            totals.waits[zone] = totals.waits.get(zone, 0) + 1
            totals.waited_us[zone] = totals.waited_us.get(zone, 0) + wait_us
            totals.served_us = max(totals.served_us, trip.served_us)
    return totals


def busy(view: View) -> bool:
    """Whether a trip ended in the window."""
    return next(view.ended(VehicleTrip), None) is not None


def charged(view: View) -> bool:
    """Whether a charging session ended in the window."""
    return next(view.ended(VehicleCharge), None) is not None


def trips(view: View, found: Evidence) -> None:
    """Trips that ended in the window, in the order of their ends."""
    ended = view.ended(VehicleTrip)
    found.add(VehicleTrip, sorted(ended, key=lambda trip: (trip.ended_us, trip.device_id)))


def charges(view: View, found: Evidence) -> None:
    """Charging sessions that ended in the window, in the order of their ends."""
    ended = view.ended(VehicleCharge)
    found.add(VehicleCharge, sorted(ended, key=lambda charge: (charge.ended_us or 0, charge.device_id)))


def _of_totals(number: Callable[[TripTotals], float]) -> Callable[[View], float]:
    return lambda view: number(view.once(_totals))


def _waits(zone: str) -> Callable[[View], float]:
    return _of_totals(lambda totals: totals.waits.get(zone, 0))


def _wait_min(zone: str) -> Callable[[View], float]:
    return _of_totals(lambda totals: totals.waited_us.get(zone, 0) / MINUTE_US)


def _hours(view: View) -> float:
    return (view.end_us - view.begin_us) / HOUR_US


def _charged_kwh(view: View) -> float | None:
    known = [charge.energy_kwh for charge in view.ended(VehicleCharge) if charge.energy_kwh is not None]
    return sum(round(energy_kwh * MWH_PER_KWH) for energy_kwh in known) / MWH_PER_KWH if known else None


TERMS: dict[str, Term] = {
    "vehicle_trips": Term("trips", "trips", _of_totals(lambda t: t.trips), (trips,)),
    "vehicle_hours": Term("hours of the window", "h", _hours),
    "vehicle_km": Term(
        "way of trips, laden and empty", "km", _of_totals(lambda t: (t.empty_mm + t.laden_mm) / MM_PER_KM), (trips,)
    ),
    "vehicle_empty_km": Term("way of empty trips", "km", _of_totals(lambda t: t.empty_mm / MM_PER_KM), (trips,)),
    "vehicle_metered_trips": Term("trips whose energy is known", "trips", _of_totals(lambda t: t.metered), (trips,)),
    "vehicle_energy_kwh": Term(
        "energy of these trips", "kWh", _of_totals(lambda t: t.energy_mwh / MWH_PER_KWH), (trips,)
    ),
    "vehicle_crane_waits": Term("waits at cranes that have ended", "waits", _waits("quay"), (trips,)),
    "vehicle_crane_wait_min": Term("minutes of these waits", "min", _wait_min("quay"), (trips,)),
    "vehicle_block_waits": Term("waits at blocks that have ended", "waits", _waits("block"), (trips,)),
    "vehicle_block_wait_min": Term("minutes of these waits", "min", _wait_min("block"), (trips,)),
    "vehicle_charged_kwh": Term("energy of charging sessions", "kWh", _charged_kwh, (charges,)),
    "vehicles_charging": Term("vehicles being charged", "vehicles", level("charging"), (levels("charging"),)),
    "vehicles_low": Term("vehicles with a low battery", "vehicles", level("battery_low"), (levels("battery_low"),)),
}
