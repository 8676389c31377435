"""Every stream of the registry is known wherever its facts are handled, and nothing else names streams."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from processing.facts.store import PUT
from processing.kpi.subjects import KINDS
from processing.kpi.table import KPIS, problems
from processing.kpi.updater import ENTER
from processing.kpi.windows import HOUR
from processing.model.fact_type import FactType
from processing.model.facts import DeviceFact, Key, Seen
from processing.streams import BY_NAME, FACT_TYPES, KPI_FACTS, ROWS, StreamRow
from processing.vehicles.tracker import VehicleTracker

ROOT = Path(__file__).parents[2]
ABOUT_CRANES = {"infra/doctor/site_check.py", "infra/tos/sql/tos.sql"}
"""Calibrations and move lists are about cranes, whatever other streams there are."""
TYPES = pytest.mark.parametrize("of", FACT_TYPES.values(), ids=lambda of: of.name)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.stream.name)
def test_facts_of_every_stream_can_be_entered(row: StreamRow) -> None:
    """The fact-store updater knows each type of fact that a stream's devices give, or that it is a plain span."""
    assert {one.record for one in row.facts if one.seen is not None and not is_plain(one)} <= ENTER.keys()


def test_kpis_change_with_facts_of_the_registry() -> None:
    """No KPI waits for a fact that nothing reports, and no stream reports facts for KPIs that are not there."""
    assert [
        f"KPI {kpi.id} is made from {kpi.fact}, which kpi_facts of no row in processing/streams.py has"
        for kpi in KPIS
        if kpi.fact not in KPI_FACTS
    ] == []
    made = {kpi.fact for kpi in KPIS}
    assert [
        f"kpi_facts of {row.stream.name} has {kind}, from which no KPI in processing/kpi/table.py is made"
        for row in ROWS
        for kind in row.kpi_facts
        if kind not in made
    ] == []


def test_devices_that_kpis_are_about_are_entered() -> None:
    assert [
        f"kind {kind.name}: the row of {kind.stream.name} in processing/streams.py lacks presence=NamedDevices()"
        for kind in KINDS
        if kind.stream is not None and BY_NAME[kind.stream.name].presence is None
    ] == []


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
    for names in ([of.name for of in FACT_TYPES.values()], [of.table for of in FACT_TYPES.values()]):
        assert [name for name in names if names.count(name) > 1] == []


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


def test_a_record_that_names_no_field_of_its_own_is_refused() -> None:
    @dataclass(frozen=True, slots=True)
    class Gale(DeviceFact):
        device_id: int
        began_us: int
        worst: dict[str, int]

        key = Key("device_id", "begin_us")
        seen = Seen("span", "began_us", "ended_us", "gale")

    with pytest.raises(ValueError, match="key of Gale names begin_us; its fields are device_id, began_us, worst"):
        FactType("gale", "gale", Gale)
    Gale.key = Key("device_id", "began_us")
    with pytest.raises(ValueError, match="seen of Gale names ended_us"):
        FactType("gale", "gale", Gale)
    Gale.seen = Seen("span", "began_us")
    with pytest.raises(TypeError, match="field worst of a fact is dict"):
        _ = FactType("gale", "gale", Gale).columns


def test_a_row_whose_parts_contradict_each_other_is_refused() -> None:
    row = BY_NAME["vehicle"]
    with pytest.raises(ValueError, match="kpi_facts of the stream vehicle lacks charge, which VehicleCharge"):
        replace(row, kpi_facts=("trip",))
    with pytest.raises(ValueError, match=r"CARRIED of VehicleTracker names .*zone: no signal of the stream gate"):
        replace(row, stream=BY_NAME["gate"].stream)

    class Forgetful(VehicleTracker):
        READ = VehicleTracker.READ[1:]

    with pytest.raises(ValueError, match="READ of Forgetful lacks position_x_m of CARRIED"):
        replace(row, tracker=Forgetful)


def test_kpis_of_what_no_table_has_are_named() -> None:
    other = replace(KINDS[0], name="nobody")
    kpi = replace(KPIS[0], id="no_kpi", terms=("no_term",), scopes=((other, (HOUR,)),))
    assert problems([*KPIS, kpi]) == [
        "KPI no_kpi: no term no_term in processing/kpi/terms/table.py",
        "KPI no_kpi: KINDS in processing/kpi/subjects.py lacks nobody",
    ]
