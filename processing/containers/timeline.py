"""Where a box is by its events, and which of them contradict each other: a function of all events of the box."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from processing.containers import iso6346
from processing.containers.facts import ContainerEvent, EventName
from processing.containers.sources import ABOARD
from processing.containers.tos_report import TOS_REPORT
from processing.model.fact_type import FactType
from processing.model.facts import Key, TerminalFact
from processing.model.times import MINUTE_US

State = Literal["inside", "on_vessel", "left"]
ConflictKind = Literal["arrived_twice", "seen_after_leaving", "left_without_arriving", "two_plugs"]
ARRIVALS: frozenset[EventName] = frozenset({"gate_in", "discharged"})
DEPARTURES: frozenset[EventName] = frozenset({"gate_out", "loaded"})
ELSEWHERE: frozenset[EventName] = frozenset({"treatment_began", "treatment_done", "treatment_failed"})
"""Events that show nothing of where the box is."""
OVER: frozenset[EventName] = frozenset({"unplugged", "excursion_ended"})
"""Events that show that something is over: a plug that reports each hour knows it when the box may be gone already."""
ON_PLUG: frozenset[EventName] = frozenset({"plugged", "excursion_began"})
"""Events that leave it on its plugs."""
REPORTED = TOS_REPORT.name
"""Source of events that messages of the terminal operating system state."""
AGREE_US = 10 * MINUTE_US
"""What an event contradicts lasts longer than that: clocks differ, trucks turn round in a lane. Assumed. [µs]"""
FOREVER_US = 2**63 - 1
ORDER: tuple[EventName, ...] = (
    "gate_in",
    "discharged",
    "unplugged",
    "picked",
    "placed",
    "plugged",
    "excursion_began",
    "excursion_ended",
    "treatment_began",
    "treatment_done",
    "treatment_failed",
    "loaded",
    "gate_out",
)
"""Of events at the same time."""


@dataclass(frozen=True, slots=True)
class ContainerState(TerminalFact):
    """Where a box is. Times in µs since 1970 UTC."""

    terminal: str
    container_id: str
    state: State
    place: Annotated[str | None, "where in the terminal, or the lane by which it left; `vessel` on a ship"]
    since_us: Annotated[int, "when it came into this state and place"]

    key = Key("terminal", "container_id")


@dataclass(frozen=True, slots=True)
class ContainerConflict(TerminalFact):
    """Two events of a box that cannot both be. Times in µs since 1970 UTC."""

    terminal: str
    container_id: str
    kind: ConflictKind
    time_us: Annotated[int, "of the event that cannot be after the one before"]
    before_us: Annotated[int | None, "of that one; null: there is none"]
    detail: Annotated[str, "both events, in words"]

    key = Key("terminal", "container_id", "kind", "time_us")


CONTAINER_STATE = FactType("container_state", "container_state", ContainerState)
CONTAINER_CONFLICT = FactType("container_conflict", "container_conflict", ContainerConflict)


@dataclass(frozen=True, slots=True)
class Judged:
    """What follows from the events of a box; `state` is None where they show nothing of where it is."""

    state: ContainerState | None
    conflicts: tuple[ContainerConflict, ...]


def in_order(events: Iterable[ContainerEvent]) -> list[ContainerEvent]:
    """Events of a box in order of time."""
    return sorted(events, key=lambda one: (one.time_us, ORDER.index(one.event), one.key))


def judge(events: Iterable[ContainerEvent], *, whole: bool = True) -> Judged:
    """Follow a box through its events. A conflict holds with the events whose number was not read, and without them.

    Args:
        events: of one box, in any order.
        whole: whether these are all; else older ones are left out, and it may have arrived before.
    """
    ordered = in_order(events)
    every = _follow(ordered, whole=whole)
    read = [one for one in ordered if _is_read(one)]
    known = every if len(read) == len(ordered) else _follow(read, whole=whole)
    held = (one for one in known.conflicts.values() if _holds(one, every.conflicts.values()))
    return Judged(every.state, tuple(held))


def _holds(conflict: ContainerConflict, others: Iterable[ContainerConflict]) -> bool:
    """Whether it is among others too, or began between its two events by one of which the number was not read."""
    since_us = conflict.time_us - 1 if conflict.before_us is None else conflict.before_us
    return any(one.kind == conflict.kind and since_us < one.time_us <= conflict.time_us for one in others)


def _is_read(event: ContainerEvent) -> bool:
    """Whether its number was read; one taken from another fact may be another box's, and contradicts nothing."""
    return event.read_as is not None and iso6346.read(event.read_as).number == event.container_id


def _follow(events: list[ContainerEvent], *, whole: bool) -> "_Follower":
    follower = _Follower(events, whole=whole)
    for event in events:
        follower.feed(event)
    return follower


class _Follower:
    """Follows one box, event by event.

    Args:
        events: in order of time.
        whole: whether these are all of the box.
    """

    def __init__(self, events: list[ContainerEvent], *, whole: bool) -> None:
        self.events = events
        self.state: ContainerState | None = None
        self.conflicts: dict[tuple[object, ...], ContainerConflict] = {}
        self._whole = whole
        self._unplugged = [(one.device, one.time_us) for one in events if one.event == "unplugged"]
        self._aboard = {_fact(one) for one in events if one.event == "placed" and one.place == ABOARD}
        self._last: ContainerEvent | None = None
        self._came_us = self._left_us = 0
        self._plugs: dict[str, ContainerEvent] = {}
        self._on_two_plugs: ContainerConflict | None = None

    def feed(self, event: ContainerEvent) -> None:
        """Take in the next event."""
        state = self.state
        if event.event in ELSEWHERE:
            return
        if state is None:
            self._begin(event)
        elif event.event in OVER:
            if event.event == "unplugged":
                self._plug_out(event)
            self._last = event if state.state == "inside" else self._last
            return
        elif self._confirms(event, state.state):
            self._confirm(event)
        elif event.event in ARRIVALS:
            self._arrive(event, state.state)
        elif not self._has_left(event, state.state):
            self._go_on(event)
        elif event.time_us - self._left_us > AGREE_US:
            self._contradict("seen_after_leaving", self._last, event)
            self._came_us = event.time_us
            self._go_on(event)
        elif event.event not in DEPARTURES:
            return  # it was before, by another clock
        self._move(event)
        self._last = event

    def _begin(self, event: ContainerEvent) -> None:
        """The first event that shows where it is."""
        self._came_us = event.time_us
        if event.event in DEPARTURES and self._whole and not self._is_seen_soon_after(event):
            self._contradict("left_without_arriving", None, event)
        self._go_on(event)

    def _is_seen_soon_after(self, event: ContainerEvent) -> bool:
        """Whether it is seen in the terminal so soon after it left that it may have been before, by another clock."""
        inside = [one for one in self.events if one.event not in DEPARTURES | ELSEWHERE]
        return any(0 <= one.time_us - event.time_us <= AGREE_US for one in inside)

    def _confirms(self, event: ContainerEvent, state: State) -> bool:
        """Whether a message states what a device has seen, or a device sees what a message has stated.

        Messages come with the times at which somebody entered them.
        """
        if self._last is None or REPORTED not in (event.source, self._last.source):
            return False
        return event.event == self._last.event or (event.source == REPORTED and self._leads_to(event) == state)

    def _confirm(self, event: ContainerEvent) -> None:
        """The time by a device counts."""
        if event.source != REPORTED and event.event in ARRIVALS:
            self._came_us = event.time_us
        if event.source != REPORTED and event.event in DEPARTURES:
            self._left_us = event.time_us

    def _arrive(self, event: ContainerEvent, state: State) -> None:
        """It comes: where it was there already, not just come, there are two."""
        there = state not in ("left", "left" if event.event == "gate_in" else "on_vessel")
        if there and event.time_us - self._came_us <= AGREE_US:
            return
        if there:
            self._contradict("arrived_twice", self._last, event)
        self._came_us = event.time_us
        self._leave_plugs()

    def _has_left(self, event: ContainerEvent, state: State) -> bool:
        """Whether it has left, and is not where this event shows it."""
        if state == "on_vessel":
            return event.event == "loaded" or self._leads_to(event) != "on_vessel"
        return state == "left"

    def _go_on(self, event: ContainerEvent) -> None:
        """It is where it can be."""
        if self._leads_to(event) != "inside":
            self._left_us = event.time_us
        if event.event == "plugged":
            self._plug_in(event)
        elif event.event not in ON_PLUG:
            self._leave_plugs()

    def _plug_in(self, event: ContainerEvent) -> None:
        """It is on a plug; however many others it is on too, they are one conflict."""
        before, known = [one for one in self._plugs.values() if one.device != event.device], self._on_two_plugs
        self._plugs[event.device] = event
        if known is not None and before:
            first, _, _ = known.detail.partition(";")
            known = replace(known, detail=f"{first}; on {len(self._plugs)} plugs in all")
            self._on_two_plugs = self.conflicts[known.key] = known
        elif others := [one for one in before if self._are_both(one, event)]:
            self._on_two_plugs = self._contradict("two_plugs", others[-1], event)

    def _are_both(self, one: ContainerEvent, other: ContainerEvent) -> bool:
        """Whether it was on two plugs for so long that clocks do not explain it, or still is."""
        until_us = min(self._unplugged_us(one), self._unplugged_us(other))
        return until_us - other.time_us > AGREE_US

    def _unplugged_us(self, plugged: ContainerEvent) -> int:
        """When it left a plug, as far as that is known."""
        after = (time_us for device, time_us in self._unplugged if device == plugged.device)
        return next((time_us for time_us in after if time_us >= plugged.time_us), FOREVER_US)

    def _plug_out(self, event: ContainerEvent) -> None:
        self._plugs.pop(event.device, None)
        if len(self._plugs) <= 1:
            self._on_two_plugs = None

    def _leave_plugs(self) -> None:
        self._plugs.clear()
        self._on_two_plugs = None

    def _contradict(
        self, kind: ConflictKind, before: ContainerEvent | None, event: ContainerEvent
    ) -> ContainerConflict | None:
        """Note a conflict, where the number was read right: who knows of which box it is else."""
        if not event.check_ok:
            return None
        conflict = _conflict(kind, before, event)
        self.conflicts[conflict.key] = conflict
        return conflict

    def _move(self, event: ContainerEvent) -> None:
        """Where the box is after an event."""
        before, state = self.state, self._leads_to(event)
        if event.event == "excursion_began" and before is not None and before.state == "inside":
            return
        if event.source == REPORTED and before is not None and before.state == state:
            return
        place = ABOARD if state == "on_vessel" else event.place
        if before is None or (before.state, before.place) != (state, place):
            self.state = ContainerState(event.terminal, event.container_id, state, place, event.time_us)

    def _leads_to(self, event: ContainerEvent) -> State:
        """Where it is after an event; what a crane picks and places on a ship never was inside."""
        if event.event == "gate_out":
            return "left"
        return "on_vessel" if event.place == ABOARD or _fact(event) in self._aboard else "inside"


def _fact(event: ContainerEvent) -> tuple[object, ...]:
    """The fact that it follows from."""
    return event.source, event.device, event.fact_us


def _conflict(kind: ConflictKind, before: ContainerEvent | None, event: ContainerEvent) -> ContainerConflict:
    words = f"{_words(event)}, after {'nothing' if before is None else _words(before)}"
    before_us = None if before is None else before.time_us
    return ContainerConflict(event.terminal, event.container_id, kind, event.time_us, before_us, words)


def _words(event: ContainerEvent) -> str:
    place = "" if event.place in (None, event.device) else f" ({event.place})"
    return f"{event.event} at {event.device}{place}"
