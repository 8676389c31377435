"""What the API answers: one Struct per thing, in the order in which the queries select the columns."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, TypeVar

from msgspec import Meta, Struct

Time = Annotated[str, Meta(extra_json_schema={"format": "date-time"}, description="RFC 3339, UTC, milliseconds")]
Scalar = float | int | bool | str

Point = Annotated[
    list[int | float | None],
    Meta(min_length=2, max_length=2, description="start of the step in ms since 1970 UTC, last value in it or null"),
]

T = TypeVar("T", bound=Struct)


class CurrentShift(Struct, frozen=True):
    """The shift that a terminal is in."""

    name: str
    begin: Time
    end: Time


class Terminal(Struct, frozen=True):
    """One container terminal that has devices."""

    terminal: str
    devices: int
    last_seen: Time | None
    time_zone: Annotated[str, Meta(description="IANA name; times in the API are UTC all the same")]
    shift: CurrentShift


class Terminals(Struct, frozen=True):
    """All terminals."""

    terminals: list[Terminal]


class Device(Struct, frozen=True):
    """One source of messages, with what was counted of it since it was first seen."""

    terminal: str
    stream: str
    device: str
    type: str | None
    online: bool | None
    first_seen: Time
    last_time: Time | None
    last_received_at: Time | None
    received: int
    stored: int
    duplicate: int
    late: int
    out_of_range: int
    unknown_keys: int
    quarantined: int
    seq_gaps: Annotated[int, Meta(description="seq numbers that were skipped")]
    out_of_range_by_signal: Annotated[dict[str, int], Meta(description="values left out, implausible or NaN")]
    quarantined_by_reason: dict[str, int]


class Devices(Struct, frozen=True):
    """Devices in order of terminal, stream and id."""

    devices: list[Device]


class Latest(Struct, frozen=True):
    """The newest sample of a device; `signals` holds only what the sample carried."""

    terminal: str
    stream: str
    device: str
    time: Time
    seq: int
    received_at: Time
    signals: dict[str, Scalar | list[str]]


class LatestList(Struct, frozen=True):
    """Newest samples, one per device."""

    latest: list[Latest]


class KpiInfo(Struct, frozen=True):
    """One row of the KPI table: what the number means."""

    id: str
    title: str
    unit: str
    subject: Annotated[str, Meta(description="what it is told for: crane, terminal, berth, call, with commas between")]
    window: Annotated[str, Meta(description="ISO 8601 duration, or now")]
    window_s: Annotated[int, Meta(description="length of the window, 0 where it is none that slides [s]")]
    windows: Annotated[dict[str, list[str]], Meta(description="by kind of subject its windows, the main one first")]
    formula: str
    source: str
    description: str


class KpiCatalogue(Struct, frozen=True):
    """All KPIs."""

    kpis: list[KpiInfo]


class KpiValue(Struct, frozen=True):
    """The newest value of one KPI of one subject; null where there is nothing to count yet."""

    terminal: str
    kpi: str
    subject: str
    ts: str
    value: float | None
    unit: str
    window: str
    state: Annotated[
        str | None, Meta(description="final, or provisional while people have not said the causes of all stops")
    ] = None


class KpiValues(Struct, frozen=True):
    """Newest KPI values."""

    values: list[KpiValue]


class KpiHistory(Struct, frozen=True):
    """One KPI over time; a step in which nothing was written has no point."""

    kpi: str
    terminal: str
    subject: str
    window: str
    unit: str
    step_s: int
    points: list[Point]


class Move(Struct, frozen=True):
    """One crane move. Its cycle begins where the move before ended; null where that is not known."""

    terminal: str
    device: str
    began_at: Time | None
    locked_at: Time
    lifted_at: Time
    landed_at: Time
    unlocked_at: Time
    kind: Annotated[str, Meta(description="load, discharge, shift, rehandle, hatch_cover or gear")]
    boxes: Annotated[int, Meta(description="containers carried; 0 for hatch covers and gear")]
    teu: float
    inferred: Annotated[bool, Meta(description="part of it was not seen and follows from the rest")]
    confidence: Annotated[float, Meta(description="1 where everything was seen and agrees, less for each doubt")]
    from_trolley_m: float | None
    to_trolley_m: float | None
    gantry_m: float | None
    peak_load_t: float | None
    size_ft: int | None
    twin: bool
    container_ids: Annotated[list[str], Meta(description="as the crane's OCR read them")]
    energy_kwh: Annotated[float | None, Meta(description="what the drives took in the whole cycle [kWh]")]
    waited_empty_s: Annotated[float | None, Meta(description="standing still in the air before locking [s]")]
    waited_laden_s: Annotated[float | None, Meta(description="the same between lifting and landing [s]")]


class Moves(Struct, frozen=True):
    """Crane moves, newest first."""

    moves: list[Move]


class Visit(Struct, frozen=True):
    """One truck's stay: from the end of gate-in to the end of gate-out."""

    terminal: str
    visit: str
    plate: str | None
    entered_at: Time | None
    left_at: Time | None


class Visits(Struct, frozen=True):
    """Truck visits, newest first."""

    visits: list[Visit]


class Excursion(Struct, frozen=True):
    """A reefer out of range; `ended_at` is null while it lasts."""

    terminal: str
    device: str
    container_id: str | None
    probe: str
    began_at: Time
    ended_at: Time | None
    setpoint_degc: float | None
    worst_degc: float | None


class Excursions(Struct, frozen=True):
    """Reefer excursions, newest first."""

    excursions: list[Excursion]


class Quarantined(Struct, frozen=True):
    """A message, or a sample of it, that was not understood, and what its sender should change."""

    id: int
    received_at: Time
    topic: str
    reason: str
    detail: str
    terminal: str | None
    stream: str | None
    device: str | None
    payload: Annotated[str, Meta(description="the first 1,000 bytes; what is not UTF-8 is shown as \ufffd")]
    payload_bytes: int


class Quarantine(Struct, frozen=True):
    """Quarantined messages, newest first, with counts over all of them."""

    quarantine: list[Quarantined]
    total: int
    by_reason: dict[str, int]


class Check(Struct, frozen=True):
    """One thing the API needs; `detail` says what to do when it is not ok."""

    ok: bool
    detail: str


class Readiness(Struct, frozen=True):
    """Whether everything the API needs is there."""

    ready: bool
    checks: dict[str, Check]


class Liveness(Struct, frozen=True):
    """The program runs."""

    status: str


def rfc3339(time: datetime) -> str:
    """A UTC time as text with milliseconds and `Z`; twice as fast as `isoformat` on an aware time."""
    return (
        f"{time.year:04}-{time.month:02}-{time.day:02}T{time.hour:02}:{time.minute:02}:{time.second:02}"
        f".{time.microsecond // 1000:03}Z"
    )


def build(kind: type[T], row: Sequence[Any]) -> T:
    """One row of a query whose columns stand in the order of the Struct's fields."""
    return kind(*[rfc3339(value) if type(value) is datetime else value for value in row])
