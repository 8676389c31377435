"""Energy of one terminal's devices by quarters of an hour, in memory: eight bytes each, and sums kept up to date."""

from array import array
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from processing.energy.facts import EnergyUse, Equipment
from processing.model.times import QUARTER_US

SECONDS = 1_024
"""More than a quarter has: energy and seconds of a device share one whole number."""
NOTHING = 0
"""Stands for a device without a fact."""


@dataclass(slots=True)
class Amount:
    """Energy, and for how long it is known. [1e-3 Wh, s]."""

    energy_mwh: int = 0
    measured_s: int = 0

    def add(self, other: "Amount") -> None:
        """Add another amount."""
        self.energy_mwh += other.energy_mwh
        self.measured_s += other.measured_s


class Quarter:
    """A quarter of an hour.

    Attributes:
        began_us: when it began. [µs since 1970 UTC]
        sums: of all devices, by kind of equipment; a kind of which no device has a fact is not there.
        made: amounts of groups of devices, by name, for as long as nothing changes.
    """

    __slots__ = ("_counts", "_packed", "began_us", "made", "sums")

    def __init__(self, began_us: int) -> None:
        self.began_us = began_us
        self.sums: dict[Equipment, Amount] = {}
        self.made: dict[str, Amount] = {}
        self._packed = array("q")
        self._counts: dict[Equipment, int] = {}

    @property
    def ended_us(self) -> int:
        """When it ended. [µs since 1970 UTC]."""
        return self.began_us + QUARTER_US

    @property
    def empty(self) -> bool:
        """Whether no device has a fact."""
        return not any(self._packed)

    def of(self, place: int) -> Amount | None:
        """What a device took; None: there is no fact."""
        packed = self._packed[place] if place < len(self._packed) else NOTHING
        return None if packed == NOTHING else Amount(packed // SECONDS, packed % SECONDS)

    def put(self, place: int, equipment: Equipment, amount: Amount | None) -> None:
        """Enter what a device took, None: there is no fact, in the place of what was there."""
        before = self.of(place)
        total = self.sums.setdefault(equipment, Amount())
        if before is not None:
            total.add(Amount(-before.energy_mwh, -before.measured_s))
        if amount is not None:
            total.add(amount)
        self._counts[equipment] = self._counts.get(equipment, 0) + (amount is not None) - (before is not None)
        if not self._counts[equipment]:
            del self.sums[equipment], self._counts[equipment]
        self._packed.extend([NOTHING] * (place + 1 - len(self._packed)))
        self._packed[place] = NOTHING if amount is None else amount.energy_mwh * SECONDS + amount.measured_s
        self.made.clear()


class EnergyFacts:
    """Of one terminal."""

    def __init__(self) -> None:
        self._places: dict[int, int] = {}
        self._equipment: dict[int, Equipment] = {}
        self._quarters: dict[int, Quarter] = {}

    def get(self, fact: EnergyUse) -> Amount | None:
        """What is here of the device and the quarter of a fact."""
        quarter, place = self._quarters.get(fact.began_us), self._places.get(fact.device_id)
        return None if quarter is None or place is None else quarter.of(place)

    def put(self, fact: EnergyUse) -> None:
        """Enter a fact, in the place of an earlier version of it."""
        self._enter(fact, Amount(fact.energy_mwh, fact.measured_s))

    def drop(self, fact: EnergyUse) -> None:
        """Remove a fact, of any version."""
        if self.get(fact) is not None:
            self._enter(fact, None)
            if self._quarters[fact.began_us].empty:
                del self._quarters[fact.began_us]

    def ended(self, after_us: int, until_us: int) -> Iterator[Quarter]:
        """Quarters that ended in (after, until] and have facts, in order."""
        for began_us in range(after_us // QUARTER_US * QUARTER_US, until_us - QUARTER_US + 1, QUARTER_US):
            quarter = self._quarters.get(began_us)
            if quarter is not None and quarter.ended_us > after_us:
                yield quarter

    def of_device(self, quarter: Quarter, device_id: int) -> Amount | None:
        """What a device took in a quarter; None: there is no fact."""
        place = self._places.get(device_id)
        return None if place is None else quarter.of(place)

    def of_group(self, quarter: Quarter, name: str, device_ids: Collection[int]) -> Amount | None:
        """What the devices of a group took in a quarter; None: of none there is a fact."""
        if name not in quarter.made:
            total, some = Amount(), False
            for device_id in device_ids:
                amount = self.of_device(quarter, device_id)
                if amount is not None:
                    total.add(amount)
                    some = True
            if not some:
                return None
            quarter.made[name] = total
        return quarter.made[name]

    def devices(self) -> dict[int, Equipment]:
        """Devices that ever had a fact, and what each is."""
        return self._equipment

    def forget(self, before_us: int) -> None:
        """Drop quarters that ended before a time."""
        for began_us in [one for one, quarter in self._quarters.items() if quarter.ended_us < before_us]:
            del self._quarters[began_us]

    def _enter(self, fact: EnergyUse, amount: Amount | None) -> None:
        place = self._places.setdefault(fact.device_id, len(self._places))
        self._equipment[fact.device_id] = fact.equipment
        quarter = self._quarters.get(fact.began_us)
        if quarter is None:
            quarter = self._quarters[fact.began_us] = Quarter(fact.began_us)
        quarter.put(place, fact.equipment, amount)
