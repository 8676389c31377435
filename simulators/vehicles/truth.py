"""What really happened to vehicles. Never an input of quaystream: the detectors are scored against it."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from simulators.devices import text

MOVES_MPS = 0.2
"""Slower is standing. Source: docs/vehicles.md."""
STILL_MS = 10_000
"""Who stands so long outside the lanes has arrived. [ms] Source: docs/vehicles.md."""
PERIOD_MS = 1_000
"""Until the sample that shows it, at most. [ms]"""
SHORTEST_M = 5.0
"""Shorter ways are corrections of where it stands. [m] Source: docs/vehicles.md."""


@dataclass(frozen=True, slots=True)
class TrueTrip:
    """A way from standing outside the lanes until standing there again, at sample times. [ms since 1970 UTC].

    Attributes:
        began_ms, ended_ms: first sample in motion, and first one at rest.
        from_zone, to_zone: where it stood.
        laden: whether it carried a box.
        distance_m: length of the way. [m]
        energy_kwh: what it took. [kWh]
        container_ids: what it carried, as far as it knew.
    """

    device: str
    began_ms: int
    ended_ms: int
    from_zone: str
    to_zone: str
    laden: bool
    distance_m: float
    energy_kwh: float
    container_ids: tuple[str, ...]
    fact: ClassVar[str] = "vehicle_trip"

    def payload(self) -> dict[str, Any]:
        """What is published of it."""
        return {
            "device": self.device,
            "began_at": text(self.began_ms),
            "ended_at": text(self.ended_ms),
            "from_zone": self.from_zone,
            "to_zone": self.to_zone,
            "laden": self.laden,
            "distance_m": round(self.distance_m, 2),
            "energy_kwh": round(self.energy_kwh, 3),
            "container_ids": self.container_ids,
        }


@dataclass(frozen=True, slots=True)
class TrueCharge:
    """A span in which a charger charged the battery, at sample times. [ms since 1970 UTC].

    Attributes:
        began_ms, ended_ms: first sample while it is charged, and first one afterwards.
        battery_from_pct, battery_to_pct: charge of the battery then. [%]
        energy_kwh: what the charger gave to it. [kWh]
    """

    device: str
    began_ms: int
    ended_ms: int
    battery_from_pct: float
    battery_to_pct: float
    energy_kwh: float
    fact: ClassVar[str] = "vehicle_charge"

    def payload(self) -> dict[str, Any]:
        """What is published of it."""
        return {
            "device": self.device,
            "began_at": text(self.began_ms),
            "ended_at": text(self.ended_ms),
            "battery_from_pct": round(self.battery_from_pct, 2),
            "battery_to_pct": round(self.battery_to_pct, 2),
            "energy_kwh": round(self.energy_kwh, 3),
        }


class TrueCharges:
    """Charging sessions of one vehicle."""

    def __init__(self) -> None:
        self._done: list[TrueCharge] = []

    def charged(self, charge: TrueCharge) -> None:
        """A session is over; no sample may have shown it yet."""
        if charge.began_ms < charge.ended_ms:  # else no sample lies in it
            self._done.append(charge)

    def until(self, end_ms: int) -> list[TrueCharge]:
        """Sessions that are over before a time, each once."""
        found = [charge for charge in self._done if charge.ended_ms < end_ms]
        self._done = self._done[len(found) :]
        return found


class TrueTrips:
    """Makes trips of the drives of one vehicle: drives with a short rest between them are one."""

    def __init__(self) -> None:
        self._last: TrueTrip | None = None
        self._done: list[TrueTrip] = []

    @property
    def pending(self) -> bool:
        """Whether any may be over soon, or is."""
        return self._last is not None or bool(self._done)

    def drove(self, drive: TrueTrip) -> None:
        """The vehicle drove from rest to rest."""
        last = self._last
        if last is not None and drive.began_ms - last.ended_ms < STILL_MS:
            self._last = replace(
                drive,
                began_ms=last.began_ms,
                from_zone=last.from_zone,
                distance_m=last.distance_m + drive.distance_m,
                energy_kwh=last.energy_kwh + drive.energy_kwh,
            )
            return
        self.handed_over()
        self._last = drive

    def handed_over(self) -> None:
        """Its box was put on or taken off where it stands: a trip ends, however short the rest."""
        if self._last is not None and self._last.distance_m >= SHORTEST_M:
            self._done.append(self._last)
        self._last = None

    def until(self, end_ms: int) -> list[TrueTrip]:
        """Trips that are known to be over before a time, each once."""
        if self._last is not None and self._last.ended_ms + STILL_MS + PERIOD_MS < end_ms:
            self.handed_over()
        found = [trip for trip in self._done if trip.ended_ms < end_ms]
        self._done = [trip for trip in self._done if trip.ended_ms >= end_ms]
        return found
