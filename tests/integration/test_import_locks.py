"""An import and the worker lock notes of hours in the same order: neither waits for the other for ever."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

from infra.clock import to_us
from infra.database import connect
from infra.tos import messages
from ingest.store.writer import SQL
from processing.tos.reading import Reading
from tests.conftest import eventually
from tests.integration.test_ingest import rows
from tests.integration.test_recompute_notes import BLOCKED, PATIENT

EARLY, LATE = datetime(2026, 11, 23, 10, tzinfo=UTC), datetime(2026, 11, 23, 15, tzinfo=UTC)


FILE = b"container,event,time\nMSCU1234566,in,2026-11-23 15:00\n"


async def test_a_file_read_again_in_another_zone_and_the_worker_do_not_wait_for_each_other(database_url: str) -> None:
    """Its event moves from the later hour to the earlier one; the worker has noted the earlier, and notes the later."""
    worker, importer = await connect(database_url, "worker"), await connect(database_url, "import")

    async def imported(zone: timezone, *, again: bool) -> None:
        (part,) = messages.batches(messages.read(FILE, Reading("t", zone, to_us(LATE) + 86_400_000_000)))
        await messages.store(importer, part, "gate.csv", "anna", again=again)

    try:
        for connection in (worker, importer):
            await connection.execute(PATIENT)
        await imported(UTC, again=False)
        await worker.execute("DELETE FROM recompute_events")
        async with worker.transaction():
            await worker.execute(SQL["mark_events"], "t", EARLY)
            importing = asyncio.create_task(imported(timezone(timedelta(hours=5)), again=True))
            await eventually(lambda: importing.done() or rows(database_url, BLOCKED) != [(0,)])
            await worker.execute(SQL["mark_events"], "t", LATE)
        await importing
    finally:
        await worker.close()
        await importer.close()
    assert rows(database_url, "SELECT time FROM tos_event") == [(EARLY,)]
    assert rows(database_url, "SELECT hour FROM recompute_events ORDER BY hour") == [(EARLY,), (LATE,)]
