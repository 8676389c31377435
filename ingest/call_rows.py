"""Vessel calls in the database: the newest telling counts, and one told again as it was changes nothing."""

import logging
from collections.abc import Sequence
from typing import Any, Protocol

from infra.clock import from_us, from_us_or_none
from infra.sql import blocks
from ingest.assembly import Call
from ingest.failures import CONTENT
from processing.calls import VesselCall

log = logging.getLogger(__name__)
SQL = blocks(__file__, "store.sql")


class LeftOut(Protocol):
    """Counts rows that the database refuses."""

    left_out: int


async def write(connection: Any, calls: Sequence[Call], careful: LeftOut | None) -> None:
    """Write calls in order, within a transaction.

    Args:
        connection: inside the transaction.
        calls: told or withdrawn.
        careful: counts calls that the database refuses and that are left out; None: it must take all.

    Raises:
        asyncpg.PostgresError of `failures.CONTENT`: not careful, and the database refuses one.
    """
    for call in calls:
        try:
            async with connection.transaction():
                await _one(connection, call)
        except CONTENT as error:
            if careful is None:
                raise
            log.warning("the database refuses a vessel call, please report this: %s: %r", error, call)
            careful.left_out += 1


async def _one(connection: Any, call: Call) -> None:
    key = call.address.terminal, call.address.device
    if call.told is None:
        await connection.execute(SQL["call_gone"], *key)
    elif await connection.fetchval(SQL["call"], *_row(call.told), call.payload, from_us(call.received_us)) is None:
        return
    await connection.execute(SQL["assignments_gone"], *key)
    rows = [] if call.told is None else call.told.assignments
    await connection.executemany(
        SQL["assignment"], [(*key, one.crane, from_us(one.from_us), from_us_or_none(one.until_us)) for one in rows]
    )


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
