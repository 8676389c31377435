"""A lift while it lasts, and what it was once it is over: kind, boxes, and how sure that is."""

import math

from msgspec import Struct

from processing.cranes.facts import MoveKind
from processing.cranes.parameters import CraneParameters


class Place(Struct, frozen=True, array_like=True, gc=False):
    """Where the spreader was, and what else was told then; NaN where never known. [m; ft; kWh; 1 is twin].

    `still_us` counts how long it has stood still in the air so far. [µs]
    """

    time_us: int
    height_m: float
    trolley_m: float
    gantry_m: float
    size_ft: float
    twin: float
    energy_kwh: float
    still_us: int


class Lift(Struct, array_like=True, gc=False):
    """What is known of a lift since its lock.

    Attributes:
        locked: where and when; `inferred`: the lock was not seen, and the time is that of the landing before.
        doubtful: the twistlocks say that they are open: the load cell may have jumped.
        tare_t: what the load cell told of the empty spreader before. [t]
        trusted: whether that could be a tare; where not, the cell tells no weights.
        rise_us, air_us: when it was first a rise above the lock, and first in the air with a load.
        proven: whether a load hung long enough.
        touched: where it last landed after it was lifted.
        least_t, peak_t: loads in the air, the tare not taken off. [t]
        farthest_m: trolley position furthest towards the sea. [m]
        carried_t: what hung there until it landed last. [t]
        gap: whether the crane was silent meanwhile.
    """

    locked: Place
    tare_t: float
    trusted: bool = True
    inferred: bool = False
    doubtful: bool = False
    rise_us: int | None = None
    air_us: int | None = None
    proven: bool = False
    touched: Place | None = None
    least_t: float = math.inf
    peak_t: float = -math.inf
    farthest_m: float = -math.inf
    carried_t: float = 0.0
    gap: bool = False
    ids: tuple[str, ...] = ()

    @property
    def load_t(self) -> float | None:
        """Net load, None where never known. [t]."""
        return None if math.isinf(self.peak_t) else self.peak_t - self.tare_t

    def weight_t(self, rules: CraneParameters) -> float | None:
        """Net load where it tells what hangs there, None where the cell lies: wrong unit, jump. [t]."""
        load_t = self.load_t
        return load_t if self.trusted and load_t is not None and load_t <= rules.most_load_t else None

    def risen(self, rules: CraneParameters) -> bool:
        """Whether its rise alone shows a lift: the load cell agrees, or says nothing, or always the same."""
        if self.rise_us is None:
            return False
        load_t = self.load_t
        return load_t is None or load_t >= rules.lift_load_t or self.least_t == self.peak_t

    @property
    def lifted_us(self) -> int | None:
        """When it was lifted. [µs since 1970 UTC]."""
        return self.air_us if self.air_us is not None else self.rise_us


def boxes_of(lift: Lift, kind: MoveKind, rules: CraneParameters) -> tuple[int, bool]:
    """How many boxes hang there, and whether everything agrees on it.

    The flag counts as it is at the lock; containers that the crane's OCR read, and a weight that no single 20 ft box
    has, count for more. A 40 ft or 45 ft box is never two.
    """
    if kind in ("hatch_cover", "gear"):
        return 0, True
    flag, short = lift.locked.twin == 1, not lift.locked.size_ft > 20
    load_t = lift.weight_t(rules)
    heavy = short and load_t is not None and load_t > rules.twin_load_t and lift.locked.size_ft == 20
    read = len(lift.ids)
    twin = rules.twins and (heavy or (read == 2 if read in (1, 2) and short else flag and short))
    return (2 if twin else 1), twin == flag


def kind_of(lift: Lift, to: Place, rules: CraneParameters, fallback: MoveKind | None) -> tuple[MoveKind, bool]:
    """Kind of a lift by the sides it went between, and whether those are known."""
    from_m, to_m = lift.locked.trolley_m, to.trolley_m
    if rules.yard:
        return "rehandle", True
    if math.isnan(from_m) or math.isnan(to_m):
        return _likely(lift, to_m, rules) or fallback or "rehandle", False
    if _trolley_stuck(lift, to, rules):
        return fallback or "rehandle", False
    from_vessel, to_vessel = from_m > rules.vessel_side_m, to_m > rules.vessel_side_m
    if from_vessel and to_vessel:
        return "shift", True
    if from_vessel or to_vessel:
        cover = min(from_m, to_m) < rules.backreach_side_m and _is_cover(lift, rules)
        return ("hatch_cover" if cover else "discharge" if from_vessel else "load"), True
    return ("gear" if _is_gear(lift, rules) else "rehandle"), True


def _likely(lift: Lift, to_m: float, rules: CraneParameters) -> MoveKind | None:
    """Kind by the one side that is known: shifts and re-handles are few. None where neither is."""
    from_m = lift.locked.trolley_m
    known_m = to_m if math.isnan(from_m) else from_m
    if math.isnan(known_m):
        return None
    if known_m < rules.backreach_side_m and _is_cover(lift, rules):
        return "hatch_cover"
    return "discharge" if (known_m > rules.vessel_side_m) == math.isnan(to_m) else "load"


def _trolley_stuck(lift: Lift, to: Place, rules: CraneParameters) -> bool:
    """Whether a box came down elsewhere than it went up, and the trolley tells the same of both to the centimetre."""
    same = lift.locked.trolley_m == to.trolley_m and not lift.farthest_m > to.trolley_m
    return same and abs(lift.locked.height_m - to.height_m) >= rules.lift_rise_m


def _is_gear(lift: Lift, rules: CraneParameters) -> bool:
    """Something light that has been on the ship and is back."""
    load_t = lift.weight_t(rules)
    return lift.farthest_m > rules.vessel_side_m and not lift.ids and (load_t is None or load_t <= rules.gear_load_t)


def _is_cover(lift: Lift, rules: CraneParameters) -> bool:
    load_t, (least, most) = lift.weight_t(rules), rules.cover_load_t
    return not lift.ids and lift.locked.size_ft >= 40 and (load_t is None or least <= load_t <= most)
