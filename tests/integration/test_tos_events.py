"""Messages about boxes from a file, or the API, to the database, its view and back."""

import os
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.conftest import eventually
from tests.integration import api_rows
from tests.integration.test_ingest import rows
from tests.integration.worker_process import worker

CODECO = """UNB+UNOA:2+PECHYT+HAULIER+261123:1905+1'
UNH+1+CODECO:D:95B:UN:ITG14'
BGM+34+EIR100+9'
EQD+CN+MSCU1234566+22G1:102:5++2+5'
DTM+7:202611231405:203'
MEA+AAE+VGM+KGM:24200'
SEL+SL1'
LOC+165+PECHY:139:6'
EQD+CN+MSKU9070324+99G1:102:5++2+4'
DTM+7:202611231406:203'
UNT+10+1'
UNZ+1+1'
"""
EVENTS = (
    "SELECT container_id, container_raw, event, time, place, gross_weight_kg, seals, empty_indicator, check_ok, line"
    " FROM v_tos_event WHERE terminal = 'pechy' AND holds ORDER BY container_id"
)
STORED = [
    (
        "MSCU1234566",
        "MSCU1234566",
        "gate_in",
        datetime(2026, 11, 23, 19, 5, tzinfo=UTC),
        "PECHY",
        24_200.0,
        ["SL1"],
        "LADEN",
        True,
        4,
    ),
    (
        "MSKU9070324",
        "MSKU9070324",
        "gate_in",
        datetime(2026, 11, 23, 19, 6, tzinfo=UTC),
        None,
        None,
        [],
        "EMPTY",
        False,
        9,
    ),
]


def imports(url: str, file: Path, *arguments: str) -> tuple[int, str]:
    """Exit code and output of the command."""
    done = subprocess.run(
        [sys.executable, "-m", "infra", "import", str(file), "--terminal", "pechy", "--by", "anna", *arguments],
        env=os.environ | {"QUAYSTREAM_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_file_is_imported_twice_corrected_and_cancelled(database_url: str, tmp_path: Path) -> None:
    """What is wrong is listed; the second time nothing changes; a later version takes the place of the first."""
    file = tmp_path / "gate.edi"
    file.write_text(CODECO)
    lima = "--time-zone=America/Lima"
    code, output = imports(database_url, file, lima)
    assert (code, output.splitlines()) == (
        1,
        [
            "gate.edi: 1 messages with 2 events stored",
            "flagged: 2",
            "  segment 9, EQD: MSKU9070324 fails ISO 6346: the check digit of MSKU907032 is 3, not 4",
            "  segment 9, EQD: 99G1: length '9' not known",
        ],
    )
    assert rows(database_url, EVENTS) == STORED
    before = rows(database_url, "SELECT * FROM v_tos_event ORDER BY line")
    assert "0 messages with 0 events stored, 1 were stored already" in imports(database_url, file, lima)[1]
    assert rows(database_url, "SELECT * FROM v_tos_event ORDER BY line") == before

    file.write_text(
        CODECO.replace("EIR100+9", "EIR100+5").replace("1905+1", "1910+2").replace("MSKU9070324", "MSKU9070323")
    )
    assert "1 messages with 2 events stored, 1 replaced" in imports(database_url, file, lima)[1]
    assert [(row[0], row[8]) for row in rows(database_url, EVENTS)] == [("MSCU1234566", True), ("MSKU9070323", True)]
    file.write_text(CODECO)  # the first one once more: it was replaced
    assert imports(database_url, file, lima)[0] == 1
    assert [row[0] for row in rows(database_url, EVENTS)] == ["MSCU1234566", "MSKU9070323"]
    file.write_text(CODECO.replace("EIR100+9", "EIR100+1").replace("1905+1", "1915+3"))
    assert "1 replaced or cancelled" in imports(database_url, file, lima)[1]
    assert rows(database_url, EVENTS) == []
    assert len(rows(database_url, "SELECT 1 FROM v_tos_event")) == 6  # kept, and marked


def test_messages_that_share_a_number_are_settled_when_one_takes_their_place(database_url: str, tmp_path: Path) -> None:
    """Of one version, whole and adding, all hold; of several versions, the latest, whichever came first."""
    file = tmp_path / "gate.csv"
    holding = "SELECT container_id FROM v_tos_event WHERE holds ORDER BY container_id"
    for number, version, held in (("A", 1, "A"), ("B", 1, "AB"), ("C", 2, "C"), ("D", 1, "C"), ("E", 2, "CE")):
        file.write_text(f"container,event,document,version\n{number},in,X,{version}\n")
        imports(database_url, file)
        assert "".join(row[0] for row in rows(database_url, holding)) == held


def test_a_file_read_in_a_wrong_zone_is_read_again(database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "gate.csv"
    file.write_text("container,event,time\nMSCU1234566,in,2026-11-23 14:05\n")
    times = "SELECT time FROM v_tos_event"
    assert imports(database_url, file, "--time-zone=UTC")[0] == 0
    assert imports(database_url, file, "--time-zone=America/Lima")[0] == 0
    assert rows(database_url, times) == [(datetime(2026, 11, 23, 14, 5, tzinfo=UTC),)]
    assert imports(database_url, file, "--time-zone=America/Lima", "--again")[0] == 0
    assert rows(database_url, times) == [(datetime(2026, 11, 23, 19, 5, tzinfo=UTC),)]


def test_wrong_use_is_reported(database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "gate.csv"
    file.write_text("what,ever\n")
    code, output = imports(database_url, file)
    assert (code, "gate.csv: nothing is imported" in output, "line 1, container: no column" in output) == (
        2,
        True,
        True,
    )
    assert imports(database_url, file, "--terminal", "Pechy")[0] == 2
    assert imports(database_url, file, "--time-zone", "Lima")[0] == 2
    assert imports(database_url, tmp_path / "none")[0] == 2
    code, output = imports("postgresql://a:b@127.0.0.1:1/c", file)
    assert (code, "no database" in output) == (2, True), output


async def test_what_is_reported_stands_in_the_timeline(
    database_url: str, mqtt_url: str, state_dir: Path, tmp_path: Path
) -> None:
    """The worker derives the events of a message, and those of the one that takes its place."""
    environment = {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-{uuid.uuid4().hex}",
        "QUAYSTREAM_STATE_DIR": str(state_dir),
    }
    # Of what is reported alone: the worker also takes what other tests have left retained at the broker.
    timeline = (
        "SELECT container_id, event, source, place, check_ok FROM v_container_event"
        " WHERE source = 'tos_report' ORDER BY container_id"
    )
    states = "SELECT container_id, state FROM v_container WHERE state = 'left' ORDER BY container_id"
    file = tmp_path / "gate.edi"
    with worker(environment, tmp_path / "worker.log"):
        file.write_text(CODECO)
        assert "2 events stored" in imports(database_url, file)[1]
        expected = [
            ("MSCU1234566", "gate_in", "tos_report", "PECHY", True),
            ("MSKU9070324", "gate_in", "tos_report", None, False),
        ]
        await eventually(lambda: rows(database_url, timeline) == expected)
        file.write_text(CODECO.replace("MSKU9070324", "MSKU9070323").replace("BGM+34+EIR100+9", "BGM+36+EIR100+5"))
        assert "2 events stored, 1 replaced" in imports(database_url, file)[1]
        expected = [
            ("MSCU1234566", "gate_out", "tos_report", "PECHY", True),
            ("MSKU9070323", "gate_out", "tos_report", None, True),
        ]
        await eventually(lambda: rows(database_url, timeline) == expected)
        left = [("MSCU1234566", "left"), ("MSKU9070323", "left")]
        await eventually(lambda: rows(database_url, states) == left)


Ask = Any


@pytest.fixture
async def ask(database_url: str, mqtt_url: str) -> AsyncIterator[Ask]:
    """Asks the API."""
    async with api_rows.serving(database_url, mqtt_url) as base, aiohttp.ClientSession() as session:

        async def asking(query: str, body: str | None = None) -> tuple[int, Any]:
            method = "GET" if body is None else "POST"
            headers = {} if body is None else {"Content-Type": "application/edifact"}
            address = f"{base}/api/v1/tos/events?{query}"
            async with session.request(method, address, data=body, headers=headers) as response:
                return response.status, await response.json()

        async def ready() -> bool:
            return (await asking("terminal=pechy"))[0] == 200

        await api_rows.until(ready)
        yield asking


async def test_messages_are_sent_and_listed(ask: Ask) -> None:
    query = "terminal=pechy&time_zone=America/Lima&by=anna"
    status, answer = await ask(query, CODECO)
    wrong = "MSKU9070324 fails ISO 6346: the check digit of MSKU907032 is 3, not 4"
    assert (status, answer) == (
        200,
        {
            "terminal": "pechy",
            "time_zone": "America/Lima",
            "stored": 1,
            "unchanged": 0,
            "replaced": 0,
            "events": 2,
            "problems": [
                {"unit": "segment", "line": 9, "field": "EQD", "text": wrong},
                {"unit": "segment", "line": 9, "field": "EQD", "text": "99G1: length '9' not known"},
            ],
            "more_problems": 0,
        },
    )
    status, answer = await ask(query, CODECO)
    assert (status, answer["stored"], answer["unchanged"], answer["events"]) == (200, 0, 1, 0)
    status, answer = await ask("terminal=pechy&container_id=mscu123456-6")
    (event,) = answer["events"]
    known: dict[str, Any] = {
        "container_id": "MSCU1234566",
        "event": "gate_in",
        "time": "2026-11-23T19:05:00.000Z",
        "kind": "codeco",
    }
    known |= {"document": "EIR100", "sender": "PECHYT", "holds": True, "imported_by": "anna", "problems": []}
    assert (status, {name: event[name] for name in known}) == (200, known)
    span = "terminal=pechy&from=2026-11-23T19:05:30Z&to=2026-11-24T00:00:00Z"
    assert [one["container_id"] for one in (await ask(span))[1]["events"]] == ["MSKU9070324"]
    status, answer = await ask("terminal=pechy", "UNA")
    assert (status, answer["error"]["message"].partition(";")[0]) == (400, "nothing is imported")
    status, answer = await ask("terminal=pechy&container_id=AB%00C")
    assert (status, answer["error"]["message"]) == (400, "parameter container_id holds a NUL character; leave it out")
    status, answer = await ask("terminal=pechy", "container,event\n" * 50_001)
    assert (status, "has 50001 lines, at most 50000" in answer["error"]["message"]) == (413, True)
    status, answer = await ask("terminal=pechy", "UNA:+.? ~UNB" + "~" * 200_001)
    assert (status, "has 200002 segments, at most 200000" in answer["error"]["message"]) == (413, True)
    status, answer = await ask("terminal=pechy", "container,event\n" + "A,in\n" * 600)
    assert (status, len(answer["problems"]), answer["more_problems"]) == (200, 1_000, 200)
    status, answer = await ask("terminal=pechy&time_zone=Lima", CODECO)
    assert (status, "time zone 'Lima' is not known" in answer["error"]["message"]) == (400, True)
