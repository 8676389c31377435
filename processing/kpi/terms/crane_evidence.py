"""The facts behind terms about cranes and calls."""

from processing.kpi.activity import Activity
from processing.kpi.evidence import CallOf, Evidence, MoveOf
from processing.kpi.view import View

NOT_BOXES = {
    "rehandle": "re-handled on the quay: no box move of the ship",
    "hatch_cover": "a hatch cover is no box",
    "gear": "gear is no box",
    "shift": "shifts do not count at this site",
    "load": "loads do not count at this site",
    "discharge": "discharges do not count at this site",
}


def moves(view: View, found: Evidence) -> None:
    """Moves of the subject's cranes."""
    found.moves.extend(_moves(view.activity))


def call_moves(view: View, found: Evidence) -> None:
    """Moves for the subject's calls."""
    found.moves.extend(_moves(view.call_activity))


def _moves(activity: Activity) -> list[MoveOf]:
    moves = []
    for one in activity.cranes:
        counted = {move.locked_us for move in one.counted}
        moves += [
            MoveOf(one.name, move, None if move.locked_us in counted else NOT_BOXES[move.kind]) for move in one.moves
        ]
    return sorted(moves, key=lambda one: (one.move.unlocked_us, one.crane))


def excluded(view: View, found: Evidence) -> None:
    """Time that net rates leave out."""
    found.excluded.extend(part for one in view.activity.cranes for part in one.excluded)


def delays(view: View, found: Evidence) -> None:
    """Delays in allocated time."""
    found.delays.extend(part for one in view.activity.cranes for part in one.allocated_delays)


def calls(view: View, found: Evidence) -> None:
    """Calls, with their plans and move lists."""
    found.calls.extend(
        CallOf(call, view.activity_for(call).boxes, view.store.listed.get(call.call_id)) for call in view.calls
    )
