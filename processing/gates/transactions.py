"""Gate transactions from the events of a lane.

Source: docs/gates.md. Events of a lane belong together by their order and by the time between them, not by what they
carry: plates and numbers of one truck may disagree.
"""

from collections import deque

from processing.gates.truck import GateEvent, Truck
from processing.model.facts import Fact
from processing.model.level import LevelChange
from processing.model.times import MINUTE_US, SECOND_US

BOUNCE_US = 2 * SECOND_US
"""A loop that switches again so soon is the gap before the trailer, or bounces; so does a barrier. [µs]"""
BEFORE_ENTRY_US = 3 * SECOND_US
"""A reading so long before the entry loop switches is of the truck that comes. [µs]"""
ALONE_US = BEFORE_ENTRY_US + SECOND_US
"""What happened so long before a truck came in makes no difference to what is known of it. [µs]"""
WINDOW_US = MINUTE_US
"""Readings without an entry loop are of the truck that is seen within this time. [µs]"""
FOLLOWS_US = MINUTE_US // 2
"""A truck that follows another one through the barrier is out of the lane by then. [µs]"""
PASSES_US = 15 * SECOND_US
"""Whom the barrier let through is out of the lane when it opens for another one later than that. Assumed. [µs]"""
LONE_US = 10 * SECOND_US
"""An exit so soon after another one, of which nothing else is known, is no truck. [µs]"""
LEFT_US = 10 * MINUTE_US
"""A truck of which nothing was seen for so long is not in the lane. [µs]"""
BEFORE_ALL_US = -(2**62)
"""Before any event. [µs since 1970 UTC]"""
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
        "_came",
        "_counted",
        "_direction",
        "_entered_us",
        "_exact_us",
        "_joined",
        "_last_us",
        "_left_us",
        "_let_through_us",
        "_newest_us",
        "_queue_settled_us",
        "_readings",
        "_settled_us",
        "_trucks",
        "_waiting",
        "device_id",
    )

    def __init__(self, device_id: int, name: str) -> None:
        self.device_id = device_id
        self._direction = "out" if name.startswith("out") else "in" if name.startswith("in") else None
        self._trucks: list[Truck] = []
        self._readings: list[GateEvent] = []  # of no truck yet
        self._begun_us = self._last_us = 0
        self._entered_us = self._left_us = self._let_through_us = BEFORE_ALL_US  # when loops and barrier switched last
        self._newest_us = BEFORE_ALL_US  # key of the newest truck
        self._waiting: deque[int | None] = deque()  # when trucks joined the queue, as far as known
        self._joined: tuple[int | None, int] = None, BEFORE_ALL_US  # of the one that came in last; since when settled
        self._counted = False
        self._came: Truck | None = None  # the one that the entry loop saw last, while nobody has left since
        self._settled_us = self._queue_settled_us = BEFORE_ALL_US
        self._exact_us: int | None = None  # since when it is synchronised

    @property
    def synchronised(self) -> bool:
        """Whether everything is as if the lane's first sample had been seen."""
        return self._last_us > 0 and self.in_step(self._begun_us - 1)

    def in_step(self, after_us: int) -> bool:
        """Whether events up to a time make no difference any more, to trucks and queue. [µs since 1970 UTC].

        So it is once a truck that came in later is served, or the barrier opens for it, alone: whoever was there before
        is not any more; and after ten minutes without any event, or without a barrier in a lane that has none.
        """
        queues_us = (truck.queue_settled_us for truck in self._trucks)
        return min(self._settled_us, self._queue_settled_us, *queues_us) >= after_us

    @property
    def resting(self) -> bool:
        """Whether what was reported so far is final."""
        return not self._trucks and not self._readings

    @property
    def final_us(self) -> int | None:
        """Facts with an earlier key are final; None: nothing new of that. [µs since 1970 UTC]."""
        if self.resting:
            return self._last_us + 1
        oldest_us = min([*(one.entered_us for one in self._trucks), *(one.time_us for one in self._readings)])
        return oldest_us if self._exact_us is not None and oldest_us > self._exact_us else None

    def feed(self, event: GateEvent) -> list[Fact]:
        """Advance by one event in time order: transactions as they are now, the current one last."""
        at_us = event.time_us
        if not self._last_us:
            self._begun_us = at_us
        elif at_us - self._last_us > LEFT_US:
            self._settle(self._last_us)
            if not self._counted:  # what was reported so long ago is nothing to count from
                self._waiting.clear()
                self._queue_settled_us = self._last_us
        self._readings = [one for one in self._readings if at_us - one.time_us <= WINDOW_US]
        facts = self._close([truck for truck in self._trucks if at_us - truck.last_us > LEFT_US])
        facts += self._idle(at_us)
        self._last_us = at_us
        bounced = event.event == "lane_enter" and at_us - self._entered_us < BOUNCE_US
        facts += self._level(event, bounced=bounced)
        if event.event == "lane_enter":
            self._entered_us = at_us
        if event.event != "queue_enter" and not bounced:
            ended, truck = self._whose(event)
            facts += self._close(ended)
            if truck is not None:
                truck.note(event)
                facts.append(truck.transaction(self.device_id))
        if self._exact_us is None and self.synchronised:
            self._exact_us = at_us
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
        truck.queued_us, truck.queue_settled_us = self._joined
        truck.follows = any(other.opened_us is not None for other in self._trucks[:-1])
        self._came = truck
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
        elif truck is self._came:
            self._settle(truck.entered_us - ALONE_US)
        truck.follows = False
        return [other for other in self._trucks if other is not truck], truck

    def _is_let_through(self, event: GateEvent) -> tuple[list[Truck], Truck | None]:
        """For whom the barrier opens: who was there before is through, unless it opened for that one just now."""
        at_us, before_us = event.time_us, self._let_through_us
        self._let_through_us = at_us
        truck = self._newest()
        if truck is not None and truck.opened_us is not None:
            if at_us - truck.opened_us < BOUNCE_US:
                return [], truck
            truck = None
        if truck is None:
            ended, truck = list(self._trucks), self._new(at_us, self._readings)
        else:
            passing_us = at_us - PASSES_US
            others = [other for other in self._trucks if other is not truck]
            ended = [other for other in others if other.opened_us is None or other.opened_us < passing_us]
            if truck is self._came and before_us < passing_us:
                self._settle(min(truck.entered_us - ALONE_US, passing_us - 1))
        truck.opened_us = at_us
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
        alone = truck is self._came and not self._trucks and at_us - truck.entered_us > BOUNCE_US
        if alone and at_us - self._let_through_us > LEFT_US:
            self._settle(at_us - LEFT_US - 1)
        self._came = None
        return truck

    def _settle(self, before_us: int) -> None:
        """Note that events up to a time make no difference any more to the trucks in the lane. [µs since 1970 UTC]."""
        self._settled_us = max(self._settled_us, before_us)

    def _newest(self) -> Truck | None:
        return self._trucks[-1] if self._trucks else None

    def _new(self, at_us: int, readings: list[GateEvent]) -> Truck:
        """One that is seen now, and perhaps was read before; where no loop has seen it, it came when it was read."""
        entered_us = at_us if at_us == self._entered_us or not readings else readings[0].time_us
        self._newest_us = max(entered_us, self._newest_us + 1)  # clocks that count seconds: no two have the same key
        truck = Truck(self._newest_us, at_us, self._direction)
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
        self._queue_settled_us = max(self._queue_settled_us, self._settled_us)
        if not self._waiting:
            return []
        self._waiting.clear()
        return [LevelChange(self.device_id, "queue_length", self._last_us + IDLE_US, 0.0)]

    def _level(self, event: GateEvent, *, bounced: bool) -> list[Fact]:
        """Trucks waiting before the lane, where the event shows it."""
        enters = event.event == "lane_enter" and not bounced
        if event.event == "queue_enter":
            self._waiting.append(event.time_us)
        if enters:
            self._joined = self._waiting.popleft() if self._waiting else None, self._queue_settled_us
        if event.queue_length is not None:
            self._are_waiting(int(event.queue_length), event.time_us)
        elif event.event == "queue_enter" or enters:
            self._counted = True
        else:
            return []
        return [LevelChange(self.device_id, "queue_length", event.time_us, float(len(self._waiting)))]

    def _are_waiting(self, count: int, at_us: int) -> None:
        """So many wait: who joined before all that are known to, nobody knows; who is too many has gone unseen."""
        self._counted = False
        while len(self._waiting) > count:
            self._waiting.popleft()
        while len(self._waiting) < count:
            self._waiting.appendleft(None)
        since_us = self._waiting[0] if self._waiting else at_us
        if since_us is not None:
            self._queue_settled_us = max(self._queue_settled_us, since_us - 1)
