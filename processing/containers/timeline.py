"""Where a box is by its events, and which of them contradict each other: a function of all events of the box."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal

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
STAYS: frozenset[EventName] = frozenset({"unplugged", "excursion_began", "excursion_ended"})
"""Events that show that it is inside, and move it nowhere."""
ON_PLUG: frozenset[EventName] = frozenset({"excursion_began", "excursion_ended"})
"""Events that leave it on its plug."""
REPORTED = TOS_REPORT.name
"""Source of events that messages of the terminal operating system state."""
AGREE_US = 10 * MINUTE_US
"""Events no further apart do not contradict each other: clocks differ, trucks turn round in a lane. Assumed. [µs]"""
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


def judge(events: Iterable[ContainerEvent]) -> Judged:
    """Follow a box through its events.

    Args:
        events: all of one box, in any order.
    """
    follower = _Follower()
    for event in in_order(events):
        follower.feed(event)
    return Judged(follower.state, tuple(follower.conflicts.values()))


class _Follower:
    """Follows one box, event by event."""

    def __init__(self) -> None:
        self.state: ContainerState | None = None
        self.conflicts: dict[tuple[object, ...], ContainerConflict] = {}
        self._last: ContainerEvent | None = None
        self._plug: ContainerEvent | None = None

    def feed(self, event: ContainerEvent) -> None:
        """Take in the next event."""
        if event.event in ELSEWHERE:
            return
        kind = self._contradiction(event) if event.check_ok else None  # who knows of which box it is
        before = self._plug if kind == "two_plugs" else self._last
        if kind is not None:
            conflict = _conflict(kind, before, event)
            self.conflicts[conflict.key] = conflict
        self._move(event)
        if event.event not in ON_PLUG:
            self._plug = event if event.event == "plugged" else None
        self._last = event

    def _contradiction(self, event: ContainerEvent) -> ConflictKind | None:
        """What an event contradicts, None: nothing."""
        state, last = self.state, self._last
        if state is None or last is None:
            return "left_without_arriving" if event.event in DEPARTURES else None
        if event.time_us - last.time_us <= AGREE_US or self._confirms(event, last, state.state):
            return None
        if event.event in ARRIVALS:
            fits = "left" if event.event == "gate_in" else "on_vessel"
            return None if state.state in (fits, "left") else "arrived_twice"
        if state.state == "left" or (state.state == "on_vessel" and event.place != ABOARD):
            return "seen_after_leaving"
        if event.event == "plugged" and self._plug is not None and self._plug.device != event.device:
            return "two_plugs"
        return None

    @staticmethod
    def _confirms(event: ContainerEvent, last: ContainerEvent, state: State) -> bool:
        """Whether a message states what a device has seen, or a device sees what a message has stated.

        Messages come with the times at which somebody entered them.
        """
        if REPORTED not in (event.source, last.source):
            return False
        return event.event == last.event or (event.source == REPORTED and _leads_to(event) == state)

    def _move(self, event: ContainerEvent) -> None:
        """Where the box is after an event."""
        before, state = self.state, _leads_to(event)
        if event.event in STAYS and before is not None and before.state == "inside":
            return
        if event.source == REPORTED and before is not None and before.state == state:
            return
        if before is None or (before.state, before.place) != (state, event.place):
            self.state = ContainerState(event.terminal, event.container_id, state, event.place, event.time_us)


def _leads_to(event: ContainerEvent) -> State:
    return "left" if event.event == "gate_out" else "on_vessel" if event.place == ABOARD else "inside"


def _conflict(kind: ConflictKind, before: ContainerEvent | None, event: ContainerEvent) -> ContainerConflict:
    words = f"{_words(event)}, after {'nothing' if before is None else _words(before)}"
    before_us = None if before is None else before.time_us
    return ContainerConflict(event.terminal, event.container_id, kind, event.time_us, before_us, words)


def _words(event: ContainerEvent) -> str:
    place = "" if event.place in (None, event.device) else f" ({event.place})"
    return f"{event.event} at {event.device}{place}"
