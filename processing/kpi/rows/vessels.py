"""KPIs of vessel calls and berths."""

from processing.kpi.definition import Kpi, Scopes, per_hour
from processing.kpi.subjects import BERTH, TERMINAL, VESSEL_CALL
from processing.kpi.windows import CALL, DAY, HOUR, SHIFT

VESSELS: Scopes = ((VESSEL_CALL, (CALL,)), (BERTH, (CALL, DAY)), (TERMINAL, (HOUR, SHIFT, DAY)))
LISTED_VESSELS: Scopes = ((VESSEL_CALL, (CALL,)), (BERTH, (CALL,)))
OPEN_VESSELS: Scopes = (*LISTED_VESSELS, (TERMINAL, (CALL,)))
"""Of a terminal: all vessels that are there together, each from the beginning of its own call."""
BERTH_SOURCE = "common practice, see docs/sources.md; bounds of the berth's time by DCSA port call events"


def _done_at(left: float, rate: float, now_s: float) -> float | None:
    """When a pace will have done the rest; at once where nothing is left."""
    if not left:
        return now_s
    return now_s + 3600 * left / rate if rate > 0 else None


VESSEL_KPIS: tuple[Kpi, ...] = (
    Kpi(
        "gross_berth_productivity",
        "Gross berth productivity",
        "boxes/h",
        "call",
        VESSELS,
        ("call_boxes", "alongside_h"),
        per_hour,
        "{call_boxes} ÷ {alongside_h}; alongside: from all fast to the last line",
        BERTH_SOURCE,
        "Boxes for each hour that the vessel lies alongside.",
    ),
    Kpi(
        "net_berth_productivity",
        "Net berth productivity",
        "boxes/h",
        "call",
        VESSELS,
        ("call_boxes", "worked_h"),
        per_hour,
        "{call_boxes} ÷ {worked_h}",
        BERTH_SOURCE,
        "Boxes for each hour between the first and the last move.",
    ),
    Kpi(
        "crane_intensity",
        "Crane intensity",
        "cranes",
        "call",
        VESSELS,
        ("crane_h", "worked_h"),
        per_hour,
        "{crane_h} ÷ {worked_h}",
        "mean number of cranes on the vessel: common practice",
        "How many cranes worked the vessel on average.",
    ),
    Kpi(
        "moves_remaining",
        "Moves remaining",
        "boxes",
        "call",
        OPEN_VESSELS,
        ("remaining_boxes", "planned_boxes", "call_boxes"),
        lambda left, _planned, _done: left,
        "{planned_boxes} − {call_boxes}, of no vessel below 0",
        "quaystream: plan as announced with the call",
        "Boxes that are planned and not moved yet.",
    ),
    Kpi(
        "predicted_completion",
        "Predicted completion",
        "s since 1970 UTC",
        "call",
        OPEN_VESSELS,
        ("remaining_boxes", "recent_rate", "window_end_s"),
        _done_at,
        "{window_end_s} + {remaining_boxes} ÷ {recent_rate}",
        "quaystream: the pace of the last two hours goes on",
        "When the vessel is done at the pace of the last two hours; of a terminal, all vessels that are there.",
    ),
    Kpi(
        "ahead_of_plan",
        "Ahead of plan",
        "boxes",
        "call",
        OPEN_VESSELS,
        ("call_boxes", "planned_by_now"),
        lambda done, by_now: done - by_now,
        "{call_boxes} − {planned_by_now}; planned at an even pace from the first assignment to the planned completion",
        "quaystream: plan as announced with the call",
        "Boxes ahead of an even pace, negative: behind it.",
    ),
    Kpi(
        "tos_difference",
        "Difference from the TOS",
        "boxes",
        "call",
        LISTED_VESSELS,
        ("call_boxes", "listed_boxes"),
        lambda found, listed: found - listed,
        "{call_boxes} − {listed_boxes}",
        "quaystream: reconciliation, docs/reconcile.md",
        "Boxes detected for the call less those in the list of the terminal operating system.",
    ),
)
