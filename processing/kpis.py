"""The table of KPIs. API catalogue, `docs/kpis.md` and the dashboard's labels come from it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from processing import formulas
from processing.factbook import Factbook
from processing.formulas import HOUR_US

Value = Callable[[Factbook, str, int, int], float | None]
Subject = Literal["crane", "terminal"]
FactKind = Literal["move", "visit", "queue_length", "plugged", "unpowered", "excursion"]


@dataclass(frozen=True, slots=True)
class Kpi:
    """One KPI.

    Attributes:
        id: as in the topic and in `kpi_sample`.
        title: label for people.
        unit: unit of the value.
        fact: what it is made from; a change of such a fact changes the value.
        subjects: what it is told for; "crane" is each crane.
        window_us: length of the sliding window, 0 for a value at an instant.
        value: makes the value.
        formula: the same in words.
        source: where the definition comes from.
        description: what a person reads from it.
    """

    id: str
    title: str
    unit: str
    fact: FactKind
    subjects: tuple[Subject, ...]
    window_us: int
    value: Value
    formula: str
    source: str
    description: str

    @property
    def window(self) -> str:
        """The window as ISO 8601 duration, `now` for an instant."""
        return f"PT{self.window_us // HOUR_US}H" if self.window_us else "now"


KPIS: tuple[Kpi, ...] = (
    Kpi(
        "boxes",
        "Boxes",
        "boxes",
        "move",
        ("crane", "terminal"),
        HOUR_US,
        formulas.boxes,
        "boxes of all counted moves unlocked in the window",
        "TIC4.0 cycle: one delivered cycle may carry several boxes; which kinds count is this table's choice",
        "Containers moved in the last hour; the terminal counts its quay cranes: load, discharge and shift.",
    ),
    Kpi(
        "gross_crane_rate",
        "Gross crane rate",
        "boxes/h",
        "move",
        ("crane", "terminal"),
        HOUR_US,
        formulas.gross_crane_rate,
        "boxes ÷ allocated crane hours; allocated = logged on, delays are not subtracted",
        "Goussiatiner, Systematic approach to quayside crane productivity; TIC4.0 KPI crane productivity",
        "How fast a crane works the ship, waits included.",
    ),
    Kpi(
        "median_cycle_time",
        "Median cycle time",
        "s",
        "move",
        ("crane", "terminal"),
        HOUR_US,
        formulas.median_cycle_time,
        "median of unlock-to-unlock times; pauses over 30 min are left out",
        "TIC4.0 cycle: from one delivery to the next",
        "The usual time from one delivered lift to the next.",
    ),
    Kpi(
        "truck_turn_time_median",
        "Truck turn time, median",
        "min",
        "visit",
        ("terminal",),
        HOUR_US,
        formulas.turn_time_median,
        "median of gate-out completion − gate-in completion, visits completed in the window",
        "TIC4.0 KPI carrier visit turnaround time, trucks",
        "Half of the trucks were in and out faster than this.",
    ),
    Kpi(
        "truck_turn_time_p90",
        "Truck turn time, p90",
        "min",
        "visit",
        ("terminal",),
        HOUR_US,
        formulas.turn_time_p90,
        "90th percentile of gate-out completion − gate-in completion, visits completed in the window",
        "TIC4.0 KPI carrier visit turnaround time, trucks",
        "Nine of ten trucks were in and out faster than this.",
    ),
    Kpi(
        "trucks_in_terminal",
        "Trucks inside",
        "trucks",
        "visit",
        ("terminal",),
        0,
        formulas.trucks_in_terminal,
        "visits entered and not left, of the last 24 h",
        "quaystream: visits begun and not ended",
        "Trucks between gate-in and gate-out.",
    ),
    Kpi(
        "gate_queue_length",
        "Gate queue",
        "trucks",
        "queue_length",
        ("terminal",),
        0,
        formulas.queue_length,
        "sum over lanes of the last queue length told",
        "quaystream: counters of the lanes, as they report",
        "Trucks waiting before the lanes.",
    ),
    Kpi(
        "reefers_plugged",
        "Reefers plugged",
        "reefers",
        "plugged",
        ("terminal",),
        0,
        formulas.plugged,
        "plugs that last said plugged",
        "TIC4.0 reefer monitoring: plugged and powered are two states",
        "Containers whose cable is in a plug.",
    ),
    Kpi(
        "reefers_out_of_range",
        "Reefers out of range",
        "reefers",
        "excursion",
        ("terminal",),
        0,
        formulas.out_of_range,
        "excursions begun and not ended; delay, hysteresis, defrost and pull-down as in docs/detectors.md",
        "quaystream: set-point, tolerance and delay as reefer monitoring systems configure them",
        "Reefers too warm or too cold for longer than their delay.",
    ),
    Kpi(
        "reefers_unpowered",
        "Reefers unpowered",
        "reefers",
        "unpowered",
        ("terminal",),
        0,
        formulas.unpowered,
        "plugs that last said plugged and not powered",
        "TIC4.0 reefer monitoring: plugged and powered are two states",
        "Plugged containers without power: they warm up.",
    ),
)

BY_ID: dict[str, Kpi] = {kpi.id: kpi for kpi in KPIS}


@dataclass(frozen=True, slots=True, order=True)
class StaleKpis:
    """KPI samples older than the facts in memory that are to be made again, from a time on. [µs since 1970 UTC]."""

    terminal: str
    fact: FactKind
    subject: str
    since_us: int


@dataclass(frozen=True, slots=True)
class KpiValue:
    """One value of one KPI; `value` is None where nothing tells it. `time_us` in µs since 1970 UTC."""

    terminal: str
    kpi: str
    subject: str
    window: str
    unit: str
    time_us: int
    value: float | None
