"""Devices as the registry table has them, with their parameters."""

from infra.connection import Connection, Record
from infra.sql import blocks
from processing.model.device import NEVER_US, Device
from processing.site.configuration import Sites

SQL = blocks(__file__, "devices.sql")


async def devices(connection: Connection, sites: Sites, terminal: str | None = None) -> list[Device]:
    """Devices of a terminal, or of all, each with the time of its first sample; that of reefers is not read."""
    return [device(row, sites) for row in await connection.fetch(SQL["load"], terminal)]


def device(row: Record, sites: Sites) -> Device:
    """A device from its row."""
    first = row["first_us"]
    terminal, stream, name, kind = row["terminal"], row["stream"], row["device"], row["type"]
    rules = sites.of(terminal).schedule(name, kind) if stream == "crane" else ()
    return Device(row["device_id"], terminal, stream, name, kind, NEVER_US if first is None else first, rules)
