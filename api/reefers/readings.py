"""The temperatures of one plug over a span, in steps, with the range that its profile allows."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil
from typing import Annotated

from msgspec import Meta, Struct, field

from api.database.queries import queries
from api.http.context import Context
from api.http.parameters import Begin, DeviceId, End, TerminalId
from api.http.rows import Time, rfc3339
from api.http.spans import DAY, MS, span
from api.reefers.plug import plug_id
from infra.clock import utc_now
from infra.connection import Record
from processing.model.times import EPOCH
from processing.reefers.profiles import ReeferProfiles
from processing.site.configuration import Sites

SQL = queries(__file__)
LONGEST = timedelta(days=31)
LEAST_STEP_MS = 60_000
Values = list[float | None]
SERIES = (
    "supply_low_degc",
    "supply_high_degc",
    "return_low_degc",
    "return_high_degc",
    "pulp_degc",
    "ambient_degc",
    "power_kw",
)
"""Columns of the query that are answered as lists."""


class ReadingsQuery(Struct, frozen=True):
    """Which plug, which span, how fine."""

    terminal: TerminalId
    device: DeviceId
    begin: Begin | None = field(default=None, name="from")
    end: End | None = field(default=None, name="to")
    points: Annotated[int, Meta(ge=10, le=2_000, description="most steps in the answer, 10 to 2000")] = 720


class AllowedRange(Struct, frozen=True):
    """What was in range for a while: a box with a setpoint, judged by a profile of the site file as it is now."""

    begin: Time
    end: Time
    container_id: str | None
    setpoint_degc: float
    profile: str
    probe: Annotated[str, Meta(description="the air that counts: supply, return or both")]
    low_degc: Annotated[float | None, Meta(description="null: too cold does not count")]
    high_degc: float


class Readings(Struct, frozen=True):
    """Temperatures of a plug; every list of `series` is as long as `time`."""

    terminal: str
    device: str
    step_ms: int
    time: Annotated[list[int], Meta(description="of the last sample in each step that has one [ms since 1970 UTC]")]
    series: Annotated[
        dict[str, Values],
        Meta(
            description="lowest and highest air, warmest pulp probe, mean ambient air [°C] and power [kW] of each step"
        ),
    ]
    ranges: Annotated[list[AllowedRange], Meta(description="in order; none where no box, or no setpoint, is known")]


async def readings(context: Context[ReadingsQuery, None]) -> Struct:
    """The temperatures of one plug."""
    query, database = context.query, context.database
    wanted = span(query.begin, query.end, utc_now(), DAY, LONGEST)
    plug = await plug_id(database, query.terminal, query.device)
    step_ms = max(LEAST_STEP_MS, ceil(wanted.seconds * 1000 / query.points))
    rows = await database.fetch(SQL["readings"], plug, wanted.begin, wanted.end, step_ms)
    profiles = ReeferProfiles(context.services[Sites].of(query.terminal).reefer_profiles)
    return Readings(
        query.terminal,
        query.device,
        step_ms,
        [(row["time"] - EPOCH) // MS for row in rows],
        {name: [row[name] for row in rows] for name in SERIES},
        ranges(rows, profiles, wanted.end),
    )


def ranges(rows: Iterable[Record], profiles: ReeferProfiles, end: datetime) -> list[AllowedRange]:
    """What was in range when: a new one with each box and setpoint, none while the plug is free.

    Args:
        rows: steps in order.
        profiles: of the terminal.
        end: of the last one.
    """
    found: list[AllowedRange] = []
    setpoint_degc: float | None = None
    wanted: tuple[str | None, float] | None = None
    since = end

    def close(at: datetime) -> None:
        if wanted is not None and since < at:
            found.append(_range(profiles, *wanted, since, at))

    for row in rows:
        setpoint_degc = row["setpoint_degc"] if row["setpoint_degc"] is not None else setpoint_degc
        now = None if row["free"] or setpoint_degc is None else (row["container_id"], setpoint_degc)
        if now != wanted:
            close(row["time"])
            wanted, since = now, row["time"]
    close(end)
    return found


def _range(
    profiles: ReeferProfiles, container: str | None, setpoint_degc: float, begin: datetime, end: datetime
) -> AllowedRange:
    profile = profiles.of(container, setpoint_degc)
    return AllowedRange(
        rfc3339(begin),
        rfc3339(end),
        container,
        setpoint_degc,
        profile.name,
        profile.probe,
        setpoint_degc - profile.tolerance_k if profile.below_counts else None,
        setpoint_degc + profile.tolerance_k,
    )
