"""Devices as the database has them."""

import msgspec

from api.database.database import Database
from api.database.queries import queries
from api.devices.answers import Device
from api.http.rows import structs

SQL = queries(__file__)


async def devices(database: Database, terminal: str | None, stream: str | None = None) -> list[Device]:
    """Devices with their counters."""
    rows = await database.fetch(SQL["devices"], terminal, stream)
    return await structs(Device, [(*row[:-4], *map(_by_cause, row[-4:])) for row in map(tuple, rows)])


def _by_cause(counted: str | None) -> dict[str, int]:
    return msgspec.json.decode(counted, type=dict[str, int]) if counted is not None else {}
