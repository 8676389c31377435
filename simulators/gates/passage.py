"""The passage of one truck through one lane, as a script of events."""

from dataclasses import dataclass, field
from typing import Any

from numpy.random import Generator

from simulators.gates.parameters import GateParameters
from simulators.gates.readers import ocr, tag_reads_s, visit_number
from simulators.gates.trucks import Truck
from simulators.gates.truth import TrueTransaction
from simulators.yard import numbers

Event = tuple[int, dict[str, Any]]
"""Time [ms since 1970 UTC], signals."""


@dataclass(slots=True)
class Passage:
    """What a truck does in a lane.

    Attributes:
        truck, lane, direction: who and where.
        entered_ms, ended_ms: in the lane. [ms since 1970 UTC]
        reason: as of `TrueTransaction`.
        trouble: whether it goes to the trouble desk.
        events: of the lane, the first one its entry.
        neighbour: reads of its tag in the next lane.
    """

    truck: Truck
    lane: str
    direction: str
    entered_ms: int
    ended_ms: int = 0
    reason: str | None = None
    trouble: bool = False
    events: list[Event] = field(default_factory=list)
    neighbour: list[Event] = field(default_factory=list)

    def truth(self) -> TrueTransaction:
        """The same as it is published."""
        truck = self.truck
        boxes, times = numbers(truck.load(self.direction)), (self.entered_ms, self.ended_ms)
        return TrueTransaction(
            self.lane, self.direction, truck.visit, truck.plate, boxes, *times, self.reason, self.trouble
        )


class Script:
    """Writes passages.

    Args:
        p: parameters of the gate.
        rng: of the gate.
    """

    def __init__(self, p: GateParameters, rng: Generator) -> None:
        self._p, self._rng = p, rng

    def of(self, truck: Truck, lane: str, direction: str, start_ms: int) -> Passage:
        """A truck that enters a free lane at a time."""
        p, rng = self._p, self._rng
        one = Passage(truck, lane, direction, start_ms)
        right = self._enter(one, start_ms)
        if rng.random() < p.reverse_share:
            return self._ends(one, self._after(one, 3, 15), "reversed_out")
        weighed_ms = self._after(one, 2, 5)
        one.events.append((weighed_ms, {"event": "weigh", "gross_weight_kg": truck.weight_kg(direction)}))
        kiosk: dict[str, Any] = {"event": "kiosk"}
        number = visit_number(truck, p, rng)
        if number is not None:
            kiosk["visit_id"] = number
        if truck.appointment is not None and direction == "in":
            kiosk["appointment_id"] = truck.appointment
        one.events.append((self._after(one, 6, 20), kiosk))
        cancelled = direction == "in" and rng.random() < p.cancel_share
        self._desk(one, 1.0 if cancelled else p.trouble_share if right else p.trouble_misread)
        if cancelled:
            return self._ends(one, self._after(one, 5, 20), "cancelled")
        known = {} if number is None else {"visit_id": number}
        one.events.append((self._after(one, 1, 3), {"event": "barrier_open", **known}))
        return self._leaves(one, self._after(one, 4, 8), None)

    def behind(self, truck: Truck, lane: str, direction: str, other_left_ms: int) -> Passage:
        """A truck that follows another one through the open barrier."""
        start_ms = other_left_ms - int(self._rng.uniform(500, 2_000))
        one = Passage(truck, lane, direction, start_ms)
        self._enter(one, start_ms)
        left_ms = max(other_left_ms + int(self._rng.uniform(2_500, 6_000)), one.events[-1][0] + 500)
        return self._leaves(one, left_ms, "tailgated")

    def _enter(self, one: Passage, start_ms: int) -> bool:
        """Loop, portal and tag; whether all was read right."""
        p, rng = self._p, self._rng
        entered = {"event": "lane_enter", "direction": one.direction}
        one.events.append((start_ms, entered))
        if rng.random() < p.bounce_share:
            one.events.append((start_ms + int(rng.uniform(200, 1_800)), entered))
        read_ms = start_ms + int(rng.uniform(2_000, 3_000))
        signals, right = ocr(one.truck, one.direction, p, rng)
        reads = tag_reads_s(p, rng)
        tag = {"event": "rfid", "plate": one.truck.plate}
        first_ms = read_ms + int(rng.uniform(-800, 800))
        one.events.append((read_ms, {"event": "ocr", **signals}))
        one.events += [(first_ms + int(second * 1000), tag) for second in reads]
        if rng.random() < p.rfid_neighbour and reads:
            one.neighbour.append((first_ms + int(rng.uniform(0, 3_000)), tag))
        return right

    def _desk(self, one: Passage, share: float) -> None:
        """To the trouble desk, with a probability."""
        if self._rng.random() < share:
            one.trouble = True
            one.events.append((self._after(one, 2, 4), {"event": "trouble_start"}))
            one.events.append((self._after(one, *self._p.trouble_s), {"event": "trouble_end"}))

    def _leaves(self, one: Passage, left_ms: int, reason: str | None) -> Passage:
        out = {"event": "lane_exit", "direction": one.direction}
        one.events.append((left_ms, out))
        self._ends(one, left_ms, reason)
        if self._rng.random() < self._p.bounce_share:
            one.events.append((left_ms + int(self._rng.uniform(200, 1_800)), out))
        return one

    def _ends(self, one: Passage, at_ms: int, reason: str | None) -> Passage:
        one.ended_ms, one.reason = at_ms, reason
        return one

    def _after(self, one: Passage, low_s: float, high_s: float) -> int:
        """A time after all that has happened in the lane. [ms since 1970 UTC]."""
        last_ms = max(at_ms for at_ms, _ in one.events)
        return last_ms + int(self._rng.uniform(low_s, high_s) * 1000)
