"""Facts as rows: statements as they were written by hand, parameters, and rows read back."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.clock import from_us
from infra.facts.rows import decode, encode_keys, encode_rows
from infra.facts.statements import seen, statement
from ingest.store import facts
from processing.cranes.facts import DELAY, CraneDelay, CraneMove
from processing.gates.facts import TRANSACTION, VISIT
from processing.model.fact_type import FactType
from processing.model.facts import Retracted
from processing.model.level import LEVEL_CHANGE, LevelChange
from processing.reefers.facts import EXCURSION
from processing.streams import FACT_TYPES
from tests.length import length
from tests.unit.fact_values import any_fact
from tests.unit.gate_signals import visit_of

TYPES = pytest.mark.parametrize("of", FACT_TYPES.values(), ids=lambda of: of.name)
T_US = 1_795_000_000_000_001


def plain(sql: str) -> str:
    """On one line, without comments."""
    return " ".join(" ".join(line for line in sql.splitlines() if not line.startswith("--")).split())


@TYPES
@settings(max_examples=length(15, 300))
@given(data=st.data())
def test_what_is_encoded_is_decoded(of: FactType[Any], data: st.DataObject) -> None:
    some = data.draw(st.lists(any_fact(of), max_size=3))
    names = [column.name for column in of.columns]
    rows = encode_rows(of)(some)
    assert decode(of, [dict(zip(names, row, strict=True)) for row in rows]) == some
    keys = encode_keys(of)(some)
    assert keys == [tuple(row[of.columns.index(column)] for column in of.key) for row in rows]


def test_statements_of_a_delay() -> None:
    assert plain(statement(DELAY, "upsert")) == (
        "INSERT INTO crane_delay (device_id, began_at, ended_at, cause) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (device_id, began_at) DO UPDATE SET ended_at = excluded.ended_at, cause = excluded.cause;"
    )
    assert plain(statement(DELAY, "delete")) == "DELETE FROM crane_delay WHERE (device_id, began_at) = ($1, $2);"
    assert plain(statement(DELAY, "between")) == (
        "SELECT device_id, began_at, ended_at, cause FROM crane_delay "
        "WHERE device_id = ANY($1::integer[]) AND began_at >= $2 AND began_at < $3;"
    )
    assert plain(seen(DELAY)) == (
        "SELECT device_id, began_at, ended_at, cause FROM crane_delay "
        "WHERE device_id = ANY($1::integer[]) AND (ended_at IS NULL OR ended_at > $2) AND began_at <= $3;"
    )


def test_statements_of_others() -> None:
    assert "container_id, probe, began_at, ended_at, setpoint_degc" in statement(EXCURSION, "upsert")
    assert "(device_id, probe, began_at) = ($1, $2, $3)" in statement(EXCURSION, "delete")
    assert "coalesce(container_ids, '{}') AS container_ids" in statement(TRANSACTION, "between")
    assert "ORDER BY device_id, name, time DESC" in seen(LEVEL_CHANGE)
    assert plain(statement(VISIT, "one")).endswith(
        "FROM truck_visit WHERE (terminal, lane, arrived_at) = ($1, $2, $3);"
    )
    assert "coalesce(left_at, entered_at) > $2 AND least(entered_at, left_at) <= $3" in seen(VISIT)
    assert "coalesce(left_at, entered_at) > $2 AND least(entered_at, left_at) <= $3" in seen(TRANSACTION)


def test_columns_of_a_move() -> None:
    move = FACT_TYPES[CraneMove].by_attribute
    assert (move["locked_us"].name, move["locked_us"].sql_type) == ("locked_at", "timestamp with time zone")
    assert (move["began_us"].optional, move["container_ids"].sql_type) == (True, "text[]")
    assert move["kind"].words == ("load", "discharge", "shift", "rehandle", "hatch_cover", "gear")
    assert move["peak_load_t"].text == "largest net load [t]"
    assert [column.name for column in FACT_TYPES[LevelChange].key] == ["device_id", "name", "time"]


def test_removals_come_first() -> None:
    """A visit that another passage joins gives up its key before it is written with another one."""
    removed = [name.endswith("_removed") for name in facts.STATEMENTS]
    assert removed == sorted(removed, reverse=True)
    assert len(removed) == 2 * sum(removed)


def test_of_facts_with_one_key_the_last_counts() -> None:
    delay, ended = CraneDelay(1, T_US, None, "wind"), CraneDelay(1, T_US, T_US + 5, "ship")
    other = CraneDelay(2, T_US, None, "wind")
    assert facts.rows([delay, other, ended]) == {
        "crane_delay": [(1, from_us(T_US), from_us(T_US + 5), "ship"), (2, from_us(T_US), None, "wind")]
    }
    assert facts.rows([ended, Retracted(delay), other, Retracted(visit_of("v", T_US, None))]) == {
        "crane_delay_removed": [(1, from_us(T_US))],
        "crane_delay": [(2, from_us(T_US), None, "wind")],
        "truck_visit_removed": [("demo", "in1", from_us(T_US - 40_000_000))],
    }
