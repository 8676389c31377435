"""Events of DCSA made of container events that have changed, and kept until they are sent."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

import msgspec

from infra.clock import from_us, to_us, utc_now
from infra.connection import Connection, Record
from infra.facts.rows import decode
from infra.facts.statements import selected
from infra.sql import blocks
from processing.containers.facts import CONTAINER_EVENT, ContainerEvent
from processing.dcsa.events import Known, Last, Reading, Sender, due
from processing.reefers.signals import REEFER
from processing.site.configuration import Sites

SQL = {
    name: text.format(events=selected(CONTAINER_EVENT.columns), reefers=REEFER.name, readings=REEFER.table)
    for name, text in blocks(__file__, "outbox.sql").items()
}
AT_ONCE: Final = 500
"""Changes that one transaction takes."""
KEY_LENGTH: Final = 6
Key = tuple[Any, ...]
"""Terminal, source, device, event, ordinal, time of the fact."""


async def make(connection: Connection, sites: Sites) -> int:
    """Keep the events that follow from some changes; how many changes there were.

    The changes are dropped in the same transaction: whatever happens, each is looked at.

    Raises:
        asyncpg.PostgresError, OSError, TimeoutError: the database is away; nothing has changed.
    """
    async with connection.transaction():
        changed = sorted(await connection.fetch(SQL["take"], AT_ONCE), key=lambda row: int(row["number"]))
        keys = list(dict.fromkeys(_key(row, 1) for row in changed))
        if not keys:
            return 0
        columns = [list(column) for column in zip(*keys, strict=True)]
        events = {_key_of(one): one for one in decode(CONTAINER_EVENT, await connection.fetch(SQL["events"], *columns))}
        last = {_key(row): row for row in await connection.fetch(SQL["last"], *columns)}
        known = {_key(row): _known(row) for row in await connection.fetch(SQL["known"], *columns)}
        created = utc_now()
        rows: list[Sequence[Any]] = []
        for key in keys:
            rows += _rows(key, events.get(key), known.get(key, Known()), last.get(key), sites, created)
        await connection.executemany(SQL["keep"], rows)
    return len(changed)


def _rows(
    key: Key, event: ContainerEvent | None, known: Known, last: Record | None, sites: Sites, created: datetime
) -> Iterable[Sequence[Any]]:
    site = sites.of(key[0])
    time_us = to_us(key[5]) if event is None else event.time_us
    sender = Sender(site.party, site.offset_us(time_us), created.isoformat(timespec="milliseconds"))
    for one in due(key[0], event, known, _last(last), sender):
        retracts = one.payload is None
        container = one.payload.equipment_reference if one.payload else last["container_id"] if last else ""
        event_id = one.metadata.retracted_event_id or one.metadata.event_id
        document = msgspec.json.encode(one).decode()
        yield (*key, container, event_id, one.metadata.event_type, retracts, document, created)


def _key(row: Record, begin: int = 0) -> Key:
    return tuple(row.values())[begin : begin + KEY_LENGTH]


def _key_of(event: ContainerEvent) -> Key:
    return (*event.key[:-1], from_us(event.fact_us))


def _last(row: Record | None) -> Last | None:
    if row is None:
        return None
    return Last(row["event_id"], row["event_type"], json.loads(row["document"]).get("payload"))


def _known(row: Record) -> Known:
    beside, readings = ({field.name: row[field.name] for field in fields(kind)[:-1]} for kind in (Known, Reading))
    return Known(**beside, reading=Reading(**readings, powered=row["powered"]))
