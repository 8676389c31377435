"""A lift as a script: to the goal, lock, carry, set down, unlock."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from simulators.cranes.lifts import Lift
from simulators.cranes.script import Script, State
from simulators.motion import FloatArray
from simulators.parameters import CraneParameters

LANDED_S = (1.0, 2.5)
"""From landing to the twistlocks' first motion. [s] Assumed."""
LOCKED_S = (1.5, 3.0)
"""From locked to the lift. [s] Assumed."""
SWITCH_S = 0.2
"""Twistlocks between their two ends. [s] Assumed."""
SKEW_S = (-2.0, 2.0)
"""So much later than the first one the second spreader's twistlocks switch. [s] Source: docs/detectors.md."""
AFTER_UNLOCK_S = 1.0
STEP_M = 1.5
"""How far a box that was set down on its way is from where it goes. [m]"""
IDLE_AFTER_S = 5.0
DELAY_S = 120.0
"""Shorter stops are part of the cycle. Source: docs/detectors.md."""


@dataclass(slots=True)
class LiftTimes:
    """When the phases of a lift happen, and for what it hovered. [s since the start of the script]."""

    locked_s: float = 0.0
    lifted_s: float = 0.0
    landed_s: float = 0.0
    unlocked_s: float = 0.0
    waits: list[tuple[str, float, float]] = field(default_factory=list)


def lift_script(
    state: State,
    lift: Lift,
    p: CraneParameters,
    gantry_m: float | None,
    wait_pick_s: float,
    wait_drop_s: float,
    draws: FloatArray,
    *,
    broken: bool = False,
) -> tuple[Script, LiftTimes]:
    """The script of a lift.

    Args:
        state: how the crane stands.
        lift: what is carried.
        p: of the crane.
        gantry_m: where the crane travels to before; None: it stays.
        wait_pick_s: hovering above its beginning.
        wait_drop_s: hovering above its end.
        draws: uniform in [0, 1), 16 of them: what differs from lift to lift.
        broken: whether it hovers above its end because the crane has broken down.
    """
    one = _Lifting(Script(state), p, LiftTimes(), iter(draws.tolist()))
    one.locks = lift.locks
    one.prepare(lift, gantry_m)
    one.pick_up(lift, wait_pick_s)
    one.deliver(lift, wait_drop_s, broken=broken)
    one.script.switch("count", state.switched["count"] + 1)
    one.script.wait(AFTER_UNLOCK_S)
    return one.script, one.times


@dataclass(slots=True)
class _Lifting:
    script: Script
    p: CraneParameters
    times: LiftTimes
    draws: Iterator[float]
    locks: tuple[bool, bool] = (True, False)

    def prepare(self, lift: Lift, gantry_m: float | None) -> None:
        """Set the spreader to the size of the boxes, and travel to their bay."""
        script, p = self.script, self.p
        script.switch("size", float(lift.size_ft))
        script.switch("twin", float(lift.twin))
        script.switch("tandem", float(lift.tandem))
        script.wait(0.4)
        if gantry_m is not None:
            script.clock_s = script.move("gantry", gantry_m, p.gantry_mps, p.gantry_mps2)
            script.wait(self.between((20, 60)) if p.quay else 2.0)

    def pick_up(self, lift: Lift, wait_s: float) -> None:
        """From rest to the box, and off the ground with it."""
        self.script.switch("landed", 0.0)
        self.carry((lift.from_trolley_m, lift.from_height_m), self.p.hoist_empty_mps, wait_s)
        self.script.switch("landed", 1.0)
        self.times.locked_s = self.lock()
        self.times.lifted_s = self.take_up(lift.load_t)
        if lift.ids:
            self.script.ids.append((self.times.lifted_s + self.between((4, 9)), lift.ids))

    def deliver(self, lift: Lift, wait_s: float, *, broken: bool) -> None:
        """To where the box goes, with what happens on the way."""
        laden_mps, end_m = self.p.hoist_laden_mps, (lift.to_trolley_m, lift.to_height_m)
        before_m = (lift.to_trolley_m + (STEP_M if lift.set_down else 0.0), lift.to_height_m)
        if lift.over_m is not None:
            self.carry(lift.over_m, laden_mps, 0.0)
            self.rest_on(lift.load_t, self.between((30, 90)))
        self.carry(before_m, laden_mps, wait_s, broken=broken)
        if lift.snag:
            self.rest_on(lift.load_t * 0.4, 1.5)
            self.carry(before_m, laden_mps, 1.0, lowest=True)
        self.put_down()
        if lift.set_down:
            self.unlock()
            self.script.wait(self.between((15, 40)))
            self.lock()
            self.take_up(lift.load_t)
            self.carry(end_m, laden_mps, 0.0, lowest=True)
            self.put_down()
        self.times.unlocked_s = self.unlock()

    def between(self, limits: tuple[float, float]) -> float:
        return limits[0] + (limits[1] - limits[0]) * next(self.draws)

    def carry(
        self,
        to_m: tuple[float, float],
        hoist_mps: float,
        wait_s: float,
        *,
        lowest: bool = False,
        broken: bool = False,
    ) -> None:
        """Up, across, down, hovering above the goal for a while; `lowest`: no higher than needed."""
        script, p = self.script, self.p
        from_m = script.at_m("hoist")
        top = max(from_m, to_m[1]) + 1.2 if lowest else max(p.travel_height_m, from_m + 2.5, to_m[1] + 2.5)
        up_s = script.move("hoist", top, hoist_mps, p.hoist_mps2)
        across_s = script.move(
            "trolley", to_m[0], p.trolley_mps, p.trolley_mps2, script.clock_s + 0.5 * (up_s - script.clock_s)
        )
        above_s = max(up_s, across_s) + 1.0
        if wait_s > IDLE_AFTER_S:
            script.switch("idle", 1.0, above_s + IDLE_AFTER_S)
            script.switch("idle", 0.0, above_s + wait_s)
        if broken:
            script.switch("fault", 1.0, above_s)
            script.switch("fault", 0.0, above_s + wait_s - 1)
        why = "breakdown" if broken else "ship" if p.quay and to_m[0] > 0 else "waiting_transport"
        self.times.waits.append((why, above_s - 1.0, above_s + wait_s))
        script.clock_s = script.move("hoist", to_m[1], hoist_mps, p.hoist_mps2, above_s + wait_s) + 0.2

    def lock(self) -> float:
        """When the first spreader has locked; the clock goes on until the last one has. [s since the script began]."""
        return self.turn("unlocked", "locked")[0]

    def take_up(self, load_t: float) -> float:
        self.script.wait(self.between(LOCKED_S))
        self.script.switch("landed", 0.0)
        self.script.switch("load", load_t)
        return self.script.clock_s

    def rest_on(self, load_t: float, length_s: float) -> None:
        """Touch down and leave again, locked all the time."""
        before = max(self.script.switches["load"])[1]
        self.script.switch("landed", 1.0)
        self.script.switch("load", before - load_t)
        self.script.wait(length_s)
        self.script.switch("landed", 0.0)
        self.script.switch("load", before)

    def put_down(self) -> None:
        self.script.switch("landed", 1.0)
        self.script.switch("load", 0.0)
        self.times.landed_s = self.script.clock_s

    def unlock(self) -> float:
        """When the last spreader has unlocked. [s since the script began]."""
        return self.turn("locked", "unlocked")[1]

    def turn(self, leave: str, reach: str) -> tuple[float, float]:
        """The twistlocks of the spreaders that lock turn; when the first one has, and the last one. [s]."""
        self.script.wait(self.between(LANDED_S))
        skew_s = self.between(SKEW_S) if all(self.locks) else 0.0
        first_s = self.script.clock_s
        self.script.wait(SWITCH_S)
        reached_s = self.script.clock_s
        for suffix, locks, later_s in zip(("", "2"), self.locks, (max(0.0, -skew_s), max(0.0, skew_s)), strict=True):
            if locks:
                self.script.switch(leave + suffix, 0.0, first_s + later_s)
                self.script.switch(reach + suffix, 1.0, reached_s + later_s)
        self.script.wait(abs(skew_s))
        return reached_s, self.script.clock_s
