"""KPIs of energy and carbon."""

from processing.energy.facts import PER_BOX
from processing.kpi.definition import Kpi, Scopes, Value, ratio, same
from processing.kpi.subjects import CRANE, RACK, TERMINAL, VEHICLE
from processing.kpi.terms.energy import busy
from processing.kpi.windows import DAY, HOUR, SHIFT

OF_TERMINAL: Scopes = ((TERMINAL, (HOUR, SHIFT, DAY)),)
OF_RACKS: Scopes = (*OF_TERMINAL, (RACK, (HOUR, SHIFT, DAY)))
OF_ALL: Scopes = (*OF_RACKS, (CRANE, (HOUR, SHIFT)), (VEHICLE, (HOUR, SHIFT)))
CONSUMED = "TIC4.0 energy.consumed, by quarters of an hour; docs/energy.md"
PEAK = "mean power of a quarter of an hour, as grid operators bill it"
CARBON = "GHG Protocol scope 2, location-based: energy from the grid × grid factor"


def _energy(
    name: str,
    title: str,
    unit: str,
    scopes: Scopes,
    terms: tuple[str, ...],
    value: Value,
    formula: str,
    source: str,
    text: str,
    fact: str = "energy",
) -> Kpi:
    return Kpi(name, title, unit, fact, scopes, terms, value, formula, source, text, busy=busy)


def _of_kind(kind: str, text: str) -> Kpi:
    term = f"used_{kind}_kwh"
    return _energy(
        f"energy_used_{kind}",
        f"Energy used, {kind}",
        "kWh",
        OF_TERMINAL,
        (term,),
        same,
        f"{{{term}}} in quarters of an hour that ended in the window",
        CONSUMED,
        text,
    )


ENERGY_KPIS: tuple[Kpi, ...] = (
    _energy(
        "energy_used",
        "Energy used",
        "kWh",
        OF_ALL,
        ("used_kwh",),
        same,
        "{used_kwh} in quarters of an hour that ended in the window: cranes, reefers, charging of vehicles",
        CONSUMED,
        "What the equipment took from the grid.",
    ),
    _of_kind("cranes", "What cranes took, by their counters."),
    _of_kind("reefers", "What reefers took, by their power."),
    _of_kind("vehicles", "What vehicles took at chargers."),
    _energy(
        "energy_peak",
        "Peak power",
        "kW",
        OF_RACKS,
        ("peak_kw",),
        same,
        "{peak_kw} that ended in the window",
        PEAK,
        "The highest mean power of a quarter of an hour.",
    ),
    _energy(
        "energy_per_box",
        "Energy per box",
        "kWh/box",
        OF_TERMINAL,
        ("used_kwh", "boxes"),
        ratio,
        "{used_kwh} ÷ {boxes}",
        "quaystream: energy of the whole terminal over the boxes of its quay cranes",
        "What the terminal takes from the grid for each box over the quay.",
        PER_BOX,
    ),
    _energy(
        "energy_per_reefer_hour",
        "Energy per reefer-hour",
        "kWh/h",
        OF_RACKS,
        ("used_reefers_kwh", "reefer_hours"),
        ratio,
        "{used_reefers_kwh} ÷ {reefer_hours}",
        "quaystream: of plugs that drew power, over the time for which their power is known",
        "Mean power of a reefer that is plugged and draws power.",
    ),
    _energy(
        "co2",
        "CO2",
        "kg",
        OF_ALL,
        ("co2_kg",),
        same,
        "{co2_kg}",
        CARBON,
        "CO2 that the energy from the grid stands for.",
    ),
    _energy(
        "co2_per_box",
        "CO2 per box",
        "kg/box",
        OF_TERMINAL,
        ("co2_kg", "boxes"),
        ratio,
        "{co2_kg} ÷ {boxes}",
        CARBON,
        "CO2 for each box over the quay.",
        PER_BOX,
    ),
)
