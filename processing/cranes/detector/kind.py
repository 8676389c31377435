"""What a lift was: the kind of move, by the sides it went between, and how many boxes hung there."""

import math
from typing import NamedTuple

from processing.containers.size_type import teu
from processing.cranes.detector.lift import Lift, Place
from processing.cranes.facts import MoveKind
from processing.cranes.parameters import CraneParameters


def kind_of(lift: Lift, to: Place, parameters: CraneParameters, fallback: MoveKind | None) -> tuple[MoveKind, bool]:
    """Kind of a lift by the sides it went between, and whether those are known."""
    from_m, to_m = lift.locked.trolley_m, to.trolley_m
    if parameters.yard:
        return "rehandle", True
    if math.isnan(from_m) or math.isnan(to_m):
        return _likely_kind(lift, to_m, parameters) or fallback or "rehandle", False
    if _trolley_stuck(lift, to, parameters):
        return fallback or "rehandle", False
    from_vessel, to_vessel = from_m > parameters.vessel_side_m, to_m > parameters.vessel_side_m
    if from_vessel and to_vessel:
        return "shift", True
    if from_vessel or to_vessel:
        cover = min(from_m, to_m) < parameters.backreach_side_m and _is_cover(lift, parameters)
        return ("hatch_cover" if cover else "discharge" if from_vessel else "load"), True
    return ("gear" if _is_gear(lift, parameters) else "rehandle"), True


class Boxes(NamedTuple):
    """What hangs there: how many boxes, whether two 20 ft boxes a spreader, and whether everything agrees on it."""

    number: int
    twin: bool
    agreed: bool


def boxes_of(lift: Lift, kind: MoveKind, parameters: CraneParameters) -> Boxes:
    """How many boxes hang there.

    Flag and spreaders count as they are at the lock; containers that the crane's OCR read, and a weight that no single
    20 ft box has, count for more. A 40 ft or 45 ft box is never two.
    """
    if kind in ("hatch_cover", "gear"):
        return Boxes(0, twin=False, agreed=True)
    flag, short = lift.locked.twin == 1, not lift.locked.size_ft > 20
    load_t, read = lift.weight_t(parameters), len(lift.ids)
    side_by_side = _side_by_side(lift.spreaders, read, short=short)
    heavy = load_t is not None and load_t > parameters.twin_load_t * side_by_side and lift.locked.size_ft == 20
    by_number = read in (side_by_side, 2 * side_by_side) and short
    twin = parameters.twins and (heavy or (read == 2 * side_by_side if by_number else flag and short))
    agreed = twin == flag and side_by_side == max(1, lift.spreaders)
    return Boxes(side_by_side * (2 if twin else 1), twin, agreed)


def _side_by_side(spreaders: int, read: int, *, short: bool) -> int:
    """How many boxes hang side by side, by the spreaders that locked and the containers that were read.

    Where one of two spreaders was not seen to lock, more containers than it can carry alone show that it did.
    """
    alone = read <= (2 if short else 1)
    return 2 if spreaders == 2 or (spreaders == 1 and not alone) else 1


def teu_a_box(size_ft: float, *, twin: bool) -> float:
    """Twenty-foot equivalent units of each box."""
    return 1.0 if twin else teu(size_ft)


def _likely_kind(lift: Lift, to_m: float, parameters: CraneParameters) -> MoveKind | None:
    """Kind by the one side that is known: shifts and re-handles are few. None where neither is."""
    from_m = lift.locked.trolley_m
    known_m = to_m if math.isnan(from_m) else from_m
    if math.isnan(known_m):
        return None
    if known_m < parameters.backreach_side_m and _is_cover(lift, parameters):
        return "hatch_cover"
    return "discharge" if (known_m > parameters.vessel_side_m) == math.isnan(to_m) else "load"


def _trolley_stuck(lift: Lift, to: Place, parameters: CraneParameters) -> bool:
    """Whether a box came down elsewhere than it went up, at the same trolley position to the centimetre."""
    same = lift.locked.trolley_m == to.trolley_m and not lift.farthest_m > to.trolley_m
    return same and abs(lift.locked.height_m - to.height_m) >= parameters.lift_rise_m


def _is_gear(lift: Lift, parameters: CraneParameters) -> bool:
    """Something light that has been on the ship and is back."""
    if not lift.farthest_m > parameters.vessel_side_m or lift.ids:
        return False
    load_t = lift.weight_t(parameters)
    return load_t is None or load_t <= parameters.gear_load_t


def _is_cover(lift: Lift, parameters: CraneParameters) -> bool:
    load_t, (least, most) = lift.weight_t(parameters), parameters.cover_load_t
    return not lift.ids and lift.locked.size_ft >= 40 and (load_t is None or least <= load_t <= most)
