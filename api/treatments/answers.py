"""What is answered about cold treatments."""

from typing import Annotated

from msgspec import Meta, Struct

from api.http.rows import Time


class ScheduleLevel(Struct, frozen=True):
    """Pulp at or below a limit for so many consecutive days."""

    limit_degc: float
    days: int


class TreatmentSchedule(Struct, frozen=True):
    """One version of a schedule."""

    id: str
    text: str
    levels: Annotated[list[ScheduleLevel], Meta(description="coldest first; a warmer level takes more days")]
    gap_min: Annotated[float, Meta(description="longest time between two readings of a probe that counts [min]")]
    start_degc: Annotated[float, Meta(description="a run begins once the warmest probe is at or below this [°C]")]
    source: str
    verified: Annotated[bool, Meta(description="whether the figures were compared with a publication of the protocol")]
    valid_from: Annotated[Time | None, Meta(description="for treatments that begin then or later; null: since ever")]
    valid_until: Annotated[Time | None, Meta(description="and before this time; null: without an end")]


class TreatmentSchedules(Struct, frozen=True):
    """All schedules of cold treatments, by id and validity."""

    schedules: list[TreatmentSchedule]
