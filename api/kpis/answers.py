"""What is answered about KPIs."""

from typing import Annotated

from msgspec import Meta, Struct

Point = Annotated[
    list[int | float | None],
    Meta(min_length=2, max_length=2, description="start of the step in ms since 1970 UTC, last value in it or null"),
]


class KpiInfo(Struct, frozen=True):
    """One row of the KPI table: what the number means."""

    id: str
    title: str
    unit: str
    subject: Annotated[str, Meta(description="kinds of subjects: crane, terminal, berth, call, with commas between")]
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
        str | None, Meta(description="final, or provisional while people have not stated the causes of all delays")
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
