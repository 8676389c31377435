"""A draft of a migration has what the migration of vehicles has, which people wrote."""

import re

import pytest

from infra.database import MIGRATIONS
from infra.migration_draft import created, draft, unmade
from processing.streams import BY_NAME, ROWS


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
    assert statements(draft(row, "0015_vehicles", frozenset(row.tables))) == []
    assert "CREATE TABLE" in draft(row, "0015_vehicles", frozenset())


def test_migrations_make_the_tables_of_every_stream() -> None:
    assert unmade(ROWS, created()) == []


def test_a_stream_without_its_migration_is_named_with_what_to_do() -> None:
    made = created() - {"vehicle_telemetry", "vehicle_charge"}
    (found,) = unmade(ROWS, made)
    assert found == (
        "no migration makes vehicle_telemetry, vehicle_charge of the stream vehicle: "
        "python -m infra.migration_draft vehicle > infra/migrations/NNNN_vehicle.sql"
    )
