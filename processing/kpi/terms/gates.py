"""Terms about gates. Each takes a view; None where nothing is known."""

from collections.abc import Callable, Sequence

from processing.kpi.quantiles import quantile
from processing.kpi.terms.term import Term
from processing.kpi.view import View
from processing.model.times import HOUR_US, MINUTE_US

LONGEST_VISIT_US = 24 * HOUR_US
"""A truck inside for longer has left unseen: tailgated or reversed out. Assumed."""


def _turns_us(view: View) -> Sequence[int]:
    """Turn times of the visits completed in the window, shortest first. [µs]."""
    return view.store.turn_times_us(view.begin_us, view.end_us)


def turn_count(view: View) -> float:
    """Visits completed in the window."""
    return float(len(_turns_us(view)))


def _turn(share: float) -> Callable[[View], float | None]:
    def term(view: View) -> float | None:
        turn_us = quantile(_turns_us(view), share)
        return None if turn_us is None else turn_us / MINUTE_US

    return term


def visits_inside(view: View) -> float | None:
    """Trucks that came in and have not left."""
    store, end_us = view.store, view.end_us
    if store.gates_since_us is None or store.gates_since_us > end_us:
        return None
    return float(
        sum(
            1
            for visit in store.visits.values()
            if visit.entered_us is not None
            and end_us - LONGEST_VISIT_US < visit.entered_us <= end_us
            and (visit.left_us is None or visit.left_us > end_us)
        )
    )


def queue_length(view: View) -> float | None:
    """Trucks waiting before the lanes."""
    return view.store.level_sum("queue_length", view.end_us)


TERMS: dict[str, Term] = {
    "visits_done": Term("visits completed", "visits", turn_count),
    "turn_median_min": Term("median turn time", "min", _turn(0.5)),
    "turn_p90_min": Term("90th percentile of turn times", "min", _turn(0.9)),
    "visits_inside": Term("trucks inside", "trucks", visits_inside),
    "trucks_waiting": Term("trucks waiting", "trucks", queue_length),
}
