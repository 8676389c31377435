"""Expected boxes from MQTT and the API to the database, searched and read back; with a real worker."""

import json
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from api.documents import announcing
from infra.mqtt.connection import Mqtt
from tests.conftest import eventually
from tests.integration import api_rows
from tests.integration.test_ingest import rows
from tests.integration.worker_process import worker

Ask = Any
WHOLE: dict[str, Any] = {
    "iso_code": "45R1",
    "category": "export",
    "empty_indicator": "LADEN",
    "line": "MSK",
    "call_out": "b2-007",
    "gross_weight_kg": 31_250,
    "reefer_setpoint_degc": -0.5,
    "reefer_cargo": "blueberries",
    "un_numbers": ["1263"],
    "expected_at": "2026-11-23T01:00:00-05:00",
}
STORED: dict[str, Any] = {
    "container_id": "MSKU9070323",
    "iso_code": "45R1",
    "category": "export",
    "empty_indicator": "LADEN",
    "line": "MSK",
    "call_in": None,
    "vessel_in": None,
    "call_out": "b2-007",
    "vessel_out": None,
    "gross_weight_kg": 31_250.0,
    "reefer_setpoint_degc": -0.5,
    "reefer_cargo": "blueberries",
    "un_numbers": ["1263"],
    "imdg_classes": [],
    "appointment": None,
    "expected_at": "2026-11-23T06:00:00.000Z",
    "problems": [],
}


@pytest.fixture
def terminal() -> str:
    """A terminal of the test's own."""
    return f"t{uuid.uuid4().hex[:12]}"


@pytest.fixture
async def with_worker(database_url: str, mqtt_url: str, state_dir: Path, tmp_path: Path) -> AsyncIterator[None]:
    """A real worker beside."""
    environment = {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-{uuid.uuid4().hex}",
        "QUAYSTREAM_STATE_DIR": str(state_dir),
    }
    with worker(environment, tmp_path / "worker.log"):
        yield


@pytest.mark.usefixtures("with_worker")
async def test_a_box_is_announced_replaced_refused_and_withdrawn(
    database_url: str, device: Mqtt, terminal: str
) -> None:
    """The newest announcement counts; one that cannot be is quarantined, and the earlier one stays."""
    topic = f"port/{terminal}/container/msku-907032-3/announcement"
    stored = "SELECT line, gross_weight_kg, un_numbers, received_at, announced_at FROM v_container_announcement"
    stored += " WHERE terminal = %s AND container_id = 'MSKU9070323'"
    device.publish(topic, json.dumps(WHOLE), retain=True)
    await eventually(lambda: rows(database_url, stored, terminal))
    ((line, weight_kg, un_numbers, received, announced),) = rows(database_url, stored, terminal)
    assert (line, weight_kg, un_numbers, received) == ("MSK", 31_250.0, ["1263"], announced)
    state = "SELECT container_id, iso_code, state, place, since, conflict FROM v_container WHERE terminal = %s"
    assert rows(database_url, state, terminal) == [("MSKU9070323", "45R1", "announced", None, announced, False)]

    device.publish(topic, json.dumps(WHOLE))  # changes nothing
    device.publish(topic, json.dumps(WHOLE | {"gross_weight_kg": -5}))
    refused = "SELECT reason, detail, stream, device FROM quarantine WHERE terminal = %s"
    await eventually(lambda: rows(database_url, refused, terminal))
    assert rows(database_url, refused, terminal) == [
        ("bad_announcement", "gross_weight_kg: -5 must be a number from 0 to 100000", "container", "MSKU9070323")
    ]
    assert rows(database_url, stored, terminal) == [("MSK", 31_250.0, ["1263"], received, announced)]

    device.publish(topic, json.dumps(WHOLE | {"line": "CSL"}), retain=True)
    await eventually(lambda: rows(database_url, f"{stored} AND line = 'CSL'", terminal))
    ((_, _, _, changed, first),) = rows(database_url, stored, terminal)
    assert (changed > received, first) == (True, announced)

    device.publish(topic, b"", retain=True)
    await eventually(lambda: not rows(database_url, stored, terminal))


async def test_what_left_in_the_first_month_is_no_conflict(ask_api: Ask, terminal: str, database_url: str) -> None:
    """Counted from what devices have seen, not from messages of long ago; nobody resolves what is not shown."""
    columns = "(%s, %s, 'out1', 'gate_out', 0, %s, 'MSKU9070323', %s, 'gate', NULL, 1, true)"
    event = f"INSERT INTO container_event VALUES {columns}"  # noqa: S608 - from above
    conflict = "INSERT INTO container_conflict VALUES (%s, 'MSKU9070323', 'left_without_arriving', %s, NULL, '')"
    with psycopg.connect(database_url) as connection:
        for source, day in (("tos_report", "2026-01-01T00:00Z"), ("gate_transaction", "2026-05-01T00:00Z")):
            connection.execute(event, (terminal, source, day, day))
        for day in ("2026-05-02T00:00Z", "2026-07-01T00:00Z"):
            connection.execute(conflict, (terminal, day))
    listed = (await ask_api(f"/api/v1/conflicts?terminal={terminal}"))[1]["conflicts"]
    assert [one["time"] for one in listed] == ["2026-07-01T00:00:00.000Z"]
    path = "/api/v1/containers/MSKU9070323/conflicts/left_without_arriving/"
    for day, status in (("2026-05-02T00:00:00Z", 404), ("2026-07-01T00:00:00Z", 200)):
        assert (await ask_api(f"{path}{day}?terminal={terminal}", "PUT", {"by": "Ana"}))[0] == status
    resolutions = rows(database_url, "SELECT count(*) FROM container_conflict_resolution WHERE terminal = %s", terminal)
    assert resolutions == [(1,)]


@pytest.mark.usefixtures("with_worker")
async def test_a_box_over_the_api(ask_api: Ask, mqtt_url: str, terminal: str, database_url: str, device: Mqtt) -> None:
    """Put, read, searched, withdrawn: published and retained on the way; withdrawn under another spelling, too."""
    one = f"/api/v1/containers/msku907032-3?terminal={terminal}"
    path = f"/api/v1/containers/MSKU9070323/announcement?terminal={terminal}"
    assert (await ask_api(one))[0] == 404
    status, body = await ask_api(path, "PUT", WHOLE)
    received = body.pop("received_at")
    assert (status, body) == (200, STORED | {"terminal": terminal})
    assert await ask_api(path, "PUT", WHOLE) == (200, body | {"received_at": received})  # as it was: nothing changes
    listed = {
        "terminal": terminal,
        "container_id": "MSKU9070323",
        "iso_code": "45R1",
        "state": "announced",
        "place": None,
        "since": received,
        "conflict": False,
    }
    assert await ask_api(f"/api/v1/containers?terminal={terminal}&q=0703") == (
        200,
        {"containers": [listed], "cursor": None},
    )
    size_type = {"length_ft": 40, "height_ft": 9.5, "wide": False, "group": "reefer", "reefer": True, "teu": 2.0}
    known = {"check_ok": True, "size_type": size_type, "announcement": body | {"received_at": received}}
    assert await ask_api(one) == (200, listed | known)
    retained: list[Any] = []
    subscription = (f"port/{terminal}/container/+/announcement",)
    async with Mqtt(mqtt_url, f"see-{terminal}", on_messages=retained.extend, subscriptions=subscription):
        await eventually(lambda: retained)
    assert (retained[0].topic, json.loads(retained[0].payload)) == (
        f"port/{terminal}/container/MSKU9070323/announcement",
        WHOLE,
    )
    spelt = f"port/{terminal}/container/msku-907032-3/announcement"
    device.publish(spelt, json.dumps(WHOLE), retain=True)
    await eventually(lambda: rows(database_url, "SELECT topic FROM document_topic") == [(spelt,)])
    withdrawn = {"terminal": terminal, "container_id": "MSKU9070323"}
    assert await ask_api(path, "DELETE") == (200, withdrawn)
    assert await ask_api(path, "DELETE") == (200, withdrawn)
    assert (await ask_api(one))[0] == 404
    seen: list[Any] = []
    async with Mqtt(mqtt_url, f"see-{terminal}", on_messages=seen.extend, subscriptions=subscription) as see:
        await eventually(lambda: see.receiving)
        device.publish(f"port/{terminal}/container/CSQU3054383/announcement", b"")
        await eventually(lambda: seen)
    assert ["CSQU3054383" in message.topic for message in seen] == [True]  # no other one is retained
    assert rows(database_url, "SELECT topic FROM document_topic") == []


async def test_what_cannot_be_is_refused_and_what_is_odd_is_listed(
    ask_api: Ask, terminal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a worker it is taken, and not stored yet."""
    monkeypatch.setattr(announcing, "STORED_WITHIN_S", 0.3)
    path = f"/api/v1/containers/CSQU3054384/announcement?terminal={terminal}"
    status, body = await ask_api(path, "PUT", {"gross_weight_kg": -5, "category": "x"})
    category = "category: 'x' must be one of import, export, transshipment, storage"
    message = f"body field {category}; gross_weight_kg: -5 must be a number from 0 to 100000"
    assert (status, body["error"]["message"]) == (400, message)
    status, body = await ask_api(path, "PUT", {"iso_code": "99X9", "colour": "red"})
    assert (status, body["received_at"], body["problems"]) == (
        202,
        None,
        [
            "container_id: CSQU3054384 fails ISO 6346: the check digit of CSQU305438 is 3, not 4",
            "iso_code: 99X9: length '9' and type 'X9' not known",
            "colour: this key means nothing here; it is kept",
        ],
    )
    wrong = f"/api/v1/containers/CSQ*/announcement?terminal={terminal}"
    status, body = await ask_api(wrong, "PUT", {})
    message = "parameter container_id: 'CSQ*' must be 4 to 17 letters and digits, such as MSKU9070323"
    assert (status, body["error"]["message"]) == (400, message)
    assert (await ask_api(path, "DELETE")) == (200, {"terminal": terminal, "container_id": "CSQU3054384"})


async def test_boxes_are_searched_page_by_page(ask_api: Ask, database_url: str, terminal: str) -> None:
    numbers = ["APZU4812090", "CSQU3054383", "MSCU1234566", "MSKU9070323", "MSKU9071234"]
    insert = "INSERT INTO container_announcement (terminal, container_id, payload, received_at, announced_at)"
    insert += " VALUES ($1, $2, '{}', $3, $3)"
    async with api_rows.rows(database_url) as db:
        await db.executemany(insert, [(terminal, number, api_rows.NOON) for number in numbers])
        await db.execute(insert, "other", "MSKU9070323", api_rows.NOON)

    async def found(query: str) -> tuple[list[str], str | None]:
        status, body = await ask_api(f"/api/v1/containers?terminal={terminal}&{query}")
        assert status == 200, body
        return [one["container_id"] for one in body["containers"]], body["cursor"]

    assert await found("") == (numbers, None)
    assert await found("q=ms") == (numbers[2:], None)
    assert await found("q=sku") == ([], None)  # without three digits: at the beginning only
    assert await found("q=sku-907") == (numbers[3:], None)
    assert await found("q=0703") == (["MSKU9070323"], None)
    assert await found("q=9070&limit=1") == (["MSKU9070323"], None)
    assert await found("q=907&limit=1") == (["MSKU9070323"], "MSKU9070323")
    assert await found("q=907&limit=1&cursor=MSKU9070323") == (["MSKU9071234"], None)
    assert await found("state=announced&limit=2") == (numbers[:2], "CSQU3054383")
    assert await found("state=announced&limit=2&cursor=CSQU3054383") == (numbers[2:4], "MSKU9070323")
    assert await found("limit=2&cursor=MSKU9070323") == (numbers[4:], None)
    assert await found("state=inside") == ([], None)
    assert await found("q=MS%25") == ([], None)  # no pattern
    assert (await ask_api("/api/v1/containers"))[0] == 400


ODD = ["%41207", "NOREAD", "MSKU90?0323", "ÄÖ{4711}#", "X", "漢字%\\9070"]
"""Texts that cameras gave where they read no number, as they are stored."""


async def test_boxes_with_odd_numbers_are_found_paged_through_and_opened(
    ask_api: Ask, database_url: str, terminal: str
) -> None:
    """What was read is never dropped, so every number can be read back; nothing is announced under it."""
    insert = "INSERT INTO container_state VALUES ($1, $2, 'inside', 'in1', $3)"
    async with api_rows.rows(database_url) as db:
        await db.executemany(insert, [(terminal, number, api_rows.NOON) for number in ODD])

    async def page(query: str) -> tuple[list[str], str | None]:
        status, body = await ask_api(f"/api/v1/containers?terminal={terminal}&{query}")
        assert status == 200, body
        return [one["container_id"] for one in body["containers"]], body["cursor"]

    seen, cursor = list[str](), ""
    for _ in ODD:
        (number,), after = await page(f"limit=1&cursor={quote(cursor)}")
        seen.append(number)
        cursor = after or ""
    assert (seen, cursor) == (["%41207", "MSKU90?0323", "NOREAD", "X", "ÄÖ{4711}#", "漢字%\\9070"], "")
    assert await page(f"q={quote('%')}") == (["%41207"], None)
    assert await page(f"q={quote('%412')}") == (["%41207"], None)
    assert await page(f"q={quote('ä')}") == (["ÄÖ{4711}#"], None)
    assert await page(f"q={quote(ODD[-1][2:])}") == ([ODD[-1]], None)
    for number in ODD:
        one = f"/api/v1/containers/{quote(number, safe='')}"
        status, body = await ask_api(f"{one}?terminal={terminal}")
        assert (status, body.get("container_id"), body.get("check_ok")) == (200, number, False)
        answer: dict[str, list[Any]]
        for rest, answer in (("/events", {"events": []}), ("/conflicts", {"conflicts": []})):
            assert await ask_api(f"{one}{rest}?terminal={terminal}") == (200, answer)
        assert (await ask_api(f"{one}/dcsa?terminal={terminal}"))[0] == 200
        odd = quote(number, safe="")
        assert (await ask_api(f"/api/v1/treatments?terminal={terminal}&container_id={odd}")) == (
            200,
            {"treatments": []},
        )
        assert (await ask_api(f"/api/v1/treatments/{terminal}/{odd}/certificate"))[0] == 404
    for wrong in (
        f"/api/v1/containers/{quote('MSKU90?0323')}/announcement?terminal={terminal}",
        f"/api/v1/treatments/{terminal}/X",
    ):
        for method in ("PUT", "DELETE"):
            status, body = await ask_api(wrong, method, {} if method == "PUT" else None)
            assert (status, "must be 4 to 17 letters and digits" in body["error"]["message"]) == (400, True)
    status, body = await ask_api(f"/api/v1/containers/--?terminal={terminal}")
    message = "parameter container_id: write a container number, such as MSKU9070323"
    assert (status, body["error"]["message"]) == (400, message)
