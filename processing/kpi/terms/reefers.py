"""Terms about reefers. Each takes a view; None where nothing is known."""

from processing.kpi.evidence import Evidence
from processing.kpi.terms.levels import level, levels
from processing.kpi.terms.term import Term
from processing.kpi.view import View
from processing.reefers.facts import ReeferExcursion


def _running(view: View) -> list[ReeferExcursion]:
    """Excursions that last at the end of the window."""
    return list(view.store.spans(ReeferExcursion).between(view.end_us, view.end_us))


def out_of_range(view: View) -> float | None:
    """Reefers in an excursion; None where no plug is known."""
    return None if view.store.level_sum("plugged", view.end_us) is None else float(len(_running(view)))


def excursions(view: View, found: Evidence) -> None:
    """Excursions that last, in order of beginning."""
    found.add(ReeferExcursion, sorted(_running(view), key=lambda one: (one.began_us, one.device_id, one.probe)))


TERMS: dict[str, Term] = {
    "plugs_in_use": Term("plugs in use", "reefers", level("plugged"), (levels("plugged"),)),
    "plugs_without_power": Term("plugs without power", "reefers", level("unpowered"), (levels("unpowered"),)),
    "excursions": Term("excursions", "reefers", out_of_range, (excursions,)),
}
