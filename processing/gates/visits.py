"""Truck visits from completed transactions of a terminal. Source: docs/sources.md, Gate."""

from processing.gates.facts import GateTransaction, TruckVisit


def visit_of(terminal: str, lane: str, transaction: GateTransaction) -> TruckVisit | None:
    """What a completed transaction adds to its truck's visit; None while incomplete or where nothing names the truck.

    A function of one transaction: visits come out the same in whatever order lanes report. Without a visit number the
    plate stands for it.
    """
    visit = transaction.visit or transaction.plate
    if transaction.left_us is None or visit is None or transaction.direction is None:
        return None
    inward = transaction.direction == "in"
    return TruckVisit(
        terminal,
        visit,
        transaction.plate,
        transaction.left_us if inward else None,
        None if inward else transaction.left_us,
        lane if inward else None,
        None if inward else lane,
    )


def merge(known: TruckVisit | None, other: TruckVisit) -> TruckVisit:
    """One visit from two parts of it; the later passage wins where both know one, in whatever order they come."""
    if known is None:
        return other
    inward = max(known, other, key=lambda v: v.entered_us or 0)
    outward = max(known, other, key=lambda v: v.left_us or 0)
    later = max(known, other, key=lambda v: max(v.entered_us or 0, v.left_us or 0))
    return TruckVisit(
        other.terminal,
        other.visit,
        later.plate or known.plate or other.plate,
        inward.entered_us,
        outward.left_us,
        inward.lane_in,
        outward.lane_out,
    )
