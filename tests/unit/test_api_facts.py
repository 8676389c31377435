"""Answers about facts: fields, columns and values of each type."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from api.delays.answers import Delay
from api.excursions.answers import EXCURSIONS, Excursion
from api.facts.answers import answers
from api.moves.answers import MOVES, Move
from api.visits.answers import VISITS, Visit
from processing.gates.facts import VISIT
from processing.reefers.facts import ReeferExcursion
from tests.guides import blocks
from tests.unit.gate_signals import visit_of
from tests.unit.test_api_layout import API
from tests.unit.test_fact_rows import plain

AT = datetime(2026, 11, 23, 6, 15, 7, 123_456, tzinfo=UTC)
AT_US = 1_795_414_507_123_456
AT_TEXT = "2026-11-23T06:15:07.123Z"


def test_fields_are_the_columns_of_the_fact_and_then_its_own() -> None:
    """Whose fact it is comes first; what is left out has no field."""
    assert Visit.__struct_fields__[:5] == ("terminal", "visit", "plate", "entered_at", "left_at")
    assert Delay.__struct_fields__[:6] == ("terminal", "device", "began_at", "ended_at", "minutes", "cause")
    assert Move.__struct_fields__[:3] == ("terminal", "device", "began_at")


def test_descriptions_types_and_nulls_come_from_the_columns() -> None:
    fields = msgspec.json.schema(Excursion)["$defs"]["Excursion"]["properties"]
    assert fields["worst_degc"] == {"type": "number", "description": "largest distance from the setpoint, signed [°C]"}
    assert fields["container_id"] == {"anyOf": [{"type": "string"}, {"type": "null"}]}
    time = {"type": "string", "format": "date-time", "description": "RFC 3339, UTC, milliseconds"}
    assert fields["began_at"] == time
    assert fields["ended_at"] == {"anyOf": [time, {"type": "null"}], "description": "null while it lasts"}
    kind = msgspec.json.schema(Move)["$defs"]["Move"]["properties"]["kind"]
    assert kind["description"].startswith("load, discharge, shift, rehandle, hatch_cover or gear; ")


def test_a_row_and_a_fact_in_memory_make_the_same_answer() -> None:
    row = ("demo", "r001", None, "supply", AT, None, -18.0, 3.5)
    answered = Excursion.from_row(row)
    assert msgspec.json.encode(answered) == (
        b'{"terminal":"demo","device":"r001","container_id":null,"probe":"supply",'
        b'"began_at":"2026-11-23T06:15:07.123Z","ended_at":null,"setpoint_degc":-18.0,"worst_degc":3.5}'
    )
    fact = ReeferExcursion(7, None, "supply", AT_US, None, -18.0, 3.5)
    assert Excursion.from_fact(fact, "demo", "r001") == answered
    assert EXCURSIONS.key(answered) == ("demo", "r001", "supply", AT_TEXT)
    stored = ("demo", "v1", None, AT, None, "in1", AT, AT - timedelta(seconds=40), None, "overdue", None)
    assert Visit.from_fact(visit_of("v1", AT_US, None, reason="overdue")) == Visit.from_row(stored)


def test_the_query_of_facts_of_devices() -> None:
    assert plain(EXCURSIONS.sql) == (
        "SELECT terminal, device, container_id, probe, began_at, ended_at, setpoint_degc, worst_degc "
        "FROM (SELECT d.terminal, d.device, x.* FROM reefer_excursion x JOIN device d USING (device_id)) f "
        "WHERE ($1::text IS NULL OR terminal = $1) AND ($2::text IS NULL OR device = $2) "
        "AND began_at >= $3::timestamptz - interval '30 days' AND began_at < $4 "
        "AND (ended_at IS NULL OR ended_at >= $3) "
        "ORDER BY began_at DESC, terminal, device, probe LIMIT $5;"
    )
    assert "coalesce(container_ids, '{}') AS container_ids, energy_kwh" in MOVES.sql
    assert plain(MOVES.sql).endswith("ORDER BY unlocked_at DESC, terminal, device, locked_at LIMIT $5;")


def test_the_query_of_facts_of_a_terminal() -> None:
    assert plain(VISITS.sql) == (
        "SELECT terminal, visit, plate, entered_at, left_at, lane, passed_at, arrived_at, confidence, "
        "reason, queued_at FROM truck_visit f "
        "WHERE ($1::text IS NULL OR terminal = $1) AND ($2::text IS NULL OR null = $2) "
        "AND (left_at >= $3 AND left_at < $4 OR left_at IS NULL AND entered_at >= $3 AND entered_at < $4) "
        "ORDER BY coalesce(left_at, entered_at) DESC, terminal, lane, arrived_at LIMIT $5;"
    )


def test_the_guide_shows_the_code_as_it_is() -> None:
    answer, row, *_ = blocks("add-a-route")
    assert answer in (API / "excursions" / "answers.py").read_text()
    assert row in (API / "excursions" / "routes.py").read_text()


def test_what_is_not_there_cannot_be_left_out() -> None:
    with pytest.raises(ValueError, match="a truck_visit has no way that could be left out"):
        answers(VISIT, leave_out=("way",))
