"""Appointments of trucks, and whether they were kept: announced with a box, named by the truck at the kiosk."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal, NamedTuple

from processing.model.fact_type import FactType
from processing.model.facts import FactKind, Key, Seen, TerminalFact
from processing.model.times import HOUR_US, MINUTE_US

Outcome = Literal["on_time", "early", "late", "no_show"]
EARLY_US, LATE_US = 30 * MINUTE_US, 60 * MINUTE_US
"""A truck is on time from so long before until so long after it was expected. Common practice. [µs]"""
EARLIEST_US, NO_SHOW_US = 12 * HOUR_US, 4 * HOUR_US
"""A truck that comes earlier, or later, than that comes for something else. Assumed. [µs]"""


class Arrival(NamedTuple):
    """A truck that named an appointment and came in. Times in µs since 1970 UTC.

    Attributes:
        arrived_us: when it joined the queue, or, where that is not known, came into the lane.
        passed_us: when it was through.
        lane: by name.
    """

    arrived_us: int
    passed_us: int
    lane: str


@dataclass(frozen=True, slots=True)
class TruckAppointment(TerminalFact):
    """An appointment and what became of it. Times in µs since 1970 UTC."""

    terminal: str
    appointment: Annotated[str, "its number"]
    expected_us: Annotated[int, "when the truck was expected"]
    arrived_us: Annotated[int | None, "when it joined the queue, or came into the lane; null: it has not come"]
    lane: str | None
    settled_us: Annotated[int, "when windows count it: the truck was in, or is expected no more"]
    outcome: Annotated[Outcome, "no_show holds from `settled_at` on"]

    key = Key("terminal", "appointment")
    seen = Seen("instant", "settled_us")


TRUCK_APPOINTMENT = FactType("truck_appointment", "truck_appointment", TruckAppointment)
APPOINTMENT: FactKind = "appointment"
"""What KPIs call appointments."""


def settled(terminal: str, appointment: str, expected_us: int, arrivals: Iterable[Arrival]) -> TruckAppointment:
    """What became of an appointment.

    Args:
        terminal: its id.
        appointment: number of the appointment.
        expected_us: when the truck was expected. [µs since 1970 UTC]
        arrivals: of trucks that named it, in any order.
    """
    first_us, last_us = expected_us - EARLIEST_US, expected_us + NO_SHOW_US
    came = min((one for one in arrivals if first_us <= one.arrived_us <= last_us), default=None)
    if came is None:
        return TruckAppointment(terminal, appointment, expected_us, None, None, last_us, "no_show")
    outcome: Outcome = "on_time"
    if came.arrived_us < expected_us - EARLY_US:
        outcome = "early"
    elif came.arrived_us > expected_us + LATE_US:
        outcome = "late"
    return TruckAppointment(terminal, appointment, expected_us, came.arrived_us, came.lane, came.passed_us, outcome)
