"""What a term is: a number with a name and a unit, of which KPI formulas are made."""

from collections.abc import Callable
from dataclasses import dataclass

from processing.kpi.evidence import Collector
from processing.kpi.view import View


@dataclass(frozen=True, slots=True)
class Term:
    """One term.

    Attributes:
        label: name for people.
        unit: of the number.
        of: the number of a view; None where nothing is known.
        evidence: collectors of the facts that it is counted from.
    """

    label: str
    unit: str
    of: Callable[[View], float | None]
    evidence: tuple[Collector, ...] = ()
