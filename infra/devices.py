"""Devices as the registry table has them, with their parameters."""

from typing import Any

from infra.connection import Connection, Record
from infra.sql import blocks
from processing.model.device import NEVER_US, Device
from processing.model.times import ALWAYS_US
from processing.reefers.profiles import ReeferProfiles
from processing.site.configuration import Sites
from processing.streams import BY_NAME, ROWS

SQL = blocks(__file__, "devices.sql")
CASES = [SQL["case"].format(stream=row.stream.name, table=row.stream.table) for row in ROWS if row.presence is not None]
FIRST_US = SQL["first_us"].format(cases="\n".join(CASES))


async def devices(connection: Connection, sites: Sites, terminal: str | None = None) -> list[Device]:
    """Devices of a terminal, or of all, each with the time of its first sample where its stream's row has that read."""
    query = SQL["load"].format(first_us=FIRST_US)
    return [device(row, sites) for row in await connection.fetch(query, terminal)]


async def set_type(connection: Connection, sites: Sites, device_id: int, kind: str) -> Device:
    """Store the type of a device; the device is returned as it is then."""
    (row,) = await connection.fetch(SQL["set_type"].format(first_us=FIRST_US), device_id, kind)
    return device(row, sites)


def device(row: Record, sites: Sites) -> Device:
    """A device from its row."""
    first = row["first_us"]
    terminal, stream, name, kind = row["terminal"], row["stream"], row["device"], row["type"]
    site = sites.of(terminal)
    parameters: tuple[tuple[int, Any], ...] = ()
    if BY_NAME[stream].calibrated:
        parameters = site.parameter_history(name, kind)
    elif BY_NAME[stream].profiled:
        parameters = ((ALWAYS_US, ReeferProfiles(site.reefer_profiles)),)
    rack = site.rack_of(name) if BY_NAME[stream].racked else None
    first_us = NEVER_US if first is None else first
    return Device(row["device_id"], terminal, stream, name, kind, first_us, parameters, rack)
