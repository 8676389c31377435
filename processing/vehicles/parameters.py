"""Parameters of the vehicle detectors. Assumed figures, so they are parameters (docs/vehicles.md)."""

from dataclasses import dataclass

from processing.model.times import MINUTE_US


@dataclass(frozen=True, slots=True)
class VehicleParameters:
    """Parameters of the detectors.

    Attributes:
        moving_mps: it moves from this speed on. [m/s]
        still_us: it has arrived where it stands for so long. [µs]
        trip_m: a shorter way is no trip, but a correction of where it stands. [m]
        most_mps: no vehicle is faster: a position further off is wrong. [m/s]
        gap_us: silence from which on something may have been missed. [µs]
        low_pct: a battery below is low. [%]
    """

    moving_mps: float = 0.2
    still_us: int = 10_000_000
    trip_m: float = 5.0
    most_mps: float = 25.0
    gap_us: int = MINUTE_US
    low_pct: float = 20.0


VEHICLE_PARAMETERS = VehicleParameters()
