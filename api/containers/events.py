"""The timeline of one container: everything that happened to it, as far as facts show."""

from typing import Annotated

from msgspec import Meta, Struct

from api.containers.answers import ContainerEvent, ContainerEvents
from api.containers.parameters import ContainerPath
from api.containers.queries import SQL
from api.http.context import Context
from api.http.parameters import Limit
from processing.containers.timeline import ORDER


class TimelineQuery(ContainerPath, frozen=True):
    """Which events: the newest ones."""

    limit: Annotated[Limit, Meta(description="most rows in the answer, the newest, 1 to 10000")] = 1_000


async def events(context: Context[TimelineQuery, None]) -> Struct:
    """Events in order of time; of a number that nothing is known of there are none."""
    query = context.query
    rows = await context.database.fetch(SQL["events"], query.terminal, query.number, list(ORDER), query.limit)
    return ContainerEvents(await ContainerEvent.from_rows(rows))
