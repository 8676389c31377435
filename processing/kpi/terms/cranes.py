"""Terms about what cranes did. Each takes a view; None where nothing is known."""

from collections.abc import Callable, Sequence

from processing.cranes.causes import CAUSES
from processing.cranes.cycles import PARTS
from processing.kpi.evidence import Collector
from processing.kpi.quantiles import quantile
from processing.kpi.terms.crane_evidence import delays, excluded, moves
from processing.kpi.terms.term import Term
from processing.kpi.totals import Totals
from processing.kpi.view import View
from processing.model.times import HOUR_US, MINUTE_US


def _term(label: str, unit: str, number: Callable[[Totals], float | None], *evidence: Collector) -> Term:
    """Of what the cranes did; None where none had been heard of."""

    def of(view: View) -> float | None:
        totals = view.totals
        return number(totals) if totals.crane_count else None

    return Term(label, unit, of, (moves, *evidence))


def _seconds(lengths_us: Callable[[Totals], Sequence[int]], share: float) -> Callable[[Totals], float | None]:
    def number(totals: Totals) -> float | None:
        value_us = quantile(lengths_us(totals), share)
        return None if value_us is None else value_us / 1e6

    return number


def _part(name: str) -> Callable[[Totals], Sequence[int]]:
    return lambda totals: totals.parts_us[name]


def _delay_min(totals: Totals) -> float:
    """In delays of all causes. [min]."""
    return sum(us for cause, us in totals.delay_us.items() if cause != "working") / MINUTE_US


def _cause_min(*causes: str) -> Callable[[Totals], float]:
    return lambda totals: sum(totals.delay_us.get(cause, 0) for cause in causes) / MINUTE_US


def _delay_term(label: str, unit: str, number: Callable[[Totals], float]) -> Term:
    return _term(label, unit, number, delays)


def _cycle_terms() -> dict[str, Term]:
    terms = {
        "cycle_median_s": _term("median cycle time", "s", _seconds(lambda totals: totals.cycles_us, 0.5)),
        "cycle_p90_s": _term("90th percentile of cycle times", "s", _seconds(lambda totals: totals.cycles_us, 0.9)),
    }
    for part in PARTS:
        text, lengths_us = part.replace("_", " "), _part(part)
        terms[f"{part}_count"] = _term("cycles of which it is known", "", _count(lengths_us))
        terms[f"{part}_median_s"] = _term(f"median {text}", "s", _seconds(lengths_us, 0.5))
        terms[f"{part}_p90_s"] = _term(f"90th percentile of {text}", "s", _seconds(lengths_us, 0.9))
    return terms


def _count(lengths_us: Callable[[Totals], Sequence[int]]) -> Callable[[Totals], float]:
    return lambda totals: float(len(lengths_us(totals)))


FOUND = tuple(cause.id for cause in CAUSES if cause.found and cause.id not in ("hatch_cover", "gear"))
"""Causes of delays that signals show."""
STATED = tuple(cause.id for cause in CAUSES if not cause.found and cause.id != "working")
"""Those that only people state."""

TERMS: dict[str, Term] = {
    "boxes": _term("boxes", "boxes", lambda totals: float(totals.boxes)),
    "lifts": _term("lifts", "lifts", lambda totals: float(totals.lifts)),
    "teu": _term("TEU", "TEU", lambda totals: totals.teu),
    "twin_lifts": _term("twin lifts", "lifts", lambda totals: float(totals.twin_lifts)),
    "moves": _term("moves of all kinds", "moves", lambda totals: float(totals.moves)),
    "dual_pairs": _term("dual cycles", "cycles", lambda totals: float(totals.dual_pairs)),
    "cycles": _term("cycles", "cycles", _count(lambda totals: totals.cycles_us)),
    "allocated_h": _term("allocated crane hours", "h", lambda totals: totals.allocated_us / HOUR_US),
    "logged_on_h": _term("logged-on hours", "h", lambda totals: totals.logged_on_us / HOUR_US),
    "excluded_h": _term("hours left out", "h", lambda totals: totals.excluded_us / HOUR_US, excluded),
    "stopped_h": _delay_term("hours of delay", "h", lambda totals: _delay_min(totals) / 60),
    "down_h": _delay_term("hours broken down", "h", lambda totals: totals.delay_us.get("breakdown", 0) / HOUR_US),
    "failures": _delay_term("breakdowns", "breakdowns", lambda totals: float(totals.failures)),
    "energy_kwh": _term("energy taken", "kWh", lambda totals: totals.energy_kwh),
    "energy_moves": _term("moves of which it is known", "moves", lambda totals: float(totals.energy_moves)),
    "idle_min": _delay_term("minutes of delay", "min", _delay_min),
    "idle_said_min": _delay_term("minutes of delay with a cause that only people state", "min", _cause_min(*STATED)),
    **{
        f"idle_{cause}_min": _delay_term(f"minutes of delay: {cause.replace('_', ' ')}", "min", _cause_min(cause))
        for cause in FOUND
    },
    **_cycle_terms(),
}
