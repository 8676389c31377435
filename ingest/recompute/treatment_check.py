"""Stored runs of cold treatments beside those that their logged readings give: what differs, in words."""

from collections.abc import Iterable

from infra.clock import from_us
from infra.connection import Connection
from infra.facts.difference import difference
from ingest.recompute.differences import Differences
from ingest.recompute.followed import SQL, ReadingsDroppedError, read_whole, stored_runs
from processing.treatments.facts import ColdTreatment
from processing.treatments.schedules import Schedule, UnknownScheduleError


async def compare_treatments(
    connection: Connection, terminals: Iterable[str], schedules: tuple[Schedule, ...], found: Differences
) -> None:
    """Compare all runs of the terminals' treatments as they are announced now."""
    async with connection.transaction(isolation="repeatable_read"):  # a worker may write meanwhile
        for row in await connection.fetch(SQL["treatments"], sorted(terminals)):
            stored = {run.key: run for run in await stored_runs(connection, row)}
            # What the worker has not followed yet it will; of one that it makes again nothing is known yet.
            followed = row["followed"] if row["followed"] >= 0 and row["runs_of"] == row["announced_at"] else None
            try:
                derived = {run.key: run for run in (await read_whole(connection, row, schedules, followed)).rows}
            except UnknownScheduleError as error:
                found.lines.append(f"{row['terminal']}/{row['container_id']}: cold treatment: {error}")
                continue
            except ReadingsDroppedError:
                continue  # there is nothing to compare with
            found.facts += len(derived)
            for key in sorted(stored.keys() | derived.keys()):
                line = _line(stored.get(key), derived.get(key))
                if line is not None:
                    found.lines.append(line)


def _line(stored: ColdTreatment | None, derived: ColdTreatment | None) -> str | None:
    """What differs, None where nothing does."""
    one = stored or derived
    if one is None or stored == derived:
        return None
    where = f"{one.terminal}/{one.container_id}: cold treatment of {from_us(one.began_us):%F %T.%f}"
    return difference(where, stored, derived)
