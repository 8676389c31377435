"""One crane at work: a lift after a lift, sampled at its period.

A lift is planned as a whole, then all its samples are evaluated at once, so that any slicing of time gives the same
samples bit for bit. Geometry: trolley zero at the waterside rail, + seawards; heights above the quay.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from simulators.motion import FloatArray, duration_s, travelled
from simulators.parameters import CraneParameters

LANDED_S = (1.2, 3.0)
"""Landed before the lock, and before the unlock. [s] Assumed."""
LOCKED_S = (1.2, 2.0)
"""Locked before the lift. [s] Assumed."""
SWITCH_S = 0.2
"""Twistlocks between their two ends. [s] Assumed."""
AFTER_UNLOCK_S = 1.0
GRAVITY = 9.81
LOAD_NOISE_T = 0.04
LIGHTEST_T = 3.0


@dataclass(frozen=True, slots=True)
class Lift:
    """What is carried from where to where. Positions in m, load in t."""

    kind: str
    from_trolley_m: float
    from_height_m: float
    to_trolley_m: float
    to_height_m: float
    load_t: float
    size_ft: int
    twin: bool


@dataclass(frozen=True, slots=True)
class Leg:
    """One motion of one axis. Times in s since the start of the cycle, ways in m."""

    start_s: float
    way_m: float
    speed_mps: float
    acceleration_mps2: float

    @property
    def end_s(self) -> float:
        """When it comes to rest. [s]."""
        return self.start_s + duration_s(self.way_m, self.speed_mps, self.acceleration_mps2)


@dataclass(slots=True)
class Plan:
    """One cycle: motions of the axes and the times at which signals change, in s since its start."""

    hoist: list[Leg] = field(default_factory=list)
    trolley: list[Leg] = field(default_factory=list)
    gantry: list[Leg] = field(default_factory=list)
    lift_off_empty_s: float = 0.0
    landed_s: float = 0.0
    unlock_open_s: float = 0.0
    locked_s: float = 0.0
    lifted_s: float = 0.0
    set_down_s: float = 0.0
    lock_open_s: float = 0.0
    unlocked_s: float = 0.0
    end_s: float = 0.0
    waits: list[tuple[float, float]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TrueMove:
    """What really happened, at sample times. [ms since 1970 UTC]."""

    device: str
    locked_ms: int
    lifted_ms: int
    landed_ms: int
    unlocked_ms: int
    kind: str
    boxes: int
    teu: float


@dataclass(slots=True)
class CraneSamples:
    """Samples of one crane: `time_ms` of shape (n,), and by signal name arrays of the same shape."""

    time_ms: np.ndarray[tuple[int], np.dtype[np.int64]]
    signals: dict[str, np.ndarray[tuple[int], np.dtype[np.generic]]]


class Crane:
    """The state of one crane between cycles.

    Args:
        name: its device id.
        parameters: of its kind.
        rng: its own generator.
        start_ms: when it begins. [ms since 1970 UTC]
        slowness: 1 for an average crane, larger for a slower one.
        gantry_m: where it stands.
    """

    def __init__(
        self, name: str, parameters: CraneParameters, rng: Generator, start_ms: int, *, slowness: float, gantry_m: float
    ) -> None:
        self.name = name
        self.parameters = parameters
        self._rng = rng
        self._begin_ms = float(start_ms)
        self._next_sample_ms = -(-start_ms // parameters.period_ms) * parameters.period_ms
        self._slowness = slowness
        self._trolley_m, self._height_m, self._gantry_m = -8.0 if self._quay else 30.0, 3.0, gantry_m
        self._home_m = gantry_m
        self._until_gantry = int(rng.integers(3, 10))
        self._lifts_left, self._phase = int(rng.integers(20, 60)), "discharge"
        self._until_break = int(rng.integers(60, 140))
        self._energy_kwh = float(rng.uniform(1e5, 9e5))
        self._count = int(rng.integers(1_000, 90_000))
        self._wind_mps = float(rng.uniform(3, 9))

    @property
    def _quay(self) -> bool:
        return self.parameters.type == "STS"

    def cycle(self) -> tuple[CraneSamples, list[TrueMove]]:
        """Work one cycle, or take a break; its samples, and the move made."""
        self._until_break -= 1
        if self._until_break <= 0:
            self._until_break = int(self._rng.integers(60, 140))
            return self._rest(float(self._rng.uniform(300, 900))), []
        lift = self._next_lift()
        plan = self._plan(lift)
        samples, true = self._sample(plan, lift)
        self._trolley_m, self._height_m = lift.to_trolley_m, lift.to_height_m
        self._begin_ms += plan.end_s * 1000
        return samples, [true]

    def _next_lift(self) -> Lift:
        rng = self._rng
        twenty = rng.random() < 0.35
        twin = bool(twenty and rng.random() < self.parameters.twin_share)
        size = 20 if twenty else 45 if rng.random() < 0.06 else 40
        load = float(np.clip(rng.normal(28 if twin else 16, 6), LIGHTEST_T, 60 if twin else 33))
        if not self._quay:
            return self._yard_lift(load, size)
        self._lifts_left -= 1
        if self._lifts_left <= 0:
            self._lifts_left = int(rng.integers(25, 70))
            self._phase = "load" if self._phase == "discharge" else "discharge"
        ship = (float(rng.uniform(8, 48)), float(rng.uniform(-4, 22)))
        quay = (float(rng.choice([-6.0, -10.0, -14.0])) + float(rng.normal(0, 0.1)), float(rng.uniform(1.2, 1.6)))
        kind = "shift" if rng.random() < 0.02 else self._phase
        if kind == "shift":
            other = (float(np.clip(ship[0] + rng.choice([-12, 12]), 5, 52)), float(rng.uniform(-2, 20)))
            return Lift("shift", *ship, *other, load, size, twin)
        ends = (*ship, *quay) if kind == "discharge" else (*quay, *ship)
        return Lift(kind, *ends, load, size, twin)

    def _yard_lift(self, load: float, size: int) -> Lift:
        rng = self._rng
        rows = 1.5 + 2.9 * rng.integers(0, 9, size=2)
        heights = 2.6 * rng.integers(0, 4, size=2) + 0.1
        lane = (float(rng.choice([-5.0, 31.0])), 1.4)
        stack, other = (float(rows[0]), float(heights[0])), (float(rows[1]), float(heights[1]))
        if rng.random() < 0.3:  # a reshuffle within the block
            return Lift("rehandle", *stack, *other, load, size, False)
        ends = (*lane, *stack) if rng.random() < 0.5 else (*stack, *lane)
        return Lift("rehandle", *ends, load, size, False)

    def _plan(self, lift: Lift) -> Plan:
        p, rng, plan = self.parameters, self._rng, Plan()
        clock = 0.4 + self._gantry_move(plan)
        plan.lift_off_empty_s = clock
        clock = self._carry(
            plan, clock, (self._trolley_m, self._height_m), (lift.from_trolley_m, lift.from_height_m), p.hoist_empty_mps
        )
        plan.landed_s = clock
        plan.unlock_open_s = clock + float(rng.uniform(*LANDED_S))
        plan.locked_s = plan.unlock_open_s + SWITCH_S
        plan.lifted_s = plan.locked_s + float(rng.uniform(*LOCKED_S))
        clock = self._carry(
            plan,
            plan.lifted_s,
            (lift.from_trolley_m, lift.from_height_m),
            (lift.to_trolley_m, lift.to_height_m),
            p.hoist_laden_mps,
        )
        plan.set_down_s = clock
        plan.lock_open_s = clock + float(rng.uniform(*LANDED_S))
        plan.unlocked_s = plan.lock_open_s + SWITCH_S
        plan.end_s = plan.unlocked_s + AFTER_UNLOCK_S
        return self._with_waits(plan)

    def _gantry_move(self, plan: Plan) -> float:
        """Plan a gantry move where one is due; when it ends. [s]."""
        p, rng = self.parameters, self._rng
        self._until_gantry -= 1
        if self._until_gantry > 0:
            return 0.0
        self._until_gantry = int(rng.integers(p.gantry_every[0], p.gantry_every[1] + 1))
        goal = self._home_m + float(rng.uniform(-p.gantry_m, p.gantry_m))
        leg = Leg(0.5, goal - self._gantry_m, p.gantry_mps, p.gantry_mps2)
        plan.gantry.append(leg)
        return leg.end_s + (float(rng.uniform(20, 60)) if self._quay else 2.0)

    def _carry(
        self, plan: Plan, start_s: float, from_m: tuple[float, float], to_m: tuple[float, float], hoist_mps: float
    ) -> float:
        """Up, across, down; when the spreader stands on its goal. [s]."""
        p = self.parameters
        top = max(p.travel_height_m, from_m[1] + 2.5, to_m[1] + 2.5)
        up = Leg(start_s, top - from_m[1], hoist_mps, p.hoist_mps2)
        across = Leg(start_s + 0.5 * (up.end_s - start_s), to_m[0] - from_m[0], p.trolley_mps, p.trolley_mps2)
        down = Leg(max(up.end_s, across.end_s) + 1.0, to_m[1] - top, hoist_mps, p.hoist_mps2)
        plan.hoist += [up, down]
        plan.trolley.append(across)
        return down.end_s + 0.2

    def _with_waits(self, plan: Plan) -> Plan:
        """Stretch the cycle to its drawn length: waiting for transport before landing, or before the set-down."""
        p = self.parameters
        mu = np.log(p.cycle_mean_s * self._slowness) - p.cycle_sigma**2 / 2
        spare = float(self._rng.lognormal(mu, p.cycle_sigma)) - plan.end_s
        if self._rng.random() < 0.04:
            spare += float(self._rng.uniform(60, 240))  # no transport for a while
        if spare <= 0:
            return plan
        share = float(self._rng.uniform(0.2, 0.8))
        self._delay(plan, plan.hoist[3].start_s, spare * (1 - share))
        self._delay(plan, plan.hoist[1].start_s, spare * share)
        return plan

    @staticmethod
    def _delay(plan: Plan, from_s: float, wait_s: float) -> None:
        """Shift everything from a time on; the crane stands still meanwhile."""
        for legs in (plan.hoist, plan.trolley, plan.gantry):
            legs[:] = [
                Leg(leg.start_s + wait_s, leg.way_m, leg.speed_mps, leg.acceleration_mps2)
                if leg.start_s >= from_s
                else leg
                for leg in legs
            ]
        for name in (
            "landed_s",
            "unlock_open_s",
            "locked_s",
            "lifted_s",
            "set_down_s",
            "lock_open_s",
            "unlocked_s",
            "end_s",
        ):
            if getattr(plan, name) >= from_s:
                setattr(plan, name, getattr(plan, name) + wait_s)
        plan.waits.append((from_s, from_s + wait_s))

    def _times(self, length_s: float) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], FloatArray]:
        """Sample times of the cycle, and the same in s since its start."""
        end_ms = self._begin_ms + length_s * 1000
        times = np.arange(self._next_sample_ms, end_ms, self.parameters.period_ms, dtype=np.int64)
        self._next_sample_ms += len(times) * self.parameters.period_ms
        return times, (times - self._begin_ms) / 1000

    def _sample(self, plan: Plan, lift: Lift) -> tuple[CraneSamples, TrueMove]:
        times, t = self._times(plan.end_s)
        laden = (t >= plan.lifted_s) & (t < plan.set_down_s)
        landed = (t < plan.lift_off_empty_s) | ((t >= plan.landed_s) & (t < plan.lifted_s)) | (t >= plan.set_down_s)
        locked = (t >= plan.locked_s) & (t < plan.lock_open_s)
        unlocked = (t < plan.unlock_open_s) | (t >= plan.unlocked_s)
        height = self._height_m + sum(
            (travelled(t - g.start_s, g.way_m, g.speed_mps, g.acceleration_mps2) for g in plan.hoist), np.zeros_like(t)
        )
        trolley = self._trolley_m + sum(
            (travelled(t - g.start_s, g.way_m, g.speed_mps, g.acceleration_mps2) for g in plan.trolley),
            np.zeros_like(t),
        )
        gantry = self._gantry_m + sum(
            (travelled(t - g.start_s, g.way_m, g.speed_mps, g.acceleration_mps2) for g in plan.gantry), np.zeros_like(t)
        )
        self._gantry_m += sum(leg.way_m for leg in plan.gantry)
        waiting = np.zeros(len(t), bool)
        for begin_s, end_s in plan.waits:
            waiting |= (t > begin_s + 5) & (t < end_s)
        load = np.where(laden, lift.load_t, 0.0) + self._rng.normal(0, LOAD_NOISE_T, len(t))
        samples = self._signals(times, t, height, trolley, gantry, load)
        samples.signals |= {
            "twistlock_locked": locked,
            "twistlock_unlocked": unlocked,
            "landed": landed,
            "spreader_size_ft": np.full(len(t), lift.size_ft),
            "twin": np.full(len(t), lift.twin),
            "state": np.where(waiting, "idle", "working"),
            "logged_on": np.ones(len(t), bool),
            "move_count": self._count + (t >= plan.unlocked_s).astype(np.int64),
        }
        self._count += 1
        return samples, self._truth(times, t, plan, lift)

    def _truth(
        self, times: np.ndarray[tuple[int], np.dtype[np.int64]], t: FloatArray, plan: Plan, lift: Lift
    ) -> TrueMove:
        def first(second: float) -> int:
            return int(times[np.searchsorted(t, second)])

        boxes = 2 if lift.twin else 1
        return TrueMove(
            self.name,
            first(plan.locked_s),
            first(plan.lifted_s),
            first(plan.set_down_s),
            first(plan.unlocked_s),
            lift.kind,
            boxes,
            boxes * (1.0 if lift.size_ft == 20 else 2.0),
        )

    def _rest(self, length_s: float) -> CraneSamples:
        """Stand still with nobody logged on."""
        times, t = self._times(length_s)
        self._begin_ms += length_s * 1000
        still = np.zeros_like(t)
        load = self._rng.normal(0, LOAD_NOISE_T, len(t))
        samples = self._signals(times, t, still + self._height_m, still + self._trolley_m, still + self._gantry_m, load)
        n = len(t)
        samples.signals |= {
            "twistlock_locked": np.zeros(n, bool),
            "twistlock_unlocked": np.ones(n, bool),
            "landed": np.ones(n, bool),
            "spreader_size_ft": np.full(n, 40),
            "twin": np.zeros(n, bool),
            "state": np.full(n, "standby"),
            "logged_on": np.zeros(n, bool),
            "move_count": np.full(n, self._count),
        }
        return samples

    def _signals(
        self,
        times: np.ndarray[tuple[int], np.dtype[np.int64]],
        t: FloatArray,
        height: FloatArray,
        trolley: FloatArray,
        gantry: FloatArray,
        load: FloatArray,
    ) -> CraneSamples:
        """Signals that follow from motion and weather."""
        p = self.parameters
        period_s = p.period_ms / 1000
        hoist_mps = np.diff(height, prepend=height[:1]) / period_s
        trolley_mps = np.diff(trolley, prepend=trolley[:1]) / period_s
        gantry_mps = np.diff(gantry, prepend=gantry[:1]) / period_s
        lifting = (p.spreader_t + np.maximum(load, 0)) * GRAVITY * hoist_mps
        power = p.base_kw + np.where(lifting > 0, lifting / 0.85, lifting * 0.6)
        power += 22 * np.abs(trolley_mps) + 140 * np.abs(gantry_mps)
        energy = self._energy_kwh + np.cumsum(np.maximum(power, 0)) * period_s / 3600
        self._energy_kwh = float(energy[-1]) if len(energy) else self._energy_kwh
        target = float(np.clip(self._wind_mps + self._rng.normal(0, 0.4), 0.5, 14))
        wind = np.linspace(self._wind_mps, target, len(t)) + self._rng.normal(0, 0.25, len(t))
        self._wind_mps = target
        return CraneSamples(
            times,
            {
                "hoist_height_m": np.round(height, 2),
                "trolley_position_m": np.round(trolley, 2),
                "gantry_position_m": np.round(gantry, 2),
                "load_t": np.round(load, 2),
                "wind_speed_mps": np.round(np.abs(wind), 1),
                "power_kw": np.round(power, 1),
                "energy_kwh": np.round(energy, 3),
            },
        )
