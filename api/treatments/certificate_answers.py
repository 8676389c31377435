"""The certificate of a cold treatment, as JSON."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from api.http.rows import Time
from api.treatments.answers import AnnouncedTreatment, TreatmentSchedule

Hash = Annotated[str, Meta(description="SHA-256, hexadecimal")]
Range = Annotated[list[float] | None, Meta(description="lowest and highest corrected reading [°C]; null: not read")]


def runs_of(treatment: AnnouncedTreatment) -> list[Any]:
    """Its runs; their fields are those of the fact, which no type checker sees."""
    return list(treatment.runs)


class LogEntry(Struct, frozen=True):
    """One reading, as it stands in the log."""

    number: int
    time: Time
    plug: str
    seq: int
    usda1_degc: Annotated[float | None, Meta(description="as it was sent, without correction")]
    usda2_degc: float | None
    usda3_degc: float | None
    row_hash: Hash
    chain_hash: Hash
    counts: Annotated[
        bool, Meta(description="false: late rows have shown that it is of another box, or it is kept no more")
    ]
    row: Annotated[str | None, Meta(description="the stored row, hashed as it is here; null: kept no more, or missing")]


class DailyReadings(Struct, frozen=True):
    """What the probes read on one day, UTC."""

    day: str
    readings: int
    longest_silence_min: float
    usda1_degc: Range
    usda2_degc: Range
    usda3_degc: Range


class Certificate(Struct, frozen=True):
    """What a cold treatment has reached, and what that is known from."""

    issued_at: Time
    verdict: Annotated[
        Literal["done", "failed", "running", "unknown", "withdrawn"],
        Meta(description="of the last run; unknown: it was not followed"),
    ]
    intact: Annotated[bool, Meta(description="every row of the log that is still kept is as it was when it was stored")]
    wrong: Annotated[list[str], Meta(description="rows that are not, as `quaystream verify` prints them")]
    kept_no_more: Annotated[int, Meta(description="rows of the log that were dropped for their age")]
    treatment: AnnouncedTreatment
    schedule: Annotated[TreatmentSchedule | None, Meta(description="the version that holds; null: there is none")]
    log_head: Annotated[str, Meta(description="hash that the log ends with, hexadecimal; keep it elsewhere")]
    chain_begins_with: Annotated[str, Meta(description="what the first entry follows: SHA-256 of terminal/container")]
    how_to_check: str
    days: list[DailyReadings]
    entries: Annotated[list[LogEntry], Meta(description="in order of arrival")]
