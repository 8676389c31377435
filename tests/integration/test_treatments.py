"""Cold treatments from announcement to verification: worker, API, database and commands together."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pytest

from infra.clock import from_us
from infra.mqtt.connection import Mqtt
from processing.treatments.facts import PROBES
from simulators.score.treatment_day import corrected
from simulators.treatments.courses import Course, courses, probes
from simulators.treatments.truth import Truth
from tests import conftest
from tests.integration.test_ingest import now_ms, rows
from tests.integration.worker_process import worker

HOUR = timedelta(hours=1)
NOON_MS = 1_795_000_000_000
COURSE_SEED = 18
"""Of a treatment that is done after one that failed; its probes report each half an hour."""
BOX, OTHER = "CSQU3054383", "MSCU6639870"
OPEN = "SELECT followed - entries FROM treatment WHERE terminal = %s"
WITHDRAWN = "SELECT 1 FROM treatment WHERE terminal = %s AND withdrawn_at IS NOT NULL"
PROBLEM = "SELECT 1 FROM treatment_problem WHERE terminal = %s"
"""Of one terminal: what other tests have announced is retained at the broker, and stored here too."""
Sample = dict[str, Any]


@pytest.fixture
def start() -> datetime:
    """A full hour, sixteen days ago."""
    return datetime.fromtimestamp(now_ms() // 3_600_000 * 3_600, UTC) - timedelta(days=16)


@pytest.fixture
def environment(database_url: str, mqtt_url: str, state_dir: Path) -> dict[str, str]:
    """Of a worker of its own, and of commands."""
    return {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-{uuid.uuid4().hex}",
        "QUAYSTREAM_STATE_DIR": str(state_dir),
    }


async def eventually(condition: Callable[[], object]) -> None:
    """Facts and KPIs around late samples of weeks are recomputed first: patience."""
    await conftest.eventually(condition)


def command(environment: dict[str, str], *arguments: str) -> tuple[int, str]:
    """Exit code and output."""
    done = subprocess.run(
        [sys.executable, "-m", "infra", *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


def hourly(start: datetime, hours: range, degc: float = 0.9, box: str | None = BOX) -> list[Sample]:
    """Readings on full hours; of the third probe as given."""
    named = {} if box is None else {"container_id": box}
    return [
        {"ts": (start + h * HOUR).isoformat(), "seq": h + 1, "usda1_degc": 0.5, "usda2_degc": 0.7, "usda3_degc": degc}
        | named
        for h in hours
    ]


def simulated(course: Course) -> list[Sample]:
    """What the plug of a simulated treatment sends."""
    sent, degc = course.samples, probes(course.samples).T.tolist()
    keys = zip(sent.time_us.tolist(), sent.seq.tolist(), degc, strict=True)
    return [
        {"ts": time_us // 1000, "seq": seq, "container_id": course.container_id, "plugged": True}
        | {f"{probe}_degc": value for probe, value in zip(PROBES, values, strict=True)}
        for time_us, seq, values in keys
    ]


def publish(device: Mqtt, terminal: str, plug: str, samples: list[Sample]) -> None:
    """One message."""
    device.publish(f"port/{terminal}/reefer/{plug}/telemetry", json.dumps(samples))


def runs(url: str, terminal: str) -> list[tuple[Any, ...]]:
    """Of a terminal, oldest first."""
    query = (
        "SELECT began_at, level, done_h, left_h, verdict, breach_at, breach_sensor, ended_at FROM v_cold_treatment"
        " WHERE terminal = %s ORDER BY began_at"
    )
    return rows(url, query, terminal)


def done_h(url: str, terminal: str) -> float | None:
    """Of the last run."""
    found = runs(url, terminal)
    return found[-1][2] if found else None


def chained(certificate: dict[str, Any]) -> str:
    """The hash that the log ends with, as somebody finds it who has nothing but the certificate."""
    last = bytes.fromhex(certificate["chain_begins_with"])
    for entry in certificate["entries"]:
        row = sha256(entry["row"].encode()).digest()
        last = sha256(last + row).digest()
        assert (entry["row_hash"], entry["chain_hash"]) == (row.hex(), last.hex())
    return last.hex()


def stamp(at: datetime) -> str:
    """A time as `verify` prints it."""
    return f"{at:%Y-%m-%dT%H:%M:%S.%fZ}"


async def test_from_announcement_to_verification(
    database_url: str, environment: dict[str, str], tmp_path: Path, device: Mqtt, ask_api: Any, start: datetime
) -> None:
    """Announced after 100 h of readings; late ones, some without a number, the same twice, a killed worker: done."""
    terminal = f"t{uuid.uuid4().hex[:12]}"
    with worker(environment, tmp_path / "first.log") as running:
        publish(device, terminal, "r1", [*hourly(start, range(60)), *hourly(start, range(60, 100), box=None)])
        await eventually(lambda: rows(database_url, "SELECT count(*) FROM reefer_telemetry") == [(100,)])
        body = {"schedule": "cn", "began_at": start.isoformat(), "corrections_degc": {"usda1": 0.1}}
        status, answer = await ask_api(f"/api/v1/treatments/{terminal}/{BOX}", "PUT", body)
        assert (status, answer["schedule"], answer["runs"]) == (200, "cn", [])
        await eventually(lambda: done_h(database_url, terminal) == 99.0)
        publish(device, terminal, "r1", hourly(start, range(100, 200)))
        publish(device, terminal, "r1", hourly(start, range(150, 160)))
        publish(device, terminal, "r1", hourly(start, range(230, 280), box=None))
        await eventually(lambda: done_h(database_url, terminal) == 199.0 + 49.0)
        running.kill()
    with worker(environment, tmp_path / "second.log"):
        publish(device, terminal, "r1", hourly(start, range(200, 230), box=None))
        publish(device, terminal, "r1", hourly(start, range(280, 361)))
        await eventually(lambda: done_h(database_url, terminal) == 360.0)
        await eventually(lambda: rows(database_url, OPEN, terminal) == [(0,)])
    assert runs(database_url, terminal) == [(start, 1.1, 360.0, 0.0, "done", None, None, start + 360 * HOUR)]
    assert rows(database_url, "SELECT count(*), max(number) FROM treatment_log") == [(361, 361)]
    status, answer = await ask_api(f"/api/v1/treatments?terminal={terminal}")
    (listed,) = answer["treatments"]
    assert (listed["readings"], listed["up_to_date"]) == (361, True)
    assert [(run["verdict"], run["done_h"], run["level"]) for run in listed["runs"]] == [("done", 360.0, 1.1)]
    code, output = command(environment, "verify", BOX, "--terminal", terminal)
    assert f"the log ends with {listed['log_head']}" in output
    assert (code, "361 readings; every row is as it was" in output) == (0, True), output
    path = f"/api/v1/treatments/{terminal}/{BOX}/certificate"
    status, certificate = await ask_api(f"{path}?rows=true")
    assert (status, certificate["verdict"], certificate["intact"]) == (200, "done", True)
    assert chained(certificate) == certificate["log_head"] == listed["log_head"]
    assert [(day["readings"], day["usda1_degc"]) for day in certificate["days"]][1] == (24, [0.6, 0.6])
    status, drawn = await ask_api(f"/api/v1/treatments/{terminal}/{BOX}/readings?points=10")
    assert (status, drawn["readings"], drawn["step_s"]) == (200, 361, 36 * 3600)
    assert [len(drawn["steps"]) in (10, 11), drawn["steps"][3]["usda3_degc"]] == [True, [0.9, 0.9]]
    status, document = await ask_api(f"{path}.pdf")
    assert (status, document[:5]) == (200, b"%PDF-")
    output = command(environment, "reprocess", "--check")[1]  # KPI samples of sixteen days are still to be recomputed
    assert "differences" in output
    assert "cold treatment" not in output


async def test_what_somebody_changes_is_named(
    database_url: str, environment: dict[str, str], tmp_path: Path, device: Mqtt, ask_api: Any, start: datetime
) -> None:
    """One row changed, one removed, one inserted, and then the end of the log cut off."""
    terminal = f"t{uuid.uuid4().hex[:12]}"
    with worker(environment, tmp_path / "worker.log"):
        await ask_api(f"/api/v1/treatments/{terminal}/{BOX}", "PUT", {"schedule": "cn", "began_at": start.isoformat()})
        publish(device, terminal, "r1", hourly(start, range(100)))
        await eventually(lambda: done_h(database_url, terminal) == 99.0)
    assert command(environment, "verify", BOX, "--terminal", terminal)[0] == 0
    changed, missing, inserted = start + 50 * HOUR, start + 60 * HOUR, start + 70.5 * HOUR
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE reefer_telemetry SET usda2_degc = 5 WHERE time = %s", (changed,))
        connection.execute("DELETE FROM reefer_telemetry WHERE time = %s", (missing,))
        connection.execute(
            "INSERT INTO reefer_telemetry (time, device_id, seq, received_at, usda1_degc)"
            " SELECT %s, device_id, 7, now(), 0.2 FROM reefer_telemetry LIMIT 1",
            (inserted,),
        )
    code, output = command(environment, "verify", BOX, "--terminal", terminal)
    assert (code, "100 readings; 3 wrong" in output) == (1, True), output
    assert output.splitlines()[:3] == [
        f"{stamp(changed)} r1 seq 51: changed since it entered the log as entry 51",
        f"{stamp(missing)} r1 seq 61: missing, entry 61 of the log has no row",
        f"{stamp(inserted)} r1 seq 7: inserted, the log does not have this row",
    ]
    status, certificate = await ask_api(f"/api/v1/treatments/{terminal}/{BOX}/certificate")
    assert (status, certificate["intact"], certificate["wrong"]) == (200, False, output.splitlines()[:3])
    code, output = command(environment, "reprocess", "--check")
    assert code == 1
    assert "cold treatment of" in output
    assert "verdict 'running' should be 'failed'" in output
    with psycopg.connect(database_url) as connection:
        connection.execute("DELETE FROM treatment_log WHERE number = 100")
    assert "the log had 100 entries and has 99" in command(environment, "verify", BOX, "--terminal", terminal)[1]


async def test_a_box_that_changes_its_plug(
    database_url: str, environment: dict[str, str], tmp_path: Path, device: Mqtt, ask_api: Any, start: datetime
) -> None:
    """From r1 to r2 after ten hours; r1 then holds another box, which is warm: of no concern. A breach at r2 is."""
    terminal = f"t{uuid.uuid4().hex[:12]}"
    with worker(environment, tmp_path / "worker.log"):
        body = {"schedule": "cn", "began_at": int(start.timestamp() * 1000)}
        await ask_api(f"/api/v1/treatments/{terminal}/{BOX.lower()}", "PUT", body)
        publish(device, terminal, "r1", hourly(start, range(11)))
        publish(
            device,
            terminal,
            "r1",
            [*hourly(start, range(11, 15), 9.0, OTHER), *hourly(start, range(15, 20), 9.0, None)],
        )
        publish(device, terminal, "r2", hourly(start, range(11, 20)))
        await eventually(lambda: done_h(database_url, terminal) == 19.0)
        assert runs(database_url, terminal)[0][4:7] == ("running", None, None)
        publish(device, terminal, "r2", hourly(start, range(20, 21), 2.2))
        publish(device, terminal, "r2", hourly(start, range(21, 31)))
        await eventually(lambda: len(runs(database_url, terminal)) == 2)
        await eventually(lambda: done_h(database_url, terminal) == 9.0)
    failed, running = runs(database_url, terminal)
    assert failed == (start, 1.1, 19.0, 341.0, "failed", start + 20 * HOUR, "usda3", start + 20 * HOUR)
    assert running == (start + 21 * HOUR, 1.1, 9.0, 351.0, "running", None, None, None)
    assert command(environment, "verify", BOX, "--terminal", terminal)[0] == 0


async def test_a_run_goes_on_after_a_restart_though_readings_of_the_failed_one_were_dropped(
    database_url: str, environment: dict[str, str], tmp_path: Path, device: Mqtt, ask_api: Any, start: datetime
) -> None:
    """The first fails in hour 70; before the worker starts again the parts of the table before hour 48 are dropped."""
    terminal = f"t{uuid.uuid4().hex[:12]}"
    with worker(environment, tmp_path / "first.log"):
        await ask_api(f"/api/v1/treatments/{terminal}/{BOX}", "PUT", {"schedule": "cn", "began_at": start.isoformat()})
        publish(device, terminal, "r1", [*hourly(start, range(70)), *hourly(start, range(70, 71), 9.0)])
        publish(device, terminal, "r1", hourly(start, range(71, 81)))
        await eventually(lambda: done_h(database_url, terminal) == 9.0)
    with psycopg.connect(database_url) as connection:
        connection.execute("SELECT drop_chunks('reefer_telemetry', %s::timestamptz)", (start + 48 * HOUR,))
    kept = rows(database_url, "SELECT count(*) FROM reefer_telemetry")[0][0]
    assert 33 <= kept < 81
    with worker(environment, tmp_path / "second.log"):
        publish(device, terminal, "r1", hourly(start, range(81, 91)))
        await eventually(lambda: done_h(database_url, terminal) == 19.0)
        await eventually(lambda: rows(database_url, OPEN, terminal) == [(0,)])
    assert rows(database_url, PROBLEM, terminal) == []
    assert [run[4] for run in runs(database_url, terminal)] == ["failed", "running"]
    assert "cold treatment" not in command(environment, "reprocess", "--check")[1]


async def test_announced_and_withdrawn_by_retained_messages(
    database_url: str, environment: dict[str, str], tmp_path: Path, device: Mqtt, ask_api: Any, start: datetime
) -> None:
    """One that is refused changes nothing; a schedule that nobody knows is reported; withdrawn, its runs are gone."""
    terminal = f"t{uuid.uuid4().hex[:12]}"
    topic = f"port/{terminal}/container/csqu-305438-3/treatment"
    path = f"/api/v1/treatments/{terminal}/{BOX}"

    async def listed() -> dict[str, Any]:
        (one,) = (await ask_api(f"/api/v1/treatments?terminal={terminal}"))[1]["treatments"]
        found: dict[str, Any] = one
        return found

    with worker(environment, tmp_path / "worker.log"):
        publish(device, terminal, "r1", hourly(start, range(11), box="csqu 305438 3"))
        body = {"schedule": "cn", "began_at": start.isoformat(), "corrections_degc": {"usda1": 0.1}}
        device.publish(topic, json.dumps(body | {"schedule": "jp"}), retain=True)
        await eventually(lambda: rows(database_url, PROBLEM, terminal))
        one = await listed()
        assert (one["problem"][:24], one["up_to_date"]) == ("no schedule 'jp' is vali", False)
        device.publish(topic, json.dumps(body), retain=True)
        await eventually(lambda: done_h(database_url, terminal) == 10.0)
        device.publish(topic, json.dumps(body | {"corrections_degc": {"usda9": 1}}))
        await eventually(lambda: rows(database_url, "SELECT 1 FROM quarantine WHERE reason = 'bad_treatment'"))
        one = await listed()
        assert (one["problem"], one["up_to_date"], one["corrections_degc"]["usda1"]) == (None, True, 0.1)
        withdrawn = {"terminal": terminal, "container_id": BOX, "withdrawn_by": "ana"}
        assert await ask_api(f"{path}?by=ana", "DELETE") == (200, withdrawn)
        await eventually(lambda: rows(database_url, WITHDRAWN, terminal))
        one = await listed()
        assert (one["withdrawn_by"], one["runs"], one["readings"]) == ("ana", [], 11)
        publish(device, terminal, "r1", hourly(start, range(11, 12)))
        await eventually(lambda: rows(database_url, "SELECT count(*) FROM reefer_telemetry") == [(12,)])
        assert rows(database_url, "SELECT count(*) FROM treatment_log") == [(11,)]
        seen: list[Any] = []
        of_boxes = (f"port/{terminal}/container/+/treatment",)
        async with Mqtt(
            environment["QUAYSTREAM_MQTT_URL"], f"see-{terminal}", on_messages=seen.extend, subscriptions=of_boxes
        ) as see:
            await eventually(lambda: see.receiving)
            device.publish(f"port/{terminal}/container/{OTHER}/treatment", b"")
            await eventually(lambda: seen)
        assert [OTHER in message.topic for message in seen] == [True]  # no other one is retained
        device.publish(topic, json.dumps(body))
        await eventually(lambda: done_h(database_url, terminal) == 11.0)
        device.publish(topic, b"", retain=True)
        await eventually(lambda: runs(database_url, terminal) == [])
    assert command(environment, "verify", BOX, "--terminal", terminal)[0] == 0


async def test_announced_once_more_it_takes_the_place_of_the_one_before(
    database_url: str, environment: dict[str, str], tmp_path: Path, device: Mqtt, ask_api: Any, start: datetime
) -> None:
    """First from hour 10 on, with a wrong correction; then from hour 5 on, without."""
    terminal = f"t{uuid.uuid4().hex[:12]}"
    path = f"/api/v1/treatments/{terminal}/{BOX}"
    with worker(environment, tmp_path / "worker.log"):
        publish(device, terminal, "r1", hourly(start, range(21)))
        await eventually(lambda: rows(database_url, "SELECT count(*) FROM reefer_telemetry") == [(21,)])
        body = {"schedule": "cn", "began_at": (start + 10 * HOUR).isoformat()}
        await ask_api(path, "PUT", body | {"corrections_degc": {"usda3": 5}})
        await eventually(lambda: done_h(database_url, terminal) == 0.0)
        await ask_api(path, "PUT", body | {"began_at": (start + 5 * HOUR).isoformat()})
        await eventually(lambda: done_h(database_url, terminal) == 15.0)
    assert [run[0] for run in runs(database_url, terminal)] == [start + 5 * HOUR]
    assert rows(database_url, "SELECT count(*) FROM treatment_log") == [(16,)]
    assert command(environment, "verify", BOX, "--terminal", terminal)[0] == 0


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"schedule": "jp", "began_at": "2026-11-23T06:15:00Z"}, "body field schedule: no schedule 'jp' is valid at"),
        (
            {"schedule": "cn", "began_at": "2026-11-23T06:15:00"},
            "body field began_at: 2026-11-23T06:15:00 has no offset from UTC",
        ),
        ({"schedule": "cn", "began_at": -1}, "body field began_at: -1 is not in the years 2000 to 2099"),
        (
            {"schedule": "cn", "began_at": NOON_MS, "corrections_degc": {"usda4": 0.1, "usda1": 50}},
            "body field corrections_degc: 'usda4' must be one of usda1, usda2, usda3; usda1: 50 must be a number",
        ),
        (
            {"schedule": "cn", "began_at": NOON_MS, "corrections_degc": {"usda1": 50}},
            "body field corrections_degc: usda1: 50 must be a number from -5 to 5",
        ),
        ({"began_at": NOON_MS}, "body field schedule: is missing"),
    ],
)
async def test_what_is_wrong_with_an_announcement_is_named(ask_api: Any, body: dict[str, Any], problem: str) -> None:
    status, answer = await ask_api(f"/api/v1/treatments/demo/{BOX}", "PUT", body)
    assert (status, answer["error"]["message"][: len(problem)]) == (400, problem)
    assert (await ask_api("/api/v1/treatments"))[1] == {"treatments": []}


async def test_the_certificate_of_a_simulated_treatment_and_a_row_that_somebody_changes(
    database_url: str, environment: dict[str, str], tmp_path: Path, device: Mqtt, ask_api: Any, start: datetime
) -> None:
    """Verdict and minutes as they really were, as PDF over the API; then `verify` names the one row that is another."""
    terminal = f"t{uuid.uuid4().hex[:12]}"
    (course,) = courses(1, 15 * 24, np.random.default_rng(COURSE_SEED), round(start.timestamp()) * 1_000_000)
    box, path = course.container_id, f"/api/v1/treatments/{terminal}/{course.container_id}"
    truth = Truth(course.schedule, course.began_us, course.samples.time_us, corrected(course, course.samples)).runs()
    body = {"schedule": course.schedule.id, "began_at": course.began_us // 1000}
    with worker(environment, tmp_path / "worker.log"):
        corrections = dict(zip(PROBES, course.corrections_degc, strict=True))
        assert (await ask_api(path, "PUT", body | {"corrections_degc": corrections}))[0] == 200
        publish(device, terminal, "r1", simulated(course))
        await eventually(lambda: runs(database_url, terminal)[-1:] and runs(database_url, terminal)[-1][4] == "done")
        await eventually(lambda: rows(database_url, OPEN, terminal) == [(0,)])
    found = [(run[4], run[6], run[7]) for run in runs(database_url, terminal)]
    assert found == [(one.verdict, one.sensor, from_us(one.ended_us or 0)) for one in truth]
    status, document = await ask_api(f"{path}/certificate.pdf")
    assert (status, document[:5], document.rstrip()[-5:]) == (200, b"%PDF-", b"%%EOF")
    assert (await ask_api(f"{path}/certificate"))[1]["intact"]
    code, output = command(environment, "verify", box, "--terminal", terminal)
    assert (code, "every row is as it was" in output) == (0, True), output
    at, seq = from_us(int(course.samples.time_us[300])), int(course.samples.seq[300])
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE reefer_telemetry SET usda2_degc = usda2_degc - 0.01 WHERE time = %s", (at,))
    code, output = command(environment, "verify", box, "--terminal", terminal)
    first = next(n for n, one in enumerate(course.samples.time_us) if one >= course.began_us)
    named = f"{stamp(at)} r1 seq {seq}: changed since it entered the log as entry {300 - first + 1}"
    assert (code, output.splitlines()[0], "1 wrong" in output) == (1, named, True)
    assert (await ask_api(f"{path}/certificate"))[1]["wrong"] == [named]
    assert (await ask_api(f"{path}/certificate.pdf"))[1] != document


def test_without_a_treatment_there_is_nothing_to_verify(environment: dict[str, str]) -> None:
    code, output = command(environment, "verify", BOX, "--terminal", "demo")
    assert (code, f"no cold treatment of {BOX} was announced at terminal demo" in output) == (2, True)
