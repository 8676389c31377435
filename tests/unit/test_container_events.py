"""Container events: what each type of fact shows of boxes, the same in whatever order facts become known."""

import random
from dataclasses import replace
from typing import Any

import pytest

from processing.containers.derivation import FactOf, events_of
from processing.containers.events import AROUND_US, ContainerEvents, derived, hour_of
from processing.containers.facts import CONTAINER_EVENT, ContainerEvent
from processing.cranes.facts import MOVE
from processing.gates.facts import TRANSACTION
from processing.model.fact_type import FactType
from processing.model.facts import Retracted
from processing.model.times import HOUR_US, SECOND_US
from processing.reefers.facts import EXCURSION, PLUG_CHANGE
from processing.treatments.facts import COLD_TREATMENT
from processing.vehicles.facts import TRIP
from tests.unit.fact_values import plain_fact

BOX, OTHER = "CSQU3054383", "MSKU9070323"
S = SECOND_US
T = 1_795_000_000 * S


def of(type_: FactType[Any], device: str, stream: str = "crane", **given: Any) -> FactOf:
    """A fact of a type, with what is given."""
    return FactOf("demo", stream, device, plain_fact(type_, whole=True, **given))


def move(kind: str, *boxes: str, crane: str = "sts1", at_us: int = T, **given: Any) -> FactOf:
    """A crane's move of 42 s."""
    times_us = {"locked_us": 0, "lifted_us": 2 * S, "landed_us": 40 * S, "unlocked_us": 42 * S}
    known: dict[str, Any] = {name: at_us + after_us for name, after_us in times_us.items()}
    known |= {"kind": kind, "container_ids": boxes, "gantry_m": 120.4, "confidence": 1.0}
    return of(MOVE, crane, **known | given)


def shown(one: FactOf) -> list[tuple[str, str, float, str | None]]:
    """Event, box, seconds after `T`, place."""
    return [(e.event, e.container_id, (e.time_us - T) / S, e.place) for e in events_of(one)]


def test_moves_of_quay_cranes() -> None:
    assert shown(move("discharge", BOX)) == [("discharged", BOX, 40, "sts1")]
    assert shown(move("load", BOX, OTHER)) == [("loaded", BOX, 40, "vessel"), ("loaded", OTHER, 40, "vessel")]
    assert shown(move("shift", BOX)) == [("picked", BOX, 0, "sts1"), ("placed", BOX, 40, "vessel")]
    assert shown(move("hatch_cover", BOX)) == shown(move("gear", BOX)) == shown(move("load")) == []


def test_moves_of_yard_cranes_end_where_the_crane_stands() -> None:
    one = move("rehandle", BOX, crane="armg3")
    assert shown(one) == [("picked", BOX, 0, "armg3"), ("placed", BOX, 40, "armg3 120 m")]
    unknown = move("rehandle", BOX, crane="armg3", gantry_m=None)
    assert shown(unknown)[1] == ("placed", BOX, 40, "armg3")


def test_trucks_through_a_lane() -> None:
    given = {"entered_us": T, "opened_us": T + 30 * S, "left_us": T + 36 * S, "reason": None, "container_ids": (BOX,)}
    assert shown(of(TRANSACTION, "in1", "gate", direction="in", **given)) == [("gate_in", BOX, 36, "in1")]
    assert shown(of(TRANSACTION, "out1", "gate", direction="out", **given)) == [("gate_out", BOX, 36, "out1")]
    assert shown(of(TRANSACTION, "in1", "gate", direction="in", **given | {"left_us": None})) == []
    assert shown(of(TRANSACTION, "in1", "gate", direction=None, **given)) == []


def test_trips_of_vehicles() -> None:
    given: dict[str, Any] = {"began_us": T, "ended_us": T + 300 * S, "to_zone": "block", "to_x_m": 87.6}
    laden = of(TRIP, "agv1", "vehicle", laden=True, container_ids=(BOX,), **given)
    assert shown(laden) == [("picked", BOX, 0, "agv1"), ("placed", BOX, 300, "block 88 m")]
    assert shown(of(TRIP, "agv1", "vehicle", laden=False, container_ids=(BOX,), **given)) == []


def test_plugs_excursions_and_treatments() -> None:
    plug = of(PLUG_CHANGE, "r1", "reefer", plugged=True, container_id=BOX, time_us=T)
    assert shown(plug) == [("plugged", BOX, 0, "r1")]
    warm = of(EXCURSION, "r1", "reefer", container_id=BOX, probe="return", began_us=T, ended_us=T + 60 * S)
    assert shown(warm) == [("excursion_began", BOX, 0, "r1"), ("excursion_ended", BOX, 60, "r1")]
    supply = of(EXCURSION, "r1", "reefer", container_id=BOX, probe="supply", began_us=T, ended_us=None)
    assert {e.key for e in events_of(warm)}.isdisjoint({e.key for e in events_of(supply)})
    run = of(COLD_TREATMENT, BOX, "container", container_id=BOX, began_us=T, ended_us=T + 9 * S, verdict="failed")
    assert shown(run) == [("treatment_began", BOX, 0, None), ("treatment_failed", BOX, 9, None)]
    running = replace(run.fact, ended_us=None, verdict="running")
    assert shown(run._replace(fact=running)) == [("treatment_began", BOX, 0, None)]


@pytest.mark.parametrize(
    ("read", "number", "check_ok", "confidence"),
    [
        ("csqu 305438-3", BOX, True, 0.792),
        ("C5QU3O54383", BOX, True, 0.76),  # repaired
        ("CSQU3054384", "CSQU3054384", False, 0.24),
        ("ABC", "ABC", False, 0.24),
    ],
)
def test_numbers_are_normalised_flagged_and_never_dropped(
    read: str, number: str, check_ok: bool, confidence: float
) -> None:
    (event,) = events_of(move("load", read, confidence=0.8))
    assert (event.container_id, event.check_ok, event.confidence, event.read_as) == (
        number,
        check_ok,
        confidence,
        read,
    )


def test_the_same_number_twice_is_one_box_and_an_empty_one_none() -> None:
    assert [e.container_id for e in events_of(move("load", BOX, " csqu3054383", ""))] == [BOX]


def random_facts(random_: random.Random) -> list[tuple[FactOf, bool]]:
    """Versions of some facts in an order in which they may become known; the last one of each counts."""
    found: list[tuple[FactOf, bool]] = []
    for number in range(20):
        at_us = T + number * 600 * S
        versions = [
            (move(random_.choice(["load", "discharge", "rehandle"]), *boxes, at_us=at_us), False)
            for boxes in random_.choices([(), (BOX,), (OTHER,), (BOX, OTHER)], k=random_.randint(1, 3))
        ]
        if random_.random() < 0.3:
            versions.append((versions[-1][0], True))
        found += versions + versions[-1:] * random_.randint(0, 1)  # the last one may be repeated
    return found


def test_events_are_those_of_the_facts_as_they_are_in_the_end() -> None:
    """Written one after the other, with versions, duplicates and retractions, in any order of different facts."""
    for seed in range(30):
        random_ = random.Random(seed)
        history = random_facts(random_)
        queues: dict[tuple[object, ...], list[tuple[FactOf, bool]]] = {}
        for one, retracted in history:
            queues.setdefault(one.name, []).append((one, retracted))
        expected = [q[-1][0] for q in queues.values() if not q[-1][1]]
        stored: dict[tuple[object, ...], ContainerEvent] = {}
        events = ContainerEvents()
        while queues:
            name = random_.choice(list(queues))
            one, retracted = queues[name].pop(0)
            if not queues[name]:
                del queues[name]
            for change in events.apply(one, retracted=retracted):
                if isinstance(change, Retracted):
                    del stored[change.fact.key]
                else:
                    stored[change.key] = change
        found = sorted(stored.values(), key=lambda event: event.key)
        assert found == derived(expected, T, T + 20 * HOUR_US)


def test_after_a_restart_a_change_takes_back_what_was_stored() -> None:
    before, after = move("load", BOX), move("load", OTHER)
    events = ContainerEvents()
    events.restore([before])
    assert events.apply(before, retracted=False) == []
    assert events.apply(after, retracted=False) == list(events_of(after))  # the same key: the row is replaced
    assert events.apply(move("discharge"), retracted=False) == [Retracted(event) for event in events_of(after)]


def test_what_changes_before_the_memory_is_noted_by_the_hour() -> None:
    events = ContainerEvents()
    events.forget(T)
    plug = of(PLUG_CHANGE, "r1", "reefer", container_id=BOX, time_us=T - HOUR_US)
    assert events.apply(plug, retracted=False) == []
    assert events.stale_hours == {(T - HOUR_US) // HOUR_US * HOUR_US}
    events.stale_hours.clear()
    assert events.apply(move("load", BOX, at_us=T), retracted=False) == []  # what it may meet is not all here
    assert events.stale_hours == {hour_of(T + hours * HOUR_US) for hours in (-2, -1, 0, 1)}
    assert events.apply(move("load", BOX, at_us=T + 2 * AROUND_US), retracted=False) != []


def test_the_hours_around_a_fact_of_long_ago_are_noted_whatever_it_is_by_now() -> None:
    """It was a discharge once: what met it has taken its number."""
    events = ContainerEvents()
    events.forget(T)
    at_us = hour_of(T) - 10 * HOUR_US
    assert events.apply(move("hatch_cover", at_us=at_us), retracted=False) == []
    assert events.stale_hours == {at_us + hours * HOUR_US for hours in (-2, -1, 0, 1)}


@pytest.mark.parametrize("restarted", [False, True], ids=["on and on", "restarted"])
def test_a_long_excursion_is_noted_where_its_events_change(restarted: bool) -> None:
    first = of(EXCURSION, "r1", "reefer", container_id=BOX, began_us=T, ended_us=None, worst_degc=3.0)
    events, later_us = ContainerEvents(), T + 100 * HOUR_US
    if not restarted:
        assert len(events.apply(first, retracted=False)) == 1
    events.forget(later_us)
    noted: list[int] = []
    for worst_degc in (4.0, 5.0, 6.0):
        worse = first._replace(fact=replace(first.fact, worst_degc=worst_degc))
        assert events.apply(worse, retracted=False) == []
        noted.append(len(events.stale_hours))
        events.stale_hours.clear()
    assert noted == [int(restarted), 0, 0]
    ended = first._replace(fact=replace(first.fact, worst_degc=6.0, ended_us=later_us))
    assert events.apply(ended, retracted=False) == []
    assert events.stale_hours == {hour_of(T)}
    events.stale_hours.clear()
    events.forget(later_us + HOUR_US)
    assert events.apply(ended, retracted=True) == []  # it is forgotten by now
    assert events.stale_hours == {hour_of(T)}


def test_columns() -> None:
    assert [column.name for column in CONTAINER_EVENT.key][-1] == "fact_at"
    assert CONTAINER_EVENT.by_attribute["time_us"].name == "time"
