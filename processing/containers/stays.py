"""How long a box was in the terminal: from the event by which it came to the one by which it left."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from processing.containers.facts import ContainerEvent, EventName
from processing.containers.timeline import AGREE_US, ARRIVALS, DEPARTURES, REPORTED, in_order
from processing.model.fact_type import FactType
from processing.model.facts import FactKind, Key, Seen, TerminalFact

Side = Literal["vessel", "gate"]
BY: dict[EventName, Side] = {"discharged": "vessel", "loaded": "vessel", "gate_in": "gate", "gate_out": "gate"}
"""By which side of the terminal an event brings a box in, or takes it away."""
ON_PLUG: frozenset[EventName] = frozenset({"plugged", "unplugged", "excursion_began", "excursion_ended"})
"""Events that only boxes with a cooling unit have that was in use."""


@dataclass(frozen=True, slots=True)
class ContainerStay(TerminalFact):
    """A box's stay in the terminal. Times in µs since 1970 UTC."""

    terminal: str
    container_id: str
    arrived_us: Annotated[int, "discharged, or in through the gate"]
    arrived_by: Side
    left_us: Annotated[int | None, "loaded, or out through the gate; null while it is inside, or where it left unseen"]
    left_by: Side | None
    reefer: Annotated[bool, "whether it was on a reefer plug"]

    key = Key("terminal", "container_id", "arrived_us")
    seen = Seen("instant", "left_us")

    @property
    def dwell_us(self) -> int | None:
        """How long it was inside; None while it is. [µs]."""
        return None if self.left_us is None else self.left_us - self.arrived_us


CONTAINER_STAY = FactType("container_stay", "container_stay", ContainerStay)
STAY: FactKind = "stay"
"""What KPIs call stays."""


def stays_of(events: Iterable[ContainerEvent]) -> list[ContainerStay]:
    """Stays of a box, in order of time; boxes with a wrong check digit have none: many share such a text.

    Args:
        events: all of one box, in any order.
    """
    found: list[ContainerStay] = []
    arrival: ContainerEvent | None = None  # of the stay that lasts
    for event in in_order(events):
        if not event.check_ok:
            continue
        if event.event in ARRIVALS and (arrival is None or not _same_arrival(arrival, event)):
            arrival = event
            side = BY[event.event]
            found.append(ContainerStay(event.terminal, event.container_id, event.time_us, side, None, None, False))
        elif arrival is not None and event.event in DEPARTURES:
            arrival = None
            found[-1] = replace(found[-1], left_us=event.time_us, left_by=BY[event.event])
        elif arrival is not None and event.event in ON_PLUG:
            found[-1] = replace(found[-1], reefer=True)
    return found


def _same_arrival(first: ContainerEvent, other: ContainerEvent) -> bool:
    """Whether a later event shows what an earlier one has: a truck that turns round, a message entered afterwards."""
    if other.time_us - first.time_us <= AGREE_US:
        return True
    return first.event == other.event and REPORTED in (first.source, other.source)
