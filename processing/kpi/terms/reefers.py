"""Terms about reefers. Each takes a view; None where nothing is known."""

from processing.kpi.terms.term import Term
from processing.kpi.view import View


def plugged(view: View) -> float | None:
    """Plugs with a container."""
    return view.store.level_sum("plugged", view.end_us)


def unpowered(view: View) -> float | None:
    """Plugs with a container and no power."""
    return view.store.level_sum("unpowered", view.end_us)


def out_of_range(view: View) -> float | None:
    """Reefers in an excursion."""
    store, end_us = view.store, view.end_us
    if store.level_sum("plugged", end_us) is None:
        return None
    return float(
        sum(e.began_us <= end_us and (e.ended_us is None or e.ended_us > end_us) for e in store.excursions.values())
    )


TERMS: dict[str, Term] = {
    "plugs_in_use": Term("plugs in use", "reefers", plugged),
    "plugs_without_power": Term("plugs without power", "reefers", unpowered),
    "excursions": Term("excursions", "reefers", out_of_range),
}
