"""The KPI of docs/guides/add-a-kpi.md is worked out as the guide says."""

import pytest

from processing.facts.store import FactStore
from processing.kpi.definition import Kpi
from processing.kpi.evidence import Evidence
from processing.kpi.rows import gates as rows
from processing.kpi.terms import gates
from processing.kpi.terms.table import TERMS
from processing.kpi.view import View, look
from tests.guides import blocks, module
from tests.unit.gate_signals import visit_of

MINUTE = 60_000_000
T0 = 472_000 * 60 * MINUTE

TERM, ROW = blocks("add-a-kpi")
FAST = module("fast_visits", TERM, **vars(gates)).TERMS
KPI: Kpi = module("fast_row", ROW, **vars(rows)).GATE_KPIS[-1]


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table of terms with the new one in it."""
    monkeypatch.setitem(TERMS, "visits_fast", FAST["visits_fast"])


def view(*turn_times_min: float) -> View:
    """The hour in which trucks left that had been inside for so long."""
    store = FactStore("demo")
    for n, minutes in enumerate(turn_times_min):
        store.visits.put(visit_of(str(n), T0 + n - round(minutes * MINUTE), T0 + n))
    made = look(store, "demo", KPI.main, T0 + MINUTE)
    assert made is not None
    return made


@pytest.mark.usefixtures("table")
def test_three_of_four_trucks_were_fast() -> None:
    """Thirty minutes are fast still."""
    assert KPI.of(view(12, 29.5, 30, 31)) == 75.0


@pytest.mark.usefixtures("table")
def test_nothing_is_known_of_an_hour_without_trucks() -> None:
    assert KPI.of(view()) is None


@pytest.mark.usefixtures("table")
def test_the_visits_counted_are_its_evidence() -> None:
    found = Evidence()
    seen = view(45, 15)
    for collect in TERMS["visits_fast"].evidence:
        collect(seen, found)
    assert [visit.visit for visit in found.visits] == ["0", "1"]
