"""Parameters of the routes of KPIs."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from api.http.parameters import Id, Moment, TerminalId, listed
from processing.kpi.subjects import KINDS

KpiId = Annotated[Id, Meta(description="KPI id as /api/v1/kpis lists it")]
WindowId = Annotated[Literal["PT1H", "shift", "day", "call", "now"], Meta(description="PT1H, shift, day, call or now")]

SUBJECT_KINDS = listed([kind.name for kind in KINDS])
SubjectId = Annotated[Id, Meta(description=f"{SUBJECT_KINDS}; the terminal when left out")]


class LiveKpisQuery(Struct, frozen=True):
    """Which KPI values."""

    terminal: TerminalId | None = None
    window: (
        Annotated[
            Literal["PT1H", "shift", "day", "call", "now", "all"],
            Meta(description="PT1H, shift, day, call, now, or all; the main window of each when left out"),
        ]
        | None
    ) = None


class HistoryQuery(Struct, frozen=True):
    """One KPI over time."""

    kpi: KpiId
    terminal: TerminalId
    subject: SubjectId | None = None
    window: WindowId | None = None
    begin: Annotated[Moment, Meta(description="start, a time; 6 h before `to` when left out")] | None = field(
        default=None, name="from"
    )
    end: Annotated[Moment, Meta(description="end, a time; now when left out")] | None = field(default=None, name="to")
    step: Annotated[int, Meta(ge=1, le=86_400, description="seconds between points, 1 to 86400")] = 60
