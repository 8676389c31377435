"""Facts that have no list of their own in an explanation are listed by type, from their columns alone."""

from typing import Any

from api.facts.answers import FactAnswer
from api.kpis.explanations import LISTED, LISTS, Explained
from api.kpis.other_facts import OtherFacts, other_facts
from processing.kpi.evidence import Evidence
from processing.vehicles.facts import VehicleCharge, VehicleTrip

NOON_US = 1_795_521_600_000_000
MINUTE_US = 60_000_000
NAMES = {7: "agv07"}
CHARGES = [
    VehicleCharge(7, NOON_US, NOON_US + MINUTE_US, 15.0, 40.0, 5.25),
    VehicleCharge(7, NOON_US + 2 * MINUTE_US, None, None, None, None),
]
ROWS: list[dict[str, Any]] = [
    {
        "terminal": "demo",
        "device": "agv07",
        "began_at": "2026-11-24T12:00:00.000Z",
        "ended_at": "2026-11-24T12:01:00.000Z",
        "battery_from_pct": 15.0,
        "battery_to_pct": 40.0,
        "energy_kwh": 5.25,
    },
    {
        "terminal": "demo",
        "device": "agv07",
        "began_at": "2026-11-24T12:02:00.000Z",
        "ended_at": None,
        "battery_from_pct": None,
        "battery_to_pct": None,
        "energy_kwh": None,
    },
]


def test_facts_without_a_list_are_there_by_type_the_newest() -> None:
    found = Evidence()
    found.add(VehicleCharge, CHARGES)
    found.add(VehicleTrip, [])
    assert other_facts(found, frozenset(), "demo", NAMES, 9) == [OtherFacts("vehicle_charge", ROWS)]
    assert other_facts(found, frozenset(), "demo", NAMES, 1) == [OtherFacts("vehicle_charge", ROWS[1:])]


def test_facts_with_a_list_are_not_there_twice() -> None:
    found = Evidence()
    found.add(VehicleCharge, CHARGES)
    assert VehicleCharge in LISTED
    assert other_facts(found, LISTED, "demo", NAMES, 9) == []


def test_every_list_is_a_field_of_the_explanation() -> None:
    assert LISTS.keys() <= set(Explained.__struct_fields__)
    assert all(issubclass(kind, FactAnswer) for kind in LISTS.values())
