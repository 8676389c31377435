"""The table of terms."""

from processing.kpi.terms import appointments, cranes, dwell, energy, gates, reefers, vehicles, vessels
from processing.kpi.terms.term import Term
from processing.kpi.view import View

MODULES = (cranes, vessels, gates, dwell, appointments, reefers, vehicles, energy)
"""In the order of the documents."""
TERMS: dict[str, Term] = {name: one for module in MODULES for name, one in module.TERMS.items()}
_NAMES = [name for module in MODULES for name in module.TERMS]
if len(_NAMES) > len(TERMS):
    raise ValueError(f"two modules have a term {', '.join(name for name in TERMS if _NAMES.count(name) > 1)}")


def term(view: View, name: str) -> float | None:
    """The value of a term, worked out once a view; None where nothing is known."""
    known = view.terms
    if name in known:
        return known[name]
    number = known[name] = TERMS[name].of(view)
    return number
