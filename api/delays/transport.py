"""Causes found of delays, by vehicles too: of stored moves and trips, by the function that KPIs are made with."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from api.database.queries import Reader, queries
from infra.clock import from_us, to_us, to_us_or_none
from infra.connection import Record
from infra.facts.rows import decode
from infra.facts.statements import selected
from processing.cranes.facts import CraneDelay
from processing.facts.transport import PLACED_US, cause_by_vehicles, concerned_us, undecided
from processing.facts.trips import Trips
from processing.model.spans import joined
from processing.model.times import HOUR_US
from processing.vehicles.facts import TRIP

SQL = queries(__file__, "transport.sql")
TRIPS_SQL = SQL["trips"].format(columns=selected(TRIP.columns))
AT_ONCE_US = 12 * HOUR_US
"""Trips of so long are read at once, so that memory does not grow with the span that is asked for. [µs]"""
Undecided = tuple[int, str, CraneDelay]
"""Place among the rows, crane, delay."""


async def found_causes(reader: Reader, rows: Sequence[Record]) -> list[str]:
    """The cause found of each delay, in order.

    Args:
        reader: of the database.
        rows: with `terminal`, `device`, `began_at`, `ended_at` and `found_cause`, the one that signals show.
    """
    found = [row["found_cause"] for row in rows]
    of_terminal: dict[str, list[Undecided]] = defaultdict(list)
    for at, row in enumerate(rows):
        delay = CraneDelay(0, to_us(row["began_at"]), to_us_or_none(row["ended_at"]), row["found_cause"])
        if undecided(delay):
            of_terminal[row["terminal"]].append((at, row["device"], delay))
    for terminal, delays in of_terminal.items():
        for group in _groups(delays):
            for at, cause in await _causes(reader, terminal, group):
                found[at] = cause
    return found


def _groups(delays: list[Undecided]) -> Iterator[list[Undecided]]:
    """Delays in order of beginning, in groups over which the trips of `AT_ONCE_US` decide at most."""
    group: list[Undecided] = []
    length_us = until_us = 0
    for one in sorted(delays, key=lambda one: one[2].began_us):
        begin_us, end_us = concerned_us(one[2])
        more_us = max(end_us - max(begin_us, until_us), 0)
        if group and length_us + more_us > AT_ONCE_US:
            yield group
            group, length_us, more_us = [], 0, end_us - begin_us
        group.append(one)
        length_us, until_us = length_us + more_us, max(until_us, end_us)
    if group:
        yield group


async def _causes(reader: Reader, terminal: str, delays: list[Undecided]) -> list[tuple[int, str]]:
    """Place and cause of each of some delays."""
    trips = await _trips(reader, terminal, [delay for _, _, delay in delays])
    began_us = [delay.began_us for _, _, delay in delays]
    places = await reader.fetch(
        SQL["places"],
        terminal,
        [crane for _, crane, _ in delays],
        [from_us(time_us - PLACED_US) for time_us in began_us],
        [from_us(time_us) for time_us in began_us],
    )
    return [
        (at, cause_by_vehicles(delay, place["gantry_m"], trips))
        for (at, _, delay), place in zip(delays, places, strict=True)
    ]


async def _trips(reader: Reader, terminal: str, delays: list[CraneDelay]) -> Trips:
    """Those trips of a terminal's vehicles that decide over delays, each read once."""
    spans = joined(concerned_us(delay) for delay in delays)
    begins, ends = [from_us(begin_us) for begin_us, _ in spans], [from_us(end_us) for _, end_us in spans]
    trips = Trips()
    for trip in decode(TRIP, await reader.fetch(TRIPS_SQL, terminal, begins, ends)):
        trips.put(trip)
    return trips
