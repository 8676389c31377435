"""Why a KPI has its value: the formula with numbers, the facts that were counted, and the time that was left out."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from processing.cranes.causes import BY_ID as CAUSE_BY_ID
from processing.cranes.facts import CraneMove
from processing.gates.facts import TruckVisit
from processing.kpi.activity import Activity, DelayPart
from processing.kpi.definition import Kpi, State
from processing.kpi.terms.table import TERMS, term
from processing.kpi.view import View

PLACE = re.compile(r"\{(\w+)\}")
EPOCH = "s since 1970 UTC"
NOT_BOXES = {
    "rehandle": "re-handled on the quay: no box move of the ship",
    "hatch_cover": "a hatch cover is no box",
    "gear": "gear is no box",
    "shift": "shifts do not count at this site",
    "load": "loads do not count at this site",
    "discharge": "discharges do not count at this site",
}


@dataclass(frozen=True, slots=True)
class TermValue:
    """One term of the formula; `value` is None where nothing tells it."""

    name: str
    label: str
    unit: str
    value: float | None


@dataclass(frozen=True, slots=True)
class MoveOf:
    """A move and its crane; `reason` tells why it was not counted, None where it was."""

    crane: str
    move: CraneMove
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Where a value comes from. Times in µs since 1970 UTC.

    Attributes:
        value, state: the value, and whether people may yet change it.
        begin_us, end_us: the window.
        formula: in words.
        filled: with numbers, and the result.
        terms: of the formula.
        moves: in the window: those counted, and the others with the reason, in order.
        excluded: time that net rates leave out, of those KPIs that have some.
        idle: stops that were counted, of those KPIs that count them.
        visits: counted ones.
    """

    value: float | None
    state: State
    begin_us: int
    end_us: int
    formula: str
    filled: str
    terms: list[TermValue]
    moves: list[MoveOf]
    excluded: list[DelayPart]
    idle: list[DelayPart]
    visits: list[TruckVisit]


def explain(kpi: Kpi, view: View) -> Explanation:
    """Where the value of a KPI comes from."""
    value = kpi.of(view)
    terms = [TermValue(name, TERMS[name].label, TERMS[name].unit, term(view, name)) for name in kpi.terms]
    about_cranes = kpi.fact in ("move", "stop", "call")
    work = view.call_work if kpi.fact == "call" else view.work if about_cranes else Activity([])
    names = set(kpi.terms)
    state: State = None
    if kpi.decided and value is not None:
        state = "final" if work.settled else "provisional"
    stopped = any(name.startswith("idle_") or name in ("stopped_h", "down_h", "failures") for name in names)
    return Explanation(
        value,
        state,
        view.begin_us,
        view.end_us,
        in_words(kpi),
        f"{_filled(kpi, view)} = {_number(value, kpi.unit)}",
        terms,
        _moves(work),
        work.excluded if "excluded_h" in names else [],
        [stop for one in work.shares for stop in one.idle] if stopped else [],
        _visits(view) if kpi.fact == "visit" else [],
    )


def in_words(kpi: Kpi) -> str:
    """The formula with the names of its terms."""
    return PLACE.sub(lambda place: TERMS[place[1]].label, kpi.formula)


def _filled(kpi: Kpi, view: View) -> str:
    """The formula with numbers; what stands behind a semicolon is a remark."""
    return PLACE.sub(lambda place: _number(term(view, place[1]), TERMS[place[1]].unit), kpi.formula.partition(";")[0])


def _number(value: float | None, unit: str = "") -> str:
    if value is None:
        return "nothing known"
    if unit == EPOCH:
        return f"{datetime.fromtimestamp(round(value), UTC):%Y-%m-%dT%H:%M:%SZ}"
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return f"{text} {unit}".strip()


def _moves(work: Activity) -> list[MoveOf]:
    found = []
    for one in work.shares:
        counted = {move.locked_us for move in one.counted}
        found += [
            MoveOf(one.name, move, None if move.locked_us in counted else NOT_BOXES[move.kind]) for move in one.moves
        ]
    return sorted(found, key=lambda one: (one.move.unlocked_us, one.crane))


def _visits(view: View) -> list[TruckVisit]:
    return sorted(
        (
            visit
            for visit in view.store.visits.values()
            if visit.left_us is not None and view.begin_us < visit.left_us <= view.end_us
        ),
        key=lambda visit: (visit.left_us or 0, visit.visit),
    )


def party(cause: str) -> str:
    """Who answers for a cause."""
    return CAUSE_BY_ID[cause].party
