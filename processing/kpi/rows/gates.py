"""KPIs of gates."""

from processing.kpi.definition import Kpi, Scopes, Value, of_counted, per_hour, same
from processing.kpi.subjects import LANE, TERMINAL
from processing.kpi.terms.gates import trucks_came
from processing.kpi.windows import DAY, HOUR, NOW, SHIFT

LAST_HOUR: Scopes = ((TERMINAL, (HOUR,)),)
MOMENT: Scopes = ((TERMINAL, (NOW,)),)

LANES: Scopes = ((TERMINAL, (HOUR, SHIFT, DAY)), (LANE, (HOUR, SHIFT)))


def _share(part: float, whole: float) -> float | None:
    return 100 * part / whole if whole else None


def _of_lanes(
    name: str, title: str, unit: str, terms: tuple[str, ...], value: Value, formula: str, source: str, text: str
) -> Kpi:
    return Kpi(name, title, unit, "transaction", LANES, terms, value, formula, source, text, busy=trucks_came)


GATE_KPIS: tuple[Kpi, ...] = (
    _of_lanes(
        "gate_trucks_per_hour",
        "Trucks through lanes",
        "trucks/h",
        ("gate_passed", "gate_hours"),
        per_hour,
        "{gate_passed} ÷ {gate_hours}; in and out",
        "quaystream: lane throughput",
        "Trucks that passed a lane in an hour; of a terminal in both directions.",
    ),
    _of_lanes(
        "gate_transaction_time_median",
        "Gate transaction, median",
        "s",
        ("gate_served", "gate_service_median_s"),
        of_counted,
        "median of barrier − coming into the lane of {gate_served} in the window",
        "quaystream: gate transaction time, lane arrival to barrier open",
        "How long a lane takes to let a truck through.",
    ),
    _of_lanes(
        "gate_queue_time_median",
        "Gate queue time, median",
        "min",
        ("gate_queued", "gate_queue_median_min"),
        of_counted,
        "median of being through − joining the queue of {gate_queued} in the window",
        "truck turn-time studies: queue time, arrival in the queue to passing the entry gate",
        "How long inbound trucks take from the end of the queue until they are inside.",
    ),
    _of_lanes(
        "gate_trouble_share",
        "Gate trouble",
        "%",
        ("gate_trouble", "gate_transactions"),
        _share,
        "100 × {gate_trouble} ÷ {gate_transactions}",
        "quaystream: transactions routed to the trouble desk, of all",
        "How many trucks had to go to the trouble desk.",
    ),
    _of_lanes(
        "gate_plate_read_share",
        "Plates read",
        "%",
        ("gate_plates_read", "gate_tags"),
        _share,
        "100 × {gate_plates_read} ÷ {gate_tags}",
        "quaystream: OCR read rate of plates, where a tag shows what is right",
        "How many plates the portal reads right.",
    ),
    Kpi(
        "truck_visit_time_median",
        "Truck visit time, median",
        "min",
        "visit",
        LAST_HOUR,
        ("visits_done", "visits_queued", "visit_median_min"),
        lambda _done, _queued, median: median,
        "median of gate-out completion − joining the queue of {visits_queued} of {visits_done} in the window",
        "truck turn-time studies: visit time, queue time and in-terminal time",
        "Half of the trucks were faster from the end of the queue until they had left.",
        per_minute=True,
    ),
    Kpi(
        "truck_dual_share",
        "Dual transactions",
        "%",
        "visit",
        LAST_HOUR,
        ("visits_dual", "visits_done"),
        _share,
        "100 × {visits_dual} ÷ {visits_done}",
        "quaystream: visits with drop and pick, of all",
        "How many trucks that left brought one box and took another.",
        per_minute=True,
    ),
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
