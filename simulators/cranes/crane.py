"""One crane: what it does next, as a script, and the samples and the truth of it."""

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from simulators.cranes.jobs import CraneJob, crane_job
from simulators.cranes.lifting import DELAY_S, LiftTimes, lift_script
from simulators.cranes.lifts import BayPlan, Lift, portal_lift, yard_lift
from simulators.cranes.script import Script, State
from simulators.cranes.signals import CraneSamples, Signals, Times
from simulators.cranes.truth import TrueDelay, TrueLogOn, TrueMove
from simulators.parameters import CraneParameters
from simulators.vessels import Berth
from simulators.weather import Weather

HOUR_S = 3600.0
FAULT_EVERY_H = 90.0
"""Operating hours between breakdowns. Source: docs/sources.md."""
MEAN_FAULT_S = 7.5
"""Logarithm of the usual length of one. [ln s] Assumed."""
SPREADER_EVERY_H = 60.0
"""Operating hours between changes of a quay crane's spreader. Assumed."""
PASSING_EVERY_H = 48.0
"""Hours between ships that pass so close that the boom goes up and down again. Assumed."""
PIECE_S = 900.0
"""A crane that stands still is simulated in pieces of this length."""
TEST_SHARE = 0.01
NO_TRANSPORT_SHARE = 0.04


@dataclass(slots=True)
class Worked:
    """Samples of one script, in order, the truth of what ended in it, and what vehicles have to know of it."""

    samples: CraneSamples
    moves: list[TrueMove] = field(default_factory=list)
    delays: list[TrueDelay] = field(default_factory=list)
    log_ons: list[TrueLogOn] = field(default_factory=list)
    job: CraneJob | None = None


def _switched(count: float) -> dict[str, float]:
    """Signals of a crane that stands, logged on and empty; `count` is of its PLC."""
    return {
        "locked": 0.0,
        "unlocked": 1.0,
        "locked2": 0.0,
        "unlocked2": 1.0,
        "tandem": 0.0,
        "landed": 1.0,
        "load": 0.0,
        "size": 40.0,
        "twin": 0.0,
        "logged_on": 1.0,
        "fault": 0.0,
        "boom_down": 1.0,
        "idle": 0.0,
        "count": count,
    }


class Crane:
    """The state of one crane between scripts.

    Args:
        name: its device id.
        parameters: of its kind.
        rng: its own generator.
        start_ms: when it begins. [ms since 1970 UTC]
        slowness: 1 for an average crane, larger for a slower one.
        gantry_m: where it stands.
        weather: over the terminal.
        berth: plans when it is assigned to a vessel; None: it always has work.
    """

    def __init__(
        self,
        name: str,
        parameters: CraneParameters,
        rng: Generator,
        start_ms: int,
        *,
        slowness: float,
        gantry_m: float,
        weather: Weather,
        berth: Berth | None = None,
    ) -> None:
        self.name = name
        self.parameters = parameters
        self._rng = rng
        self._begin_ms = float(start_ms)
        self._next_sample_ms = -(-start_ms // parameters.period_ms) * parameters.period_ms
        self._slowness = slowness
        self._berth = berth
        self._weather = weather
        self._home_m = gantry_m
        self._until_gantry = int(rng.integers(3, 10))
        self._until_break = int(rng.integers(60, 140))
        self._until_fault_s = self._due(FAULT_EVERY_H)
        self._until_spreader_s = self._due(SPREADER_EVERY_H)
        self._until_passing_s = self._due(PASSING_EVERY_H)
        self._bay = BayPlan(parameters, rng) if parameters.quay else None
        at_m = {"trolley": -8.0 if parameters.quay else 10.0, "hoist": 3.0, "gantry": gantry_m}
        self._state = State(at_m, _switched(count=float(rng.integers(1_000, 90_000))))
        self._signals = Signals(parameters, rng, weather)

    def work(self) -> Worked:
        """What it does next."""
        now_ms = int(self._begin_ms)
        storm_ms = self._weather.stopped_until(now_ms)
        if storm_ms is not None:
            return self._stand((storm_ms - now_ms) / 1000 + float(self._rng.uniform(60, 180)), "wind")
        if self._berth is not None:
            from_ms, _ = self._berth.assigned(self.name, now_ms)
            if now_ms < from_ms:
                return self._away(min(PIECE_S, (from_ms - now_ms) / 1000))
            if not self._state.switched["boom_down"]:
                return self._boom_down()
        return self._stop() or self._go_on()

    def _due(self, every_h: float) -> float:
        """Operating time until something that happens so often happens next. [s]."""
        return float(self._rng.exponential(every_h)) * HOUR_S

    def _stop(self) -> Worked | None:
        """A breakdown, a break, or what else is due."""
        rng = self._rng
        if self._until_fault_s <= 0 and rng.random() < 0.5:  # the others happen with a load on the ropes, see `_lift`
            self._until_fault_s = self._due(FAULT_EVERY_H)
            return self._stand(float(rng.lognormal(MEAN_FAULT_S, 0.5)), "breakdown", fault=1.0)
        if self._until_break <= 0:
            self._until_break = int(rng.integers(60, 140))
            return self._stand(float(rng.uniform(300, 900)), "no_operator", logged_on=0.0)
        if self.parameters.quay and self._until_spreader_s <= 0:
            self._until_spreader_s = self._due(SPREADER_EVERY_H)
            return self._change_spreader()
        if self.parameters.quay and self._until_passing_s <= 0:
            self._until_passing_s = self._due(PASSING_EVERY_H)
            return self._stand(float(rng.uniform(480, 900)), "boom", boom_down=0.0)
        return None

    def _go_on(self) -> Worked:
        if self.parameters.quay and self._rng.random() < TEST_SHARE:
            return self._test()
        return self._lift()

    # What it does.

    def _stand(self, length_s: float, cause: str, **switched: float) -> Worked:
        """Stand still for a reason; signals that differ meanwhile."""
        script = Script(self._state)
        for name, value in switched.items():
            before = self._state.switched[name]
            script.switch(name, value)
            script.switch(name, before, length_s - 1)
        script.switch("idle", 1.0)
        script.switch("idle", 0.0, length_s - 1)
        script.clock_s = length_s
        return self._sampled(script, cause=(cause, 0.0, length_s))

    def _change_spreader(self) -> Worked:
        """The spreader is put down and unplugged, another one taken: no twistlocks and pins, less on the ropes."""
        rng, length_s = self._rng, float(self._rng.uniform(600, 1500))
        size = float(rng.choice([20, 40]))
        without = {"unlocked": 0.0, "unlocked2": 0.0, "landed": 0.0, "load": -self.parameters.spreader_t * 0.6}
        worked = self._stand(length_s, "spreader", **without)
        self._state.switched["size"] = size
        return worked

    def _away(self, length_s: float) -> Worked:
        """No vessel: boom up, nobody logged on."""
        script = Script(self._state)
        script.switch("logged_on", 0.0)
        script.switch("boom_down", 0.0)
        script.clock_s = length_s
        return self._sampled(script)

    def _boom_down(self) -> Worked:
        """A vessel has come: log on, lower the boom."""
        script = Script(self._state)
        script.switch("logged_on", 1.0)
        script.clock_s = float(self._rng.uniform(240, 360))
        script.switch("boom_down", 1.0, script.clock_s - 10)
        return self._sampled(script, cause=("boom", 0.0, script.clock_s))

    def _test(self) -> Worked:
        """Twistlocks are tried, or the spreader is set to another size: locked and unlocked, nothing lifted."""
        script = Script(self._state)
        script.wait(2.0)
        for name, value in (("unlocked", 0.0), ("locked", 1.0), ("locked", 0.0), ("unlocked", 1.0)):
            script.switch(name, value)
            script.wait(0.3 if name == "unlocked" else float(self._rng.uniform(1.5, 4)))
        script.switch("size", float(self._rng.choice([20, 40, 45])))
        script.wait(3.0)
        return self._sampled(script)

    def _lift(self) -> Worked:
        rng, p = self._rng, self.parameters
        self._until_break -= 1
        lift = self._bay.next() if self._bay is not None else portal_lift(rng) if p.portal else yard_lift(rng)
        goal_m = self._gantry_goal()
        draws = rng.uniform(size=16)
        base_s = lift_script(self._state, lift, p, goal_m, 0.0, 0.0, draws)[0].clock_s
        mean_s = p.cycle_mean_s * self._slowness
        spare_s = max(0.0, float(rng.lognormal(np.log(mean_s) - p.cycle_sigma**2 / 2, p.cycle_sigma)) - base_s)
        share = float(rng.uniform(0.2, 0.8))
        pick_s, drop_s = spare_s * (1 - share), spare_s * share
        at_drop = lift.kind == "discharge" or (not p.quay and rng.random() < 0.5)
        if rng.random() < NO_TRANSPORT_SHARE:  # none came for a while
            longer_s = float(rng.uniform(60, 240))
            pick_s, drop_s = pick_s + longer_s * (not at_drop), drop_s + longer_s * at_drop
        broken_s = 0.0
        if self._until_fault_s <= 0:  # with a load on the ropes
            self._until_fault_s = self._due(FAULT_EVERY_H)
            broken_s = float(rng.lognormal(MEAN_FAULT_S, 0.5))
        script, times = lift_script(self._state, lift, p, goal_m, pick_s, drop_s + broken_s, draws, broken=broken_s > 0)
        return self._sampled(script, lift=(lift, times))

    def _gantry_goal(self) -> float | None:
        """Where the crane travels to before the next lift, None where it stays."""
        p = self.parameters
        self._until_gantry -= 1
        if self._until_gantry > 0 or p.gantry_m == 0:
            return None
        self._until_gantry = int(self._rng.integers(p.gantry_every[0], p.gantry_every[1] + 1))
        return self._home_m + float(self._rng.uniform(-p.gantry_m, p.gantry_m))

    # Its samples and its truth.

    def _sampled(
        self,
        script: Script,
        lift: tuple[Lift, LiftTimes] | None = None,
        cause: tuple[str, float, float] | None = None,
    ) -> Worked:
        times = self._times(script.clock_s)
        worked = Worked(self._signals.sample(script, times))
        if lift is not None:
            worked.moves.append(self._true_move(times, *lift))
            worked.delays += [
                delay
                for why, begin_s, end_s in lift[1].waits
                if end_s - begin_s >= DELAY_S
                for delay in [self._true_delay(why, begin_s, end_s)]
            ]
        if cause is not None and cause[2] - cause[1] >= DELAY_S:
            worked.delays.append(self._true_delay(*cause))
        for at_s, value in script.switches.get("logged_on", []):
            at_ms = int(times.time_ms[np.searchsorted(times.t_s, at_s)]) if len(times.t_s) else int(self._begin_ms)
            worked.log_ons.append(TrueLogOn(self.name, at_ms, logged_on=value == 1))
        if self.parameters.serves_vehicles:
            planned = self._bay.planned if self._bay is not None else ()
            worked.job = crane_job(self.name, self.parameters, self._begin_ms, script, lift, planned)
        self._state = script.after()
        self._begin_ms += script.clock_s * 1000
        self._until_fault_s -= script.clock_s
        self._until_spreader_s -= script.clock_s
        self._until_passing_s -= script.clock_s
        return worked

    def _times(self, length_s: float) -> Times:
        """Sample times of a script, and the same in s since its start."""
        time_ms = np.arange(
            self._next_sample_ms, self._begin_ms + length_s * 1000, self.parameters.period_ms, dtype=np.int64
        )
        self._next_sample_ms += len(time_ms) * self.parameters.period_ms
        return Times(time_ms, (time_ms - self._begin_ms) / 1000)

    def _true_move(self, times: Times, lift: Lift, at: LiftTimes) -> TrueMove:
        def first(second: float) -> int:
            return int(times.time_ms[np.searchsorted(times.t_s, second)])

        return TrueMove(
            self.name,
            first(at.locked_s),
            first(at.lifted_s),
            first(at.landed_s),
            first(at.unlocked_s),
            lift.kind,
            lift.boxes,
            lift.teu,
            lift.ids,
            lift.name,
            lift.numbers,
        )

    def _true_delay(self, cause: str, begin_s: float, end_s: float) -> TrueDelay:
        return TrueDelay(self.name, int(self._begin_ms + begin_s * 1000), int(self._begin_ms + end_s * 1000), cause)
