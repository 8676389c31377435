"""When a reefer is out of range. Source: docs/sources.md, Reefers; all figures are parameters."""

from dataclasses import dataclass

from processing.model.times import HOUR_US, MINUTE_US


@dataclass(frozen=True, slots=True)
class ReeferProfile:
    """When a reefer is out of range.

    Attributes:
        probe: which air counts.
        tolerance_degc: distance from the setpoint that is still in range. [K]
        below_counts: whether too cold is out of range as well.
        delay_us: an excursion begins only after being out this long. [µs]
        defrost_us: not judged during defrost and this long after it. [µs]
        hysteresis_degc: to be back in range it must come this much closer. [K]
        normal_us: and stay there this long. [µs]
    """

    probe: str
    tolerance_degc: float
    below_counts: bool
    delay_us: int
    defrost_us: int
    hysteresis_degc: float = 0.3
    normal_us: int = 10 * MINUTE_US


CHILLED = ReeferProfile("supply", 1.0, True, 30 * MINUTE_US, 60 * MINUTE_US)
FROZEN = ReeferProfile("return", 2.0, False, 60 * MINUTE_US, 90 * MINUTE_US)
FROZEN_SETPOINT_DEGC = -10.0
PULL_DOWN_US = 6 * HOUR_US
MAX_GAP_US = 35 * MINUTE_US
"""Silence longer than this is "unknown", neither in range nor out."""


def profile_of(setpoint_degc: float) -> ReeferProfile:
    """The default profile for a setpoint; frozen cargo is judged by return air."""
    return FROZEN if setpoint_degc <= FROZEN_SETPOINT_DEGC else CHILLED
