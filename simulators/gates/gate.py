"""All lanes of a terminal over time: arrivals, queues, passages, stays inside.

How long a truck stays is drawn: yard cranes serve no trucks yet.
"""

import heapq
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.random import Generator

from simulators.announced import TrueExpected
from simulators.devices import Truth
from simulators.gates.parameters import GateParameters
from simulators.gates.passage import Passage, Script
from simulators.gates.trucks import EMPTY_KG, Fleet, Truck
from simulators.gates.truth import TrueVisit
from simulators.yard import KNOWN_AFTER_MS, Box, Yard, numbers

HOUR_MS = 3_600_000
MINUTE_MS = 60_000
BETWEEN_TRUCKS_MS = 3_000
TO_LANE_MS = 1_500
PASSAGE_H = 50 / 3600
"""A truck takes a lane for about that long; so many lanes are opened as trucks are expected. [h]"""
AGAIN_MS = (60_000, 300_000)
PEAKS = ((9.0, 2.0), (16.5, 2.5))
"""Hours of local time at which most trucks come, and how wide the peaks are. Assumed."""

Then = Callable[[int], list[Truth]]
"""What follows once a time [ms since 1970 UTC] has come, and what came to its end by it."""
Due = tuple[int, int, str, dict[str, Any] | None, Then | None]
"""Time [ms since 1970 UTC], number, lane, signals of an event, what follows."""


class Gate:
    """All lanes of one terminal.

    Args:
        lanes_in, lanes_out: device ids.
        trucks_per_h: arrivals on an average hour.
        utc_offset_h: local time, for the peaks.
        rng: its own generator.
        start_ms: when it begins. [ms since 1970 UTC]
        parameters: of the gate.
        yard: of the terminal; None: what trucks bring and take has no other way.
    """

    def __init__(
        self,
        lanes_in: list[str],
        lanes_out: list[str],
        trucks_per_h: float,
        utc_offset_h: float,
        rng: Generator,
        start_ms: int,
        parameters: GateParameters,
        yard: Yard | None = None,
    ) -> None:
        self._yard = yard
        self._lanes = {"in": lanes_in, "out": lanes_out}
        self._rate, self._offset_h, self._rng, self._p = trucks_per_h, utc_offset_h, rng, parameters
        self._free_ms = dict.fromkeys([*lanes_in, *lanes_out], start_ms)
        self._waiting = dict.fromkeys([*lanes_in, *lanes_out], 0)
        self._passed: dict[str, int | None] = dict.fromkeys([*lanes_in, *lanes_out])  # the last truck's exit
        self._fleet = Fleet(parameters, int(parameters.fleet * trucks_per_h), f"{start_ms // 1000:x}", rng)
        self._script = Script(parameters, rng)
        self._due: list[Due] = []
        self._numbers = 0
        self._next_ms = start_ms
        self._next_ms = self._arrival_after(start_ms)

    def until(self, end_ms: int) -> tuple[list[tuple[int, str, dict[str, Any]]], list[Truth]]:
        """Events (time, lane, signals) before a time in order, and what came to its end."""
        events: list[tuple[int, str, dict[str, Any]]] = []
        truth: list[Truth] = []
        while min(self._next_ms, self._due[0][0] if self._due else self._next_ms) < end_ms:
            if not self._due or self._next_ms <= self._due[0][0]:
                truck = self._ordered(self._fleet.arrives(), self._next_ms)
                truth += _expected(truck, self._next_ms)
                self._enter(self._next_ms, "in", truck)
                self._next_ms = self._arrival_after(self._next_ms)
                continue
            time_ms, _, lane, signals, then = heapq.heappop(self._due)
            truth += then(time_ms) if then is not None else []
            if signals is not None:
                events.append((time_ms, lane, signals | {"queue_length": self._waiting[lane]}))
        return events, truth

    def _ordered(self, truck: Truck, time_ms: int) -> Truck:
        """A truck that is to fetch what has been in the yard for longest, where there is anything."""
        if self._yard is None or truck.taken == truck.brought or not truck.taken:
            return truck
        count = len(truck.taken)
        found = self._yard.imports.take(time_ms - KNOWN_AFTER_MS, count, 20 if count > 1 else None)
        if not found:
            return truck
        weights_kg = [box.weight_kg for box in found]
        taken_kg = round(EMPTY_KG + sum(weights_kg), -1) if all(weights_kg) else truck.taken_kg
        return replace(truck, taken=found, taken_kg=taken_kg)

    def _arrival_after(self, time_ms: int) -> int:
        return time_ms + 1 + int(self._rng.exponential(HOUR_MS / self._expected_per_h(time_ms)))

    def _expected_per_h(self, time_ms: int) -> float:
        hour = (time_ms / HOUR_MS + self._offset_h) % 24
        return self._rate * (0.45 + sum(float(np.exp(-(((hour - peak) / width) ** 2))) for peak, width in PEAKS))

    def _enter(self, time_ms: int, direction: str, truck: Truck) -> None:
        """Queue before the open lane that is free first, and go through it."""
        needed = int(np.ceil(self._expected_per_h(time_ms) * PASSAGE_H / self._p.lane_use))
        lane = min(self._lanes[direction][:needed], key=lambda name: (max(self._free_ms[name], time_ms), name))
        self._push(time_ms, lane, {"event": "queue_enter", "direction": direction}, partial(self._queue, lane, 1))
        ready_ms, other_ms = time_ms + TO_LANE_MS, self._passed[lane]
        waits = other_ms is not None and other_ms - BETWEEN_TRUCKS_MS > ready_ms
        if other_ms is not None and waits and self._rng.random() < self._p.tailgate_share:
            passage = self._script.behind(truck, lane, direction, other_ms)
        else:
            start_ms = max(ready_ms, self._free_ms[lane] + BETWEEN_TRUCKS_MS)
            passage = self._script.of(truck, lane, direction, start_ms)
        self._plan(passage)

    def _plan(self, passage: Passage) -> None:
        lane = passage.lane
        (entered_ms, entered), *events = passage.events
        self._push(entered_ms, lane, entered, partial(self._queue, lane, -1))
        for at_ms, signals in events:
            self._push(at_ms, lane, signals)
        for at_ms, signals in passage.neighbour:
            self._push(at_ms, self._next_lane(passage), signals)
        self._push(passage.ended_ms, lane, None, partial(self._ended, passage))
        self._free_ms[lane] = passage.ended_ms
        self._passed[lane] = passage.truth().left_ms

    def _next_lane(self, passage: Passage) -> str:
        lanes = self._lanes[passage.direction]
        return lanes[(lanes.index(passage.lane) + 1) % len(lanes)]

    def _push(self, time_ms: int, lane: str, signals: dict[str, Any] | None, then: Then | None = None) -> None:
        self._numbers += 1
        heapq.heappush(self._due, (time_ms, self._numbers, lane, signals, then))

    def _queue(self, lane: str, change: int, _time_ms: int) -> list[Truth]:
        self._waiting[lane] += change
        return []

    def _again(self, truck: Truck, direction: str, time_ms: int) -> list[Truth]:
        self._enter(time_ms, direction, truck)
        return []

    def _ended(self, passage: Passage, time_ms: int) -> list[Truth]:
        """A truck is out of a lane; its passage, and its visit where that ends by it."""
        return [passage.truth(), *self._goes_on(passage, time_ms)]

    def _goes_on(self, passage: Passage, time_ms: int) -> list[Truth]:
        truck, rng, p = passage.truck, self._rng, self._p
        if passage.reason == "reversed_out" and (passage.direction == "out" or rng.random() < p.again_share):
            self._push(time_ms + int(rng.uniform(*AGAIN_MS)), "", None, partial(self._again, truck, passage.direction))
        elif passage.reason in ("reversed_out", "cancelled"):
            self._fleet.leaves(truck)
            self._leave(truck.taken, truck.brought, time_ms)
        elif passage.direction == "out":
            self._fleet.leaves(truck)
            return [_visit(truck, time_ms, passage.lane, passage.reason)]
        else:
            dual = bool(truck.brought) and bool(truck.taken)
            stay_min = rng.lognormal(np.log(p.stay_median_min), p.stay_sigma) * (p.dual_longer if dual else 1.0)
            inside = replace(truck, lane_in=passage.lane, entered_ms=time_ms)
            self._push(time_ms + int(stay_min * 60_000), "", None, partial(self._out_of_yard, inside))
        return []

    def _leave(self, boxes: tuple[Box, ...], but: tuple[Box, ...], time_ms: int) -> None:
        """Boxes stay in the yard, but for some."""
        for box in boxes:
            if self._yard is not None and box not in but:
                self._yard.put(box, time_ms)

    def _out_of_yard(self, truck: Truck, time_ms: int) -> list[Truth]:
        self._leave(truck.brought, truck.taken, time_ms)
        if self._rng.random() < self._p.unseen_share:
            self._fleet.leaves(truck)
            return [_visit(truck, None, None, "left_unseen")]
        self._enter(time_ms, "out", truck)
        return []


def _expected(truck: Truck, time_ms: int) -> list[Truth]:
    """Boxes of a truck that has come are announced, as long as it queues."""
    weight_kg = (truck.brought_kg - EMPTY_KG) / max(1, len(truck.brought))
    boxes = (box._replace(weight_kg=weight_kg) for box in truck.brought)
    expected_ms = time_ms if truck.appointment is None else time_ms + _before_ms(truck)
    return [TrueExpected(box, expected_ms, None, truck.appointment) for box in boxes]


def _before_ms(truck: Truck) -> int:
    """How long before the time of its appointment a truck comes, by its weight; negative: after that. [ms].

    No number is drawn for it: days of a seed stay as they are.
    """
    part = truck.brought_kg % 1_000 / 1_000
    if truck.in_window:
        return round((part * 90 - 60) * MINUTE_MS)  # from an hour late to half an hour early
    return round((31 + 120 * part) * MINUTE_MS) if part < 0.5 else -round((61 + 120 * part) * MINUTE_MS)


def _visit(truck: Truck, left_ms: int | None, lane_out: str | None, reason: str | None) -> TrueVisit:
    return TrueVisit(
        truck.visit,
        truck.plate,
        truck.entered_ms,
        left_ms,
        truck.lane_in,
        lane_out,
        numbers(truck.brought),
        numbers(truck.taken),
        truck.appointment,
        truck.in_window,
        reason,
    )
