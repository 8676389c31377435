"""What a term is: a number with a name and a unit, of which KPI formulas are made."""

from collections.abc import Callable
from dataclasses import dataclass

from processing.kpi.view import View


@dataclass(frozen=True, slots=True)
class Term:
    """One term; `of` is None where nothing is known."""

    label: str
    unit: str
    of: Callable[[View], float | None]
