"""The move that a lift was, once it has ended; and whether it goes on with the one before."""

import math

from msgspec.structs import replace

from processing.cranes.detector.kind import boxes_of, kind_of, teu_a_box
from processing.cranes.detector.lift import Lift, Place
from processing.cranes.detector.memory import Delivery
from processing.cranes.facts import CraneMove, MoveKind
from processing.cranes.parameters import CraneParameters

MOST_ENERGY_KWH = 1_000.0
"""A counter that goes further in a cycle was reset. [kWh]"""
SAME_PLACE_M = 1.0
"""A box that is lifted a second time stands where it was put, within this. [m]"""


def joined(before: Delivery | None, lift: Lift, to: Place, parameters: CraneParameters) -> Delivery:
    """What is delivered: this lift, or one with the lift before where the same box was only set down.

    Args:
        before: the delivery before.
        lift: that ends.
        to: where it ends.
        parameters: of the crane.
    """
    if before is None:
        return Delivery(lift, to, None)
    if not _same_box(before, lift, to, parameters):
        return Delivery(lift, to, before.to)
    merged = replace(
        lift,
        locked=before.lift.locked,
        inferred=before.lift.inferred,
        ids=lift.ids or before.lift.ids,
        farthest_m=max(lift.farthest_m, before.lift.farthest_m),
        gap=lift.gap or before.lift.gap,
        air_us=before.lift.air_us,
        rise_us=before.lift.rise_us,
        spreaders=max(lift.spreaders, before.lift.spreaders),
    )
    return Delivery(merged, to, before.since)


def apart(before: Delivery, lift: Lift, parameters: CraneParameters) -> bool:
    """Whether a lift cannot be one of what the delivery before has put down, whatever that was.

    Both ends of the delivery before need not be known for it, only where and when it ended.
    """
    return before.away or lift.locked.time_us - before.to.time_us > parameters.step_us


def move_of(
    device_id: int, delivery: Delivery, parameters: CraneParameters, usual: MoveKind | None, *, inferred: bool
) -> CraneMove:
    """The move.

    Args:
        device_id: the crane.
        delivery: its end.
        parameters: of the crane.
        usual: its kind where a side is not known.
        inferred: whether its unlock was not seen.
    """
    lift, to, since = delivery.lift, delivery.to, delivery.since
    kind, sides_known = kind_of(lift, to, parameters, usual)
    boxes, twin, agreed = boxes_of(lift, kind, parameters)
    load_t = lift.load_t
    lifted_us, landed_us = _phases(lift, to)
    return CraneMove(
        device_id=device_id,
        began_us=None if since is None else since.time_us,
        locked_us=lift.locked.time_us,
        lifted_us=lifted_us,
        landed_us=landed_us,
        unlocked_us=to.time_us,
        kind=kind,
        boxes=boxes,
        teu=boxes * teu_a_box(lift.locked.size_ft, twin=twin),
        inferred=lift.inferred or inferred or lift.gap or not sides_known,
        confidence=_confidence(lift, inferred=lift.inferred or inferred, sides_known=sides_known, agreed=agreed),
        from_trolley_m=_known(lift.locked.trolley_m),
        to_trolley_m=_known(to.trolley_m),
        gantry_m=_known(lift.locked.gantry_m),
        peak_load_t=None if load_t is None else round(load_t, 3),
        size_ft=None if math.isnan(lift.locked.size_ft) else int(lift.locked.size_ft),
        twin=twin,
        container_ids=lift.ids,
        energy_kwh=_energy(since or lift.locked, to),
        waited_empty_s=None if since is None else (lift.locked.still_us - since.still_us) / 1e6,
        waited_laden_s=(to.still_us - lift.locked.still_us) / 1e6,
    )


def _phases(lift: Lift, to: Place) -> tuple[int, int]:
    """When it was lifted, and when it landed. [µs since 1970 UTC]."""
    lifted_us = lift.lifted_us or lift.locked.time_us
    landed_us = lift.landing.time_us if lift.landing is not None else 0
    return lifted_us, landed_us if lifted_us < landed_us <= to.time_us else to.time_us


def _confidence(lift: Lift, *, inferred: bool, sides_known: bool, agreed: bool) -> float:
    """1, less for each doubt: lock or unlock not seen, silence, sides, no load that hung, boxes."""
    doubts = 0.3 * inferred + 0.3 * lift.gap + 0.3 * (not sides_known)
    doubts += 0.2 * (not lift.proven) + 0.2 * (not agreed)
    return round(max(0.1, 1.0 - doubts), 2)


def _same_box(before: Delivery, lift: Lift, to: Place, parameters: CraneParameters) -> bool:
    """Whether what was set down is lifted a second time where it stands, to be put elsewhere: pins, lashings.

    A spreader that has not been away can only take up what it has put down: the load, which may be wrong, is not
    looked at.
    """
    if apart(before, lift, parameters):
        return False
    if not abs(lift.locked.trolley_m - before.to.trolley_m) <= SAME_PLACE_M:
        return False
    if before.lift.ids and lift.ids and before.lift.ids != lift.ids:
        return False
    same = before.lift.locked.size_ft == lift.locked.size_ft
    return same and min(_way_m(before.lift, before.to), _way_m(lift, to)) <= parameters.step_m


def _way_m(lift: Lift, to: Place) -> float:
    """How far along the trolley's way the ends of a lift, and what it went across, are apart. [m]."""
    ends = (lift.locked.trolley_m, to.trolley_m)
    return max(*ends, lift.farthest_m) - min(ends)


def _energy(since: Place, to: Place) -> float | None:
    """What the drives took meanwhile; None where the counter is not known, or was reset. [kWh]."""
    taken = to.energy_kwh - since.energy_kwh
    return round(taken, 3) if 0 <= taken <= MOST_ENERGY_KWH else None


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
