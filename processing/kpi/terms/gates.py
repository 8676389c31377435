"""Terms about gates. Each takes a view; None where nothing is known."""

from collections.abc import Callable

from processing.gates.facts import ENTERED_AGAIN, GateTransaction, TruckVisit
from processing.gates.passages import LONGEST_VISIT_US
from processing.kpi.evidence import Evidence
from processing.kpi.quantiles import quantile
from processing.kpi.terms.levels import level, levels
from processing.kpi.terms.term import Term
from processing.kpi.view import View
from processing.model.times import HOUR_US, MINUTE_US, SECOND_US


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


def _visit_times_us(view: View) -> list[int]:
    """From joining the queue to leaving, shortest first. [µs]."""
    visits = view.store.visits_completed(view.begin_us, view.end_us)
    return sorted(one.left_us - one.queued_us for one in visits if one.left_us and one.queued_us is not None)


def _visit_median_min(view: View) -> float | None:
    median_us = quantile(view.once(_visit_times_us), 0.5)
    return None if median_us is None else median_us / MINUTE_US


def _dual(view: View) -> float:
    """Visits completed that brought one box and took another."""
    visits = view.store.visits_completed(view.begin_us, view.end_us)
    return float(sum(bool(one.brought) and bool(set(one.taken) - set(one.brought)) for one in visits))


def _transactions(view: View) -> list[GateTransaction]:
    """Those counted in the window: of the lane, or of all."""
    return list(view.store.transactions.between(view.begin_us, view.end_us, view.device_id))


def trucks_came(view: View) -> bool:
    """Whether there is anything that KPIs of lanes are made from."""
    return bool(view.once(_transactions))


def _count(which: Callable[[GateTransaction], object]) -> Callable[[View], float]:
    return lambda view: float(sum(bool(which(one)) for one in view.once(_transactions)))


def _median(span_us: Callable[[GateTransaction], int | None], unit_us: int) -> Callable[[View], float | None]:
    def term(view: View) -> float | None:
        spans_us = sorted(us for one in view.once(_transactions) if (us := span_us(one)) is not None)
        median_us = quantile(spans_us, 0.5)
        return None if median_us is None else median_us / unit_us

    return term


def _service_us(one: GateTransaction) -> int | None:
    return None if one.opened_us is None else one.opened_us - one.entered_us


def _queue_us(one: GateTransaction) -> int | None:
    """From joining the queue until the truck is through, inbound."""
    passed_us = one.passed_us
    return None if passed_us is None or one.queued_us is None or one.direction != "in" else passed_us - one.queued_us


def transactions(view: View, found: Evidence) -> None:
    """Transactions counted in the window."""
    found.add(GateTransaction, sorted(view.once(_transactions), key=lambda one: (one.entered_us, one.device_id)))


TERMS: dict[str, Term] = {
    "visits_queued": Term(
        "of these, known when they joined the queue",
        "visits",
        lambda view: float(len(view.once(_visit_times_us))),
        (completed,),
    ),
    "visit_median_min": Term("median from joining the queue to leaving", "min", _visit_median_min, (completed,)),
    "visits_dual": Term("of these, with a box in and another one out", "visits", _dual, (completed,)),
    "gate_passed": Term(
        "trucks through lanes", "trucks", _count(lambda one: one.passed_us is not None), (transactions,)
    ),
    "gate_hours": Term("length of the window", "h", lambda view: (view.end_us - view.begin_us) / HOUR_US),
    "gate_transactions": Term("transactions", "transactions", _count(lambda _one: True), (transactions,)),
    "gate_trouble": Term("of these, with trouble", "transactions", _count(lambda one: one.trouble), (transactions,)),
    "gate_served": Term(
        "transactions with a barrier", "transactions", _count(lambda one: one.opened_us is not None), (transactions,)
    ),
    "gate_service_median_s": Term(
        "median from coming into the lane to the barrier", "s", _median(_service_us, SECOND_US), (transactions,)
    ),
    "gate_queued": Term(
        "inbound trucks known when they joined the queue",
        "trucks",
        _count(lambda one: _queue_us(one) is not None),
        (transactions,),
    ),
    "gate_queue_median_min": Term(
        "median from joining the queue to being through", "min", _median(_queue_us, MINUTE_US), (transactions,)
    ),
    "gate_tags": Term(
        "transactions whose tag was read",
        "transactions",
        _count(lambda one: one.plate_read is not None),
        (transactions,),
    ),
    "gate_plates_read": Term(
        "of these, with the same plate from the portal",
        "transactions",
        _count(lambda one: one.plate_read),
        (transactions,),
    ),
    "visits_done": Term("visits completed", "visits", turn_count, (completed,)),
    "turn_median_min": Term("median turn time", "min", _turn(0.5), (completed,)),
    "turn_p90_min": Term("90th percentile of turn times", "min", _turn(0.9), (completed,)),
    "visits_inside": Term("trucks inside", "trucks", visits_inside, (inside,)),
    "trucks_waiting": Term("trucks waiting", "trucks", level("queue_length"), (levels("queue_length"),)),
}
