"""Where and when twistlocks switched, also where that was reported late or not at all: they do on the ground only."""

import math

from msgspec.structs import replace

from processing.cranes.crane_columns import BOTH, UNLOCKED
from processing.cranes.detector.lift import Place
from processing.cranes.detector.memory import MoveMemory
from processing.cranes.parameters import CraneParameters


def switch_place(
    memory: MoveMemory, here: Place, code: int, parameters: CraneParameters, *, gap: bool, moving: bool
) -> tuple[Place, bool]:
    """Where the twistlocks have switched, and whether that was before it was reported.

    Args:
        memory: of the crane.
        here: where the spreader is now.
        code: to which they have switched.
        parameters: of the crane.
        gap: whether a silence ends now.
        moving: whether hoist or trolley move now.
    """
    lift = memory.lift
    landing = lift.landing if lift is not None and code in (UNLOCKED, BOTH) else None
    elsewhere = landing is not None and abs(here.trolley_m - landing.trolley_m) > parameters.step_m
    late = (memory.landed == 0 and (gap or moving)) or (gap and elsewhere)
    if not late:
        return here, False
    if landing is not None:
        return unlock_after(landing, here.time_us, parameters), True
    return replace(here, trolley_m=math.nan), True


def unlock_after(landing: Place, before_us: int, parameters: CraneParameters) -> Place:
    """Where and when the twistlocks opened after a landing, by some time, where that was not seen."""
    return replace(landing, time_us=min(before_us, landing.time_us + parameters.unlock_us))
