"""KPIs of vehicles."""

from processing.kpi.definition import Kpi, Scopes, Value, per_hour, ratio, same
from processing.kpi.subjects import TERMINAL, VEHICLE
from processing.kpi.terms.vehicles import busy, charged
from processing.kpi.windows import DAY, HOUR, NOW, SHIFT
from processing.vehicles.parameters import VEHICLE_PARAMETERS

TRIPS: Scopes = ((TERMINAL, (HOUR, SHIFT, DAY)), (VEHICLE, (HOUR, SHIFT)))
MOMENT: Scopes = ((TERMINAL, (NOW,)),)
TRIP = "trip: from standing to standing outside lanes, or to the hand-over; docs/vehicles.md"


def _share(part: float, whole: float) -> float | None:
    return 100 * part / whole if whole else None


def _of_trips(
    name: str, title: str, unit: str, terms: tuple[str, str], value: Value, formula: str, source: str, text: str
) -> Kpi:
    return Kpi(name, title, unit, "trip", TRIPS, terms, value, formula, source, text, busy=busy)


def _wait(place: str, zone: str) -> Kpi:
    return _of_trips(
        f"vehicle_{place}_wait_mean",
        f"Wait at the {place}, mean",
        "min",
        (f"vehicle_{place}_wait_min", f"vehicle_{place}_waits"),
        ratio,
        f"{{vehicle_{place}_wait_min}} ÷ {{vehicle_{place}_waits}}; trips that ended in zone {zone}",
        "TIC4.0 job steps: queuing, and ready, to collect or to deliver",
        f"How long a vehicle stands at a {place} until its load is put on or taken off, or it leaves.",
    )


def _now(name: str, title: str, fact: str, term: str, formula: str, text: str) -> Kpi:
    source = "quaystream: last state that each vehicle reported"
    return Kpi(name, title, "vehicles", fact, MOMENT, (term,), same, formula, source, text, per_minute=True)


VEHICLE_KPIS: tuple[Kpi, ...] = (
    _of_trips(
        "vehicle_empty_travel_share",
        "Empty travel",
        "%",
        ("vehicle_empty_km", "vehicle_km"),
        _share,
        "100 × {vehicle_empty_km} ÷ {vehicle_km}; trips whose load and way are known",
        "quaystream: empty share of the distance, as studies of AGV dispatching have it",
        "Which part of the way vehicles drive without a container.",
    ),
    _of_trips(
        "vehicle_trips_per_hour",
        "Trips per hour",
        "trips/h",
        ("vehicle_trips", "vehicle_hours"),
        per_hour,
        "{vehicle_trips} ÷ {vehicle_hours}",
        TRIP,
        "Trips that ended, laden and empty.",
    ),
    _of_trips(
        "vehicle_energy_per_trip",
        "Energy per trip",
        "kWh",
        ("vehicle_energy_kwh", "vehicle_metered_trips"),
        ratio,
        "{vehicle_energy_kwh} ÷ {vehicle_metered_trips}",
        "TIC4.0 energy.consumed",
        "What a trip takes from the battery or the tank, of trips whose counter was known at both ends.",
    ),
    _wait("crane", "quay"),
    _wait("block", "block"),
    Kpi(
        "vehicle_energy_charged",
        "Energy charged",
        "kWh",
        "charge",
        TRIPS,
        ("vehicle_charged_kwh",),
        same,
        "{vehicle_charged_kwh} that ended in the window, of those whose power is known",
        "quaystream: power at the charger over time",
        "What vehicles took from the grid.",
        busy=charged,
    ),
    _now(
        "vehicles_charging",
        "Vehicles charging",
        "charging",
        "vehicles_charging",
        "{vehicles_charging}: vehicles whose last state is charging",
        "Vehicles whose battery is being charged.",
    ),
    _now(
        "vehicles_battery_low",
        "Vehicles, battery low",
        "battery_low",
        "vehicles_low",
        f"{{vehicles_low}}: vehicles whose last state of charge is below {VEHICLE_PARAMETERS.low_pct:g} %",
        "Vehicles that have to be charged soon.",
    ),
)
