"""All plugs of a terminal: how each was at the end of a span, and for how long what was wrong in it."""

from typing import Annotated

from msgspec import Meta, Struct, field

from api.database.queries import queries
from api.http.context import Context
from api.http.parameters import Begin, End, TerminalId
from api.http.rows import Time, rfc3339
from api.http.spans import DAY, facts_span
from infra.clock import utc_now
from processing.site.configuration import Sites

SQL = queries(__file__)
LAST = DAY
"""A sample from longer before the end of the span says nothing of it."""


class PlugsQuery(Struct, frozen=True):
    """Whose plugs, in which span."""

    terminal: TerminalId
    begin: Begin | None = field(default=None, name="from")
    end: End | None = field(default=None, name="to")


class Plug(Struct, frozen=True):
    """One plug."""

    device: str
    rack: str
    container_id: Annotated[
        str | None, Meta(description="named last within a day before the end; null: none, or the plug is free")
    ]
    plugged: Annotated[bool | None, Meta(description="at the end of the span; null: not known")]
    powered: Annotated[bool | None, Meta(description="at the end of the span; null: not known")]
    out_of_range: Annotated[bool, Meta(description="whether an excursion lasts at the end of the span")]
    time: Annotated[Time | None, Meta(description="of its last sample within a day before the end of the span")]
    setpoint_degc: float | None
    supply_degc: float | None
    return_degc: float | None
    mode: str | None
    excursions: Annotated[int, Meta(description="that touch the span")]
    out_of_range_min: Annotated[float, Meta(description="of excursions, as far as they lie in the span")]
    worst_k: Annotated[float | None, Meta(description="largest distance from the setpoint, signed, in an excursion")]
    off_power_min: float
    unknown_min: Annotated[float, Meta(description="of silence: neither in range nor out of it")]


class Plugs(Struct, frozen=True):
    """All plugs of a terminal."""

    begin: Time
    end: Time
    plugs: Annotated[list[Plug], Meta(description="in no order")]


async def plugs(context: Context[PlugsQuery, None]) -> Struct:
    """All plugs of a terminal."""
    query = context.query
    wanted = facts_span(query.begin, query.end, utc_now())
    site = context.services[Sites].of(query.terminal)
    rows = await context.database.fetch(
        SQL["plugs"], query.terminal, wanted.begin, wanted.end, max(wanted.begin, wanted.end - LAST)
    )
    return Plugs(
        rfc3339(wanted.begin),
        rfc3339(wanted.end),
        [
            Plug(
                row["device"],
                site.rack_of(row["device"]) or row["device"],
                row["container_id"],
                row["plugged"],
                row["powered"],
                row["out_of_range"],
                None if row["time"] is None else rfc3339(row["time"]),
                row["setpoint_degc"],
                row["supply_degc"],
                row["return_degc"],
                row["mode"],
                row["excursions"],
                round(row["out_of_range_min"], 3),
                row["worst_k"],
                round(row["off_power_min"], 3),
                round(row["unknown_min"], 3),
            )
            for row in rows
        ],
    )
