"""Terms about gates. Each takes a view; None where nothing is known."""

from collections.abc import Callable

from processing.gates.facts import ENTERED_AGAIN, TruckVisit
from processing.gates.passages import LONGEST_VISIT_US
from processing.kpi.evidence import Evidence
from processing.kpi.quantiles import quantile
from processing.kpi.terms.levels import level, levels
from processing.kpi.terms.term import Term
from processing.kpi.view import View
from processing.model.times import MINUTE_US


def turn_count(view: View) -> float:
    """Visits completed in the window."""
    return float(len(view.store.turn_times_us(view.begin_us, view.end_us)))


def _turn(share: float) -> Callable[[View], float | None]:
    def term(view: View) -> float | None:
        turn_us = quantile(view.store.turn_times_us(view.begin_us, view.end_us), share)
        return None if turn_us is None else turn_us / MINUTE_US

    return term


def completed(view: View, found: Evidence) -> None:
    """Visits completed in the window."""
    visits = view.store.visits_completed(view.begin_us, view.end_us)
    found.visits.extend(sorted(visits, key=lambda visit: (visit.left_us or 0, visit.visit)))


def _inside(view: View) -> list[TruckVisit]:
    """Visits of trucks that came in and have not left."""
    end_us = view.end_us
    return [
        visit
        for visit in view.store.visits.known.values()
        if visit.entered_us is not None
        and end_us - LONGEST_VISIT_US < visit.entered_us <= end_us
        and (visit.reason != ENTERED_AGAIN if visit.left_us is None else visit.left_us > end_us)
    ]


def visits_inside(view: View) -> float | None:
    """Trucks that came in and have not left."""
    since_us = view.store.gates_since_us
    return None if since_us is None or since_us > view.end_us else float(len(_inside(view)))


def inside(view: View, found: Evidence) -> None:
    """Visits of trucks inside, in order of entry."""
    found.visits.extend(sorted(_inside(view), key=lambda visit: (visit.entered_us or 0, visit.visit)))


TERMS: dict[str, Term] = {
    "visits_done": Term("visits completed", "visits", turn_count, (completed,)),
    "turn_median_min": Term("median turn time", "min", _turn(0.5), (completed,)),
    "turn_p90_min": Term("90th percentile of turn times", "min", _turn(0.9), (completed,)),
    "visits_inside": Term("trucks inside", "trucks", visits_inside, (inside,)),
    "trucks_waiting": Term("trucks waiting", "trucks", level("queue_length"), (levels("queue_length"),)),
}
