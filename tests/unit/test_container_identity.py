"""Boxes whose number was not read: it is taken from a fact of the same box, by place, time and numbers."""

import random
from typing import Any

import pytest

from processing.containers.derivation import FactOf
from processing.containers.events import AROUND_US, ContainerEvents, derived
from processing.containers.facts import ContainerEvent
from processing.cranes.facts import MOVE
from processing.gates.facts import TRANSACTION
from processing.model.facts import Retracted
from processing.model.times import HOUR_US, SECOND_US
from processing.vehicles.facts import TRIP
from tests.length import length
from tests.unit.fact_values import plain_fact

BOX, OTHER, THIRD = "CSQU3054383", "MSKU9070323", "APZU4812090"
S = SECOND_US
T = 1_795_000_000 * S


def move(at_s: float, kind: str, *boxes: str, crane: str = "sts1", x_m: float | None = 100.0, count: int = 1) -> FactOf:
    """A crane's move: locked at a time, lifted 2 s, landed 40 s, unlocked 42 s later."""
    at_us = T + round(at_s * S)
    times = {"locked_us": at_us, "lifted_us": at_us + 2 * S, "landed_us": at_us + 40 * S, "unlocked_us": at_us + 42 * S}
    given: dict[str, Any] = {"kind": kind, "container_ids": boxes, "gantry_m": x_m, "confidence": 1.0, "boxes": count}
    return FactOf("demo", "crane", crane, plain_fact(MOVE, whole=True, **times, **given))


def trip(
    began_s: float,
    ended_s: float,
    served_s: float | None,
    *boxes: str,
    vehicle: str = "agv1",
    x_m: tuple[float | None, float | None] = (101.0, 500.0),
    laden: bool | None = True,
) -> FactOf:
    """A vehicle's trip."""
    times = {"began_us": T + round(began_s * S), "ended_us": T + round(ended_s * S)}
    served_us = None if served_s is None else T + round(served_s * S)
    given: dict[str, Any] = {"from_x_m": x_m[0], "to_x_m": x_m[1], "laden": laden, "container_ids": boxes}
    fact = plain_fact(TRIP, whole=True, to_zone="block", served_us=served_us, **times, **given)
    return FactOf("demo", "vehicle", vehicle, fact)


def truck(passed_s: float, direction: str, *boxes: str) -> FactOf:
    """A truck that was 40 s in a lane."""
    left_us = T + round(passed_s * S)
    times = {"entered_us": left_us - 40 * S, "opened_us": left_us - 6 * S, "left_us": left_us}
    given: dict[str, Any] = {"direction": direction, "container_ids": boxes, "reason": None}
    return FactOf("demo", "gate", direction, plain_fact(TRANSACTION, whole=True, **times, **given))


def named(*facts: FactOf) -> dict[tuple[str, str], list[tuple[str, float]]]:
    """Numbers and confidences by device and event."""
    found: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for event in derived(facts, T - HOUR_US, T + HOUR_US):
        found.setdefault((event.device, event.event), []).append((event.container_id, event.confidence))
    return found


def test_a_crane_takes_the_number_of_the_vehicle_below_it() -> None:
    """42 s after the lock the box is on the vehicle, which leaves: 0.95 for the vehicle, 0.99 for the number."""
    found = named(move(0, "discharge"), trip(45, 300, 330, BOX))
    assert found["sts1", "discharged"] == [(BOX, 0.941)]
    assert found["agv1", "placed"] == [(BOX, 0.99)]


def test_a_vehicle_takes_the_number_of_the_crane_that_lifts_from_it() -> None:
    crane = move(330, "rehandle", BOX, crane="armg1", x_m=498.0)
    found = named(trip(45, 300, 333, x_m=(None, 500.0)), crane)
    assert found["agv1", "picked"] == found["agv1", "placed"] == [(BOX, 0.941)]


def test_a_number_goes_from_crane_to_crane_over_a_vehicle_that_knows_none() -> None:
    found = named(move(0, "discharge"), trip(45, 300, 333), move(330, "rehandle", BOX, crane="armg1", x_m=498.0))
    assert found["sts1", "discharged"] == [(BOX, 0.893)]
    found = named(move(330, "load", crane="sts2", x_m=498.0), trip(45, 300, 333, BOX))
    assert found["sts2", "loaded"] == [(BOX, 0.941)]


@pytest.mark.parametrize(
    "other",
    [
        trip(36, 300, 330, BOX),  # leaves 6 s before the box was put down
        trip(163, 300, 330, BOX),  # 121 s after
        trip(45, 300, 330, BOX, x_m=(110.5, 500.0)),
        trip(45, 300, 330, BOX, x_m=(None, 500.0)),
        trip(45, 300, 330, BOX, laden=None),
        move(0, "discharge", BOX, crane="sts2"),
    ],
    ids=["early", "late", "far", "nowhere", "load unknown", "no vehicle"],
)
def test_what_does_not_meet_gives_no_number(other: FactOf) -> None:
    assert ("sts1", "discharged") not in named(move(0, "discharge"), other)


def test_of_two_vehicles_the_one_that_leaves_first_and_less_surely() -> None:
    later = trip(60, 400, 430, OTHER, vehicle="agv2")
    assert named(move(0, "discharge"), trip(45, 300, 330, BOX), later)["sts1", "discharged"] == [(BOX, 0.693)]


def test_numbers_that_differ_are_no_hand_over_and_those_that_agree_are_one() -> None:
    """The nearest vehicle carries another box: the next one is taken, where the crane has read its number."""
    nearest, right = trip(45, 300, 330, OTHER), trip(60, 400, 430, BOX, THIRD, vehicle="agv2")
    found = named(move(0, "discharge", BOX, count=2), nearest, right)
    assert found["sts1", "discharged"] == [(BOX, 0.99), (THIRD, 0.941)]


def test_a_misread_number_gives_way_and_is_kept_as_it_was_read() -> None:
    facts = move(0, "discharge", "CSQU3054389"), trip(45, 300, 330, BOX)
    (event,) = [event for event in derived(facts, T, T + HOUR_US) if event.device == "sts1"]
    assert (event.container_id, event.check_ok, event.read_as) == (BOX, True, "CSQU3054389")
    (alone,) = derived(facts[:1], T, T + HOUR_US)
    assert (alone.container_id, alone.check_ok, alone.read_as) == ("CSQU3054389", False, "CSQU3054389")


def test_two_boxes_at_once_and_no_more_than_were_lifted() -> None:
    both = trip(45, 300, 330, BOX, OTHER)
    assert [n for n, _ in named(move(0, "discharge", count=2), both)["sts1", "discharged"]] == [BOX, OTHER]
    assert [n for n, _ in named(move(0, "discharge"), both)["sts1", "discharged"]] == [BOX]
    assert named(move(0, "discharge", OTHER, count=2), both)["sts1", "discharged"] == [(OTHER, 0.99), (BOX, 0.941)]


def test_a_vehicle_that_goes_on_keeps_its_box() -> None:
    """It stood in between and left laden as it came, while a crane lifted something near by."""
    found = named(
        trip(45, 300, 330, BOX), trip(330, 400, 420, x_m=(500.0, 700.0)), move(328, "load", crane="sts2", x_m=500.0)
    )
    assert [number for number, _ in found["agv1", "picked"]] == [BOX, BOX]
    assert ("sts2", "loaded") not in found


def test_a_lane_and_a_crane_meet_where_one_misread_by_a_sign_what_the_other_read() -> None:
    yard, lane = move(0, "rehandle", BOX, crane="armg1"), truck(600, "out", "CSQU3054389")
    assert named(yard, lane)["out", "gate_out"] == [(BOX, 0.941)]
    assert named(yard, truck(600, "out", "CSQU3054899"))["out", "gate_out"] == [("CSQU3054899", 0.3)]  # two signs
    assert named(yard, truck(600, "in", "CSQU3054389"))["in", "gate_in"] == [("CSQU3054389", 0.3)]  # came after it
    assert named(yard, truck(2_000, "out", "CSQU3054389"))["out", "gate_out"] == [("CSQU3054389", 0.3)]
    misread = move(600, "rehandle", "CSQU3054389", crane="armg1")
    assert named(misread, truck(30, "in", BOX))["armg1", "placed"] == [(BOX, 0.941)]
    assert ("armg1", "placed") not in named(move(600, "rehandle", crane="armg1"), truck(30, "in", BOX))


Version = tuple[FactOf, bool]


def history(random_: random.Random) -> list[list[Version]]:
    """Versions of the facts of three cranes and six vehicles over some hours, most without numbers."""
    found: list[list[Version]] = []
    for number in range(40):
        at_s, x_m = number * 240 + random_.uniform(0, 200), random_.choice([100.0, 106.0, 160.0])
        boxes = random_.sample([BOX, OTHER, THIRD, "CSQU3054389"], random_.choice([0, 0, 1, 2]))
        kind = random_.choice(["discharge", "load", "rehandle"])
        first = move(at_s, kind, *boxes, crane=f"c{number % 3}", x_m=x_m, count=random_.choice([1, 2]))
        versions = [(first, False)]
        if random_.random() < 0.3:
            other = move(at_s, kind, *boxes[:1], crane=f"c{number % 3}", x_m=x_m, count=1)
            versions.append((other, False))
        found.append(versions)
        began_s = at_s + random_.uniform(38, 120)
        times = began_s, began_s + 100, began_s + 230 + random_.uniform(-20, 20)
        way = x_m + random_.uniform(-6, 6), random_.choice([100.0, 160.0])
        ids = random_.sample([BOX, OTHER, THIRD], random_.choice([0, 0, 1]))
        going = trip(times[0], times[1], None, *ids, vehicle=f"v{number % 6}", x_m=way)
        arrived = trip(*times, *ids, vehicle=f"v{number % 6}", x_m=way)
        found.append([(going, False), (arrived, False)])
        lane_boxes = random_.sample([BOX, "CSQU3054389", "MSKU9070328"], random_.choice([0, 1]))
        found.append([(truck(at_s + random_.uniform(-900, 900), random_.choice(["in", "out"]), *lane_boxes), False)])
    for versions in found:
        if random_.random() < 0.15:
            versions.append((versions[-1][0], True))
        versions.extend(versions[-1:] * random_.randint(0, 1))  # a repeated one changes nothing
    return found


def test_events_are_the_same_in_whatever_order_facts_become_known() -> None:
    """With versions, duplicates, retractions, a restart in the middle, and a memory that forgets what is old."""
    inferred = 0
    for seed in range(length(2, 200)):
        random_ = random.Random(seed)
        queues = history(random_)
        known = {versions[-1][0].name: versions[-1][0] for versions in queues if not versions[-1][1]}
        expected = derived(known.values(), T, T + 10 * HOUR_US)
        inferred += sum(event.read_as is None for event in expected)
        stored: dict[tuple[object, ...], ContainerEvent] = {}
        facts: dict[tuple[object, ...], FactOf] = {}
        events, queue, stale = ContainerEvents(), [versions[::-1] for versions in queues], set[int]()
        while queue:
            versions = random_.choice(queue)
            one, retracted = versions.pop()
            facts[one.name] = one
            if retracted:
                del facts[one.name]
            for change in events.apply(one, retracted=retracted):
                _write(stored, change)
            queue = [versions for versions in queue if versions]
            stale |= events.stale_hours
            events.stale_hours.clear()
            if random_.random() < 0.03:  # a restart: facts of the last hours are read back
                events = ContainerEvents()
                events.since_us = T + random_.randrange(0, HOUR_US)
                _derive(stored, facts, stale)
                events.restore([one for one in facts.values() if one.time_us >= events.since_us])
        _derive(stored, facts, stale)
        assert sorted(stored.values(), key=lambda event: event.key) == expected, seed
    assert inferred > 15


def _write(stored: dict[tuple[object, ...], ContainerEvent], change: ContainerEvent | Retracted) -> None:
    if isinstance(change, Retracted):
        stored.pop(change.fact.key, None)
    else:
        stored[change.key] = change


def _derive(
    stored: dict[tuple[object, ...], ContainerEvent], facts: dict[tuple[object, ...], FactOf], stale: set[int]
) -> None:
    """Derive the events of hours from stored facts, as an idle task does."""
    for hour_us in stale:
        span = hour_us, hour_us + HOUR_US
        around = [one for one in facts.values() if span[0] - AROUND_US <= one.time_us < span[1] + AROUND_US]
        for key in [key for key, event in stored.items() if span[0] <= event.fact_us < span[1]]:
            del stored[key]
        for event in derived(around, *span):
            stored[event.key] = event
    stale.clear()
