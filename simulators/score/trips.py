"""What days of vehicles add up to: trips found and missed, their times, ways and energy; and charging sessions."""

from collections import Counter
from dataclasses import dataclass, field

from processing.vehicles.facts import VehicleTrip
from simulators.score.charges import ChargeScore
from simulators.score.match import partners
from simulators.score.tally import Count
from simulators.score.vehicle_day import ENDS, VehicleDay
from simulators.vehicles.truth import TrueTrip

SETTLED_US = 15_000_000
"""What ends within the last seconds of a day may not be reported yet: a trip is over once its vehicle has stood."""


@dataclass(slots=True)
class TripScore:
    """Of days under one condition.

    Attributes:
        all, by_kind, by_fault: trips; of the wrong kind are those with a wrong zone or load.
        errors_ms: by end, how much later than it was, of each trip found. [ms]
        off_by_more: by end, trips for which it is more than a sample off.
        way_errors: of each trip found, how much longer the way is than it was, as a share of it; as far as known.
        way_m, energy_kwh: sums of trips whose figure is known: true and found.
        unknown: trips found without a way, or without energy.
        samples: read.
        charges: the charging sessions.
    """

    all: Count = field(default_factory=Count)
    by_kind: dict[str, Count] = field(default_factory=dict)
    by_fault: dict[str, Count] = field(default_factory=dict)
    errors_ms: dict[str, list[float]] = field(default_factory=lambda: {end: [] for end in ENDS})
    off_by_more: Counter[str] = field(default_factory=Counter)
    way_errors: list[float] = field(default_factory=list)
    way_m: list[float] = field(default_factory=lambda: [0.0, 0.0])
    energy_kwh: list[float] = field(default_factory=lambda: [0.0, 0.0])
    unknown: Counter[str] = field(default_factory=Counter)
    samples: int = 0
    charges: ChargeScore = field(default_factory=ChargeScore)

    def add(self, days: list[VehicleDay], _name: str) -> None:
        """Take in a day of all vehicles."""
        for day in days:
            self.samples += day.samples
            self.charges.add(day)
            found = sorted(day.found, key=lambda trip: trip.began_us)
            partner = partners(
                [(trip.began_ms * 1000, trip.ended_ms * 1000) for trip in day.trips],
                [(trip.began_us, trip.ended_us) for trip in found],
            )
            for at, trip in enumerate(day.trips):
                self._trip(day, trip, found[partner[at]] if at in partner else None)
            taken = set(partner.values())
            for at, extra in enumerate(found):
                if at not in taken and extra.ended_us < day.end_us - SETTLED_US:
                    kind = _kind(extra.from_zone, extra.to_zone, laden=extra.laden)
                    for count in self._counts(kind, day, extra.began_us, extra.ended_us):
                        count.invented += 1

    def _counts(self, kind: str, day: VehicleDay, begin_us: int, end_us: int) -> list[Count]:
        faults = [self.by_fault.setdefault(fault, Count()) for fault in day.faults_near(begin_us, end_us)]
        return [self.all, self.by_kind.setdefault(kind, Count()), *faults]

    def _trip(self, day: VehicleDay, true: TrueTrip, found: VehicleTrip | None) -> None:
        kind = _kind(true.from_zone, true.to_zone, laden=true.laden)
        right = found is not None and kind == _kind(found.from_zone, found.to_zone, laden=found.laden)
        ids_right = found is not None and set(found.container_ids) == set(true.container_ids)
        for count in self._counts(kind, day, true.began_ms * 1000, true.ended_ms * 1000):
            count.true += 1
            count.missed += found is None
            count.kind_wrong += found is not None and not right
            count.boxes_wrong += found is not None and not ids_right
        if found is not None:
            self._figures(day, true, found)

    def _figures(self, day: VehicleDay, true: TrueTrip, found: VehicleTrip) -> None:
        late_ms = found.began_us / 1000 - true.began_ms, found.ended_us / 1000 - true.ended_ms
        for end, error_ms in zip(ENDS, late_ms, strict=True):
            self.errors_ms[end].append(error_ms)
            self.off_by_more[end] += abs(error_ms) > day.period_ms
        for name, sums, was, value in (
            ("way", self.way_m, true.distance_m, found.distance_m),
            ("energy", self.energy_kwh, true.energy_kwh, found.energy_kwh),
        ):
            self.unknown[name] += value is None
            if value is not None:
                sums[0] += was
                sums[1] += value
        if found.distance_m is not None:
            self.way_errors.append(found.distance_m / true.distance_m - 1)


def _kind(from_zone: str | None, to_zone: str | None, *, laden: bool | None) -> str:
    return f"{from_zone} to {to_zone}, {'laden' if laden else 'empty'}"
