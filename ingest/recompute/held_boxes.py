"""Which box stood on a plug before a time, by stored facts.

A box may name itself only when it is plugged in, days before: its samples would have to be searched for ever. All facts
before the time have to follow from the samples before it, as they do where recomputing begins before what came late.
"""

from collections.abc import Collection

from infra.clock import from_us
from infra.connection import Connection
from infra.sql import blocks

SQL = blocks(__file__, "held_boxes.sql")


async def held(connection: Connection, plugs: Collection[int], before_us: int) -> dict[int, str]:
    """The box on each plug on which one stood, as its number was read.

    Args:
        connection: to the database.
        plugs: device ids.
        before_us: time. [µs since 1970 UTC]
    """
    rows = await connection.fetch(SQL["held"], list(plugs), from_us(before_us - 1))
    return {row["device_id"]: row["container_id"] for row in rows}
