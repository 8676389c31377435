"""Every stream of the registry is known wherever its facts are handled, and nothing else names streams."""

import re
from pathlib import Path
from typing import Any

import pytest

from processing.facts.store import PUT
from processing.kpi.table import KPIS
from processing.kpi.updater import ENTER
from processing.model.fact_type import FactType
from processing.streams import BY_NAME, FACT_TYPES, ROWS, StreamRow

ROOT = Path(__file__).parents[2]
ABOUT_CRANES = {"infra/doctor/site_check.py", "infra/tos/sql/tos.sql"}
"""Calibrations and move lists are about cranes, whatever other streams there are."""
TYPES = pytest.mark.parametrize("of", FACT_TYPES.values(), ids=lambda of: of.name)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.stream.name)
def test_facts_of_every_stream_can_be_entered(row: StreamRow) -> None:
    """The fact-store updater knows each type of fact that a stream's devices give, or that it is a plain span."""
    assert {one.record for one in row.facts if one.seen is not None and not is_plain(one)} <= ENTER.keys()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.stream.name)
def test_kpis_change_with_facts_of_the_registry(row: StreamRow) -> None:
    """What spans are called is in the row of their stream, and no KPI waits for a fact that nothing reports."""
    assert {one.seen.kind for one in row.facts if one.seen is not None and one.seen.kind} <= set(row.kpi_facts)
    assert {kpi.fact for kpi in KPIS} <= {kind for row in ROWS for kind in row.kpi_facts}
    assert {kind for row in ROWS for kind in row.kpi_facts} <= {kpi.fact for kpi in KPIS}


@TYPES
def test_facts_that_windows_see_are_kept_in_the_fact_store(of: FactType[Any]) -> None:
    assert (of.seen is not None) == (of.record in PUT or is_plain(of))
    assert not (is_plain(of) and (of.record in PUT or of.record in ENTER))


def is_plain(of: FactType[Any]) -> bool:
    """Whether facts of a type last, and the fact store needs to know no more of them."""
    return of.seen is not None and of.seen.kind is not None


@TYPES
def test_key_and_windows_are_columns(of: FactType[Any]) -> None:
    assert len(of.key) >= 2
    assert not any(column.optional for column in of.key)
    seen = [] if of.seen is None else [name for name in (of.seen.begin, of.seen.end) if name is not None]
    assert {of.by_attribute[name].kind for name in seen} <= {"time"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.stream.name)
def test_the_key_of_a_device_fact_is_from_device_to_time(row: StreamRow) -> None:
    for of in row.facts:
        assert (of.key[0].attribute, of.key[-1].kind) == ("device_id", "time")


def test_every_type_has_a_name_and_a_table_of_its_own() -> None:
    assert len({of.name for of in FACT_TYPES.values()}) == len(FACT_TYPES)
    assert len({of.table for of in FACT_TYPES.values()}) == len(FACT_TYPES)


def test_live_clients_follow_devices_that_move_each_second() -> None:
    """The page draws these; others change seldom, and are many."""
    live_s = {row.stream.name: row.live_s for row in ROWS}
    assert {"crane": 1, "gate": 5, "reefer": 5, "vehicle": 1}.items() <= live_s.items()


def test_no_stream_is_named_where_the_registry_has_it() -> None:
    """Neither its name beside the word `stream`, nor its table."""
    names, tables = "|".join(BY_NAME), "|".join(row.stream.table for row in ROWS)
    named = re.compile(rf"stream\b.*[\"'](?:{names})[\"']|\b(?:{tables})\b")
    paths = [path for folder in ("processing", "infra", "ingest") for path in (ROOT / folder).rglob("*")]
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in paths
        if path.suffix in (".py", ".sql") and path.name != "signals.py" and "migrations" not in path.parts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if named.search(line)
    ]
    assert [place for place in found if place.split(":", maxsplit=1)[0] not in ABOUT_CRANES] == []
