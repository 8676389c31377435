"""Parameters of cranes in use, stored beside their facts: where they have changed, facts are recomputed."""

import logging
from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import Any

import msgspec

from infra.clock import from_us, from_us_or_none
from infra.connection import Connection
from infra.sql import blocks
from processing.cranes.parameters import PARAMETERS_BY_TYPE, STS, CraneParameters, ParameterHistory
from processing.model.device import Device
from processing.model.times import ALWAYS_US
from processing.site.configuration import first_difference_us
from processing.streams import BY_NAME

log = logging.getLogger(__name__)
SQL = blocks(__file__, "calibrations.sql")
ATTRIBUTES = frozenset(field.name for field in fields(CraneParameters))


async def use(connection: Connection, devices: Iterable[Device], last_us: int | None = None) -> list[Device]:
    """Store the parameters of cranes as those in use, and request that facts are recomputed where they differ.

    In one transaction: whatever happens afterwards, the new parameters hold for all of a crane's facts, in the end.

    Args:
        connection: to the database.
        devices: any; those that are no cranes have no parameters.
        last_us: how far facts are to be recomputed; None: up to the last sample that is stored. [µs since 1970 UTC]

    Returns: cranes whose parameters differ from those used before.

    Raises:
        asyncpg.PostgresError, OSError, TimeoutError: the database does not answer; nothing is stored.
    """
    cranes = sorted((d for d in devices if BY_NAME[d.stream].calibrated), key=lambda d: d.device_id)
    changed: list[Device] = []
    async with connection.transaction():
        rows = await connection.fetch(SQL["used"], [crane.device_id for crane in cranes])
        used = {row["device_id"]: from_json(row["rules"]) for row in rows}
        for crane in cranes:
            before = used.get(crane.device_id)
            since_us = first_difference_us(before or _built_in(crane), crane.parameters)
            if since_us is not None:
                await mark_facts(connection, crane, since_us, last_us)
                changed.append(crane)
            if since_us is not None or before is None:
                await connection.execute(SQL["use"], crane.device_id, to_json(crane.parameters))
    for crane in changed:
        log.info("parameters of %s/%s have changed; its facts are recomputed", crane.terminal, crane.name)
    return changed


async def mark_facts(connection: Connection, device: Device, since_us: int, last_us: int | None = None) -> None:
    """Request that a device's facts are recomputed from a time on, up to another one or its last stored sample.

    Raises:
        asyncpg.PostgresError, OSError, TimeoutError: the database does not answer.
    """
    query = SQL["mark_facts"].format(table=BY_NAME[device.stream].stream.table)
    await connection.execute(query, device.device_id, from_us(since_us), from_us_or_none(last_us))


def _built_in(crane: Device) -> ParameterHistory:
    """What cranes worked with before parameters were stored."""
    return ((ALWAYS_US, PARAMETERS_BY_TYPE.get(crane.type, STS)),)


def to_json(history: ParameterHistory) -> str:
    """A parameter history as it is stored."""
    return msgspec.json.encode([[at_us, asdict(parameters)] for at_us, parameters in history]).decode()


def from_json(text: str) -> ParameterHistory:
    """The same read back; attributes added since are as built in, those removed since are left out."""
    return tuple((at_us, _parameters(stored)) for at_us, stored in msgspec.json.decode(text))


def _parameters(stored: dict[str, Any]) -> CraneParameters:
    known: dict[str, Any] = {
        name: tuple(v) if isinstance(v, list) else v for name, v in stored.items() if name in ATTRIBUTES
    }
    return CraneParameters(**known)
