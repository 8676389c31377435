"""A move list from file to answer: the command, the API, what is stored, and what is not."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import psycopg
import pytest

from tests.integration import api_rows
from tests.integration.api_rows import NOON

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ASSIGNED = (
    ("b1-001", "sts1", NOON - 30 * MINUTE, NOON + 5 * MINUTE),
    ("b1-001", "sts2", NOON - 30 * MINUTE, NOON + HOUR),
    ("b1-002", "sts1", NOON + 10 * MINUTE, None),
)
LIST = """crane,time,container,kind
sts1,2026-11-23T12:02:10Z,MSKU9070323,discharge
sts1,2026-11-23T12:05:20Z,CSQU3054383,load
sts2,2026-11-23T12:40:00Z,MSCU1234566,load
"""
"""Of four moves of the call: sts1 at 12:02 and 12:05 (in its grace), sts2 at 12:03; the list has two."""
ADDRESS = "/api/v1/calls/demo/b1-001"


@pytest.fixture
def terminal(database_url: str) -> str:
    """A terminal with two cranes, two calls, and moves of both."""
    asyncio.run(_fill(database_url))
    return database_url


async def _fill(url: str) -> None:
    async with api_rows.rows(url) as db:
        await api_rows.add_devices(db)
        for call_id, vessel in (("b1-001", "ANDEAN STAR"), ("b1-002", None)):
            await db.execute(
                "INSERT INTO vessel_call (terminal, call_id, payload, received_at, vessel, first_line_at)"
                " VALUES ('demo', $1, '{}', now(), $2, $3)",
                call_id,
                vessel,
                NOON - HOUR,
            )
        await db.executemany("INSERT INTO call_assignment VALUES ('demo', $1, $2, $3, $4)", ASSIGNED)
        await api_rows.add_move(db, 1, NOON)  # unlocked two minutes later
        await api_rows.add_move(db, 1, NOON + timedelta(minutes=3), "load")
        await api_rows.add_move(db, 1, NOON + timedelta(minutes=10), "load")  # of the next call
        await api_rows.add_move(db, 2, NOON + timedelta(minutes=1), "load")
        await api_rows.add_move(db, 2, NOON + timedelta(minutes=20), "hatch_cover")


def reconcile(url: str, file: Path, *arguments: str) -> tuple[int, str]:
    """Exit code and output of the command."""
    done = subprocess.run(
        [sys.executable, "-m", "infra", "reconcile", str(file), "--terminal", "demo", *arguments],
        env=os.environ | {"QUAYSTREAM_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


def select(url: str, query: str) -> list[Any]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The list."""
    path = tmp_path / "list.csv"
    path.write_text(LIST)
    return path


def test_the_command_compares_and_keeps(terminal: str, file: Path) -> None:
    code, output = reconcile(terminal, file, "--call", "b1-001", "--by", "anna")
    assert code == 1, output
    assert "call b1-001 (ANDEAN STAR) of demo: list.csv imported" in output
    assert "boxes: 3 detected, 3 in the list, difference +0 (+0.0 %)" in output
    assert "2026-11-23 12:03:00Z  sts2  load  number not read" in output
    assert "line 4: 2026-11-23 12:40:00Z  sts2  load  MSCU1234566" in output
    assert select(terminal, "SELECT source, imported_by, lines FROM tos_import") == [("list.csv", "anna", 3)]
    at = datetime(2026, 11, 23, 12, 2, 10, tzinfo=UTC)
    assert select(terminal, "SELECT line, crane, at, container_id, kind, check_ok FROM v_tos_move WHERE line = 2") == [
        (2, "sts1", at, "MSKU9070323", "discharge", True)
    ]
    assert select(terminal, "SELECT * FROM recompute_kpis") == [
        ("demo", "tos", "b1-001", datetime(2026, 11, 23, 11, 0, tzinfo=UTC))
    ]


def test_a_list_that_agrees_ends_with_0_and_replaces_the_one_before(terminal: str, file: Path) -> None:
    assert reconcile(terminal, file, "--call", "b1-001")[0] == 1
    file.write_text(LIST.replace("12:40", "12:03"))
    code, output = reconcile(terminal, file, "--call", "b1-001")
    assert code == 0, output
    assert select(terminal, "SELECT count(*) FROM tos_import") == [(1,)]
    assert len(select(terminal, "SELECT 1 FROM tos_move")) == 3


def test_a_dry_run_keeps_nothing(terminal: str, file: Path) -> None:
    code, output = reconcile(terminal, file, "--call", "b1-001", "--dry-run")
    assert (code, "compared, not kept" in output) == (1, True), output
    assert select(terminal, "SELECT 1 FROM tos_import") == []
    assert select(terminal, "SELECT 1 FROM recompute_kpis") == []


def test_a_faulty_list_leaves_the_one_before_as_it_was(terminal: str, file: Path) -> None:
    reconcile(terminal, file, "--call", "b1-001", "--by", "anna")
    file.write_text(LIST.replace("MSKU9070323", "MSKU9070324").replace("12:05:20Z", "25:05:20Z"))
    code, output = reconcile(terminal, file, "--call", "b1-001", "--by", "berta")
    assert code == 2
    assert "nothing is imported; the list has 2 problems" in output
    assert "line 2, container: MSKU9070324 fails ISO 6346: the check digit of MSKU907032 is 3, not 4" in output
    assert "line 3, time: '2026-11-23T25:05:20Z' is no time" in output
    assert select(terminal, "SELECT imported_by, lines FROM tos_import") == [("anna", 3)]


def test_faulty_numbers_are_kept_marked_when_asked_to(terminal: str, file: Path) -> None:
    file.write_text(LIST.replace("MSKU9070323", "MSKU9070324"))
    code, output = reconcile(terminal, file, "--call", "b1-001", "--flag")
    assert (code, "note: box numbers that fail ISO 6346, kept and marked: 1" in output) == (1, True), output
    assert select(terminal, "SELECT container_id FROM tos_move WHERE NOT check_ok") == [("MSKU9070324",)]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--call", "b9-001"], "terminal demo has no vessel call b9-001; it has: b1-001, b1-002"),
        (["--call", "b1-001", "--time-zone", "Lima"], "time zone 'Lima' is not known"),
        (["--call", "b1-001", "--crane", "QC01"], "write THEIRS=OURS"),
        (["--call", "b1-001", "--format", "coarri"], "this is no EDIFACT interchange"),
        (["--call", "b1-001", "--crane", "QC01=sts7"], "unknown crane"),
    ],
)
def test_wrong_use_is_reported(terminal: str, file: Path, arguments: list[str], expected: str) -> None:
    if expected == "unknown crane":
        file.write_text(LIST.replace("sts1", "QC01"))
        expected = "line 2, crane: 'QC01' is no crane of this terminal; there are: sts1, sts2"
    code, output = reconcile(terminal, file, *arguments)
    assert code == 2
    assert expected in output


def test_no_file_and_no_database_are_reported(terminal: str, file: Path) -> None:
    assert reconcile(terminal, file.with_name("none.csv"), "--call", "b1-001")[0] == 2
    code, output = reconcile("postgresql://a:b@127.0.0.1:1/c", file, "--call", "b1-001")
    assert (code, "no database" in output) == (2, True), output


def test_cranes_may_have_other_names_in_the_list(terminal: str, file: Path) -> None:
    file.write_text(LIST.replace("sts1", "QC01").replace("12:40", "12:03"))
    assert reconcile(terminal, file, "--call", "b1-001", "--crane", "qc01=sts1")[0] == 0


Ask = Any


@pytest.fixture
async def ask(database_url: str, mqtt_url: str) -> AsyncIterator[Ask]:
    """Asks the API."""
    await _fill(database_url)
    async with api_rows.serving(database_url, mqtt_url) as base, aiohttp.ClientSession() as session:

        async def asking(path: str, body: str | None = None, kind: str = "text/csv") -> tuple[int, Any]:
            method = "GET" if body is None else "POST"
            headers = {} if body is None else {"Content-Type": kind}
            async with session.request(method, base + path, data=body, headers=headers) as response:
                return response.status, await response.json()

        async def ready() -> bool:
            return (await asking("/api/v1/terminals"))[0] == 200

        await api_rows.until(ready)
        yield asking


async def test_a_list_is_sent_and_compared(ask: Ask) -> None:
    status, answer = await ask(f"{ADDRESS}/tos?by=anna", LIST)
    assert status == 200, answer
    assert (await ask(f"{ADDRESS}/reconciliation"))[1] == answer
    lists = ("pairs", "only_found", "only_tos", "differing", "by_crane")
    assert {name: value for name, value in answer.items() if name not in (*lists, "imported_at")} == {
        "terminal": "demo",
        "call_id": "b1-001",
        "imported_by": "anna",
        "source": "api",
        "format": "csv",
        "detected_boxes": 3,
        "tos_boxes": 3,
        "difference": 0,
        "difference_pct": 0.0,
        "equal": False,
        "matched": 2,
        "only_found_count": 1,
        "only_tos_count": 1,
        "differing_count": 0,
        "notes": [],
    }
    assert answer["by_crane"][0] == {
        "crane": "sts1",
        "kind": "discharge",
        "detected_boxes": 1,
        "tos_boxes": 1,
        "difference": 0,
    }
    assert answer["only_found"] == [
        {
            "device": "sts2",
            "locked_at": "2026-11-23T12:01:00.000Z",
            "unlocked_at": "2026-11-23T12:03:00.000Z",
            "kind": "load",
            "box": 1,
            "boxes": 1,
            "container_id": None,
            "inferred": False,
            "confidence": 1.0,
        }
    ]
    assert answer["only_tos"][0]["line"] == 4
    assert answer["pairs"][0]["late_s"] == 10.0
    assert answer["pairs"][0]["line"]["container_id"] == "MSKU9070323"


async def test_coarri_is_sent(ask: Ask) -> None:
    body = (
        "UNB+UNOA:2+A+B+261123:1900+1'UNH+1+COARRI:D:95B:UN'BGM+98+1+9'EQD+CN+MSKU9070323+45G1:102:5++3+5'"
        "DTM+203:202611230702:203'UNT+5+1'UNZ+1+1'"
    )
    status, answer = await ask(f"{ADDRESS}/tos?format=coarri&time_zone=America/Lima", body, "application/edifact")
    assert (status, answer["matched"], answer["difference"], answer["difference_pct"]) == (200, 1, 2, 200.0), answer


async def test_lists_are_cut_at_the_limit_and_counts_are_not(ask: Ask) -> None:
    _, answer = await ask(f"{ADDRESS}/tos?limit=1", LIST)
    assert (len(answer["pairs"]), answer["matched"]) == (1, 2)


@pytest.mark.parametrize(
    ("path", "body", "status", "expected"),
    [
        (f"{ADDRESS}/reconciliation", None, 404, "no move list was imported for call b1-001 of terminal demo; run"),
        ("/api/v1/calls/demo/b9/reconciliation", None, 404, "it has: b1-001, b1-002"),
        ("/api/v1/calls/demo/b9/tos", LIST, 404, "it has: b1-001, b1-002"),
        (f"{ADDRESS}/tos", LIST.replace("0323", "0324"), 400, "the check digit of MSKU907032 is 3, not 4"),
        (f"{ADDRESS}/tos?mode=never", LIST, 400, "mode"),
        (f"{ADDRESS}/tos?time_zone=Lima", LIST, 400, "time zone 'Lima' is not known"),
        (f"{ADDRESS}/tos?cranes=a", LIST, 400, "write THEIRS=OURS"),
        (f"{ADDRESS}/tos?format=coarri", LIST, 400, "this is no EDIFACT interchange"),
        (f"{ADDRESS}/tos", "", 400, "the body is empty"),
    ],
)
async def test_what_is_wrong_is_answered(ask: Ask, path: str, body: str | None, status: int, expected: str) -> None:
    found, answer = await ask(path, body)
    assert found == status, answer
    assert expected in answer["error"]["message"]


async def test_a_faulty_list_is_kept_when_asked_to(ask: Ask) -> None:
    status, answer = await ask(f"{ADDRESS}/tos?mode=flag", LIST.replace("MSKU9070323", "MSKU9070324"))
    assert (status, answer["pairs"][0]["line"]["check_ok"]) == (200, False), answer


async def test_imports_at_the_same_time_leave_one_whole_list(ask: Ask, database_url: str) -> None:
    short = "".join(LIST.splitlines(keepends=True)[:2])
    answers = await asyncio.gather(*(ask(f"{ADDRESS}/tos", body) for body in (LIST, short, LIST, short)))
    assert {status for status, _ in answers} <= {200, 503}
    lines = select(database_url, "SELECT lines, (SELECT count(*) FROM tos_move) FROM tos_import")
    assert lines in ([(1, 1)], [(3, 3)])
