"""Gate transactions from the events of a lane.

Source: docs/gates.md. Events of a lane belong together by their order and by the time between them, not by what they
carry: plates and numbers of one truck may disagree.
"""

from processing.gates.truck import GateEvent, Truck
from processing.model.facts import Fact
from processing.model.level import LevelChange
from processing.model.times import MINUTE_US, SECOND_US

BOUNCE_US = 2 * SECOND_US
"""A loop that switches again so soon is the gap before the trailer, or bounces; so does a barrier. [µs]"""
BEFORE_ENTRY_US = 3 * SECOND_US
"""A reading so long before the entry loop switches is of the truck that comes. [µs]"""
WINDOW_US = MINUTE_US
"""Readings without an entry loop are of the truck that is seen within this time. [µs]"""
FOLLOWS_US = MINUTE_US // 2
"""A truck that follows another one through the barrier is out of the lane by then. [µs]"""
LONE_US = 10 * SECOND_US
"""An exit so soon after another one, of which nothing else is known, is no truck. [µs]"""
LEFT_US = 10 * MINUTE_US
"""A truck of which nothing was seen for so long is not in the lane. [µs]"""
IDLE_US = MINUTE_US
"""Nobody waits before an empty lane in which nothing happens for so long: a count of loops drifts. [µs]"""


class LaneDetector:
    """Follows one lane.

    Args:
        device_id: the lane.
        name: its device id; `in…` and `out…` give the direction where events do not.
    """

    __slots__ = (
        "_begun_us",
        "_counted",
        "_direction",
        "_entered_us",
        "_last_us",
        "_left_us",
        "_queue",
        "_queue_known",
        "_readings",
        "_seen_alone",
        "_sure",
        "_trucks",
        "device_id",
    )

    def __init__(self, device_id: int, name: str) -> None:
        self.device_id = device_id
        self._direction = "out" if name.startswith("out") else "in" if name.startswith("in") else None
        self._trucks: list[Truck] = []
        self._readings: list[GateEvent] = []  # of no truck yet
        self._begun_us: int | None = None
        self._last_us = 0
        self._entered_us = self._left_us = -LEFT_US  # when the loops switched last
        self._queue, self._queue_known, self._counted = 0.0, False, False
        self._sure: Truck | None = None  # came in as it would have for any detector
        self._seen_alone = False

    @property
    def synchronised(self) -> bool:
        """Whether everything is as if the lane's first sample had been seen.

        So it is once a truck that was seen to come in is served: whoever was there before is not any more.
        """
        return self._queue_known and self._seen_alone

    @property
    def resting(self) -> bool:
        """Whether what was reported so far is final."""
        return not self._trucks and not self._readings

    def feed(self, event: GateEvent) -> list[Fact]:
        """Advance by one event in time order: transactions as they are now, the current one last."""
        at_us = event.time_us
        if self._begun_us is None:
            self._begun_us = at_us
        self._readings = [one for one in self._readings if at_us - one.time_us <= WINDOW_US]
        facts = self._close([truck for truck in self._trucks if at_us - truck.last_us > LEFT_US])
        facts += self._idle(at_us)
        self._last_us = at_us
        bounced = event.event == "lane_enter" and at_us - self._entered_us < BOUNCE_US
        facts += self._level(event, bounced=bounced)
        if event.event == "queue_enter":
            return facts
        if event.event == "lane_enter":
            self._entered_us = at_us
        if bounced:
            return facts
        ended, truck = self._whose(event)
        facts += self._close(ended)
        if truck is not None:
            truck.note(event)
            facts.append(truck.transaction(self.device_id))
        return facts

    def _whose(self, event: GateEvent) -> tuple[list[Truck], Truck | None]:
        """Trucks that are not in the lane any more, as an event shows, and the one that it is about."""
        match event.event:
            case "lane_enter":
                return self._enters(event)
            case "ocr" | "rfid":
                return [], self._is_read(event)
            case "barrier_open":
                return self._is_let_through(event)
            case "lane_exit":
                return [], self._leaves(event)
            case _:
                return self._is_served(event)

    def _enters(self, event: GateEvent) -> tuple[list[Truck], Truck]:
        at_us = event.time_us
        ended = [
            truck
            for truck in self._trucks
            if truck.opened_us is None and not (truck.follows and at_us - truck.entered_us <= FOLLOWS_US)
        ]
        truck = self._new(at_us, [one for one in self._readings if at_us - one.time_us <= BEFORE_ENTRY_US])
        truck.follows = any(other.opened_us is not None for other in self._trucks[:-1])
        if self._begun_us is not None and at_us - self._begun_us > BEFORE_ENTRY_US:
            self._sure = truck
        return ended, truck

    def _is_read(self, event: GateEvent) -> Truck | None:
        """Whom a reader has read: nobody whom the barrier let through."""
        truck = self._newest()
        if truck is None or truck.opened_us is not None:
            self._readings.append(event)
            return None
        return truck

    def _is_served(self, event: GateEvent) -> tuple[list[Truck], Truck]:
        """Who is weighed, or at the kiosk: then nobody else is in the lane."""
        truck = self._newest()
        if truck is None or truck.opened_us is not None:
            truck = self._new(event.time_us, self._readings)
        elif truck is self._sure:
            self._seen_alone = True
        truck.follows = False
        return [other for other in self._trucks if other is not truck], truck

    def _is_let_through(self, event: GateEvent) -> tuple[list[Truck], Truck | None]:
        truck, ended = self._newest(), list[Truck]()
        if truck is not None and truck.opened_us is not None:
            if event.time_us - truck.opened_us < BOUNCE_US:
                return [], truck
            truck = None
        if truck is None:
            ended, truck = list(self._trucks), self._new(event.time_us, self._readings)
        truck.opened_us = event.time_us
        return ended, truck

    def _leaves(self, event: GateEvent) -> Truck | None:
        """Who leaves: the first one that was let through, else one that follows it, else who is there."""
        at_us = event.time_us
        truck = next((one for one in self._trucks if one.opened_us is not None), None)
        truck = truck or next((one for one in self._trucks if one.follows), None) or self._newest()
        if truck is None:
            named = event.visit is not None or event.plate is not None
            if at_us - self._left_us < (BOUNCE_US if named or self._readings else LONE_US):
                return None
            truck = self._new(at_us, self._readings)
        elif truck.opened_us is None and at_us - self._left_us < BOUNCE_US:
            return None
        self._trucks.remove(truck)
        truck.left_us = self._left_us = at_us
        truck.reason = "tailgated" if truck.follows and truck.opened_us is None else None
        self._sure = None
        return truck

    def _newest(self) -> Truck | None:
        return self._trucks[-1] if self._trucks else None

    def _new(self, at_us: int, readings: list[GateEvent]) -> Truck:
        """One that is seen now, and perhaps was read before; where no loop has seen it, it came when it was read."""
        entered_us = at_us if at_us == self._entered_us or not readings else readings[0].time_us
        truck = Truck(entered_us, at_us, self._direction)
        for reading in readings:
            truck.note(reading)
        self._readings = []
        self._trucks.append(truck)
        return truck

    def _close(self, ended: list[Truck]) -> list[Fact]:
        """Trucks that are not there any more, though nobody saw them leave."""
        for truck in ended:
            self._trucks.remove(truck)
            truck.reason = (
                "exit_unseen" if truck.opened_us is not None else "cancelled" if truck.served else "reversed_out"
            )
        return [truck.transaction(self.device_id) for truck in ended]

    def _idle(self, at_us: int) -> list[Fact]:
        """Whether nothing happened in the empty lane before a time: then nobody waited, whatever was counted."""
        if self._trucks or not self._counted or at_us - self._last_us <= IDLE_US:
            return []
        self._queue_known |= self._seen_alone
        if self._queue == 0:
            return []
        self._queue = 0.0
        return [LevelChange(self.device_id, "queue_length", self._last_us + IDLE_US, 0.0)]

    def _level(self, event: GateEvent, *, bounced: bool) -> list[Fact]:
        """Trucks waiting before the lane, where the event shows it."""
        if event.queue_length is not None:
            self._queue, self._queue_known, self._counted = event.queue_length, True, False
        elif event.event == "queue_enter":
            self._queue, self._counted = self._queue + 1, True
        elif event.event == "lane_enter" and not bounced:
            self._queue, self._counted = max(0.0, self._queue - 1), True
        else:
            return []
        return [LevelChange(self.device_id, "queue_length", event.time_us, self._queue)]
