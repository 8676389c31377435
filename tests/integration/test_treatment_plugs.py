"""Which box a plug holds decides which rows belong to a treatment: by one definition, whatever the order of arrival."""

import asyncio

import psycopg
import pytest

from api.treatments.readings import in_order
from infra.clock import from_us
from infra.database import connect
from infra.verification import entries_of
from ingest.recompute.differences import Differences
from ingest.recompute.held_boxes import held
from ingest.recompute.treatment_check import compare_treatments
from ingest.recompute.treatments import request
from processing.containers.iso6346 import normalise
from processing.treatments.schedules import SCHEDULES
from tests.conftest import eventually
from tests.integration.test_ingest import rows
from tests.integration.test_treatment_log import BOX, FREE, HOUR_US, OTHER, T0, Row, Terminal, stored, terminal
from tests.unit import reefer_signals

WAITS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
__all__ = ["terminal"]  # a fixture
COLD, WARM = (0.5, 0.7, 0.9), (9.0, 9.0, 9.0)


async def outcome(url: str, terminal: Terminal) -> tuple[list[tuple[str, float]], list[str]]:
    """Verdict and hours that are done by run, and what `verify` finds."""
    await terminal.follow()
    return [(run.verdict, run.done_h) for run in stored(url)], await terminal.wrong()


async def test_a_free_plug_holds_no_box(database_url: str, terminal: Terminal) -> None:
    """Rows behind it that name none are of no box; nor are they where the free plug is learnt of late."""
    await terminal.writer.write(terminal.batch([(1, hour, BOX, COLD) for hour in range(10)]))
    await terminal.writer.write(terminal.batch([(1, 10, FREE, WARM), (1, 11, None, WARM)]))
    await terminal.writer.write(terminal.batch([(1, 12, None, WARM)]))
    assert await outcome(database_url, terminal) == ([("running", 9.0)], [])
    await terminal.writer.write(terminal.batch([(2, 10, BOX, COLD), (2, 11, None, COLD), (2, 12, None, WARM)]))
    assert await outcome(database_url, terminal) == ([("failed", 11.0)], [])
    await terminal.writer.write(terminal.batch([(2, 11.5, FREE, WARM)]))
    assert await outcome(database_url, terminal) == ([("running", 11.0)], [])


async def test_a_contact_that_chatters_frees_no_plug(database_url: str, terminal: Terminal) -> None:
    """Named once, reported free once while its air goes on: it stays, for its treatment and after a restart."""
    pulp = dict(zip(("usda1_degc", "usda2_degc", "usda3_degc"), COLD, strict=True))
    chatters = [
        reefer_signals.row(10 * n, 4.0 + n % 2 / 10, container_id=BOX if n == 1 else None, plugged=n != 30, **pulp)
        for n in range(1, 62)
    ]
    await terminal.writer.write(terminal.batch_of(reefer_signals.samples(chatters, terminal.ids[1])))
    assert await outcome(database_url, terminal) == ([("running", 10.0)], [])
    link = await terminal.links[0].get()
    assert await held(link, list(terminal.ids.values()), T0 + 24 * HOUR_US) == {terminal.ids[1]: BOX}


async def test_one_number_that_was_misread_counts_for_nobody(database_url: str, terminal: Terminal) -> None:
    """Neither for the box whose number it is, which stands on another plug, nor for the one that stands there."""
    await terminal.writer.write(terminal.batch([(1, hour, BOX, COLD) for hour in range(10)]))
    await terminal.writer.write(
        terminal.batch([(2, hour, BOX if hour == 5.5 else OTHER, WARM) for hour in (4.5, 5.5, 6.5, 7.5)])
    )
    assert await outcome(database_url, terminal) == ([("running", 9.0)], [])


async def test_a_certificate_leaves_out_what_late_rows_have_shown_to_be_of_another_box(terminal: Terminal) -> None:
    """The log keeps its twenty rows; those behind hour 5 are another box's, as is learnt later."""
    await terminal.writer.write(terminal.batch([(1, hour, BOX if hour == 0 else None, COLD) for hour in range(20)]))
    await terminal.writer.write(terminal.batch([(1, 5.5, OTHER, WARM)]))
    await terminal.follow()
    entries = await entries_of(await terminal.links[0].get(), ("t", BOX))
    assert [entry["counts"] for entry in entries] == [True] * 6 + [False] * 14
    read = in_order(entries, from_us(T0))
    assert [((one.time_us - T0) // HOUR_US, one.degc) for one in read] == [(hour, COLD) for hour in range(6)]


async def test_a_late_row_that_names_a_box_takes_in_the_rows_behind_it(database_url: str, terminal: Terminal) -> None:
    """However its number is written; a late row that names another box takes those behind it out again."""
    await terminal.writer.write(terminal.batch([(1, hour, None, COLD) for hour in range(1, 20)]))
    assert await outcome(database_url, terminal) == ([("running", 0.0)], [])
    await terminal.writer.write(terminal.batch([(1, 0, "csqu 305438-3", COLD)]))
    assert await outcome(database_url, terminal) == ([("running", 19.0)], [])
    await terminal.writer.write(terminal.batch([(1, 5.5, OTHER, WARM)]))
    assert await outcome(database_url, terminal) == ([("running", 5.0)], [])


async def test_numbers_are_compared_alike_in_python_and_in_sql(database_url: str) -> None:
    connection = await connect(database_url, "test")
    try:
        for text in ("CSQU3054383", "csqu 305438-3", "CSQU.305438/3", "c_s–q\tu 3", ""):
            assert await connection.fetchval("SELECT container_number($1)", text) == normalise(text)
    finally:
        await connection.close(timeout=5)


async def test_runs_stay_where_their_readings_are_kept_no_more(database_url: str, terminal: Terminal) -> None:
    """One that is done stays done; of one that runs it is reported that its readings are not there."""
    await terminal.writer.write(terminal.batch([(1, hour, BOX, COLD) for hour in range(361)]))
    await terminal.follow()
    (done,) = stored(database_url)
    assert done.verdict == "done"
    with psycopg.connect(database_url) as connection:
        connection.execute("SELECT drop_chunks('reefer_telemetry', older_than => timestamptz '2100-01-01')")
    for what, problems in (
        ("", []),
        ("UPDATE cold_treatment SET verdict = 'running', ended_at = NULL", [("361 of its readings",)]),
    ):
        with psycopg.connect(database_url) as other:
            other.execute(what or "SELECT 1")
        assert await differences(terminal) == []
        await request(await terminal.links[0].get(), everything=True)
        await terminal.follow()
        assert [run.done_h for run in stored(database_url)] == [360.0]
        assert rows(database_url, "SELECT left(problem, 19) FROM treatment_problem") == problems
    assert await terminal.wrong() == []


async def test_a_treatment_that_the_database_refuses_holds_up_nothing(database_url: str, terminal: Terminal) -> None:
    """Its step is tried once; the other treatment is followed, and nothing waits."""
    with psycopg.connect(database_url) as connection:
        connection.execute(f"ALTER TABLE cold_treatment ADD CHECK (container_id <> '{BOX}' OR done_h < 3)")
        connection.execute(
            "INSERT INTO treatment_announcement SELECT terminal, %s, schedule, began_at, corrections_degc, payload,"
            " received_at, announced_at FROM treatment_announcement",
            (OTHER,),
        )
    await terminal.follow()
    await terminal.writer.write(terminal.batch([(1, hour, BOX, COLD) for hour in range(5)]))
    await terminal.writer.write(terminal.batch([(2, hour, OTHER, COLD) for hour in range(5)]))
    await terminal.follow()
    assert [(run.container_id, run.done_h) for run in stored(database_url)] == [(BOX, 0.0), (OTHER, 4.0)]
    assert terminal.recomputer.pending == 0
    assert rows(database_url, "SELECT container_id, left(problem, 19) FROM treatment_problem") == [
        (BOX, "CheckViolationError")
    ]


@pytest.mark.usefixtures("terminal")
async def test_what_requests_runs_locks_treatments_as_batches_do(database_url: str) -> None:
    """Stored in another order than they are locked in: nothing is locked behind one that a batch holds."""
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO treatment SELECT 'a', container_id, schedule, began_at, corrections_degc, announced_at,"
            " until_at FROM treatment"
        )
    batch, other = [await connect(database_url, "test") for _ in range(2)]
    try:
        async with batch.transaction():
            await batch.fetch("SELECT FROM treatment WHERE terminal = 'a' FOR UPDATE")
            requesting = asyncio.create_task(request(other, everything=True))
            await eventually(lambda: rows(database_url, WAITS) == [(1,)])
            await batch.fetch("SELECT FROM treatment WHERE terminal = 't' FOR UPDATE NOWAIT")
        await requesting
    finally:
        for one in (batch, other):
            await one.close(timeout=5)


async def test_what_is_not_followed_yet_is_no_difference(database_url: str, terminal: Terminal) -> None:
    """Readings that came after the last step, one of them late; a run that somebody changes is one all the same."""
    await terminal.writer.write(terminal.batch([(1, hour, BOX, COLD) for hour in range(10)]))
    await terminal.follow()
    later: list[Row] = [(1, hour, None, COLD) for hour in range(10, 20)]
    await terminal.writer.write(terminal.batch([(1, 4.5, None, WARM), *later]))
    assert await differences(terminal) == []
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE cold_treatment SET done_h = done_h + 1")
    (line,) = await differences(terminal)
    assert "done_h" in line


async def differences(terminal: Terminal) -> list[str]:
    """What `reprocess --check` finds of treatments."""
    found = Differences()
    await compare_treatments(await terminal.links[0].get(), ["t"], SCHEDULES, found)
    return found.lines
