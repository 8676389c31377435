"""KPIs of reefers."""

from processing.kpi.definition import Kpi, Scopes, same
from processing.kpi.subjects import TERMINAL
from processing.kpi.windows import NOW

MOMENT: Scopes = ((TERMINAL, (NOW,)),)

REEFER_KPIS: tuple[Kpi, ...] = (
    Kpi(
        "reefers_plugged",
        "Reefers plugged",
        "reefers",
        "plugged",
        MOMENT,
        ("plugs_in_use",),
        same,
        "{plugs_in_use}: plugs whose last state is plugged",
        "TIC4.0 reefer monitoring: plugged and powered are two states",
        "Containers whose cable is in a plug.",
        per_minute=True,
    ),
    Kpi(
        "reefers_out_of_range",
        "Reefers out of range",
        "reefers",
        "excursion",
        MOMENT,
        ("excursions",),
        same,
        "{excursions} begun and not ended; delay, hysteresis, defrost and pull-down as in docs/detectors.md",
        "quaystream: set-point, tolerance and delay as reefer monitoring systems configure them",
        "Reefers too warm or too cold for longer than their delay.",
        per_minute=True,
    ),
    Kpi(
        "reefers_unpowered",
        "Reefers unpowered",
        "reefers",
        "unpowered",
        MOMENT,
        ("plugs_without_power",),
        same,
        "{plugs_without_power}: plugs whose last state is plugged and not powered",
        "TIC4.0 reefer monitoring: plugged and powered are two states",
        "Plugged containers without power: they warm up.",
        per_minute=True,
    ),
)
