"""Why a KPI has its value: the formula with numbers, and the facts that were counted or left out."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from processing.cranes.causes import BY_ID as CAUSE_BY_ID
from processing.kpi.definition import Kpi, State
from processing.kpi.evidence import Evidence
from processing.kpi.samples import value_of
from processing.kpi.terms.table import TERMS, term
from processing.kpi.view import View

PLACE = re.compile(r"\{(\w+)\}")
EPOCH = "s since 1970 UTC"


@dataclass(frozen=True, slots=True)
class TermValue:
    """One term of the formula; `value` is None where nothing is known."""

    name: str
    label: str
    unit: str
    value: float | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Where a value comes from. Times in µs since 1970 UTC.

    Attributes:
        value, state: the value, and whether people may yet change it.
        begin_us, end_us: the window.
        formula: in words.
        filled: with numbers, and the result.
        terms: of the formula.
        evidence: the facts that the terms were counted from.
    """

    value: float | None
    state: State
    begin_us: int
    end_us: int
    formula: str
    filled: str
    terms: list[TermValue]
    evidence: Evidence


def explain(kpi: Kpi, view: View) -> Explanation:
    """Where the value of a KPI comes from."""
    value = value_of(view, kpi)
    evidence = Evidence()
    for collect in dict.fromkeys(collector for name in kpi.terms for collector in TERMS[name].evidence):
        collect(view, evidence)
    return Explanation(
        value.value,
        value.state,
        view.begin_us,
        view.end_us,
        in_words(kpi),
        f"{_filled(kpi, view)} = {number(value.value, kpi.unit)}",
        [TermValue(name, TERMS[name].label, TERMS[name].unit, term(view, name)) for name in kpi.terms],
        evidence,
    )


def in_words(kpi: Kpi) -> str:
    """The formula with the names of its terms."""
    return PLACE.sub(lambda place: TERMS[place[1]].label, kpi.formula)


def _filled(kpi: Kpi, view: View) -> str:
    """The formula with numbers; what stands behind a semicolon is a remark."""
    return PLACE.sub(lambda place: number(term(view, place[1]), TERMS[place[1]].unit), kpi.formula.partition(";")[0])


def number(value: float | None, unit: str = "") -> str:
    """A number with its unit as people read it."""
    if value is None:
        return "nothing known"
    if unit == EPOCH:
        return f"{datetime.fromtimestamp(round(value), UTC):%Y-%m-%dT%H:%M:%SZ}"
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return f"{text} {unit}".strip()


def party(cause: str) -> str:
    """Who answers for a cause."""
    return CAUSE_BY_ID[cause].party
