"""Causes found of delays, by vehicles too: of stored moves and trips, by the function that KPIs are made with."""

from collections import defaultdict
from collections.abc import Sequence

from api.database.queries import Reader, queries
from infra.clock import from_us, to_us, to_us_or_none
from infra.connection import Record
from infra.facts.rows import decode
from infra.facts.statements import selected
from processing.cranes.facts import CraneDelay
from processing.facts.transport import PLACED_US, cause_by_vehicles, concerned_us, undecided
from processing.facts.trips import Trips
from processing.vehicles.facts import TRIP

SQL = queries(__file__, "transport.sql")
TRIPS_SQL = SQL["trips"].format(columns=selected(TRIP.columns))


async def found_causes(reader: Reader, rows: Sequence[Record]) -> list[str]:
    """The cause found of each delay, in order.

    Args:
        reader: of the database.
        rows: with `terminal`, `device`, `began_at`, `ended_at` and `found_cause`, the one that signals show.
    """
    found = [row["found_cause"] for row in rows]
    of_terminal: dict[str, list[tuple[int, str, CraneDelay]]] = defaultdict(list)
    for at, row in enumerate(rows):
        delay = CraneDelay(0, to_us(row["began_at"]), to_us_or_none(row["ended_at"]), row["found_cause"])
        if undecided(delay):
            of_terminal[row["terminal"]].append((at, row["device"], delay))
    for terminal, delays in of_terminal.items():
        trips = await _trips(reader, terminal, [delay for _, _, delay in delays])
        cranes, began_us = [crane for _, crane, _ in delays], [delay.began_us for _, _, delay in delays]
        places = await reader.fetch(
            SQL["places"],
            terminal,
            cranes,
            [from_us(time_us - PLACED_US) for time_us in began_us],
            [from_us(time_us) for time_us in began_us],
        )
        for (at, _, delay), place in zip(delays, places, strict=True):
            found[at] = cause_by_vehicles(delay, place["gantry_m"], trips)
    return found


async def _trips(reader: Reader, terminal: str, delays: list[CraneDelay]) -> Trips:
    """Those trips of a terminal's vehicles that decide over delays."""
    spans = [concerned_us(delay) for delay in delays]
    begins, ends = [from_us(begin_us) for begin_us, _ in spans], [from_us(end_us) for _, end_us in spans]
    trips = Trips()
    for trip in decode(TRIP, await reader.fetch(TRIPS_SQL, terminal, begins, ends)):
        trips.put(trip)
    return trips
