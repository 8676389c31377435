"""What a truck's stay was made of: in lanes, being served by cranes and vehicles, and the rest of the time.

Who served it follows from container events of its boxes: what was brought is taken off the truck by the first crane or
vehicle that moves the box after it came in, what is taken away was put on it by the last one before it went out.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from processing.containers.facts import ContainerEvent
from processing.gates.facts import TruckVisit
from processing.model.spans import joined

MOVERS = frozenset({"crane", "vehicle"})
"""Streams whose devices move boxes."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """A box that a device took off the truck, or put on it. Times in µs since 1970 UTC.

    Attributes:
        container_id: the box.
        device, stream: who moved it.
        began_us, ended_us: from picking it to placing it.
        brought: whether the truck had brought it.
    """

    container_id: str
    device: str
    stream: str
    began_us: int
    ended_us: int
    brought: bool


@dataclass(frozen=True, slots=True)
class VisitParts:
    """Parts of a visit, from coming into the inbound lane to having left the outbound one. [µs].

    Attributes:
        whole_us: all of it.
        gate_in_us, gate_out_us: in the lanes.
        service_us: while a device moved one of its boxes; None: no hand-over is known.
        waiting_us: the rest: driving and waiting; None: not known.
    """

    whole_us: int
    gate_in_us: int
    gate_out_us: int
    service_us: int | None
    waiting_us: int | None


def hand_overs(visit: TruckVisit, events: Iterable[ContainerEvent]) -> list[HandOver]:
    """Who served a visit, in order of time; none of one of which only one passage is known.

    Args:
        visit: of a truck.
        events: of its boxes, those of its passages among them.
    """
    if visit.entered_us is None or visit.left_us is None:
        return []
    own = list(events)
    moved = [one for one in _moved(own) if visit.entered_us <= one.began_us and one.ended_us <= visit.left_us]
    found: set[HandOver] = set()
    for number in _passed(own, "gate_in", visit.lane_in, visit.entered_us):
        found.update([one for one in moved if one.container_id == number][:1])
    for number in _passed(own, "gate_out", visit.lane_out, visit.left_us):
        last = [one for one in moved if one.container_id == number][-1:]
        found.update(HandOver(*_values(one), brought=False) for one in last if one not in found)
    return sorted(found, key=lambda one: (one.began_us, one.container_id))


def boxes_of(visit: TruckVisit, events: Iterable[ContainerEvent]) -> list[str]:
    """Boxes that the truck brought or took away, by their numbers as far as they are known."""
    own = list(events)
    brought = _passed(own, "gate_in", visit.lane_in, visit.entered_us)
    return sorted({*brought, *_passed(own, "gate_out", visit.lane_out, visit.left_us)})


def parts(visit: TruckVisit, out_lane_us: int | None, served: Iterable[HandOver]) -> VisitParts | None:
    """What a visit is made of; None while one of its passages is not known.

    Args:
        visit: of a truck.
        out_lane_us: when it came into the outbound lane. [µs since 1970 UTC]
        served: its hand-overs.
    """
    if visit.entered_us is None or visit.left_us is None:
        return None
    gate_in_us = visit.entered_us - visit.arrived_us
    inside_us = max(visit.entered_us, visit.left_us if out_lane_us is None else out_lane_us)
    gate_out_us = visit.left_us - inside_us
    whole_us = visit.left_us - visit.arrived_us
    spans = [(one.began_us, min(one.ended_us, inside_us)) for one in served if one.began_us < inside_us]
    if not spans:
        return VisitParts(whole_us, gate_in_us, gate_out_us, None, None)
    service_us = sum(end_us - begin_us for begin_us, end_us in joined(spans))
    return VisitParts(whole_us, gate_in_us, gate_out_us, service_us, whole_us - gate_in_us - gate_out_us - service_us)


def _moved(events: list[ContainerEvent]) -> list[HandOver]:
    """What devices did with boxes, from picking to placing, in order of time."""
    began_us = {_of(one): one.time_us for one in events if one.event == "picked" and one.stream in MOVERS}
    found = [
        HandOver(one.container_id, one.device, one.stream, began_us[_of(one)], one.time_us, brought=True)
        for one in events
        if one.event == "placed" and _of(one) in began_us
    ]
    return sorted(found, key=lambda one: (one.began_us, one.ended_us, one.device))


def _of(one: ContainerEvent) -> tuple[str, str, int, str]:
    """Which fact an event follows from, and whose box it is."""
    return one.source, one.device, one.fact_us, one.container_id


def _passed(events: list[ContainerEvent], name: str, lane: str | None, time_us: int | None) -> list[str]:
    """Boxes on the truck in one of its passages."""
    return [one.container_id for one in events if (one.event, one.device, one.time_us) == (name, lane, time_us)]


def _values(one: HandOver) -> tuple[str, str, str, int, int]:
    return one.container_id, one.device, one.stream, one.began_us, one.ended_us
