"""What days of vehicles add up to: charging sessions found and missed, their times and energy."""

from collections import Counter
from dataclasses import dataclass, field

from processing.vehicles.facts import VehicleCharge
from simulators.score.match import partners
from simulators.score.tally import SETTLED_US, Count
from simulators.score.vehicle_day import ENDS, VehicleDay
from simulators.vehicles.truth import TrueCharge


@dataclass(slots=True)
class ChargeScore:
    """Of days under one condition. Sessions that last at the end of a day are neither true nor found.

    Attributes:
        all, by_fault: sessions.
        errors_ms: by end, how much later than it was, of each session found. [ms]
        off_by_more: by end, sessions for which it is more than a sample off.
        battery_errors_pct: by end, how much more charge was found than there was. [% of the battery]
        energy_kwh: sums of sessions whose energy is known: true and found.
        unknown: sessions found without energy.
    """

    all: Count = field(default_factory=Count)
    by_fault: dict[str, Count] = field(default_factory=dict)
    errors_ms: dict[str, list[float]] = field(default_factory=lambda: {end: [] for end in ENDS})
    off_by_more: Counter[str] = field(default_factory=Counter)
    battery_errors_pct: dict[str, list[float]] = field(default_factory=lambda: {end: [] for end in ENDS})
    energy_kwh: list[float] = field(default_factory=lambda: [0.0, 0.0])
    unknown: int = 0

    def add(self, day: VehicleDay) -> None:
        """Take in a day of one vehicle."""
        found = [(charge.began_us, charge.ended_us or 0, charge) for charge in day.found_charges]
        found.sort(key=lambda one: one[:2])
        true_us = [(charge.began_ms * 1000, charge.ended_ms * 1000) for charge in day.charges]
        partner = partners(true_us, [(began_us, ended_us) for began_us, ended_us, _ in found])
        for at, charge in enumerate(day.charges):
            for count in self._counts(day, *true_us[at]):
                count.true += 1
                count.missed += at not in partner
            if at in partner:
                self._figures(day, charge, found[partner[at]][2])
        taken = set(partner.values())
        for at, (began_us, ended_us, _) in enumerate(found):
            if at not in taken and ended_us < day.end_us - SETTLED_US:
                for count in self._counts(day, began_us, ended_us):
                    count.invented += 1

    def _counts(self, day: VehicleDay, began_us: int, ended_us: int) -> list[Count]:
        near = day.faults_near(began_us, ended_us)
        return [self.all, *(self.by_fault.setdefault(fault, Count()) for fault in near)]

    def _figures(self, day: VehicleDay, true: TrueCharge, found: VehicleCharge) -> None:
        times_ms = ((true.began_ms, found.began_us), (true.ended_ms, found.ended_us or 0))
        charges_pct = (true.battery_from_pct, found.battery_from_pct), (true.battery_to_pct, found.battery_to_pct)
        for end, (was_ms, found_us), (was_pct, found_pct) in zip(ENDS, times_ms, charges_pct, strict=True):
            error_ms = found_us / 1000 - was_ms
            self.errors_ms[end].append(error_ms)
            self.off_by_more[end] += abs(error_ms) > day.period_ms
            if found_pct is not None:
                self.battery_errors_pct[end].append(found_pct - was_pct)
        self.unknown += found.energy_kwh is None
        if found.energy_kwh is not None:
            self.energy_kwh[0] += true.energy_kwh
            self.energy_kwh[1] += found.energy_kwh
