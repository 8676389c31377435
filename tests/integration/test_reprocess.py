"""`quaystream reprocess`: finds what was tampered with, and puts it right, with and without a worker beside it."""

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import psycopg
import pytest

from infra import history
from infra.database import Link
from infra.mqtt.connection import Mqtt
from processing.model.device import Device
from processing.site.configuration import Site
from tests.conftest import eventually
from tests.integration.test_ingest import lift, now_ms, rows
from tests.integration.worker_process import worker

WAITING = (
    "SELECT (SELECT count(*) FROM recompute_facts) + (SELECT count(*) FROM recompute_visits)"
    " + (SELECT count(*) FROM recompute_kpis)"
)


def reprocess(environment: dict[str, str], *arguments: str) -> tuple[int, str]:
    """Exit code and output of the command."""
    done = subprocess.run(
        [sys.executable, "-m", "infra", "reprocess", *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside the worker"])
async def test_tampered_facts_and_kpis_are_found_and_made_again(
    database_url: str, mqtt_url: str, state_dir: Path, tmp_path: Path, device: Mqtt, beside: bool
) -> None:
    terminal = f"t{uuid.uuid4().hex[:12]}"
    environment = {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-{uuid.uuid4().hex}",
        "QUAYSTREAM_STATE_DIR": str(state_dir),
    }
    with worker(environment, tmp_path / "worker.log") as running:
        start_ms = now_ms() - 200_000
        for sample in lift(start_ms) + lift(start_ms + 60_000):
            device.publish(f"port/{terminal}/crane/sts1/telemetry", json.dumps(sample))
        later = {"ts": start_ms + 185_000, "twistlock_locked": False, "twistlock_unlocked": True}
        device.publish(f"port/{terminal}/crane/sts1/telemetry", json.dumps(later))
        await eventually(lambda: len(rows(database_url, "SELECT 1 FROM crane_move")) == 2)
        await eventually(lambda: len(rows(database_url, "SELECT 1 FROM kpi_sample WHERE kpi = 'boxes'")) >= 4)
        assert reprocess(environment, "--check")[0] == 0, reprocess(environment, "--check")[1]
        with psycopg.connect(database_url) as connection:
            connection.execute(
                "UPDATE crane_move SET boxes = 9 WHERE locked_at = (SELECT min(locked_at) FROM crane_move)"
            )
            connection.execute("UPDATE crane_move SET locked_at = locked_at + interval '1 s' WHERE boxes <> 9")
            connection.execute("UPDATE kpi_sample SET value = 77 WHERE kpi = 'boxes' AND subject = 'sts1'")
        code, output = reprocess(environment, "--check", "--device", "sts1")
        assert code == 1
        assert "boxes 9 should be 1" in output
        assert "is stored, and is none" in output
        assert "is missing" in output
        assert "KPI boxes of sts1" in output
        if not beside:
            assert running.stop() == 0
        code, output = reprocess(environment)
        assert code == 0, output
        assert ("the worker does it" in output) == beside
        assert rows(database_url, "SELECT boxes FROM crane_move") == [(1,), (1,)]
        code, output = reprocess(environment, "--check")
        assert (code, "0 differences" in output) == (0, True), output


def still_above_the_ship(begin_ms: int) -> list[dict[str, object]]:
    """Of a crane at 200 m: a discharge, then 280 s above the ship, then a lift of the hoist."""
    moved: list[dict[str, object]] = [{"ts": begin_ms + 60_000, "trolley_position_m": 30.0, "hoist_height_m": 20.0}]
    stands: list[dict[str, object]] = [
        {"ts": begin_ms + second * 1000, "trolley_position_m": 30.0} for second in range(61, 340, 5)
    ]
    stands.append({"ts": begin_ms + 341_000, "hoist_height_m": 15.0})
    return [one | {"gantry_position_m": 200.0} for one in (*lift(begin_ms), *moved, *stands)]


def trip_to(x_m: float, begin_ms: int) -> list[dict[str, object]]:
    """Of a vehicle: it stands in a block for 30 s, drives 100 m along the quay within 10 s, and stands there."""
    where = [(0, 0.0, "block", -100.0), (30, 10.0, "lane", -100.0), (35, 10.0, "lane", -50.0)]
    where += [(second, 0.0, "quay", 0.0) for second in range(40, 330, 10)]
    where += [(second, 0.0, "block", -100.0) for second in (10, 20)]
    return [
        {"ts": begin_ms + second * 1000, "speed_mps": mps, "zone": zone, "position_x_m": x_m + off_m, "position_y_m": 9}
        for second, mps, zone, off_m in sorted(where)
    ]


async def test_causes_by_vehicles_are_the_same_again(
    database_url: str, mqtt_url: str, state_dir: Path, tmp_path: Path, device: Mqtt
) -> None:
    """First one vehicle is known, far from the crane; then comes, late, what another sent that was at it."""
    terminal = f"t{uuid.uuid4().hex[:12]}"
    environment = {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-{uuid.uuid4().hex}",
        "QUAYSTREAM_STATE_DIR": str(state_dir),
    }
    quarter_ms = (now_ms() - 60_000) // 900_000 * 900_000
    begin_ms = quarter_ms - 300_000
    minutes = (
        "SELECT round(value::numeric, 1) FROM kpi_sample WHERE kpi = %s AND subject = 'sts1' AND \"window\" = 'PT1H'"
    )
    with worker(environment, tmp_path / "worker.log"):
        for sample in trip_to(600.0, begin_ms):
            device.publish(f"port/{terminal}/vehicle/agv1/telemetry", json.dumps(sample))
        for sample in still_above_the_ship(begin_ms):
            device.publish(f"port/{terminal}/crane/sts1/telemetry", json.dumps(sample))
        await eventually(
            lambda: rows(database_url, "SELECT cause FROM crane_delay WHERE ended_at > began_at") == [("ship",)]
        )
        await eventually(lambda: rows(database_url, minutes, "idle_waiting_transport_minutes") == [(4,)])
        assert reprocess(environment, "--check")[0] == 0, reprocess(environment, "--check")[1]
        for sample in trip_to(210.0, begin_ms):
            device.publish(f"port/{terminal}/vehicle/agv2/telemetry", json.dumps(sample))
        await eventually(lambda: rows(database_url, minutes, "idle_ship_minutes") == [(4,)])
        await eventually(lambda: rows(database_url, minutes, "idle_waiting_transport_minutes") == [(0,)])
        await eventually(lambda: rows(database_url, "SELECT count(*) FROM vehicle_telemetry") == [(2 * 34,)])
        code, output = reprocess(environment, "--check")
        assert (code, "0 differences" in output) == (0, True), output


def passes(at_ms: int, plate: str) -> str:
    """Events of a truck that takes 40 s through a lane."""
    events = ("lane_enter", 0), ("ocr", 5), ("kiosk", 20), ("barrier_open", 30), ("lane_exit", 40)
    return json.dumps([{"ts": at_ms + 1000 * second, "event": name, "plate": plate} for name, second in events])


@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside the worker"])
async def test_tampered_visits_are_found_and_made_again(
    database_url: str, mqtt_url: str, state_dir: Path, tmp_path: Path, device: Mqtt, beside: bool
) -> None:
    """Two trucks came in a day ago, one left; one that is not seen any more becomes overdue by a crane's event time."""
    terminal = f"t{uuid.uuid4().hex[:12]}"
    environment = {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-{uuid.uuid4().hex}",
        "QUAYSTREAM_STATE_DIR": str(state_dir),
    }
    query = "SELECT plate, extract(epoch FROM left_at - entered_at)::int, reason FROM v_truck_visit ORDER BY arrived_at"
    now = now_ms()
    then = now - 25 * 3_600_000
    with worker(environment, tmp_path / "worker.log") as running:
        for lane, at_ms, plate in (("in1", then, "A1"), ("in1", then + 60_000, "B2"), ("out1", then + 1_800_000, "A1")):
            device.publish(f"port/{terminal}/gate/{lane}/telemetry", passes(at_ms, plate))
        await eventually(lambda: rows(database_url, query) == [("A1", 1800, None), ("B2", None, None)])
        device.publish(f"port/{terminal}/crane/sts1/telemetry", json.dumps({"ts": now - 60_000, "load_t": 1.0}))
        expected = [("A1", 1800, None), ("B2", None, "overdue")]
        await eventually(lambda: rows(database_url, query) == expected)
        await eventually(lambda: rows(database_url, WAITING) == [(0,)])
        assert reprocess(environment, "--check")[0] == 0, reprocess(environment, "--check")[1]
        with psycopg.connect(database_url) as connection:
            connection.execute("UPDATE truck_visit SET plate = 'X9' WHERE plate = 'A1'")
            connection.execute("UPDATE truck_visit SET arrived_at = arrived_at + interval '1 s' WHERE plate = 'B2'")
        code, output = reprocess(environment, "--check")
        assert code == 1
        assert "plate 'X9' should be 'A1'" in output
        assert "truck visit" in output
        assert "is stored, and is none" in output
        assert "is missing" in output
        if not beside:
            assert running.stop() == 0
        code, output = reprocess(environment)
        assert code == 0, output
        assert rows(database_url, query) == expected
        code, output = reprocess(environment, "--check")
        assert (code, "0 differences" in output) == (0, True), output
    with worker(environment, tmp_path / "later.log"):
        device.publish(f"port/{terminal}/gate/in1/telemetry", passes(now - 50_000, "C3"))
        await eventually(lambda: rows(database_url, query) == [*expected, ("C3", None, None)])


async def test_a_device_of_which_nothing_was_stored_leaves_no_trace_in_kpis(
    database_url: str, mqtt_url: str, state_dir: Path, tmp_path: Path, device: Mqtt
) -> None:
    """The engine has taken for true what only the database refuses, and KPI samples came of it: minutes of 0 boxes."""
    terminal = f"t{uuid.uuid4().hex[:12]}"
    environment = {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-{uuid.uuid4().hex}",
        "QUAYSTREAM_STATE_DIR": str(state_dir),
    }
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE crane_telemetry ADD CONSTRAINT no_thirteen CHECK (load_t <> 13)")
        connection.execute("ALTER TABLE gate_event ADD CONSTRAINT no_visit CHECK (visit_id <> 'v13')")
    boxes = "SELECT value FROM kpi_sample WHERE kpi = 'boxes' AND subject = 'sts1'"
    trucks = "SELECT value FROM kpi_sample WHERE kpi = 'trucks_in_terminal'"
    with worker(environment, tmp_path / "worker.log"):
        device.publish(
            f"port/{terminal}/crane/sts1/telemetry", json.dumps({"ts": now_ms() - 100_000, "seq": 1, "load_t": 13})
        )
        entry = {"ts": now_ms() - 100_000, "seq": 1, "event": "barrier_open", "direction": "in", "visit_id": "v13"}
        device.publish(f"port/{terminal}/gate/out/telemetry", json.dumps(entry))
        await eventually(lambda: len(rows(database_url, "SELECT 1 FROM v_quarantine WHERE reason = 'database'")) == 2)
        await eventually(lambda: set(rows(database_url, boxes)) == {(None,)})
        await eventually(lambda: set(rows(database_url, trucks)) == {(None,)})
        code, output = reprocess(environment, "--check")
        assert (code, "0 differences" in output) == (0, True), output


async def test_a_visit_that_ended_before_it_began_is_read_for_the_windows_of_its_end(database_url: str) -> None:
    """Versions before 0018 have joined such passages: lanes with clocks that differ. The live value has counted it."""
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO truck_visit (terminal, lane, passed_at, arrived_at, visit, entered_at, left_at) VALUES "
            "('odd', 'in1', to_timestamp(1500), to_timestamp(1450), 'v1', to_timestamp(1500), to_timestamp(1200))"
        )
    link, lane = Link(database_url, "test"), Device(1, "odd", "gate", "in1", "GATE", 0)
    try:
        for until_s, visits in ((1100, []), (1300, ["v1"]), (1600, ["v1"])):
            store = await history.fact_store(
                await link.get(), Site(), "odd", [lane], 1_000_000_000, until_s * 1_000_000, ["visit"]
            )
            assert [visit.visit for visit in store.visits.known.values()] == visits
    finally:
        link.drop()


def test_wrong_arguments_are_reported(database_url: str, state_dir: Path) -> None:
    environment = {"QUAYSTREAM_DATABASE_URL": database_url, "QUAYSTREAM_STATE_DIR": str(state_dir)}
    assert "no time with offset" in reprocess(environment, "--from", "2026-11-23")[1]
    assert "no device sts9 is known; known are: none" in reprocess(environment, "--device", "sts9")[1]
    code, output = reprocess(environment | {"QUAYSTREAM_DATABASE_URL": "postgresql://a:b@127.0.0.1:1/c"})
    assert (code, "no database" in output) == (1, True)
