"""Terms about appointments of trucks. Each takes a view; None where nothing is known."""

from collections.abc import Callable

from processing.gates.appointments import Outcome, TruckAppointment
from processing.kpi.evidence import Evidence
from processing.kpi.terms.term import Term
from processing.kpi.view import View


def _settled(view: View) -> list[TruckAppointment]:
    """Appointments that were settled in the window."""
    return view.store.appointments.between(view.begin_us, view.end_us)


def any_settled(view: View) -> bool:
    """Whether there is an appointment that KPIs are made from."""
    return bool(view.once(_settled))


def _count(outcome: Outcome) -> Callable[[View], float]:
    return lambda view: float(sum(one.outcome == outcome for one in view.once(_settled)))


def listed(view: View, found: Evidence) -> None:
    """Appointments that were settled in the window."""
    found.appointments.extend(view.once(_settled))


TERMS: dict[str, Term] = {
    "appointments_settled": Term(
        "appointments kept or missed", "appointments", lambda view: float(len(view.once(_settled))), (listed,)
    ),
    "appointments_on_time": Term("of these, on time", "appointments", _count("on_time"), (listed,)),
    "appointments_early": Term("of these, early", "appointments", _count("early"), (listed,)),
    "appointments_late": Term("of these, late", "appointments", _count("late"), (listed,)),
    "appointments_no_show": Term("of these, without a truck", "appointments", _count("no_show"), (listed,)),
}
