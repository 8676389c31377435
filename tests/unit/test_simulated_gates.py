"""The simulated gate: what its lanes report of trucks that pass, of those that do not, and how well they are read."""

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from simulators.devices import Truth
from simulators.gates.columns import to_samples
from simulators.gates.gate import Gate
from simulators.gates.parameters import FLAWLESS, GATE, GateParameters
from simulators.gates.truth import TrueTransaction, TrueVisit

START_MS = 1_795_000_000_000
HOUR_MS = 3_600_000
HOURS = 5
Event = tuple[int, dict[str, Any]]


@cache
def day(p: GateParameters) -> tuple[dict[str, list[Event]], list[Truth]]:
    """Events of each lane of a busy gate, and the truth."""
    gate = Gate(["in1", "in2"], ["out1", "out2"], 110.0, -5, np.random.default_rng(3), START_MS, p)
    events, truth = gate.until(START_MS + HOURS * HOUR_MS)
    lanes: dict[str, list[Event]] = {}
    for at_ms, lane, signals in events:
        lanes.setdefault(lane, []).append((at_ms, signals))
    return lanes, truth


def transactions(p: GateParameters) -> list[TrueTransaction]:
    """All that ended."""
    return [one for one in day(p)[1] if isinstance(one, TrueTransaction)]


def visits(p: GateParameters) -> list[TrueVisit]:
    """All that ended."""
    return [one for one in day(p)[1] if isinstance(one, TrueVisit)]


def within(p: GateParameters, one: TrueTransaction) -> list[dict[str, Any]]:
    """What the lane reported while a truck was in it."""
    events = day(p)[0][one.device]
    begin, end = bisect_left(events, one.entered_ms, key=_time), bisect_right(events, one.ended_ms, key=_time)
    return [signals for _, signals in events[begin:end]]


def _time(event: Event) -> int:
    return event[0]


def test_a_flawless_gate_reads_every_truck_as_it_is() -> None:
    for one in transactions(FLAWLESS):
        events = [signals for signals in within(FLAWLESS, one) if signals["event"] != "queue_enter"]
        order = [name for name in dict.fromkeys(e["event"] for e in events) if name not in ("ocr", "rfid")]
        troubled = ["trouble_start", "trouble_end"] if one.trouble else []
        assert order == ["lane_enter", "weigh", "kiosk", *troubled, "barrier_open", "lane_exit"]
        (ocr,) = [e for e in events if e["event"] == "ocr"]
        assert tuple(ocr.get("container_ids", ())) == one.container_ids
        assert {e["plate"].replace("-", "") for e in events if "plate" in e} == {one.plate.replace("-", "")}
        assert {e["visit_id"] for e in events if "visit_id" in e} == {one.visit}


def test_a_misread_word_is_one_character_off() -> None:
    blind = replace(FLAWLESS, ocr_right=0.0, ocr_missed=0.0)
    for one in transactions(blind):
        (read,) = {e["plate"] for e in within(blind, one) if e["event"] == "ocr"}
        assert sum(a != b for a, b in zip(read, one.plate.replace("-", ""), strict=True)) == 1


def test_rates_are_those_of_the_parameters() -> None:
    """80 % of the plates right, 60 % of the passages with a number, within four standard deviations of 700 draws."""
    p = replace(GATE, ocr_right=0.8, visit_absent=0.4)
    found = [one for one in transactions(p) if one.reason is None]
    right = sum(
        any(e.get("plate") == one.plate.replace("-", "") for e in within(p, one) if e["event"] == "ocr")
        for one in found
    )
    named = sum(any("visit_id" in e for e in within(p, one)) for one in found)
    assert len(found) > 700
    assert right / len(found) == pytest.approx(0.8, abs=0.06)
    assert named / len(found) == pytest.approx(0.6, abs=0.074)
    assert (GATE.ocr_right, GATE.visit_absent) == (0.98, 0.1)  # of docs/gates.md


ODD = replace(GATE, tailgate_share=0.5, reverse_share=0.1, cancel_share=0.1, unseen_share=0.1)


def test_who_does_not_pass_opens_no_barrier_and_switches_no_exit() -> None:
    kinds = Counter(one.reason for one in transactions(ODD))
    assert min(kinds["reversed_out"], kinds["cancelled"], kinds["tailgated"]) > 10
    for one in transactions(ODD):
        if one.reason in ("reversed_out", "cancelled"):
            assert one.left_ms is None
            names = Counter(e["event"] for e in within(ODD, one))
            assert names["barrier_open"] == names["lane_exit"] == 0
            assert (names["kiosk"] > 0) == (names["trouble_end"] > 0) == (one.reason == "cancelled")


def test_a_tailgater_comes_into_the_lane_before_the_truck_ahead_has_left_it() -> None:
    ordered = sorted(transactions(ODD), key=lambda one: (one.device, one.ended_ms))
    for ahead, one in pairwise(ordered):
        if one.reason == "tailgated":
            assert ahead.device == one.device
            assert one.entered_ms < ahead.ended_ms < one.ended_ms


def test_visits_end_as_their_trucks_leave() -> None:
    out = {(one.device, one.left_ms): one for one in transactions(ODD) if one.direction == "out"}
    assert {one.reason for one in visits(ODD)} == {None, "tailgated", "left_unseen"}
    for visit in visits(ODD):
        if visit.reason == "left_unseen":
            assert (visit.left_ms, visit.lane_out) == (None, None)
            continue
        passage = out[str(visit.lane_out), visit.left_ms]
        assert (passage.visit, passage.container_ids, passage.reason) == (visit.visit, visit.taken, visit.reason)


def test_a_truck_is_at_one_place_at_a_time() -> None:
    last_ms: dict[str, int] = {}
    for one in sorted(transactions(ODD), key=lambda one: one.entered_ms):
        assert last_ms.get(one.plate, 0) <= one.entered_ms
        last_ms[one.plate] = one.ended_ms
    assert len(last_ms) < len(transactions(ODD))


def test_turn_times_are_plausible() -> None:
    """Around 33 min, longer for one truck in five; published medians are 36 to 41 min."""
    minutes = [(one.left_ms - one.entered_ms) / 60_000 for one in visits(GATE) if one.left_ms is not None]
    assert 31 < np.median(minutes) < 41


def test_columns_are_what_was_sent() -> None:
    sent: list[Event] = [
        (1_000, {"event": "lane_enter", "direction": "out", "queue_length": 2}),
        (3_000, {"event": "ocr", "plate": "ABC123", "container_ids": ["CSQU3054383"], "confidence": 0.9}),
    ]
    samples = to_samples(7, sent)
    assert (samples.time_us.tolist(), samples.seq.tolist()) == ([1_000_000, 3_000_000], [1, 2])
    assert samples.number("event").tolist() == [1.0, 2.0]
    assert samples.number("direction")[0] == 1.0
    assert np.isnan(samples.number("queue_length")).tolist() == [False, True]
    assert samples.texts["container_ids"] == [None, ("CSQU3054383",)]
    assert samples.texts["plate"] == [None, "ABC123"]
