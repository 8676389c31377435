"""A crane whose parameters are put right: its facts are made again from the earliest time at which they differ."""

import json
import uuid
from pathlib import Path

import pytest

from infra.clock import from_us
from infra.mqtt.connection import Mqtt
from tests.conftest import eventually
from tests.integration.test_ingest import lift, now_ms, rows
from tests.integration.test_reprocess import reprocess
from tests.integration.worker_process import worker

KINDS = "SELECT kind FROM crane_move ORDER BY locked_at"
WAITING = "SELECT (SELECT count(*) FROM recompute_facts) + (SELECT count(*) FROM recompute_kpis)"
SAMPLES = "SELECT count(*) FROM v_crane WHERE terminal = %s"
GAP_MS = 60_000


@pytest.mark.parametrize("beside", [False, True], ids=["by reprocess", "by the worker"])
async def test_a_trolley_zero_that_is_put_right_puts_kinds_right(
    database_url: str, mqtt_url: str, state_dir: Path, tmp_path: Path, device: Mqtt, beside: bool
) -> None:
    """The crane reads 40 m over the rail: its quay, at -8 m, looks like the ship's side, and its discharges are shifts.

    Of four lifts the first was made when the trolley was right, and stays as it is.
    """
    terminal, start_ms = f"t{uuid.uuid4().hex[:12]}", now_ms() - 6 * GAP_MS
    site = tmp_path / "site.toml"
    wrong = f'[[terminal.{terminal}.calibration]]\ncrane = "sts1"\ntrolley_zero_m = -40\n'
    site.write_text(wrong)
    environment = {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-{uuid.uuid4().hex}",
        "QUAYSTREAM_STATE_DIR": str(state_dir),
        "QUAYSTREAM_SITE": str(site),
    }
    with worker(environment, tmp_path / "wrong.log"):
        for number in range(4):
            for sample in lift(start_ms + number * GAP_MS):
                sample["seq"] = 0
                device.publish(f"port/{terminal}/crane/sts1/telemetry", json.dumps(sample))
        later = {"ts": start_ms + 5 * GAP_MS, "twistlock_locked": False, "twistlock_unlocked": True, "landed": False}
        device.publish(f"port/{terminal}/crane/sts1/telemetry", json.dumps(later))
        # The last move is final only once the sample after it is stored: `--check` leaves out what is not.
        await eventually(lambda: rows(database_url, SAMPLES, terminal) == [(4 * 500 + 1,)])
        await eventually(lambda: rows(database_url, KINDS) == [("shift",)] * 4)
    # Right from the second lift on.
    until = from_us((start_ms + GAP_MS - 5_000) * 1000)
    site.write_text(wrong + f"until = {until.isoformat()}\n")
    code, output = reprocess(environment, "--check")
    assert code == 1
    assert output.count("kind 'shift' should be 'discharge'") == 3, output
    if beside:
        with worker(environment, tmp_path / "right.log"):
            await eventually(lambda: rows(database_url, WAITING) == [(0,)])
    else:
        assert reprocess(environment)[0] == 0
    assert rows(database_url, KINDS) == [("shift",), ("discharge",), ("discharge",), ("discharge",)]
    code, output = reprocess(environment, "--check")
    assert (code, "0 differences" in output) == (0, True), output
    with worker(environment, tmp_path / "again.log"):
        pass
    assert "have changed" not in (tmp_path / "again.log").read_text()


async def test_a_worker_does_not_start_with_half_a_site_file(
    database_url: str, mqtt_url: str, state_dir: Path, tmp_path: Path
) -> None:
    site = tmp_path / "site.toml"
    site.write_text('[terminal.a]\ntime_zone = "America/Lima"\n[terminal.b]\nshifts = []\n')
    environment = {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_STATE_DIR": str(state_dir),
        "QUAYSTREAM_SITE": str(site),
    }
    code, output = reprocess(environment, "--check")
    assert code == 2
    assert f"{site}, line 4: terminal.b.shifts: there must be 1 to 24 shifts" in output


async def test_what_a_terminal_decides_otherwise_changes_its_kpi_samples(
    database_url: str, mqtt_url: str, state_dir: Path, tmp_path: Path, device: Mqtt
) -> None:
    """A kind that no longer counts, and shifts that begin at other times: samples of the past are as if always so."""
    terminal, start_ms = f"t{uuid.uuid4().hex[:12]}", now_ms() - 6 * GAP_MS
    site = tmp_path / "site.toml"
    site.write_text("")
    environment = {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-{uuid.uuid4().hex}",
        "QUAYSTREAM_STATE_DIR": str(state_dir),
        "QUAYSTREAM_SITE": str(site),
    }
    boxes = "SELECT max(value) FROM kpi_sample WHERE terminal = %s AND kpi = 'boxes' AND \"window\" = 'PT1H'"
    with worker(environment, tmp_path / "before.log"):
        for number in range(2):
            for sample in lift(start_ms + number * GAP_MS):
                device.publish(f"port/{terminal}/crane/sts1/telemetry", json.dumps(sample | {"seq": 0}))
        later = {"ts": start_ms + 5 * GAP_MS, "twistlock_locked": False, "twistlock_unlocked": True, "landed": False}
        device.publish(f"port/{terminal}/crane/sts1/telemetry", json.dumps(later))
        await eventually(lambda: rows(database_url, SAMPLES, terminal) == [(2 * 500 + 1,)])
        await eventually(lambda: rows(database_url, boxes, terminal) == [(2.0,)])
    code, output = reprocess(environment, "--check")
    assert code == 0, output
    site.write_text(
        f'[terminal.{terminal}]\ncounted_moves = ["load"]\ntime_zone = "Asia/Kathmandu"\n'
        'shifts = [{ name = "a", begins = "05:15" }, { name = "b", begins = "17:15" }]\n'
    )
    assert reprocess(environment, "--check")[0] == 1
    with worker(environment, tmp_path / "after.log"):
        await eventually(lambda: rows(database_url, WAITING) == [(0,)])
    assert rows(database_url, boxes, terminal) == [(0.0,)]
    code, output = reprocess(environment, "--check")
    assert (code, "0 differences" in output) == (0, True), output


async def test_a_profile_that_is_changed_changes_excursions(
    database_url: str, mqtt_url: str, state_dir: Path, tmp_path: Path, device: Mqtt
) -> None:
    """3 K too warm for 40 min: an excursion of what is built in, none where the terminal tolerates 5 K at +4 °C."""
    terminal, start_ms = f"t{uuid.uuid4().hex[:12]}", now_ms() - 60 * 60_000
    site = tmp_path / "site.toml"
    site.write_text("")
    environment = {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-{uuid.uuid4().hex}",
        "QUAYSTREAM_STATE_DIR": str(state_dir),
        "QUAYSTREAM_SITE": str(site),
    }
    found = "SELECT container_id, probe, worst_degc FROM v_reefer_excursion WHERE terminal = %s"
    with worker(environment, tmp_path / "before.log"):
        samples = [
            {
                "ts": start_ms + minute * 60_000,
                "seq": minute,
                "container_id": "CSQU3054383",
                "setpoint_degc": 4,
                "supply_degc": 7 if 5 <= minute < 45 else 4,
                "plugged": True,
            }
            for minute in range(58)
        ]
        device.publish(f"port/{terminal}/reefer/r01-01/telemetry", json.dumps(samples))
        await eventually(lambda: rows(database_url, found, terminal) == [("CSQU3054383", "supply", 3.0)])
    code, output = reprocess(environment, "--check")
    assert code == 0, output
    site.write_text(
        f'[[terminal.{terminal}.reefer_profile]]\nname = "tolerant"\nprobe = "supply"\n'
        "setpoints_degc = [4, 4]\ntolerance_k = 5\n"
    )
    code, output = reprocess(environment, "--check")
    assert code == 1
    assert "reefer excursion" in output, output
    with worker(environment, tmp_path / "after.log"):
        await eventually(lambda: rows(database_url, WAITING) == [(0,)])
    assert rows(database_url, found, terminal) == []
    code, output = reprocess(environment, "--check")
    assert (code, "0 differences" in output) == (0, True), output
