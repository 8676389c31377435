"""What really happened at the gate. Never an input of quaystream: the detectors are scored against it."""

from dataclasses import dataclass
from typing import Any, ClassVar

from simulators.devices import text


@dataclass(frozen=True, slots=True)
class TrueTransaction:
    """One truck in one lane. [ms since 1970 UTC].

    Attributes:
        device, direction: the lane.
        visit, plate, container_ids: of the truck, as they are.
        entered_ms: it came into the lane.
        ended_ms: it left it, forth or back.
        reason: None: it passed; `tailgated`: it passed behind another truck; else it did not pass: `reversed_out`,
            `cancelled`.
        trouble: whether it was at the trouble desk.
    """

    device: str
    direction: str
    visit: str
    plate: str
    container_ids: tuple[str, ...]
    entered_ms: int
    ended_ms: int
    reason: str | None
    trouble: bool
    fact: ClassVar[str] = "gate_transaction"

    @property
    def left_ms(self) -> int | None:
        """When it had passed the lane; None: it did not."""
        return self.ended_ms if self.reason in (None, "tailgated") else None

    def payload(self) -> dict[str, Any]:
        """What is published of it."""
        return {
            "device": self.device,
            "direction": self.direction,
            "visit": self.visit,
            "plate": self.plate,
            "container_ids": self.container_ids,
            "entered_at": text(self.entered_ms),
            "left_at": None if self.left_ms is None else text(self.left_ms),
            "reason": self.reason,
            "trouble": self.trouble,
        }


@dataclass(frozen=True, slots=True)
class TrueVisit:
    """A truck's stay: gate-in and gate-out completed. [ms since 1970 UTC].

    Attributes:
        visit, plate: of the truck, as they are.
        entered_ms, left_ms: it had passed the lanes; None: no lane saw it leave.
        lane_in, lane_out: the lanes.
        brought, taken: containers.
        appointment: its number, None: it had none.
        in_window: whether it came in the time of its appointment.
        reason: how it ended: None: as it should; `tailgated`; `left_unseen`.
    """

    visit: str
    plate: str
    entered_ms: int
    left_ms: int | None
    lane_in: str
    lane_out: str | None
    brought: tuple[str, ...]
    taken: tuple[str, ...]
    appointment: str | None
    in_window: bool
    reason: str | None
    fact: ClassVar[str] = "truck_visit"

    def payload(self) -> dict[str, Any]:
        """What is published of it."""
        return {
            "visit": self.visit,
            "plate": self.plate,
            "entered_at": text(self.entered_ms),
            "left_at": None if self.left_ms is None else text(self.left_ms),
            "lane_in": self.lane_in,
            "lane_out": self.lane_out,
            "brought": self.brought,
            "taken": self.taken,
            "appointment": self.appointment,
            "in_window": self.in_window,
            "reason": self.reason,
        }
