"""KPIs of how long boxes were in the terminal."""

from processing.containers.stays import STAY
from processing.kpi.definition import Kpi, Scopes, of_counted
from processing.kpi.subjects import TERMINAL
from processing.kpi.terms.dwell import FLOWS, Flow, boxes_left
from processing.kpi.windows import DAY, HOUR, SHIFT

PERIODS: Scopes = ((TERMINAL, (DAY, SHIFT, HOUR)),)
SOURCE = "quaystream: time in the terminal, from its container events"


def _dwell(flow: Flow, statistic: str, in_words: str, text: str) -> Kpi:
    return Kpi(
        f"dwell_{flow.name}_{statistic}",
        f"Dwell time {flow.name}, {statistic}",
        "h",
        STAY,
        PERIODS,
        (f"{flow.name}_left", f"{flow.name}_dwell_{statistic}_h"),
        of_counted,
        f"{in_words} of leaving − arriving of {{{flow.name}_left}} that left in the window",
        SOURCE,
        text,
        busy=boxes_left,
    )


DWELL_KPIS: tuple[Kpi, ...] = tuple(
    row
    for flow in FLOWS
    for row in (
        _dwell(flow, "median", "median", f"Half of the {flow.text} that left were inside for less than this."),
        _dwell(flow, "p90", "90th percentile", f"Nine of ten {flow.text} that left were inside for less than this."),
    )
)
