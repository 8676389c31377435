"""Parameters of the crane detectors: by type, and by device with validity in time."""

from dataclasses import dataclass

from processing.model.times import MINUTE_US, SECOND_US

MOTION_M = 0.03
"""Hoist or trolley that go further from one sample to the next are moving; the same for all cranes. [m]"""


@dataclass(frozen=True, slots=True)
class CraneParameters:
    """Parameters of the detectors. Assumed figures, so they are parameters (docs/sources.md).

    Attributes:
        debounce_us: how long an unlock must stand. [µs]
        hold_us: how long a load must hang to be one. [µs]
        unlock_us: where an unlock was not seen, it came so long after the landing, or with the next take-off. [µs]
        lost_us: how long an empty spreader must hang to show that an unlock was missed. [µs]
        partial_lock_us: twistlocks that are neither locked nor unlocked for longer are a partial lock. [µs]
        lift_load_t: least net load of a lift, above the tare. [t]
        left_share: a spreader that carries less than this share of what it lifted has put it down.
        lift_rise_m: rise that shows a lift where the load cell reads nothing. [m]
        most_load_t: a larger net load is none that a crane can lift: the cell is wrong. [t]
        most_tare_t: a larger reading of an empty spreader is no tare. [t]
        gap_us: silence from which on something may have been missed. [µs]
        vessel_side_m: trolley positions beyond are over the ship. [m]
        backreach_side_m: trolley positions below are behind the landward rail. [m]
        cover_load_t: least and most load of a hatch cover. [t]
        gear_load_t: most load of gear: boxes of twistlocks, cages. [t]
        twin_load_t: no single 20 ft box is heavier. [t]
        step_us, step_m: a box set down and lifted a second time within this time, and put no further, is one move.
        away_m: a spreader that went further has left the box. [m]
        idle_us: a crane that stands still for longer is delayed. [µs]
        stop_wind_mps: wind that stops work. [m/s]
        gantry_m: a crane that is further along after a delay has travelled. [m]
        yard: it has no ship's side.
        tandem: whether two spreaders hang side by side at its headblock.
        tandem_skew_us: two spreaders that lock within this time lift together. [µs]
        twins: whether its spreader can carry two boxes; where not, a flag for it is wrong.
        trolley_zero_m: what the trolley position reads above the waterside rail; subtracted. [m]
        trolley_reversed: whether it counts towards the land.
        tare_t: what the load cell reads of the empty spreader; None: found on each empty flight. [t]
    """

    debounce_us: int = 300_000
    hold_us: int = SECOND_US
    unlock_us: int = 2 * SECOND_US
    lost_us: int = 2 * SECOND_US
    partial_lock_us: int = 5 * SECOND_US
    lift_load_t: float = 1.5
    left_share: float = 0.5
    lift_rise_m: float = 1.0
    most_load_t: float = 75.0
    most_tare_t: float = 8.0
    gap_us: int = 10 * SECOND_US
    vessel_side_m: float = 2.0
    backreach_side_m: float = -20.0
    cover_load_t: tuple[float, float] = (15.0, 45.0)
    gear_load_t: float = 8.0
    twin_load_t: float = 36.0
    step_us: int = MINUTE_US
    step_m: float = 3.0
    away_m: float = 5.0
    idle_us: int = 2 * MINUTE_US
    stop_wind_mps: float = 18.0
    gantry_m: float = 5.0
    yard: bool = False
    twins: bool = True
    tandem: bool = False
    tandem_skew_us: int = 2_000_000
    trolley_zero_m: float = 0.0
    trolley_reversed: bool = False
    tare_t: float | None = None


ParameterHistory = tuple[tuple[int, CraneParameters], ...]
"""Parameters of one crane with validity in time: from when on which hold, in order. [µs since 1970 UTC]"""

STS = CraneParameters()
YARD = CraneParameters(yard=True, twins=False, step_us=0)
"""In a block every box that is put down has been moved; a neighbouring row is nearer than a step."""
PARAMETERS_BY_TYPE = {"STS": STS, "PORTAL": YARD, "ARMG": YARD, "RTG": YARD}


def works_ships(kind: str) -> bool:
    """Whether cranes of a type move boxes between ship and quay; the portal of a double-trolley crane does not."""
    return not PARAMETERS_BY_TYPE.get(kind, STS).yard
