"""The table of terms."""

from processing.kpi.terms import appointments, cranes, dwell, energy, gates, reefers, vehicles, vessels
from processing.kpi.terms.term import Term
from processing.kpi.view import View

TERMS: dict[str, Term] = {
    **cranes.TERMS,
    **vessels.TERMS,
    **gates.TERMS,
    **dwell.TERMS,
    **appointments.TERMS,
    **reefers.TERMS,
    **vehicles.TERMS,
    **energy.TERMS,
}


def term(view: View, name: str) -> float | None:
    """The value of a term, worked out once a view; None where nothing is known."""
    if name not in view.terms:
        view.terms[name] = TERMS[name].of(view)
    return view.terms[name]
