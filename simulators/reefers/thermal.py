"""A first-order thermal model of all reefers at once: what a minute does to air and cargo."""

import numpy as np

from simulators.reefers.parameters import (
    AMBIENT_MIN,
    CARGOES,
    CONTROL_MIN,
    COOL_K_PER_MIN,
    DOOR_MIN,
    FAN_K_PER_MIN,
    HEAT_K_PER_MIN,
    OFFSET_MIN,
    PULP_MIN,
    RIPPLE_K,
)
from simulators.reefers.plugs import Plugs

MASS_MIN = np.array([cargo.mass_min for cargo in CARGOES])
PULP_SHARE = 0.5
"""Return air stays above the setpoint by this share of what the cargo is too warm."""


def ambient_degc(minute: int, utc_offset_h: float) -> float:
    """Outside air over a day: 17 to 25 °C, warmest at 15 h local time. [°C].

    Args:
        minute: since 1970 UTC.
        utc_offset_h: of local time.
    """
    hour = (minute / 60 + utc_offset_h) % 24
    return float(21 + 4 * np.cos((hour - 15) / 24 * 2 * np.pi))


def warm_and_cool(p: Plugs, minute: int, outside_degc: float) -> None:
    """Let a minute pass for air and cargo.

    Args:
        p: the plugs; their temperatures change.
        minute: since 1970 UTC, for the swing around the setpoint.
        outside_degc: ambient air. [°C]
    """
    defrosting = p.running & (p.defrost_min > 0)
    cooled = p.running & ~defrosting
    ripple = RIPPLE_K * np.sin(minute / p.ripple_min * 2 * np.pi + p.phase)
    warm_k = np.where(p.frozen, PULP_SHARE * (p.pulp_degc - p.setpoint_degc), 0.0)
    controlled = (p.setpoint_degc + warm_k + ripple - p.air_degc) / CONTROL_MIN
    free = (outside_degc - p.air_degc) / AMBIENT_MIN + (p.pulp_degc - p.air_degc) / PULP_MIN
    free += np.where(p.powered, FAN_K_PER_MIN, 0.0)
    door = np.where(p.left_min["door"] > 0, (outside_degc - p.air_degc) / DOOR_MIN, 0.0)
    step = np.where(cooled, np.clip(controlled, -COOL_K_PER_MIN, HEAT_K_PER_MIN), free) + door
    p.pulp_degc += (p.air_degc - p.pulp_degc) / MASS_MIN[p.cargo]
    p.air_degc += step
    supply_k = np.where(defrosting, 5.0, np.where(cooled & p.frozen, -1.4, 0.0))
    return_k = np.where(defrosting, 1.2, np.where(cooled & ~p.frozen, 0.8, 0.0))
    p.supply_k += (supply_k - p.supply_k) / OFFSET_MIN
    p.return_k += (return_k - p.return_k) / OFFSET_MIN
