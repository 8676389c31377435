"""KPIs of gates."""

from processing.kpi.definition import Kpi, Scopes, of_counted, same
from processing.kpi.subjects import TERMINAL
from processing.kpi.windows import HOUR, NOW

LAST_HOUR: Scopes = ((TERMINAL, (HOUR,)),)
MOMENT: Scopes = ((TERMINAL, (NOW,)),)

GATE_KPIS: tuple[Kpi, ...] = (
    Kpi(
        "truck_turn_time_median",
        "Truck turn time, median",
        "min",
        "visit",
        LAST_HOUR,
        ("visits_done", "turn_median_min"),
        of_counted,
        "median of gate-out completion − gate-in completion of {visits_done} in the window",
        "TIC4.0 KPI carrier visit turnaround time, trucks",
        "Half of the trucks were in and out faster than this.",
        per_minute=True,
    ),
    Kpi(
        "truck_turn_time_p90",
        "Truck turn time, p90",
        "min",
        "visit",
        LAST_HOUR,
        ("visits_done", "turn_p90_min"),
        of_counted,
        "90th percentile of gate-out completion − gate-in completion of {visits_done} in the window",
        "TIC4.0 KPI carrier visit turnaround time, trucks",
        "Nine of ten trucks were in and out faster than this.",
        per_minute=True,
    ),
    Kpi(
        "trucks_in_terminal",
        "Trucks inside",
        "trucks",
        "visit",
        MOMENT,
        ("visits_inside",),
        same,
        "{visits_inside}: visits entered and not left, of the last 24 h",
        "quaystream: visits begun and not ended",
        "Trucks between gate-in and gate-out.",
        per_minute=True,
    ),
    Kpi(
        "gate_queue_length",
        "Gate queue",
        "trucks",
        "queue_length",
        MOMENT,
        ("trucks_waiting",),
        same,
        "{trucks_waiting}: sum over lanes of the last known queue length",
        "quaystream: counters of the lanes, as they report",
        "Trucks waiting before the lanes.",
        per_minute=True,
    ),
)
