"""A draft of a migration has what the migration of vehicles has, which people wrote."""

import re

import pytest

from infra.database import MIGRATIONS
from infra.migration_draft import draft
from processing.streams import BY_NAME


def statements(sql: str) -> list[str]:
    """Statements in one line each, without comments; parentheses and commas without spaces around them."""
    lines = " ".join(line for line in sql.splitlines() if not line.startswith("--"))
    found = re.split(r";(?! END)", re.sub(r"\s+", " ", lines))
    return [re.sub(r"\s*([(),])\s*", r"\1", one).strip() for one in found if one.strip()]


def test_the_migration_of_vehicles_is_drafted() -> None:
    """All but the views, whose columns people chose."""
    written = statements((MIGRATIONS / "0015_vehicles.sql").read_text())
    there = frozenset({"device_level", "device_silence", "energy_use", "container_event"})
    made = statements(draft(BY_NAME["vehicle"], "0014_tandem", there))
    views = [one for one in made if one.startswith("CREATE VIEW")]
    assert {*made} - {*views} == {one for one in written if not one.startswith("CREATE VIEW")}
    assert [one.split()[2] for one in views] == ["v_vehicle", "v_vehicle_trip", "v_vehicle_charge"]
    assert views[2] == (
        "CREATE VIEW v_vehicle_charge AS SELECT d.terminal,d.device,t.began_at,t.ended_at,t.battery_from_pct,"
        "t.battery_to_pct,t.energy_kwh,d.type,t.device_id FROM vehicle_charge t JOIN device d USING(device_id)"
    )


@pytest.mark.parametrize("name", list(BY_NAME))
def test_tables_that_there_are_stay_out(name: str) -> None:
    row = BY_NAME[name]
    tables = frozenset((row.stream.table, *(of.table for of in (*row.facts, *row.terminal_facts))))
    assert statements(draft(row, "0015_vehicles", tables)) == []
    assert "CREATE TABLE" in draft(row, "0015_vehicles", frozenset())
