"""Terminals as the database and the site file have them."""

from api.database.database import Database
from api.database.queries import queries
from api.http.rows import rfc3339, structs
from api.terminals.answers import CurrentShift, Terminal
from infra.clock import from_us, now_us
from processing.site.configuration import Site, Sites

SQL = queries(__file__)


async def terminals(database: Database, sites: Sites) -> list[Terminal]:
    """All terminals that have devices, with the time zone and the shift of each."""
    rows, at_us = await database.fetch(SQL["terminals"]), now_us()
    return await structs(Terminal, [(*row, *_clocks(sites.of(row["terminal"]), at_us)) for row in rows])


def _clocks(site: Site, at_us: int) -> tuple[str, CurrentShift]:
    shift = site.shift(at_us)
    return site.time_zone, CurrentShift(shift.name, rfc3339(from_us(shift.begin_us)), rfc3339(from_us(shift.end_us)))
