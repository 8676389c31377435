"""What is answered about vessel calls."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct, field

from api.http.rows import Time, rfc3339
from infra.clock import from_us
from processing.calls.call import VesselCall


class Planned(Struct, frozen=True):
    """Boxes planned; null where no number is known."""

    discharge: int | None
    load: int | None
    shift: int | None


class Assigned(Struct, frozen=True):
    """A crane that works the call; `until` is null while that is open."""

    crane: str
    begin: Time = field(name="from")
    end: Time | None = field(name="until")


class PortCall(Struct, frozen=True):
    """A vessel's stay as it was announced last; what is null is not known, or not yet."""

    terminal: str
    call_id: str
    vessel: str | None
    berth: str | None
    first_line_at: Time | None
    all_fast_at: Time | None
    last_line_at: Time | None
    planned_completion_at: Time | None
    planned: Planned
    assignments: list[Assigned]
    problems: Annotated[list[str], Meta(description="what is odd about it, and keys that mean nothing")]
    received_at: Annotated[Time | None, Meta(description="when it was announced as it is now; null until it is stored")]


class PortCalls(Struct, frozen=True):
    """Vessel calls, latest beginning first."""

    calls: list[PortCall]


def port_call(call: VesselCall, problems: list[str], received_at: datetime | None) -> PortCall:
    """A call as it is answered."""
    return PortCall(
        terminal=call.terminal,
        call_id=call.call_id,
        vessel=call.vessel,
        berth=call.berth,
        first_line_at=_time(call.first_line_us),
        all_fast_at=_time(call.all_fast_us),
        last_line_at=_time(call.last_line_us),
        planned_completion_at=_time(call.planned_completion_us),
        planned=Planned(call.planned_discharge, call.planned_load, call.planned_shift),
        assignments=[
            Assigned(one.crane, rfc3339(from_us(one.from_us)), _time(one.until_us)) for one in call.assignments
        ],
        problems=problems,
        received_at=None if received_at is None else rfc3339(received_at),
    )


def _time(time_us: int | None) -> str | None:
    return None if time_us is None else rfc3339(from_us(time_us))
