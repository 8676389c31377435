"""What is answered about cold treatments."""

from typing import Annotated

from msgspec import Meta, Struct

from api.facts.answers import FactAnswer, answers
from api.http.rows import Time
from processing.treatments.facts import COLD_TREATMENT


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


@answers(COLD_TREATMENT, leave_out=("terminal", "container_id", "schedule"))
class TreatmentRun(FactAnswer, frozen=True):
    """One attempt: how far it is, at which level, and what broke it."""


class AnnouncedTreatment(Struct, frozen=True):
    """A cold treatment as it was announced last, with its runs."""

    terminal: str
    container_id: str
    schedule: str
    began_at: Time
    corrections_degc: Annotated[dict[str, float], Meta(description="added to what each probe reads [K]")]
    announced_at: Time
    readings: Annotated[int, Meta(description="rows in its log, which `quaystream verify` checks")]
    log_head: Annotated[str, Meta(description="hash that its log ends with, hexadecimal; empty: it has no entry")]
    up_to_date: Annotated[bool, Meta(description="whether the worker has followed all of them, as announced last")]
    problem: Annotated[str | None, Meta(description="why the worker cannot follow it; null: it can")]
    withdrawn_at: Annotated[Time | None, Meta(description="when it was withdrawn; its log stays, its runs do not")]
    withdrawn_by: Annotated[str | None, Meta(description="who withdrew it; null: it is not known")]
    runs: Annotated[list[TreatmentRun], Meta(description="oldest first; none until the worker has taken it up")]


class WithdrawnTreatment(Struct, frozen=True):
    """A treatment that is announced no more."""

    terminal: str
    container_id: str
    withdrawn_by: str | None


class Treatments(Struct, frozen=True):
    """Cold treatments, those announced last first."""

    treatments: list[AnnouncedTreatment]
