"""Vessel calls over the API: announced by PUT, published, stored by a real worker, and read back."""

import json
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from api.documents import announcing
from infra.mqtt.connection import Mqtt
from tests.conftest import eventually
from tests.integration import api_rows
from tests.integration.test_ingest import rows
from tests.integration.worker_process import worker

Ask = Any
WHOLE: dict[str, Any] = {
    "vessel": "ANDEAN STAR",
    "berth": "b1",
    "first_line_at": "2026-11-23T06:00:00Z",
    "all_fast_at": "2026-11-23T01:15:00-05:00",
    "planned": {"discharge": 400, "load": 380},
    "assignments": [{"crane": "sts1", "from": 1_795_417_200_000, "until": "2026-11-23T12:00:00Z"}],
}
STORED: dict[str, Any] = {
    "call_id": "c1",
    "vessel": "ANDEAN STAR",
    "berth": "b1",
    "first_line_at": "2026-11-23T06:00:00.000Z",
    "all_fast_at": "2026-11-23T06:15:00.000Z",
    "last_line_at": None,
    "planned_completion_at": None,
    "planned": {"discharge": 400, "load": 380, "shift": None},
    "assignments": [{"crane": "sts1", "from": "2026-11-23T07:00:00.000Z", "until": "2026-11-23T12:00:00.000Z"}],
    "problems": [],
}
SPAN = "from=2026-11-23T00:00:00Z&to=2026-11-24T00:00:00Z"


@pytest.fixture
def terminal() -> str:
    """A terminal of the test's own."""
    return f"t{uuid.uuid4().hex[:12]}"


@pytest.fixture
async def ask(database_url: str, mqtt_url: str, terminal: str) -> AsyncIterator[Ask]:
    """Asks the API of a terminal with cranes sts1 and sts2."""
    async with api_rows.rows(database_url) as db:
        for crane in ("sts1", "sts2"):
            await db.execute("INSERT INTO device (terminal, stream, device) VALUES ($1, 'crane', $2)", terminal, crane)
    async with api_rows.serving(database_url, mqtt_url) as base, api_rows.asking(base) as asking:
        yield asking


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
async def test_a_call_that_is_put_is_published_stored_and_answered(ask: Ask, mqtt_url: str, terminal: str) -> None:
    path = f"/api/v1/calls/{terminal}/c1"
    assert (await ask(path))[0] == 404
    status, body = await ask(path, "PUT", WHOLE)
    received = body.pop("received_at")
    assert (status, body) == (200, STORED | {"terminal": terminal})
    assert received is not None
    assert await ask(path) == (200, body | {"received_at": received})
    assert await ask(path, "PUT", WHOLE) == (200, body | {"received_at": received})  # as it was: nothing changes
    status, body = await ask(f"/api/v1/calls?terminal={terminal}&{SPAN}")
    assert (status, [call["call_id"] for call in body["calls"]]) == (200, ["c1"])
    retained: list[Any] = []
    async with Mqtt(
        mqtt_url,
        f"see-{terminal}",
        on_messages=retained.extend,
        subscriptions=(f"port/{terminal}/vessel/+/call",),
    ):
        await eventually(lambda: retained)
    assert json.loads(retained[0].payload) == WHOLE


@pytest.mark.usefixtures("with_worker")
async def test_what_is_odd_needs_force_and_is_listed_afterwards(
    ask: Ask, database_url: str, device: Mqtt, terminal: str
) -> None:
    """Over MQTT the same is taken as it is; a crane that is not known may send its first sample later."""
    assert (await ask(f"/api/v1/calls/{terminal}/c1", "PUT", WHOLE))[0] == 200
    odd = WHOLE | {"berth": "b2", "assignments": [*WHOLE["assignments"], {"crane": "sts9", "from": 1_795_417_200_000}]}
    path = f"/api/v1/calls/{terminal}/c2"
    status, body = await ask(path, "PUT", odd)
    assert (status, body["error"]["code"]) == (409, "conflict")
    unknown = "assignments[1].crane: sts9 is no crane that has sent anything; known are sts1, sts2"
    overlap = "assignments[0]: sts1 works call c1 at the same time"
    assert body["error"]["message"].startswith(f"{unknown}; {overlap}; change it, or send it with ?force=true")
    assert (await ask(path))[0] == 404
    status, body = await ask(f"{path}?force=true", "PUT", odd)
    assert (status, body["problems"]) == (200, [unknown, overlap])
    device.publish(f"port/{terminal}/vessel/c3/call", json.dumps(odd | {"berth": "b1", "vesel": "X"}), retain=True)
    device.publish(f"port/{terminal}/vessel/c4/call", '{"first_line_at": 1795413600000, "n": ' + "9" * 1000 + "}")
    where = "SELECT 1 FROM vessel_call WHERE terminal = %s AND call_id = 'c4'"
    await eventually(lambda: rows(database_url, where, terminal))
    status, body = await ask(f"/api/v1/calls?terminal={terminal}&{SPAN}")
    problems = {call["call_id"]: call["problems"] for call in body["calls"]}
    assert [text.partition(":")[0] for text in problems["c1"]] == [
        "assignments[0]",
        "assignments[0]",
        "berth",
    ]
    assert problems["c4"] == ["n: this key means nothing here; it is kept"]
    assert problems["c3"][-1] == "vesel: this key means nothing here; it is kept"


async def test_a_call_that_contradicts_itself_is_refused(ask: Ask, terminal: str) -> None:
    wrong = WHOLE | {"last_line_at": "2026-11-23T05:00:00Z", "planned": {"load": -1}}
    status, body = await ask(f"/api/v1/calls/{terminal}/c1", "PUT", wrong)
    assert (status, body["error"]["code"]) == (400, "bad_request")
    assert body["error"]["message"] == (
        "body field last_line_at: 2026-11-23T05:00:00Z is before all_fast_at, 2026-11-23T01:15:00-05:00; "
        "planned.load: -1 must be a whole number from 0 to 100000"
    )
    assert (await ask(f"/api/v1/calls/{terminal}/c1", "PUT", [1]))[0] == 400
    assert (await ask(f"/api/v1/calls/{terminal}/C1", "PUT", WHOLE))[0] == 400


async def test_without_a_worker_it_is_taken_and_not_stored_yet(
    ask: Ask, terminal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "STORED_WITHIN_S", 0.3)
    status, body = await ask(f"/api/v1/calls/{terminal}/c1", "PUT", WHOLE | {"x": 1})
    problems = ["x: this key means nothing here; it is kept"]
    assert (status, body) == (202, STORED | {"terminal": terminal, "problems": problems, "received_at": None})


async def test_without_a_broker_it_is_not_taken(database_url: str, terminal: str) -> None:
    async with (
        api_rows.serving(database_url, "mqtt://user:word@127.0.0.1:1") as base,
        aiohttp.ClientSession(base) as session,
    ):

        async def has_database() -> bool:
            async with session.get("/readyz") as response:
                return bool((await response.json())["checks"]["database"]["ok"])

        await api_rows.until(has_database)
        async with session.put(f"/api/v1/calls/{terminal}/c1?force=true", json=WHOLE) as response:
            status, body = response.status, await response.json()
    assert (status, body["error"]["code"]) == (503, "broker_away")
    assert "start it, or check QUAYSTREAM_MQTT_URL" in body["error"]["message"]
