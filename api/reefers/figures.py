"""Figures of the box on a plug over a span, each explained: made of the raw samples when asked for."""

import asyncio
from datetime import timedelta
from typing import Annotated

from msgspec import Meta, Struct, field

from api.database.queries import queries
from api.http.context import Context
from api.http.errors import BadRequestError
from api.http.parameters import Begin, DeviceId, End, TerminalId
from api.http.rows import Time, rfc3339
from api.http.spans import DAY, span
from api.reefers.plug import plug_id
from infra.clock import to_us, utc_now
from infra.connection import Record
from processing.containers.iso6346 import normalise
from processing.kpi.explain import PLACE, number
from processing.reefers.figure_table import FIGURES, TERMS, Figure
from processing.reefers.figures import BoxFigures, BoxReading, figures
from processing.reefers.profiles import ReeferProfiles
from processing.site.configuration import Sites

SQL = queries(__file__)
LONGEST = timedelta(days=31)
MOST_SAMPLES = 100_000


class FiguresQuery(Struct, frozen=True):
    """Which plug, which span, and of which box."""

    terminal: TerminalId
    device: DeviceId
    begin: Begin | None = field(default=None, name="from")
    end: End | None = field(default=None, name="to")
    container_id: (
        Annotated[
            str, Meta(max_length=20, description="only while this box was on the plug; whatever box when left out")
        ]
        | None
    ) = None


class FigureTermValue(Struct, frozen=True):
    """One term of a formula."""

    name: str
    label: str
    value: float | None
    unit: str


class FigureValue(Struct, frozen=True):
    """One figure, and where it comes from."""

    id: str
    title: str
    value: float | None
    unit: str
    formula: Annotated[str, Meta(description="in words")]
    filled: Annotated[str, Meta(description="with numbers, and the result")]
    terms: list[FigureTermValue]
    source: str
    description: str


class BoxFiguresAnswer(Struct, frozen=True):
    """Figures of the box on a plug over a span."""

    terminal: str
    device: str
    container_id: str | None
    begin: Time
    end: Time
    figures: list[FigureValue]


async def box_figures(context: Context[FiguresQuery, None]) -> Struct:
    """Figures of the box on a plug."""
    query, database = context.query, context.database
    wanted = span(query.begin, query.end, utc_now(), DAY, LONGEST)
    plug = await plug_id(database, query.terminal, query.device)
    rows = await database.fetch(SQL["samples"], plug, wanted.begin, wanted.end, MOST_SAMPLES + 1)
    if len(rows) > MOST_SAMPLES:
        raise BadRequestError(
            f"the span holds more than {MOST_SAMPLES} samples of {query.device}; ask for a shorter one"
        )
    box = None if query.container_id is None else normalise(query.container_id)
    profiles = ReeferProfiles(context.services[Sites].of(query.terminal).reefer_profiles)

    def made() -> BoxFigures:
        return figures(readings(rows, box), to_us(wanted.end), profiles)

    found = await asyncio.to_thread(made)
    return BoxFiguresAnswer(
        query.terminal,
        query.device,
        box,
        rfc3339(wanted.begin),
        rfc3339(wanted.end),
        [_answer(figure, found) for figure in FIGURES],
    )


def readings(rows: list[Record], box: str | None) -> list[BoxReading]:
    """Samples as readings; the box is there unless the plug is free, or a sample is of another one.

    Args:
        rows: of the query `samples`.
        box: only while this one was there; None: whatever box.
    """
    return [
        BoxReading(to_us(time), number, setpoint, supply, back, power_kw, there=not free and box in (None, number))
        for time, number, setpoint, supply, back, power_kw, free in rows
    ]


def _answer(figure: Figure, found: BoxFigures) -> FigureValue:
    terms = [TERMS[name] for name in figure.terms]
    shown = {term.name: number(term.of(found), term.unit) for term in terms}
    value = figure.of(found)
    value = None if value is None else round(value, 6)
    filled = PLACE.sub(lambda place: shown[place[1]], figure.formula)
    return FigureValue(
        figure.id,
        figure.title,
        value,
        figure.unit,
        PLACE.sub(lambda place: TERMS[place[1]].label, figure.formula),
        f"{filled} = {number(value, figure.unit)}",
        [FigureTermValue(term.name, term.label, term.of(found), term.unit) for term in terms],
        figure.source,
        figure.text,
    )
