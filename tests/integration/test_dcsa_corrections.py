"""Events of DCSA follow what becomes known later of a box: a retraction, and an event under another id."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.clock import to_us
from infra.connection import Connection
from infra.database import connect
from infra.site_file.reader import load
from infra.tos import messages
from ingest.dcsa.outbox import make
from ingest.decode.address import Address
from ingest.decode.protocol import Document
from ingest.store import calls
from processing.calls.reading import read as read_call
from processing.tos.reading import Reading

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
BOX = "CSQU3054383"
NOW_US = to_us(AT) + 86_400_000_000
SHOWN = """INSERT INTO container_event VALUES
    ('demo', 'crane_move', 'sts1', 'discharged', 0, $1, 'CSQU3054383', $1, 'crane', 'sts1', 1, true, NULL),
    ('demo', 'gate_transaction', 'in1', 'gate_out', 0, $2, 'CSQU3054383', $2, 'gate', 'in1', 1, true, NULL),
    ('demo', 'reefer_plug_change', 'r1-01', 'plugged', 0, $3, 'CSQU3054383', $3, 'reefer', 'r1-01', 1, true, NULL)"""
TIMES = [AT, AT + timedelta(hours=2), AT + timedelta(hours=1)]
SENT = "SELECT event, retracts, event_id::text, document::text FROM dcsa_event WHERE number > $1 ORDER BY number"
Change = tuple[str, dict[str, Any]]
"""Event, and what is stated of it now."""


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[Connection]:
    """To a database in which three events of a box were sent."""
    found = await connect(database_url, "test")
    try:
        await found.execute(SHOWN, *TIMES)
        assert await make(found, load(None)) == 3
        yield found
    finally:
        await found.close()


async def corrected(connection: Connection) -> list[Change]:
    """What is sent by changes since: each a retraction of what was sent, and the event as it is now."""
    before = await connection.fetchval("SELECT max(number) FROM dcsa_event")
    ids = {
        row["event"]: row["event_id"]
        for row in await connection.fetch(
            "SELECT DISTINCT ON (event) event, event_id::text AS event_id FROM dcsa_event ORDER BY event, number DESC"
        )
    }
    await make(connection, load(None))
    rows = await connection.fetch(SENT, before)
    found = []
    for (event, retracts, retracted, _), (same, nothing, event_id, document) in zip(rows[::2], rows[1::2], strict=True):
        assert (event, retracts, nothing, retracted) == (same, True, False, ids[event])
        assert event_id != retracted
        found.append((event, json.loads(document)["payload"]))
    assert await make(connection, load(None)) == 0
    return found


def codeco(size: str, function: int, number: int) -> bytes:
    """A message about the box."""
    return (
        f"UNB+UNOA:2+TOS+HAULIER+261123:140{number}+{number}'UNH+1+CODECO:D:95B:UN:ITG14'BGM+36+EIR1+{function}'"
        f"EQD+CN+{BOX}+{size}:102:5++2+5'DTM+7:202611231400:203'UNT+5+1'UNZ+1+{number}'"
    ).encode()


async def imported(connection: Connection, raw: bytes) -> None:
    """Import messages."""
    for part in messages.batches(messages.read(raw, Reading("demo", UTC, NOW_US))):
        await messages.store(connection, part, "gate.edi", "anna")


async def test_announcements_are_followed(connection: Connection) -> None:
    """All equipment events of the box have its size; reefer events have none, and stay as they are."""
    announced = (
        "INSERT INTO container_announcement (terminal, container_id, iso_code, category, un_numbers, imdg_classes,"
        " payload, received_at, announced_at) VALUES ('demo', $1, $2, 'import', '{}', '{}', '{}', now(), now())"
        " ON CONFLICT (terminal, container_id) DO UPDATE SET iso_code = excluded.iso_code"
    )
    await connection.execute(announced, BOX, "22G1")
    found = await corrected(connection)
    assert [(event, payload["ISOEquipmentCode"]) for event, payload in found] == [
        ("discharged", "22G1"),
        ("gate_out", "22G1"),
    ]
    await connection.execute(announced, BOX, "22G1")
    assert await make(connection, load(None)) == 0  # announced as it was
    await connection.execute("DELETE FROM container_announcement")
    assert ["ISOEquipmentCode" in payload for _, payload in await corrected(connection)] == [False, False]


async def test_messages_of_the_terminal_operating_system_are_followed(connection: Connection) -> None:
    """One that takes the place of another one, and one that is cancelled, too."""
    await imported(connection, codeco("22G1", 9, 1))
    found = [(event, payload["ISOEquipmentCode"]) for event, payload in await corrected(connection)]
    assert sorted(found) == [("discharged", "22G1"), ("gate_out", "22G1")]
    await imported(connection, codeco("45R1", 5, 2))
    assert [payload["ISOEquipmentCode"] for _, payload in await corrected(connection)] == ["45R1", "45R1"]
    await imported(connection, codeco("45R1", 1, 3))
    assert ["ISOEquipmentCode" in payload for _, payload in await corrected(connection)] == [False, False]


async def test_vessel_calls_are_followed(connection: Connection) -> None:
    """A crane that is assigned later, a ship with another name, a call that is withdrawn."""

    async def announce(payload: dict[str, Any] | None) -> None:
        address = Address("call", "demo", "vessel", "b1-007")
        content = None if payload is None else read_call("demo", "b1-007", payload)
        raw = None if payload is None else json.dumps(payload)
        document = Document(address, content, raw, NOW_US, "port/demo/vessel/b1-007/call")
        async with connection.transaction():
            await calls.write(connection, [document], None)

    work = {"crane": "sts1", "from": "2026-11-23T11:00:00Z", "until": "2026-11-23T13:00:00Z"}
    await announce({"vessel": "ANDEAN STAR", "assignments": [work]})
    found = await corrected(connection)
    assert [(event, payload["transportCall"]) for event, payload in found] == [
        (
            "discharged",
            {"transportCallReference": "b1-007", "modeOfTransport": "VESSEL", "vessel": {"name": "ANDEAN STAR"}},
        )
    ]
    await announce({"vessel": "ANDEAN STAR", "assignments": [work], "planned": {"load": 5}})
    assert await make(connection, load(None)) == 0  # nothing that an event states
    await announce({"vessel": "QUAY PIONEER", "assignments": [work]})
    assert [payload["transportCall"]["vessel"]["name"] for _, payload in await corrected(connection)] == [
        "QUAY PIONEER"
    ]
    await announce({"vessel": "QUAY PIONEER", "assignments": [work | {"crane": "sts2"}]})
    assert ["transportCall" in payload for _, payload in await corrected(connection)] == [False]
    await announce({"vessel": "QUAY PIONEER", "assignments": [work]})
    assert ["transportCall" in payload for _, payload in await corrected(connection)] == [True]
    await announce(None)
    assert ["transportCall" in payload for _, payload in await corrected(connection)] == [False]


async def test_plates_and_late_readings_are_followed(connection: Connection) -> None:
    """A plate that is read better later; a reading that came late, where the facts of its plug were recomputed."""
    await connection.execute(
        "INSERT INTO device (terminal, stream, device) VALUES ('demo', 'gate', 'in1'), ('demo', 'reefer', 'r1-01')"
    )
    numbers = {
        row["device"]: row["device_id"] for row in await connection.fetch("SELECT device, device_id FROM device")
    }
    await connection.execute(
        "INSERT INTO gate_transaction (device_id, entered_at, plate, trouble, container_ids)"
        " VALUES ($1, $2, 'ABC12', false, '{}')",
        numbers["in1"],
        TIMES[1],
    )
    await connection.execute("UPDATE gate_transaction SET plate = 'ABC123'")
    assert [(event, payload["transportCall"]["licencePlate"]) for event, payload in await corrected(connection)] == [
        ("gate_out", "ABC123")
    ]
    await connection.execute(
        "INSERT INTO reefer_telemetry (time, device_id, seq, received_at, setpoint_degc) VALUES ($1, $2, 1, now(), 5)",
        AT,
        numbers["r1-01"],
    )
    await connection.execute("INSERT INTO recompute_facts VALUES ($1, $2, $2)", numbers["r1-01"], AT)
    await connection.execute("DELETE FROM recompute_facts")
    assert [(event, payload["setpoints"]["temperature"]) for event, payload in await corrected(connection)] == [
        ("plugged", 5.0)
    ]
