"""When a reefer is out of range. Source: docs/sources.md, Reefers; all figures are parameters of the site file."""

from dataclasses import dataclass
from typing import Literal

from processing.model.times import HOUR_US, MINUTE_US

Probe = Literal["supply", "return", "both"]
FROZEN_SETPOINT_DEGC = -10.0
BOOKED_K = 0.25
"""Controllers round setpoints by up to so much. [K] Source: docs/sources.md, resolution of recorders."""


@dataclass(frozen=True, slots=True)
class ReeferProfile:
    """When a reefer is out of range.

    Attributes:
        name: as people call it.
        probe: which air counts; of both the one that is further off.
        tolerance_k: distance from the setpoint that is still in range. [K]
        below_counts: whether too cold is out of range as well.
        out_delay_us: an excursion begins only after being out this long. [µs]
        in_delay_us: and ends only after being back this long. [µs]
        hysteresis_k: to be back in range it must come this much closer; at most the tolerance. [K]
        defrost_us: not judged during defrost and this long after it. [µs]
        pull_down_us: nor after plug-in, or another setpoint, until first in range, for this long at most. [µs]
        setpoints_degc: the cargo it is for: lowest and highest setpoint; None: any.
        containers: the bookings it is for; empty: any.
        booked_degc: setpoint that is booked for them; None: not known. [°C]
    """

    name: str
    probe: Probe
    tolerance_k: float
    below_counts: bool
    out_delay_us: int
    defrost_us: int
    in_delay_us: int = 10 * MINUTE_US
    hysteresis_k: float = 0.3
    pull_down_us: int = 6 * HOUR_US
    setpoints_degc: tuple[float, float] | None = None
    containers: frozenset[str] = frozenset()
    booked_degc: float | None = None

    def deviation_k(self, setpoint_degc: float, supply_degc: float | None, return_degc: float | None) -> float | None:
        """How far the air that counts is off its setpoint, signed; None where no such reading came. [K]."""
        if self.probe == "both":
            off_k = [air - setpoint_degc for air in (supply_degc, return_degc) if air is not None]
            return max(off_k, key=self.distance_k, default=None)
        air = supply_degc if self.probe == "supply" else return_degc
        return None if air is None else air - setpoint_degc

    def distance_k(self, deviation_k: float) -> float:
        """The same as it counts against the tolerance. [K]."""
        return abs(deviation_k) if self.below_counts else deviation_k

    def is_for(self, container: str | None, setpoint_degc: float) -> bool:
        """Whether it holds for a box with a setpoint. [°C]."""
        booked = not self.containers or container in self.containers
        lowest, highest = self.setpoints_degc or (setpoint_degc, setpoint_degc)
        return booked and lowest <= setpoint_degc <= highest


CHILLED = ReeferProfile("chilled", "supply", 1.0, True, 30 * MINUTE_US, 60 * MINUTE_US)
FROZEN = ReeferProfile("frozen", "return", 2.0, False, 60 * MINUTE_US, 90 * MINUTE_US)


@dataclass(frozen=True, slots=True)
class ReeferProfiles:
    """The profiles of a terminal; those that it has itself come first, in their order."""

    own: tuple[ReeferProfile, ...] = ()

    def of(self, container: str | None, setpoint_degc: float) -> ReeferProfile:
        """The profile of a box: by its booking, else by its cargo, else as built in."""
        found = [profile for profile in self.own if profile.is_for(container, setpoint_degc)]
        booked = [profile for profile in found if profile.containers]
        built_in = FROZEN if setpoint_degc <= FROZEN_SETPOINT_DEGC else CHILLED
        return next(iter([*booked, *found, built_in]))

    @property
    def booked(self) -> bool:
        """Whether any box has a booked setpoint."""
        return any(profile.booked_degc is not None for profile in self.own)

    def contradicts_booking(self, container: str, setpoint_degc: float | None) -> bool | None:
        """Whether the setpoint of a box is another one than its booked one, in whatever range that is.

        Args:
            container: the box.
            setpoint_degc: that it has; None: not known. [°C]

        Returns: False where nothing is booked for the box, None where its setpoint is not known.
        """
        for profile in self.own:
            if profile.booked_degc is not None and container in profile.containers:
                return None if setpoint_degc is None else abs(setpoint_degc - profile.booked_degc) > BOOKED_K
        return False

    @property
    def longest_pull_down_us(self) -> int:
        """Longest time after plug-in for which a box is not judged. [µs]."""
        return max(profile.pull_down_us for profile in (*self.own, CHILLED, FROZEN))

    @property
    def longest_memory_us(self) -> int:
        """For so long what was before counts while a box is in range: a defrost, or that it must stay there. [µs]."""
        return max(max(profile.in_delay_us, profile.defrost_us) for profile in (*self.own, CHILLED, FROZEN))


BUILT_IN = ReeferProfiles()
