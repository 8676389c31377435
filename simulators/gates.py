"""Trucks through the gate: arrivals, lanes that serve one truck at a time, a stay inside. Figures: docs/sources.md."""

import heapq
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.random import Generator

from processing.gates.signals import GATE
from simulators.containers import container_id
from simulators.devices import Device, Rows, SampledGroup, text
from simulators.parameters import Preset

HOUR_MS = 3_600_000
STAY_MEDIAN_MIN, STAY_SIGMA = 33.0, 0.35
TROUBLE_SHARE = 0.04
TROUBLE_S = (60.0, 200.0)
OCR_MISS_SHARE = 0.02
BETWEEN_TRUCKS_MS = 3_000
ISO_CODES = ("22G1", "42G1", "45G1", "45R1", "L5G1")
PEAKS = ((9.0, 2.0), (16.5, 2.5))
"""Hours of local time at which most trucks come, and how wide the peaks are. Assumed."""


@dataclass(frozen=True, slots=True)
class TrueVisit:
    """What really happened: gate-in and gate-out completed. [ms since 1970 UTC]."""

    visit: str
    plate: str
    entered_ms: int
    left_ms: int
    fact: ClassVar[str] = "truck_visit"

    def payload(self) -> dict[str, Any]:
        """What is published of it."""
        times = {"entered_at": text(self.entered_ms), "left_at": text(self.left_ms)}
        return {"visit": self.visit, "plate": self.plate, **times}


@dataclass(frozen=True, slots=True)
class _Truck:
    visit: str
    plate: str
    container: str | None
    iso_code: str | None
    entered_ms: int = 0


class Gate:
    """All lanes of one terminal.

    Args:
        lanes_in, lanes_out: device ids.
        trucks_per_h: arrivals on an average hour.
        utc_offset_h: local time, for the peaks.
        rng: its own generator.
        start_ms: when it begins. [ms since 1970 UTC]
    """

    def __init__(
        self,
        lanes_in: list[str],
        lanes_out: list[str],
        trucks_per_h: float,
        utc_offset_h: float,
        rng: Generator,
        start_ms: int,
    ) -> None:
        self._lanes = {"in": lanes_in, "out": lanes_out}
        self._rate, self._offset_h, self._rng = trucks_per_h, utc_offset_h, rng
        self._free_ms = dict.fromkeys([*lanes_in, *lanes_out], start_ms)
        self._waiting = dict.fromkeys([*lanes_in, *lanes_out], 0)
        self._number = self._events = 0
        self._heap: list[tuple[int, int, str, dict[str, Any], _Truck]] = []
        self._next_ms = start_ms
        self._next_ms = self._arrival_after(start_ms)
        self._series = f"{start_ms // 1000:x}"

    def until(self, end_ms: int) -> tuple[list[tuple[int, str, dict[str, Any]]], list[TrueVisit]]:
        """Events (time, lane, signals) before a time in order, and the visits they complete."""
        events: list[tuple[int, str, dict[str, Any]]] = []
        visits: list[TrueVisit] = []
        while min(self._next_ms, self._heap[0][0] if self._heap else self._next_ms) < end_ms:
            if not self._heap or self._next_ms <= self._heap[0][0]:
                self._arrive(self._next_ms)
                self._next_ms = self._arrival_after(self._next_ms)
                continue
            time_ms, _, lane, signals, truck = heapq.heappop(self._heap)
            if signals["event"] == "out_of_yard":
                self._enter(time_ms, "out", truck)
                continue
            events.append((time_ms, lane, self._with_queue(lane, signals)))
            if signals["event"] == "lane_exit":
                visits += self._exited(time_ms, signals, truck)
        return events, visits

    def _arrival_after(self, time_ms: int) -> int:
        hour = (time_ms / HOUR_MS + self._offset_h) % 24
        busy = 0.45 + sum(np.exp(-(((hour - peak) / width) ** 2)) for peak, width in PEAKS)
        return time_ms + 1 + int(self._rng.exponential(HOUR_MS / (self._rate * busy)))

    def _arrive(self, time_ms: int) -> None:
        rng = self._rng
        self._number += 1
        loaded = rng.random() < 0.8
        letters = "".join("ABCDEFGHJKLMNPRSTUVWXYZ"[int(i)] for i in rng.integers(0, 23, 3))
        truck = _Truck(
            f"V{self._series}-{self._number}",
            f"{letters}-{int(rng.integers(100, 999))}",
            container_id(rng) if loaded else None,
            str(rng.choice(ISO_CODES)) if loaded else None,
        )
        self._enter(time_ms, "in", truck)

    def _enter(self, time_ms: int, direction: str, truck: _Truck) -> None:
        """Queue before the lane that is free first, and go through it."""
        lane = min(self._lanes[direction], key=lambda name: (max(self._free_ms[name], time_ms), name))
        self._push(time_ms, lane, truck, event="queue_enter", direction=direction)
        start_ms = max(time_ms + 1_500, self._free_ms[lane] + BETWEEN_TRUCKS_MS)
        self._free_ms[lane] = self._serve(start_ms, lane, direction, truck)

    def _serve(self, start_ms: int, lane: str, direction: str, truck: _Truck) -> int:
        """Plan the truck's events in the lane; when it has left."""
        rng, clock = self._rng, start_ms
        self._push(clock, lane, truck, event="lane_enter", direction=direction)

        def later(low_s: float, high_s: float) -> int:
            return clock + int(rng.uniform(low_s, high_s) * 1000)

        clock = later(2, 4)
        confidence = float(
            np.round(rng.uniform(0.55, 0.8) if rng.random() < OCR_MISS_SHARE else rng.uniform(0.9, 0.999), 3)
        )
        reading: dict[str, Any] = {"plate": truck.plate, "confidence": confidence}
        if truck.container is not None:
            reading |= {"container_ids": [truck.container], "iso_codes": [truck.iso_code]}
        self._push(clock, lane, truck, event="ocr", **reading)
        seen = {"plate": truck.plate}  # lane controllers repeat what they know of the truck
        clock = later(0.5, 1.5)
        self._push(clock, lane, truck, event="rfid", **seen)
        clock = later(2, 5)
        weight = 14_500 + (float(rng.uniform(3_500, 30_000)) if truck.container else 0)
        self._push(clock, lane, truck, event="weigh", **seen, gross_weight_kg=float(round(weight, -1)))
        clock = later(6, 20)
        self._push(clock, lane, truck, event="kiosk", **seen)
        if rng.random() < TROUBLE_SHARE:
            clock = later(2, 4)
            self._push(clock, lane, truck, event="trouble_start", **seen)
            clock = later(*TROUBLE_S)
            self._push(clock, lane, truck, event="trouble_end", **seen)
        clock = later(1, 3)
        self._push(clock, lane, truck, event="barrier_open", **seen)
        clock = later(4, 8)
        self._push(clock, lane, truck, event="lane_exit", **seen, direction=direction)
        return clock

    def _push(self, time_ms: int, lane: str, truck: _Truck, **signals: Any) -> None:
        self._events += 1
        heapq.heappush(self._heap, (time_ms, self._events, lane, {"visit_id": truck.visit, **signals}, truck))

    def _with_queue(self, lane: str, signals: dict[str, Any]) -> dict[str, Any]:
        if signals["event"] == "queue_enter":
            self._waiting[lane] += 1
        elif signals["event"] == "lane_enter":
            self._waiting[lane] -= 1
        return signals | {"queue_length": self._waiting[lane]}

    def _exited(self, time_ms: int, signals: dict[str, Any], truck: _Truck) -> list[TrueVisit]:
        if signals["direction"] == "out":
            return [TrueVisit(truck.visit, truck.plate, truck.entered_ms, time_ms)]
        stay_ms = self._rng.lognormal(np.log(STAY_MEDIAN_MIN), STAY_SIGMA) * 60_000
        inside = _Truck(truck.visit, truck.plate, truck.container, truck.iso_code, time_ms)
        self._push(time_ms + int(stay_ms), "", inside, event="out_of_yard")
        return []


def gates(preset: Preset, seed: np.random.SeedSequence, start_ms: int, boot: str) -> SampledGroup:
    """All lanes of a terminal."""
    lanes_in = [f"in{n}" for n in range(1, preset.lanes_in + 1)]
    lanes_out = [f"out{n}" for n in range(1, preset.lanes_out + 1)]
    rng = np.random.default_rng(seed)
    gate = Gate(lanes_in, lanes_out, preset.trucks_per_h, preset.utc_offset_h, rng, start_ms)
    return SampledGroup([Device("gate", lane, "LANE") for lane in lanes_in + lanes_out], gate, Rows(GATE, boot))
