"""Vessel calls in the database: the newest announcement counts, and one that is as before changes nothing."""

import logging
from collections.abc import Sequence
from typing import Any, Protocol

from infra.clock import from_us, from_us_or_none, to_us
from infra.connection import Connection, Record
from infra.sql import blocks
from ingest.decode.protocol import Document
from ingest.store.failures import CONTENT
from processing.calls.call import VesselCall
from processing.documents import CALL
from processing.kpi.definition import StaleKpis
from processing.model.times import HOUR_US
from processing.streams import CALL_KPI_FACTS

log = logging.getLogger(__name__)
SQL = blocks(__file__, "writer.sql")
ENDED_US = 20 * HOUR_US
"""A call that had ended by then may have been forgotten; what is in memory has ended later. [µs]"""


class LeftOut(Protocol):
    """Counts rows that the database refuses."""

    left_out: int


async def write(connection: Connection, documents: Sequence[Document], left_out: LeftOut | None) -> set[StaleKpis]:
    """Write calls in order, within a transaction.

    Args:
        connection: inside the transaction.
        documents: announced or withdrawn; those of other kinds are passed over.
        left_out: counts calls that the database refuses and that are left out; None: it must take all.

    Returns: KPI samples that change because calls do which ended long ago: nobody has them in memory any more.

    Raises:
        asyncpg.PostgresError of `failures.CONTENT`: the database refuses one, and it must take all.
    """
    stale: set[StaleKpis] = set()
    for call in documents:
        if call.address.kind != CALL.name:
            continue
        try:
            async with connection.transaction():
                stale |= await _one(connection, call)
        except CONTENT as error:
            if left_out is None:
                raise
            log.warning("the database refuses a vessel call, please report this: %s: %r", error, call)
            left_out.left_out += 1
    return stale


async def _one(connection: Connection, call: Document) -> set[StaleKpis]:
    key = call.address.terminal, call.address.device
    ended = await connection.fetch(SQL["call_ended_before"], *key, from_us(call.received_us - ENDED_US), call.payload)
    before = await connection.fetch(SQL["call_before"], *key)
    announced = call.content
    if not isinstance(announced, VesselCall):
        await connection.execute(SQL["call_withdrawn"], *key)
    elif await connection.fetchval(SQL["call"], *_row(announced), call.payload, from_us(call.received_us)) is None:
        return set()
    await connection.execute(SQL["assignments_withdrawn"], *key)
    rows = announced.assignments if isinstance(announced, VesselCall) else ()
    assigned = [(one.crane, from_us(one.from_us), from_us_or_none(one.until_us)) for one in rows]
    await connection.executemany(SQL["assignment"], [(*key, *one) for one in assigned])
    await _note_documents(connection, call, before, set(assigned))
    return {StaleKpis(key[0], fact, row["subject"], to_us(row["begin_at"])) for row in ended for fact in CALL_KPI_FACTS}


async def _note_documents(
    connection: Connection, call: Document, before: Sequence[Record], assigned: set[tuple[Any, ...]]
) -> None:
    """Note events of DCSA that name the call, or name it no more; of a vessel with another name all that do."""
    vessel = call.content.vessel if isinstance(call.content, VesselCall) else None
    known = {(row["crane"], row["from_at"], row["until_at"]) for row in before if row["crane"] is not None}
    renamed = any(row["vessel"] != vessel for row in before)
    changed = known | assigned if renamed else known ^ assigned
    rows = [(call.address.terminal, *one) for one in sorted(changed, key=lambda one: one[:2])]
    await connection.executemany(SQL["call_documents"], rows)


def _row(call: VesselCall) -> tuple[Any, ...]:
    return (
        call.terminal,
        call.call_id,
        call.vessel,
        call.berth,
        from_us_or_none(call.first_line_us),
        from_us_or_none(call.all_fast_us),
        from_us_or_none(call.last_line_us),
        from_us_or_none(call.planned_completion_us),
        call.planned_discharge,
        call.planned_load,
        call.planned_shift,
    )
