"""What is lifted from where to where: boxes of the bay plan, hatch covers, gear; and the reshuffles of a yard block."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from simulators.containers import container_id
from simulators.parameters import CraneParameters

LIGHTEST_T = 3.0
LANES_M = (-6.0, -10.0, -14.0)
"""Transport lanes below an STS crane: trolley positions. [m] Assumed."""
PLATFORM_M = -9.0
PLATFORM_HEIGHT_M = 12.0
"""Where the two trolleys of a double-trolley crane hand boxes over. Assumed."""
COVERS_M = -27.0
"""Where hatch covers are put down, on the quay behind the landward rail. Assumed."""
LOOK_AHEAD = 12
"""How many lifts the terminal operating system hands out ahead. Assumed."""
LIFTS_A_BAY = (25, 70)
COVERS_A_BAY = (1, 3)
DUAL_SHARE = 0.15
"""Bays in which boxes are loaded on the way back from those discharged. Assumed."""
SHIFT_SHARE = 0.02
GEAR_SHARE = 0.006
REHANDLE_SHARE = 0.003
SET_DOWN_SHARE = 0.01
SNAG_SHARE = 0.005
LONE_SHARE = 0.05
"""Lifts for which two spreaders are in use, and only one of them locks. Assumed."""
MOST_SIDE_T = 40.0
"""Of two spreaders each carries at most this. [t] Assumed."""
READ_SHARE = 0.97
"""Lifts whose containers the crane's OCR reads."""


@dataclass(frozen=True, slots=True)
class Lift:
    """What is carried from where to where. Positions in m, load in t.

    Attributes:
        numbers: of the boxes, as they are.
        read: whether the crane's OCR reads them.
        over_m: where it is carried to, touches down and leaves again before it goes to its end; None: straight there.
        set_down: whether it is set down and taken up again a step before its end.
        snag: whether it touches down more than once.
        locks: which of the crane's spreaders lock; the second one is there for tandem lifts only.
        tandem: whether two spreaders are in use.
    """

    kind: str
    from_trolley_m: float
    from_height_m: float
    to_trolley_m: float
    to_height_m: float
    load_t: float
    size_ft: int
    twin: bool
    numbers: tuple[str, ...] = ()
    read: bool = False
    over_m: tuple[float, float] | None = None
    set_down: bool = False
    snag: bool = False
    locks: tuple[bool, bool] = (True, False)
    tandem: bool = False

    @property
    def ids(self) -> tuple[str, ...]:
        """Numbers that the crane reads."""
        return self.numbers if self.read else ()

    @property
    def boxes(self) -> int:
        """Containers carried; hatch covers and gear are none."""
        return 0 if self.kind in ("hatch_cover", "gear") else sum(self.locks) * (2 if self.twin else 1)

    @property
    def name(self) -> str:
        """What such a lift is called."""
        both = all(self.locks)
        return ("quad" if both else "twin") if self.twin else "tandem" if both else "single"

    @property
    def teu(self) -> float:
        """Twenty-foot units carried."""
        return self.boxes * (1.0 if self.size_ft == 20 else 2.0)


class BayPlan:
    """What a quay crane has to do, bay by bay: covers off, discharge, load, covers on.

    Args:
        parameters: of the crane.
        rng: the crane's generator.
    """

    def __init__(self, parameters: CraneParameters, rng: Generator) -> None:
        self._p = parameters
        self._rng = rng
        self._jobs: list[str] = []
        self._covers = 0
        self._bay(part=float(rng.uniform(0.1, 0.9)))

    @property
    def bay_done(self) -> bool:
        """Whether the next lift is in another bay."""
        return not self._jobs

    @property
    def planned(self) -> tuple[str, ...]:
        """Kinds of the next lifts in this bay, as far as anybody has to prepare for them."""
        return tuple(self._jobs[:LOOK_AHEAD])

    def _bay(self, part: float = 0.0) -> None:
        """Plan a bay, of which a part is done already."""
        rng = self._rng
        covers = int(rng.integers(COVERS_A_BAY[0], COVERS_A_BAY[1] + 1)) if rng.random() < 0.7 else 0
        jobs = ["gear"] * int(rng.random() < 0.3) + ["cover_off"] * covers
        jobs += _boxes(int(rng.integers(*LIFTS_A_BAY)), int(rng.integers(*LIFTS_A_BAY)), dual=rng.random() < DUAL_SHARE)
        jobs += ["cover_on"] * covers + ["gear"] * int(rng.random() < 0.3)
        self._jobs = jobs[int(part * len(jobs)) :]
        self._covers = self._jobs.count("cover_on") - self._jobs.count("cover_off")

    def next(self) -> Lift:
        """The next lift."""
        if not self._jobs:
            self._bay()
        rng, job = self._rng, self._jobs[0]
        if job in ("cover_off", "cover_on"):
            self._jobs.pop(0)
            return self._cover(off=job == "cover_off")
        if job == "gear" or rng.random() < GEAR_SHARE:
            self._jobs.pop(0) if job == "gear" else None
            return self._gear()
        if rng.random() < REHANDLE_SHARE:
            return self._rehandle()
        if rng.random() < SHIFT_SHARE:
            return self._shift()
        self._jobs.pop(0)
        return self._box(job)

    def _box(self, kind: str) -> Lift:
        rng = self._rng
        ship, quay = self._on_ship(), self._on_quay()
        ends = (*ship, *quay) if kind == "discharge" else (*quay, *ship)
        lift = self._contents(kind, ends)
        set_down = bool(rng.random() < SET_DOWN_SHARE) and kind == "discharge"
        return replace(lift, set_down=set_down, snag=bool(rng.random() < SNAG_SHARE))

    def _contents(self, kind: str, ends: tuple[float, float, float, float]) -> Lift:
        rng = self._rng
        twenty = rng.random() < 0.35
        twin = bool(twenty and rng.random() < self._p.twin_share)
        size = 20 if twenty else 45 if rng.random() < 0.06 else 40
        load = float(
            np.clip(rng.normal(28 if twin else 16, 6), 2 * LIGHTEST_T if twin else LIGHTEST_T, 60 if twin else 30)
        )
        ids = tuple(container_id(rng) for _ in range(2 if twin else 1))
        lift = Lift(kind, *ends, load, size, twin, ids, bool(rng.random() < READ_SHARE))
        return self._side_by_side(lift) if self._p.tandem_share else lift

    def _side_by_side(self, lift: Lift) -> Lift:
        """The same with two spreaders, for some of the lifts: both carry as much, or one stays empty."""
        rng = self._rng
        drawn = float(rng.random()) - self._p.tandem_share
        if drawn >= LONE_SHARE:
            return lift
        if drawn >= 0:
            return replace(lift, tandem=True, locks=(True, False) if drawn < LONE_SHARE / 2 else (False, True))
        sides_t = min(lift.load_t, MOST_SIDE_T), float(np.clip(lift.load_t + rng.normal(0, 4), LIGHTEST_T, MOST_SIDE_T))
        ids = lift.ids + tuple(container_id(rng) for _ in lift.ids)
        return replace(lift, tandem=True, locks=(True, True), load_t=sum(sides_t), numbers=ids)

    def _shift(self) -> Lift:
        rng, ship = self._rng, self._on_ship()
        other = (float(np.clip(ship[0] + rng.choice([-12, 12]), 5, 52)), float(rng.uniform(-2, 20)))
        return self._contents("shift", (*ship, *other))

    def _rehandle(self) -> Lift:
        """From one lane to another, without going to the ship."""
        first, second = self._rng.choice(3, size=2, replace=False).tolist()
        ends = (LANES_M[first], 1.4, LANES_M[second], 1.4)
        return self._contents("rehandle", ends)

    def _cover(self, *, off: bool) -> Lift:
        rng = self._rng
        self._covers += 1 if off else -1
        ship = (float(rng.uniform(12, 40)), float(rng.uniform(9, 12)))
        pile = (COVERS_M + float(rng.normal(0, 0.3)), 1.0 + 0.9 * max(0, self._covers))
        ends = (*ship, *pile) if off else (*pile, *ship)
        return Lift("hatch_cover", *ends, float(np.clip(rng.normal(30, 3), 21, 42)), 40, twin=False)

    def _gear(self) -> Lift:
        """A box of twistlocks, or a cage with lashers: to the ship and back, locked all the time."""
        rng = self._rng
        place = (float(rng.choice(LANES_M)), 1.2)
        over = (float(rng.uniform(8, 45)), float(rng.uniform(10, 20)))
        load = float(rng.uniform(2.6, 6.5))
        return Lift("gear", *place, place[0] + float(rng.normal(0, 0.2)), 1.2, load, 20, twin=False, over_m=over)

    def _on_ship(self) -> tuple[float, float]:
        return float(self._rng.uniform(8, 48)), float(self._rng.uniform(-4, 22))

    def _on_quay(self) -> tuple[float, float]:
        if self._p.double_trolley:
            return PLATFORM_M + float(self._rng.normal(0, 0.05)), PLATFORM_HEIGHT_M
        return float(self._rng.choice(LANES_M)) + float(self._rng.normal(0, 0.1)), float(self._rng.uniform(1.2, 1.6))


def _boxes(discharged: int, loaded: int, *, dual: bool) -> list[str]:
    """Jobs of a bay: first off, then on; or by turns once a third is off, as far as both last."""
    if not dual:
        return ["discharge"] * discharged + ["load"] * loaded
    first = discharged // 3
    turns = min(discharged - first, loaded)
    rest = ["discharge"] * (discharged - first - turns) + ["load"] * (loaded - turns)
    return ["discharge"] * first + ["discharge", "load"] * turns + rest


def portal_lift(rng: Generator) -> Lift:
    """The landward trolley of a double-trolley crane: between platform and vehicle."""
    platform, vehicle = (PLATFORM_M, PLATFORM_HEIGHT_M), (float(rng.choice([-16.0, -20.0])), 1.4)
    ends = (*platform, *vehicle) if rng.random() < 0.5 else (*vehicle, *platform)
    size = 20 if rng.random() < 0.3 else 40
    return Lift("rehandle", *ends, float(np.clip(rng.normal(16, 6), LIGHTEST_T, 30)), size, twin=False)


def yard_lift(rng: Generator) -> Lift:
    """Into a block, out of it, or a reshuffle within it."""
    size = 20 if rng.random() < 0.35 else 45 if rng.random() < 0.06 else 40
    load = float(np.clip(rng.normal(16, 6), LIGHTEST_T, 30))
    rows = 1.5 + 2.9 * rng.choice(9, size=2, replace=False)
    heights = 2.6 * rng.integers(0, 4, size=2) + 0.1
    lane = (float(rng.choice([-5.0, 31.0])), 1.4)
    stack, other = (float(rows[0]), float(heights[0])), (float(rows[1]), float(heights[1]))
    if rng.random() < 0.3:
        return Lift("rehandle", *stack, *other, load, size, twin=False)
    ends = (*lane, *stack) if rng.random() < 0.5 else (*stack, *lane)
    return Lift("rehandle", *ends, load, size, twin=False)
