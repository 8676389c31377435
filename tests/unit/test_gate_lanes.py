"""Lanes of any equipment: what one event that is lost costs, and when detectors are in step."""

import random
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from processing.gates.facts import GateTransaction
from processing.gates.transactions import LaneDetector
from processing.gates.truck import GateEvent
from processing.model.facts import Fact, Retracted, fact_key, time_of
from simulators.gates.gate import Gate
from simulators.gates.parameters import GATE
from tests.length import length

START_MS = 1_795_000_000_000
HOURS = length(2, 24)
SERVED = ("weigh", "kiosk", "trouble_start", "trouble_end")
LANES: dict[str, tuple[str, ...]] = {
    "all": (),
    "no kiosk": SERVED,
    "no kiosk, no queue": (*SERVED, "queue_length"),
    "loops only": (*SERVED, "queue_length", "barrier_open", "ocr", "rfid"),
}
"""What a lane does not have: events, or the length of the queue."""
Facts = dict[Any, Fact]


@cache
def sent() -> list[tuple[int, str, dict[str, Any]]]:
    """Events of a busy inbound lane."""
    gate = Gate(["in1"], ["out1"], 25.0, -5, np.random.default_rng(5), START_MS, GATE)
    return [one for one in gate.until(START_MS + HOURS * 3_600_000)[0] if one[1] == "in1"]


def events(without: tuple[str, ...]) -> list[GateEvent]:
    """The same of a lane that does not have everything."""
    return [
        GateEvent(
            at_ms * 1000,
            signals["event"],
            "in",
            signals.get("visit_id"),
            signals.get("plate"),
            tuple(signals.get("container_ids", ())),
            signals.get("gross_weight_kg"),
            None if "queue_length" in without else signals["queue_length"],
        )
        for at_ms, _, signals in sent()
        if signals["event"] not in without
    ]


def note(facts: Facts, found: Iterable[Fact]) -> None:
    """Enter facts as they are now."""
    for fact in found:
        assert not isinstance(fact, Retracted)
        facts[fact_key(fact)] = fact


def after(facts: Facts, from_us: int) -> Facts:
    """Facts with a key's time from then on."""
    return {key: fact for key, fact in facts.items() if time_of(fact) >= from_us}  # type: ignore[arg-type] # as above


def without_queue(facts: Facts) -> Facts:
    """Transactions without the time of joining the queue."""
    return {key: replace(fact, queued_us=None) for key, fact in facts.items() if isinstance(fact, GateTransaction)}


def of_all(some: list[GateEvent]) -> Facts:
    """What a detector finds that has seen all of it."""
    lane, facts = LaneDetector(7, "in1"), Facts()
    for one in some:
        note(facts, lane.feed(one))
    return facts


@pytest.mark.parametrize("without", LANES.values(), ids=LANES)
def test_a_detector_that_is_begun_late_finds_the_same_once_it_is_synchronised(without: tuple[str, ...]) -> None:
    random_, some = random.Random(1), events(without)
    whole, exact = of_all(some), 0
    for _ in range(length(5, 12)):
        first = random_.randrange(1, len(some) // 2)
        lane, facts, start_us = LaneDetector(7, "in1"), Facts(), None
        for one in some[first:]:
            note(facts, lane.feed(one))
            if start_us is None and lane.synchronised:
                start_us = lane.final_us
        if start_us is not None:
            exact += 1
            assert after(facts, start_us) == after(whole, start_us)
    assert exact > 3


@pytest.mark.parametrize("without", LANES.values(), ids=LANES)
def test_one_lost_event_costs_few_transactions_and_none_after_the_detectors_are_in_step(
    without: tuple[str, ...],
) -> None:
    """Its own truck's, and those that share the lane with it; the times of joining the queue follow later."""
    random_, some = random.Random(2), events(without)
    whole, lasted_us, wrong = of_all(some), [], []
    for at in random_.sample(range(10, len(some) // 2), length(8, 25)):
        lost_us, lane, facts, from_us = some[at].time_us, LaneDetector(7, "in1"), Facts(), None
        for one in some[:at] + some[at + 1 :]:
            note(facts, lane.feed(one))
            if from_us is None and one.time_us > lost_us and lane.in_step(lost_us) and lane.final_us is not None:
                from_us = lane.final_us if lane.final_us > lost_us else None
        assert from_us is not None
        lasted_us.append(from_us - lost_us)
        assert after(facts, from_us) == after(whole, from_us)
        mine, all_ = without_queue(facts), without_queue(whole)
        wrong.append(sum(mine.get(key) != all_.get(key) for key in mine.keys() | all_.keys()))
    assert max(wrong) <= 3
    assert sum(wrong) <= 1.5 * len(wrong)
    assert np.median(lasted_us) < 3_600_000_000
