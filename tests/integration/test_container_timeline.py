"""A box from vessel to gate: samples of three devices, over MQTT, to its timeline in database and API."""

import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from infra.mqtt.connection import Mqtt
from tests.conftest import eventually
from tests.disorder import compared
from tests.integration.test_ingest import lift, now_ms, rows
from tests.integration.worker_process import worker

BOX, OTHER = "CSQU3054383", "MSKU9070323"
MINUTE = 60_000


def discharged(start_ms: int, *boxes: str) -> list[dict[str, object]]:
    """A lift that lands 40 s later, of boxes that the crane's OCR reads on the way."""
    return [one | ({"container_ids": list(boxes)} if n == 200 else {}) for n, one in enumerate(lift(start_ms))]


def passed(start_ms: int, direction: str, box: str) -> list[dict[str, object]]:
    """A truck that leaves a lane 40 s later."""
    names = ((0, "lane_enter"), (10, "ocr"), (30, "barrier_open"), (40, "lane_exit"))
    known: dict[str, object] = {"direction": direction, "plate": "ABC123"}
    return [
        {"ts": start_ms + second * 1000, "seq": start_ms // 1000 + second, "event": name}
        | known
        | ({"container_ids": [box]} if name == "ocr" else {})
        for second, name in names
    ]


def plugged(start_ms: int, box: str, minutes: int) -> list[dict[str, object]]:
    """A reefer that reports each minute, and is plugged out at the end."""
    return [
        {"ts": start_ms + n * MINUTE, "seq": n + 1, "container_id": box, "plugged": n < minutes, "powered": True}
        for n in range(minutes + 1)
    ]


def settled(url: str) -> bool:
    """Whether nothing waits to be recomputed."""
    tables = ("recompute_facts", "recompute_kpis", "recompute_events", "recompute_containers")
    return not any(rows(url, f"SELECT 1 FROM {table} LIMIT 1") for table in tables)  # noqa: S608 - names from above


@pytest.fixture
def environment(database_url: str, mqtt_url: str, state_dir: Path) -> dict[str, str]:
    """Settings of workers with one session."""
    return {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-{uuid.uuid4().hex}",
        "QUAYSTREAM_STATE_DIR": str(state_dir),
    }


async def test_a_box_from_vessel_to_gate(
    database_url: str, environment: dict[str, str], tmp_path: Path, device: Mqtt, ask_api: Any
) -> None:
    """Its events, its state, a conflict that a person resolves; in spite of a killed worker and late samples."""
    terminal, start_ms = f"t{uuid.uuid4().hex[:12]}", now_ms() // MINUTE * MINUTE - 180 * MINUTE
    states = "SELECT container_id, state, place, conflict FROM v_container WHERE terminal = %s ORDER BY 1"

    def publish(stream: str, name: str, samples: list[dict[str, object]]) -> None:
        device.publish(f"port/{terminal}/{stream}/{name}/telemetry", json.dumps(samples))

    with worker(environment, tmp_path / "first.log") as running:
        publish("crane", "sts1", discharged(start_ms, BOX))
        publish("reefer", "r1-01", plugged(start_ms + 30 * MINUTE, BOX, 20))
        publish("crane", "sts1", discharged(start_ms + 60 * MINUTE, OTHER))
        publish("gate", "in1", passed(start_ms + 120 * MINUTE, "in", OTHER))
        expected = [(BOX, "inside", "r1-01", False), (OTHER, "inside", "in1", True)]
        await eventually(lambda: rows(database_url, states, terminal) == expected)
        running.kill()
    with worker(environment, tmp_path / "second.log"):
        publish("gate", "out1", passed(start_ms + 70 * MINUTE, "out", OTHER))  # late: it had left, and came back
        publish("gate", "out1", passed(start_ms + 130 * MINUTE, "out", BOX))
        publish("crane", "sts2", discharged(start_ms + 150 * MINUTE, BOX))
        expected = [(BOX, "inside", "sts2", False), (OTHER, "inside", "in1", False)]
        await eventually(lambda: rows(database_url, states, terminal) == expected)
        publish("gate", "in1", passed(start_ms + 170 * MINUTE, "in", BOX))
        expected[0] = (BOX, "inside", "in1", True)
        await eventually(lambda: rows(database_url, states, terminal) == expected and settled(database_url))
    status, body = await ask_api(f"/api/v1/containers/csqu305438-3/events?terminal={terminal}")
    assert status == 200, body
    assert [(one["event"], one["device"], one["place"], one["check_ok"]) for one in body["events"]] == [
        ("discharged", "sts1", "sts1", True),
        ("plugged", "r1-01", "r1-01", True),
        ("unplugged", "r1-01", "r1-01", True),
        ("gate_out", "out1", "out1", True),
        ("discharged", "sts2", "sts2", True),
        ("gate_in", "in1", "in1", True),
    ]
    assert body["events"][3] | {"time": "", "fact_at": ""} == {
        "terminal": terminal,
        "container_id": BOX,
        "time": "",
        "fact_at": "",
        "event": "gate_out",
        "place": "out1",
        "stream": "gate",
        "device": "out1",
        "source": "gate_transaction",
        "confidence": 0.99,
        "check_ok": True,
        "read_as": BOX,
    }
    await resolved(ask_api, terminal)
    output = compared(environment)
    assert " 0 differences" in output, output


async def resolved(ask: Any, terminal: str) -> None:
    """The conflict of the box is listed, resolved, and listed among those that are."""
    path = f"/api/v1/containers/{BOX}/conflicts?terminal={terminal}"
    status, body = await ask(path)
    (conflict,) = body["conflicts"]
    assert (status, conflict["kind"], conflict["resolved_by"], conflict["detail"]) == (
        200,
        "arrived_twice",
        None,
        "gate_in at in1, after discharged at sts2",
    )
    one = f"/api/v1/containers/{BOX}/conflicts/arrived_twice/{conflict['time']}?terminal={terminal}"
    status, answer = await ask(one, "PUT", {"by": "Ana", "remark": "two boxes with one number"})
    assert (status, answer["resolved_by"], answer["remark"]) == (200, "Ana", "two boxes with one number")
    assert (await ask(path))[1]["conflicts"] == [answer]
    assert (await ask(f"/api/v1/conflicts?terminal={terminal}"))[1] == {"conflicts": []}
    assert (await ask(f"/api/v1/conflicts?terminal={terminal}&resolved=true"))[1] == {"conflicts": [answer]}
    assert (await ask(f"/api/v1/containers/{BOX}?terminal={terminal}"))[1]["conflict"] is False
    status, answer = await ask(one.replace("arrived_twice", "two_plugs"), "PUT", {"by": "Ana"})
    assert (status, "has no conflict two_plugs" in answer["error"]["message"]) == (404, True)
