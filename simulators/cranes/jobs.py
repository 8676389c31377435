"""What a crane does next, as far as vehicles have to know."""

from dataclasses import dataclass
from typing import Literal

from simulators.cranes.lifting import DELAY_S, LiftTimes
from simulators.cranes.lifts import Lift
from simulators.cranes.script import Script
from simulators.parameters import CraneParameters
from simulators.yard import Box, discharged

Role = Literal["receives", "gives"]
"""What a vehicle below a crane is there for: a box is put onto it, or taken off it."""
ROLES: dict[str, Role] = {"discharge": "receives", "load": "gives"}
BEFORE_LOCK_MS = 3_000
"""From the spreader's landing to locked, at most. [ms]"""
PORTAL_LANE_M = -15.0
"""Trolley positions further landwards than this are lanes below a portal. [m]"""


@dataclass(frozen=True, slots=True)
class CraneJob:
    """One script of a crane that serves vehicles. [ms since 1970 UTC; m].

    Attributes:
        crane: its device id.
        begin_ms: when it begins; nobody knows of it before.
        active: whether the crane works a vessel.
        x_m: where it stands along the quay when a vehicle is served.
        y_m: lane in which that vehicle stands, landwards of the waterside rail.
        role: what the vehicle is there for; None: no vehicle takes part.
        late_ms: the crane waits for transport until then; None: it does not.
        touch_ms, done_ms: when the vehicle is touched first, and when the box is on it, or off it.
        ids: of the boxes, where the crane reads them.
        coming: roles of the next vehicles as far as the work is planned.
        boxes: that are lifted; those of a lift onto the ship are whichever a vehicle brings.
    """

    crane: str
    begin_ms: int
    active: bool
    x_m: float
    y_m: float
    role: Role | None
    late_ms: int | None
    touch_ms: int
    done_ms: int
    ids: tuple[str, ...]
    coming: tuple[Role, ...]
    boxes: tuple[Box, ...]


def crane_job(
    crane: str,
    p: CraneParameters,
    begin_ms: float,
    script: Script,
    lifted: tuple[Lift, LiftTimes] | None,
    planned: tuple[str, ...],
) -> CraneJob:
    """A script, and what is lifted in it, as vehicles see it; `planned` are kinds of the next lifts."""
    after = script.after()
    lift, at = lifted or (None, LiftTimes())
    role = None if lift is None else role_of(p, lift)
    lane_m = 0.0 if lift is None else lift.to_trolley_m if role == "receives" else lift.from_trolley_m
    waits = [end_s for why, begin_s, end_s in at.waits if why == "waiting_transport" and end_s - begin_s >= DELAY_S]

    def time_ms(second: float) -> int:
        return int(begin_ms + second * 1000)

    return CraneJob(
        crane,
        int(begin_ms),
        after.switched["boom_down"] == 1,
        after.at_m["gantry"],
        -lane_m,
        role,
        time_ms(max(waits)) if waits else None,
        time_ms(at.landed_s) if role == "receives" else time_ms(at.locked_s) - BEFORE_LOCK_MS,
        time_ms(at.unlocked_s if role == "receives" else at.lifted_s),
        lift.ids if lift is not None else (),
        tuple(ROLES[kind] for kind in planned if kind in ROLES),
        () if lift is None else _boxes(lift),
    )


def _boxes(lift: Lift) -> tuple[Box, ...]:
    weight_kg = 1000 * lift.load_t / max(1, len(lift.numbers))
    return tuple(discharged(number, lift.size_ft, weight_kg) for number in lift.numbers)


def role_of(p: CraneParameters, lift: Lift) -> Role | None:
    """What a vehicle is there for in a lift."""
    if p.portal:
        return "receives" if lift.to_trolley_m < PORTAL_LANE_M else "gives"
    return None if p.double_trolley else ROLES.get(lift.kind)
