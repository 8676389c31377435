"""The way of each box as facts have it: which device had it when and where, and what that device read of its number.

The simulators of cranes, vehicles and gates each invent the boxes that they handle; here one box goes through all of
them. It is simulated as the detectors' facts, not as samples: detectors are scored by themselves.
"""

from bisect import insort
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.random import Generator

from processing.containers.derivation import FactOf
from processing.containers.facts import EventName
from processing.cranes.facts import CraneMove, MoveKind
from processing.gates.facts import GateTransaction
from processing.model.times import HOUR_US, MINUTE_US, SECOND_US
from processing.reefers.facts import PlugChange
from processing.vehicles.facts import VehicleTrip
from simulators.containers import container_id
from simulators.gates.readers import CONFUSED

TERMINAL = "flow"
QUAY_CRANES, VEHICLES, YARD_CRANES, LANES, PLUGS = 6, 40, 12, 6, 200
BOXES_PER_H = 90.0
REEFER_SHARE, TWIN_SHARE, IMPORT_SHARE = 0.1, 0.15, 0.5
LEAVES_S, DRIVE_S, DWELL_H = (1.5, 15.0), (180.0, 600.0), (0.5, 8.0)
"""Assumed, as the simulators of vehicles have them; boxes stay for hours, not days, so that a day has whole ways."""
PLACE_SD_M = 1.5
"""How far off positions of cranes and vehicles are that stand at the same place. [m] Assumed."""
MISSED_SHARE = 0.5
"""Of readings that are not right: nothing was read; else one sign is taken for another one."""
Shown = tuple[EventName, str]
"""An event, and whose fact shows it."""


@dataclass(slots=True)
class TrueBox:
    """What really happened to a box.

    Attributes:
        number: its number.
        events: in order.
        read: whether its number was read right at least once between any two places where nobody can see it go: ship,
            stack, plug, truck.
        stacked_us: from when until when it stands in the stack. [µs since 1970 UTC]
        plug: that it is on there, from five minutes after it came until five minutes before it goes.
        left_us: when it leaves the terminal. [µs since 1970 UTC]
        left_seen: whether its number was read right then.
    """

    number: str
    events: list[Shown] = field(default_factory=list)
    read: bool = True
    stacked_us: tuple[int, int] = (0, 0)
    plug: str | None = None
    left_us: int = 0
    left_seen: bool = False

    @property
    def exported(self) -> bool:
        """Whether it leaves on a ship."""
        return self.events[-1][0] == "loaded"


class Flow:
    """Boxes of some hours.

    Args:
        rng: its generator.
        start_us: when it begins. [µs since 1970 UTC]
        read_share: readings that are right.

    Attributes:
        facts: in the order made, which is not that of time.
        boxes: those that have gone all the way.
    """

    def __init__(self, rng: Generator, start_us: int, read_share: float) -> None:
        self.facts: list[FactOf] = []
        self.boxes: list[TrueBox] = []
        self._rng, self._read_share = rng, read_share
        self._numbers: set[str] = set()
        self._busy: dict[str, list[tuple[int, int]]] = {}
        self._now_us = start_us

    def run(self, hours: float) -> None:
        """Let boxes begin their ways for so long."""
        end_us = self._now_us + round(hours * HOUR_US)
        while self._now_us < end_us:
            twin = bool(self._rng.random() < TWIN_SHARE)
            boxes = [self._new_box() for _ in range(2 if twin else 1)]
            if self._rng.random() < IMPORT_SHARE:
                self._import(boxes, self._now_us)
            else:
                self._export(boxes, self._now_us)
            self.boxes += boxes
            self._now_us += round(self._rng.exponential(len(boxes) * 3_600 / BOXES_PER_H) * SECOND_US)

    def _new_box(self) -> TrueBox:
        """A box with a number of its own."""
        while (number := container_id(self._rng)) in self._numbers:
            pass
        self._numbers.add(number)
        return TrueBox(number)

    def _import(self, boxes: list[TrueBox], at_us: int) -> None:
        """Off the ship, by vehicle to the yard; later each by its own crane and truck to the gate."""
        sts, armg, x_m = self._pick("sts", QUAY_CRANES), self._pick("armg", YARD_CRANES), self._slot_m()
        quay_m = 60.0 + 40.0 * int(sts[3:])
        seen, unlocked_us = self._lift(boxes, sts, "discharge", at_us, quay_m)
        vehicle, left_us = self._vehicle(unlocked_us)
        arrived_us = left_us + self._s(*DRIVE_S)
        for box in boxes:
            box.events += [("picked", vehicle), ("placed", vehicle)]
        seen_yard, stacked_us, lifted_us = self._into_stack(boxes, armg, arrived_us, x_m)
        seen_vehicle = self._trip(boxes, vehicle, (left_us, arrived_us, lifted_us), (quay_m, x_m), "block")
        self._chain(boxes, seen, seen_vehicle, seen_yard)
        for box in boxes:
            at_us = self._plugged(box, stacked_us)
            read, unlocked_us = self._lift([box], armg, "rehandle", at_us, x_m)
            self._chain([box], read)
            box.left_us = self._gate(box, "out", unlocked_us + self._s(300, 1_200))

    def _export(self, boxes: list[TrueBox], at_us: int) -> None:
        """Each by truck to the yard; later by vehicle to the ship, two at once where they are a twin."""
        armg, x_m, stacked_us = self._pick("armg", YARD_CRANES), self._slot_m(), at_us
        for box in boxes:
            passed_us = self._gate(box, "in", stacked_us)
            read, unlocked_us = self._lift([box], armg, "rehandle", passed_us + self._s(300, 1_200), x_m)
            self._chain([box], read)
            stacked_us = self._plugged(box, unlocked_us)
        sts = self._pick("sts", QUAY_CRANES)
        quay_m = 60.0 + 40.0 * int(sts[3:])
        seen_yard, unlocked_us = self._lift(boxes, armg, "rehandle", stacked_us, x_m)
        vehicle, left_us = self._vehicle(unlocked_us)
        arrived_us = left_us + self._s(*DRIVE_S)
        for box in boxes:
            box.events += [("picked", vehicle), ("placed", vehicle)]
        seen, aboard_us = self._lift(boxes, sts, "load", arrived_us + self._s(5, 60), quay_m)
        for box in boxes:
            box.left_us, box.left_seen = aboard_us, box.number in seen
        served_us = self._served()
        seen_vehicle = self._trip(boxes, vehicle, (left_us, arrived_us, served_us), (x_m, quay_m), "quay")
        self._chain(boxes, seen_yard, seen_vehicle, seen)

    def _into_stack(self, boxes: list[TrueBox], armg: str, arrived_us: int, x_m: float) -> tuple[set[str], int, int]:
        """A yard crane takes boxes off a vehicle: numbers read, when they are down, when the vehicle knows it."""
        seen, stacked_us = self._lift(boxes, armg, "rehandle", arrived_us + self._s(5, 60), x_m)
        return seen, stacked_us, self._served()

    def _served(self) -> int:
        """When a vehicle knows that the crane which moved last has lifted its load."""
        return int(self.facts[-1].fact.lifted_us) + round(float(self._rng.normal(0, 0.7)) * SECOND_US)

    def _lift(self, boxes: list[TrueBox], crane: str, kind: MoveKind, at_us: int, x_m: float) -> tuple[set[str], int]:
        """A crane's move, as soon as it is free: numbers read right, and when it unlocks."""
        carried_us = self._s(40, 90)
        locked_us = self._take(crane, at_us, carried_us + self._s(30, 60))
        landed_us, unlocked_us = locked_us + carried_us, locked_us + carried_us + 2 * SECOND_US
        ids, seen = self._read(boxes)
        move = CraneMove(
            0, None, locked_us, locked_us + 2 * SECOND_US, landed_us, unlocked_us, kind, len(boxes),
            float(len(boxes)), False, 1.0, 30.0, -6.0, self._place_m(x_m), 20.0, 20, len(boxes) > 1, ids, 1.0, 0.0, 0.0,
        )  # fmt: skip # one line a group of columns is easier to read
        self.facts.append(FactOf(TERMINAL, "crane", crane, move))
        shown: list[EventName] = ["picked", "placed"]
        if kind != "rehandle":
            shown = ["discharged" if kind == "discharge" else "loaded"]
        for box in boxes:
            box.events += [(event, crane) for event in shown]
        return seen, unlocked_us

    def _trip(
        self,
        boxes: list[TrueBox],
        vehicle: str,
        times_us: tuple[int, int, int],
        way_m: tuple[float, float],
        zone: str,
    ) -> set[str]:
        """A laden way: left, arrived, served; numbers that the vehicle knows right."""
        ids, seen = self._read(boxes)
        from_m, to_m = map(self._place_m, way_m)
        self._take(vehicle, times_us[0], times_us[2] - times_us[0])
        trip = VehicleTrip(0, *times_us, None, zone, from_m, 10.0, to_m, 10.0, True, 500.0, 1.0, ids)
        self.facts.append(FactOf(TERMINAL, "vehicle", vehicle, trip))
        return seen

    def _gate(self, box: TrueBox, direction: str, at_us: int) -> int:
        """A truck through a lane, and when it was through."""
        lane = self._pick(direction, LANES)
        through_us = self._s(40, 120)
        entered_us = self._take(lane, at_us, through_us + 10 * SECOND_US)
        left_us = entered_us + through_us
        ids, seen = self._read([box])
        gate = GateTransaction(0, entered_us, left_us - 6 * SECOND_US, left_us, direction, None, None, False, ids, None)
        self.facts.append(FactOf(TERMINAL, "gate", lane, gate))
        box.events.append(("gate_in" if direction == "in" else "gate_out", lane))
        self._chain([box], seen)
        box.left_seen = box.number in seen
        return left_us

    def _plugged(self, box: TrueBox, at_us: int) -> int:
        """In the stack, some on a plug, and when it leaves that. A plug's number is entered, not read."""
        leaves_us = at_us + round(float(self._rng.uniform(*DWELL_H)) * HOUR_US)
        if self._rng.random() < REEFER_SHARE:
            box.plug = self._pick("r", PLUGS)
            self._on_plug(box, box.plug, at_us + 5 * MINUTE_US, leaves_us - 5 * MINUTE_US)
        box.stacked_us = at_us, leaves_us
        return leaves_us

    def _on_plug(self, box: TrueBox, plug: str, from_us: int, to_us: int) -> None:
        for plugged, time_us in ((True, from_us), (False, to_us)):
            self.facts.append(FactOf(TERMINAL, "reefer", plug, PlugChange(0, plugged, box.number, time_us)))
            box.events.append(("plugged" if plugged else "unplugged", plug))

    def _chain(self, boxes: list[TrueBox], *seen: set[str]) -> None:
        """Facts of boxes between two places where nobody can see them go."""
        for box in boxes:
            box.read &= any(box.number in numbers for numbers in seen)

    def _read(self, boxes: list[TrueBox]) -> tuple[tuple[str, ...], set[str]]:
        """Numbers as they were read, and those that are right."""
        found = [self._one(box.number) for box in boxes]
        return tuple(text for text in found if text), {box.number for box in boxes if box.number in found}

    def _one(self, number: str) -> str:
        rng = self._rng
        if rng.random() < self._read_share:
            return number
        if rng.random() < MISSED_SHARE:
            return ""
        at = int(rng.integers(len(number)))
        alike = CONFUSED[number[at]]
        return number[:at] + alike[int(rng.integers(len(alike)))] + number[at + 1 :]

    def _vehicle(self, ready_us: int) -> tuple[str, int]:
        """A vehicle that is free for a while, and when it leaves laden."""
        names = [f"agv{n:02d}" for n in self._rng.permutation(VEHICLES)]
        free = (name for name in names if self._gap(name, ready_us, HOUR_US // 2) == ready_us)
        return next(free, names[0]), ready_us + self._s(*LEAVES_S)

    def _take(self, device: str, at_us: int, length_us: int) -> int:
        """Take the first time from then on in which a device is free for long enough."""
        begin_us = self._gap(device, at_us, length_us)
        insort(self._busy.setdefault(device, []), (begin_us, begin_us + length_us))
        return begin_us

    def _gap(self, device: str, at_us: int, length_us: int) -> int:
        for begin_us, end_us in self._busy.get(device, ()):
            if begin_us >= at_us + length_us:
                break
            at_us = max(at_us, end_us)
        return at_us

    def _pick(self, name: str, count: int) -> str:
        return f"{name}{int(self._rng.integers(count))}"

    def _slot_m(self) -> float:
        return float(self._rng.uniform(0, 400))

    def _place_m(self, x_m: float) -> float:
        return x_m + float(self._rng.normal(0, PLACE_SD_M))

    def _s(self, low: float, high: float) -> int:
        """A time drawn between two. [µs]."""
        return round(float(self._rng.uniform(low, high)) * SECOND_US)


def flow(seed: Any, start_us: int, hours: float, read_share: float) -> Flow:
    """Boxes of some hours, the same for the same seed."""
    made = Flow(np.random.default_rng(seed), start_us, read_share)
    made.run(hours)
    return made
