"""Which box stood on a plug before a time, from stored rows: as `processing.reefers.identity` defines it.

A box may name itself only when it is plugged in, days before: so this looks back as far as there are rows, and stops at
the first that names a box or reports a free plug, which for most plugs is the last one.
"""

from collections.abc import Collection

from infra.clock import from_us
from infra.connection import Connection
from infra.sql import blocks
from processing.reefers.signals import REEFER
from processing.reefers.tracker import DRAWS_KW

SQL = {name: text.format(table=REEFER.table) for name, text in blocks(__file__, "held_boxes.sql").items()}


async def held(connection: Connection, plugs: Collection[int], before_us: int) -> dict[int, str]:
    """The number named last since the plug was free, of plugs on which a box stood.

    Args:
        connection: to the database.
        plugs: device ids.
        before_us: time. [µs since 1970 UTC]
    """
    rows = await connection.fetch(SQL["held"], list(plugs), from_us(before_us), DRAWS_KW)
    return {row["device_id"]: row["container_id"] for row in rows}
