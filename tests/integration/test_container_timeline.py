"""A box from vessel to gate: samples of three devices, over MQTT, to its timeline in database and API."""

import json
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
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
    await dwelt(database_url, ask_api, terminal, body["events"])
    await resolved(ask_api, terminal)
    output = compared(environment)
    assert " 0 differences" in output, output


async def dwelt(url: str, ask: Any, terminal: str, events: list[dict[str, Any]]) -> None:
    """The box was on a plug between ship and gate; the same worker or another one, its KPI samples have that."""
    came, left = (datetime.fromisoformat(events[at]["time"]) for at in (0, 3))
    hours = pytest.approx((left - came).total_seconds() / 3600)
    stays = (
        "SELECT arrived_by, left_by, reefer, dwell_h FROM v_container_stay WHERE (container_id, terminal) = (%s, %s)"
    )
    assert rows(url, f"{stays} AND dwell_h IS NOT NULL", BOX, terminal) == [("vessel", "gate", True, hours)]
    samples = "SELECT DISTINCT value FROM v_kpi WHERE (kpi, terminal) = (%s, %s) AND value IS NOT NULL"
    for kpi in ("dwell_reefer_median", "dwell_reefer_p90"):
        assert rows(url, samples, kpi, terminal) == [(hours,)]
    query = f"terminal={terminal}&window=PT1H&at={events[3]['time']}"
    status, body = await ask(f"/api/v1/kpis/dwell_reefer_p90/explain?{query}")
    assert (status, body["value"]) == (200, hours), body
    assert [(one["container_id"], one["dwell_h"]) for one in body["stays"]] == [(BOX, hours)]


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


async def test_a_box_with_more_events_than_its_state_is_made_of(
    database_url: str, environment: dict[str, str], tmp_path: Path, ask_api: Any
) -> None:
    """It comes and goes 1,050 times: the 2,000 newest events begin where it leaves, and it had arrived all the same."""
    terminal = f"t{uuid.uuid4().hex[:12]}"
    insert = """
        INSERT INTO container_event
        SELECT %s, 'gate_transaction', 'g1', CASE n %% 2 WHEN 0 THEN 'gate_in' ELSE 'gate_out' END, 0, at, %s, at,
               'gate', 'g1', 0.99, true, %s
        FROM generate_series(0, 2100) AS n, LATERAL (SELECT timestamptz '2026-01-01T00:00Z' + n * interval '1 h') t (at)
    """
    with psycopg.connect(database_url) as connection:
        connection.execute(insert, (terminal, BOX, BOX))
    states = "SELECT state, place, conflict FROM v_container WHERE terminal = %s"
    with worker(environment, tmp_path / "worker.log"):
        await eventually(lambda: rows(database_url, states, terminal) == [("inside", "g1", False)])
    assert rows(database_url, "SELECT 1 FROM container_conflict WHERE terminal = %s", terminal) == []
    path = f"/api/v1/containers/{BOX}/events?terminal={terminal}"
    status, body = await ask_api(f"{path}&limit=10000")
    assert (status, len(body["events"]), body["events"][0]["time"]) == (200, 2_101, "2026-01-01T00:00:00.000Z")
    status, newest = await ask_api(path)
    assert (status, newest["events"]) == (200, body["events"][-1_000:])
