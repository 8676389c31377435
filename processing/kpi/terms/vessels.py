"""How far a vessel is: terms about calls. Each takes a view; None where nothing is known."""

from processing.cranes.facts import CraneMove
from processing.kpi.terms import crane_evidence
from processing.kpi.terms.term import Term
from processing.kpi.view import View
from processing.model.times import HOUR_US, MINUTE_US

RATE_US = 2 * HOUR_US
"""The rate that a prediction goes on with is that of so long ago. Assumed. [µs]"""
LEAST_US = 10 * MINUTE_US
"""A rate over less means nothing for hours to come. Assumed. [µs]"""


def boxes(view: View) -> float | None:
    """Box moves for the calls, in boxes."""
    return float(view.call_activity.boxes) if view.calls else None


def alongside_h(view: View) -> float | None:
    """Time that the vessels have been alongside in the window. [h]."""
    total = 0
    for call in view.calls:
        if call.alongside_us is not None:
            end_us = view.end_us if call.last_line_us is None else min(call.last_line_us, view.end_us)
            total += max(0, end_us - max(call.alongside_us, view.begin_us))
    return total / HOUR_US if total else None


def worked_h(view: View) -> float | None:
    """Time from the first box move of each call in the window to its last, lock to unlock. [h]."""
    total = 0
    for call in view.calls:
        moves = view.activity_for(call).counted
        if moves:
            total += max(m.unlocked_us for m in moves) - min(m.locked_us for m in moves)
    return total / HOUR_US if total else None


def crane_h(view: View) -> float | None:
    """Crane hours allocated to the calls. [h]."""
    return view.call_activity.allocated_us / HOUR_US if view.calls else None


def planned(view: View) -> float | None:
    """Boxes planned for the calls; None where one has no plan."""
    plans = [call.planned for call in view.calls]
    return float(sum(plan for plan in plans if plan is not None)) if plans and None not in plans else None


def remaining(view: View) -> float | None:
    """Boxes planned and not moved yet, of each call; what one has more than was planned is not taken off another's."""
    if planned(view) is None:
        return None
    total = 0
    for call in view.calls:
        total += max(0, (call.planned or 0) - view.activity_for(call).boxes)
    return float(total)


def _moves(view: View) -> list[CraneMove]:
    return sorted(view.call_activity.counted, key=lambda move: move.unlocked_us)


def recent_rate(view: View) -> float | None:
    """Boxes an hour in the last two hours, or since the first lock where that is later. [boxes/h]."""
    moves = _moves(view)
    if not moves:
        return None
    since_us = max(view.end_us - RATE_US, min(move.locked_us for move in moves))
    if view.end_us - since_us < LEAST_US:
        return None
    done = sum(move.boxes for move in moves if move.unlocked_us > since_us)
    return done / ((view.end_us - since_us) / HOUR_US)


def window_end_s(view: View) -> float | None:
    """End of the window. [s since 1970 UTC]."""
    return view.end_us / 1e6


def planned_now(view: View) -> float | None:
    """Boxes that an even pace from the first assignment to the planned completion would have moved by now."""
    total = 0.0
    for call in view.calls:
        begin_us, end_us = min((one.from_us for one in call.assignments), default=None), call.planned_completion_us
        if begin_us is None or end_us is None or call.planned is None or end_us <= begin_us:
            return None
        total += call.planned * min(1.0, max(0.0, (view.end_us - begin_us) / (end_us - begin_us)))
    return total if view.calls else None


def listed(view: View) -> float | None:
    """Boxes in the terminal operating system's list of the call; None where none has been imported."""
    known = [view.store.listed.get(call.call_id) for call in view.calls]
    return float(sum(n for n in known if n is not None)) if known and None not in known else None


CALLS = (crane_evidence.call_moves, crane_evidence.calls)

TERMS: dict[str, Term] = {
    "call_boxes": Term("boxes moved for the call", "boxes", boxes, CALLS),
    "alongside_h": Term("hours alongside", "h", alongside_h, CALLS),
    "worked_h": Term("hours from first to last move", "h", worked_h, CALLS),
    "crane_h": Term("crane hours allocated", "h", crane_h, CALLS),
    "planned_boxes": Term("boxes planned", "boxes", planned, CALLS),
    "remaining_boxes": Term("boxes remaining", "boxes", remaining, CALLS),
    "recent_rate": Term("boxes an hour in the last two hours", "boxes/h", recent_rate, CALLS),
    "window_end_s": Term("now", "s since 1970 UTC", window_end_s),
    "planned_by_now": Term("boxes planned by now", "boxes", planned_now, CALLS),
    "listed_boxes": Term("boxes in the terminal operating system's list", "boxes", listed, CALLS),
}
