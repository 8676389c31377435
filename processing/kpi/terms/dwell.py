"""Terms about how long boxes were in the terminal. Each takes a view; None where nothing is known."""

from collections.abc import Callable
from dataclasses import dataclass

from processing.containers.stays import ContainerStay
from processing.kpi.evidence import Collector, Evidence
from processing.kpi.quantiles import quantile
from processing.kpi.terms.term import Term
from processing.kpi.view import View
from processing.model.times import HOUR_US


@dataclass(frozen=True, slots=True)
class Flow:
    """Which boxes dwell times are of.

    Attributes:
        name: in names of terms and ids of KPIs.
        text: what the boxes are.
        belongs: whether a stay that ended is of such a box.
    """

    name: str
    text: str
    belongs: Callable[[ContainerStay], bool]


FLOWS = (
    Flow("import", "boxes from a vessel to the gate", lambda one: (one.arrived_by, one.left_by) == ("vessel", "gate")),
    Flow("export", "boxes from the gate to a vessel", lambda one: (one.arrived_by, one.left_by) == ("gate", "vessel")),
    Flow("reefer", "boxes that were on a reefer plug", lambda one: one.reefer),
)


def _ended(view: View) -> list[ContainerStay]:
    """Stays that ended in the window."""
    return view.store.stays.between(view.begin_us, view.end_us)


def boxes_left(view: View) -> bool:
    """Whether a box left that KPIs of dwell times are made from."""
    return any(flow.belongs(one) for one in view.once(_ended) for flow in FLOWS)


def _terms(flow: Flow) -> dict[str, Term]:
    def stays(view: View) -> list[ContainerStay]:
        return [one for one in view.once(_ended) if flow.belongs(one)]

    def left(view: View, found: Evidence) -> None:
        found.stays.extend(stays(view))

    def dwell_h(share: float) -> Callable[[View], float | None]:
        def term(view: View) -> float | None:
            dwell_us = quantile(sorted(us for one in stays(view) if (us := one.dwell_us) is not None), share)
            return None if dwell_us is None else dwell_us / HOUR_US

        return term

    listed: tuple[Collector, ...] = (left,)
    return {
        f"{flow.name}_left": Term(flow.text, "boxes", lambda view: float(len(stays(view))), listed),
        f"{flow.name}_dwell_median_h": Term("median dwell time", "h", dwell_h(0.5), listed),
        f"{flow.name}_dwell_p90_h": Term("90th percentile of dwell times", "h", dwell_h(0.9), listed),
    }


TERMS: dict[str, Term] = {name: term for flow in FLOWS for name, term in _terms(flow).items()}
