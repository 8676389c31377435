"""Subjects of which nothing is known yet have no KPI samples, whatever is known of others."""

from dataclasses import replace
from typing import Any

import pytest

from processing.facts.cranes import CraneFacts
from processing.facts.store import FactStore
from processing.gates.facts import TruckVisit
from processing.kpi.samples import none_by, recompute
from processing.kpi.schedule import SCHEDULE
from processing.kpi.subjects import KINDS, kind_of, subjects_of
from processing.kpi.table import KPIS
from processing.model.device import NEVER_US
from processing.model.fact_type import FactType
from processing.model.level import LevelChange
from processing.streams import DEVICE_FACTS
from tests.unit.fact_values import plain_fact
from tests.unit.test_crane_kpis import at, call, move
from tests.unit.test_vehicle_kpis import trip

DAY = 24 * 60
KNOWN, UNKNOWN = 1, 2
"""Last digits of ids of devices: 1 and 2 are cranes, 11 and 12 vehicles, 21 and 22 lanes, 31 and 32 plugs."""


def terminal() -> FactStore:
    """Each kind of devices: one that was there before T0, and one of which nothing is known on T0's day."""
    made = FactStore("demo")
    made.cranes["sts1"] = CraneFacts(KNOWN, yard=False, first_seen_us=at(-DAY))
    made.cranes["sts2"] = CraneFacts(UNKNOWN, yard=False, first_seen_us=at(DAY) + 1)
    made.devices["vehicle"].update({"agv1": 10 + KNOWN, "agv2": 10 + UNKNOWN})
    made.devices["gate"].update({"in1": 20 + KNOWN, "in2": 20 + UNKNOWN})
    made.put_rack("r01", 30 + KNOWN)
    made.put_rack("r02", 30 + UNKNOWN)
    return made


def busy_terminal() -> FactStore:
    """The same with facts of those that are known, and a call that the unknown crane will work too."""
    made = terminal()
    plain = call((0, None))
    made.put_call(replace(plain, assignments=(*plain.assignments, replace(plain.assignments[0], crane="sts2"))))
    made.put("sts1", move(30))
    made.put("agv1", replace(trip(30), device_id=10 + KNOWN))
    made.put("in1", LevelChange(20 + KNOWN, "queue_length", at(5), 3.0))
    made.put("r01-1", LevelChange(30 + KNOWN, "plugged", at(5), 1.0))
    return made


def known_values(store: FactStore, subject: str, minutes: int) -> set[tuple[str, str]]:
    """KPIs and windows that have a value of a subject at some full minute after T0."""
    facts = {kpi.fact for kpi in KPIS}
    values = [one for fact in facts for one in recompute(store, fact, subject, at(0), at(minutes))]
    assert values
    return {(one.kpi, one.window) for one in values if one.value is not None}


@pytest.mark.parametrize("subject", ["sts2", "agv2", "in2", "r02", "nobody"])
def test_unknown_devices_have_no_samples(subject: str) -> None:
    """Of a subject that is none, such as a call of later days, too."""
    store = busy_terminal()
    assert none_by(store, subject, at(DAY))
    assert known_values(store, subject, 180) == set()


@pytest.mark.parametrize("subject", ["demo", "sts1", "agv1", "in1", "r01", "v1", "b1"])
def test_known_subjects_are_evaluated(subject: str) -> None:
    assert not none_by(busy_terminal(), subject, at(DAY))


def test_every_kind_of_subjects_that_devices_are_or_have_can_be_unknown() -> None:
    """Berths and calls are there by what was announced: they are evaluated."""
    store = busy_terminal()
    unknown = {kind.name for kind in KINDS for name in subjects_of(store, kind) if none_by(store, name, at(DAY))}
    assert unknown == {"crane", "vehicle", "lane", "rack"}
    assert {row.kind for row in SCHEDULE} == set(KINDS)


def test_a_terminal_is_unknown_until_something_is() -> None:
    """By a fact, a call, a visit, a crane or a lane."""
    store = terminal()
    store.cranes["sts1"].first_seen_us = NEVER_US
    assert none_by(store, "demo", at(DAY))
    assert kind_of(store, "demo") is KINDS[0]
    assert known_values(store, "demo", 180) == set()
    assert not none_by(store, "demo", at(DAY) + 1)  # sts2 is there
    store.gates_since_us = at(100)
    assert none_by(store, "demo", at(99))
    assert not none_by(store, "demo", at(100))
    store.gates_since_us = None
    store.put_call(call((0, None)))
    assert not none_by(store, "demo", at(0))
    store.drop_call("v1")
    assert none_by(store, "demo", at(0))
    store.put("agv1", trip(30))
    assert not none_by(store, "demo", at(0))


def test_a_visit_makes_a_terminal_known() -> None:
    store = FactStore("demo")
    assert none_by(store, "demo", at(0))
    store.put("", TruckVisit("demo", "v1", "P1", at(1), None, "in1", None, "in1", at(1), at(0)))
    assert not none_by(store, "demo", at(0))


def test_a_crane_with_facts_of_before_its_first_sample_is_known() -> None:
    """A stored fact may be wrong: `reprocess --check` is to see what follows from it."""
    store = terminal()
    store.put("sts2", replace(move(30), device_id=UNKNOWN))
    assert not none_by(store, "sts2", at(DAY))


@pytest.mark.parametrize("of", [one for one in DEVICE_FACTS if one.seen is not None], ids=lambda of: of.name)
def test_a_fact_of_any_type_makes_its_device_known(of: FactType[Any]) -> None:
    store = terminal()
    store.put("sts1", plain_fact(of, whole=True, device_id=KNOWN))
    assert store.entered_devices == {KNOWN}
