"""Terms about what cranes did. Each takes a view; None where nothing is known."""

from collections.abc import Callable, Sequence

from processing.cranes.causes import CAUSES
from processing.cranes.cycles import PARTS
from processing.kpi.activity import Activity
from processing.kpi.quantiles import quantile
from processing.kpi.terms.term import Term
from processing.kpi.view import View
from processing.model.times import HOUR_US, MINUTE_US


def _work(of: Callable[[Activity], float | None]) -> Callable[[View], float | None]:
    """Of what the cranes did; None where none had been heard of."""

    def term(view: View) -> float | None:
        work = view.work
        return of(work) if work.shares else None

    return term


def _seconds(of: Callable[[Activity], Sequence[int]], share: float) -> Callable[[View], float | None]:
    def term(work: Activity) -> float | None:
        value_us = quantile(of(work), share)
        return None if value_us is None else value_us / 1e6

    return _work(term)


def _part(name: str) -> Callable[[Activity], Sequence[int]]:
    return lambda work: work.parts_us[name]


def _part_count(name: str) -> Callable[[View], float | None]:
    return _work(lambda work: float(len(work.parts_us[name])))


def _idle_total_min(work: Activity) -> float:
    return sum(us for cause, us in work.idle_us.items() if cause != "working") / MINUTE_US


def _idle_min(*causes: str) -> Callable[[View], float | None]:
    return _work(lambda work: sum(work.idle_us.get(cause, 0) for cause in causes) / MINUTE_US)


def _cycle_terms() -> dict[str, Term]:
    made = {
        "cycle_median_s": Term("median cycle time", "s", _seconds(lambda work: work.cycles_us, 0.5)),
        "cycle_p90_s": Term("90th percentile of cycle times", "s", _seconds(lambda work: work.cycles_us, 0.9)),
    }
    for part in PARTS:
        text = part.replace("_", " ")
        made[f"{part}_count"] = Term("cycles of which it is known", "", _part_count(part))
        made[f"{part}_median_s"] = Term(f"median {text}", "s", _seconds(_part(part), 0.5))
        made[f"{part}_p90_s"] = Term(f"90th percentile of {text}", "s", _seconds(_part(part), 0.9))
    return made


FOUND = tuple(cause.id for cause in CAUSES if cause.found and cause.id not in ("hatch_cover", "gear"))
"""Causes of stops that signals tell."""
SAID = tuple(cause.id for cause in CAUSES if not cause.found and cause.id != "working")
"""Those that only people say."""

TERMS: dict[str, Term] = {
    "boxes": Term("boxes", "boxes", _work(lambda work: float(work.boxes))),
    "lifts": Term("lifts", "lifts", _work(lambda work: float(len(work.counted)))),
    "teu": Term("TEU", "TEU", _work(lambda work: sum(move.teu for move in work.counted))),
    "twin_lifts": Term("twin lifts", "lifts", _work(lambda work: float(sum(move.twin for move in work.counted)))),
    "moves": Term("moves of all kinds", "moves", _work(lambda work: float(sum(len(one.moves) for one in work.shares)))),
    "dual_pairs": Term("dual cycles", "cycles", _work(lambda work: float(work.dual_pairs))),
    "cycles": Term("cycles", "cycles", _work(lambda work: float(len(work.cycles_us)))),
    "allocated_h": Term("allocated crane hours", "h", _work(lambda work: work.allocated_us / HOUR_US)),
    "logged_on_h": Term("logged-on hours", "h", _work(lambda work: work.logged_us / HOUR_US)),
    "excluded_h": Term(
        "hours left out", "h", _work(lambda work: sum(stop.length_us for stop in work.excluded) / HOUR_US)
    ),
    "stopped_h": Term("hours stopped", "h", _work(lambda work: _idle_total_min(work) / 60)),
    "down_h": Term("hours broken down", "h", _work(lambda work: work.idle_us.get("breakdown", 0) / HOUR_US)),
    "failures": Term("breakdowns", "breakdowns", _work(lambda work: float(work.failures))),
    "energy_kwh": Term("energy taken", "kWh", _work(lambda work: work.energy[0])),
    "energy_moves": Term("moves of which it is known", "moves", _work(lambda work: float(work.energy[1]))),
    "idle_min": Term("minutes stopped", "min", _work(_idle_total_min)),
    "idle_said_min": Term("minutes stopped for reasons that people said", "min", _idle_min(*SAID)),
    **{
        f"idle_{cause}_min": Term(f"minutes stopped: {cause.replace('_', ' ')}", "min", _idle_min(cause))
        for cause in FOUND
    },
    **_cycle_terms(),
}
