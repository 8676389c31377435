"""The corpus through a real broker and a real worker into a real database, each message between two good ones."""

import json
import uuid
from collections import Counter
from pathlib import Path

import psycopg

from infra.mqtt.connection import Mqtt
from processing.streams import STREAMS
from tests.cases.corpus import CASES, Case
from tests.conftest import eventually
from tests.integration.test_ingest import now_ms, rows
from tests.integration.worker_process import worker

SENT = [case for case in CASES if not case.cut_off]
VIEWS = tuple(f"v_{name}" for name in STREAMS)


async def test_no_bad_message_costs_a_good_sample_and_each_has_its_reason(
    database_url: str, mqtt_url: str, state_dir: Path, tmp_path: Path, device: Mqtt
) -> None:
    terminal = f"t{uuid.uuid4().hex[:12]}"
    environment = {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-{uuid.uuid4().hex}",
        "QUAYSTREAM_STATE_DIR": str(state_dir),
    }
    sent_ms = now_ms()
    with worker(environment, tmp_path / "worker.log") as running:
        for n, case in enumerate(SENT):
            good = {"ts": sent_ms + n, "seq": n, "boot": "b", "load_t": n % 100}
            device.publish(f"port/{terminal}/crane/good/telemetry", json.dumps(good))
            device.publish(case.topic_in(terminal), case.bytes_at(sent_ms))
        last = {"ts": sent_ms + len(SENT), "seq": len(SENT), "boot": "b"}
        device.publish(f"port/{terminal}/crane/good/telemetry", json.dumps(last))
        await device.drain(1)
        everything = "SELECT count(*) FROM v_crane WHERE device = 'good'"
        await eventually(lambda: rows(database_url, everything) == [(len(SENT) + 1,)])
        await eventually(lambda: closed(database_url))
        assert running.process.poll() is None
        assert running.ready(), (tmp_path / "worker.log").read_text()
        assert running.metric("engine_errors_total") == 0
    assert "Traceback" not in (tmp_path / "worker.log").read_text()
    assert refusals(database_url) == {case.topic_in(terminal): case.reasons() for case in SENT if case.quarantined}
    stored = {case.name: case.stored for case in SENT if case.stored}
    assert fates(database_url, terminal) == stored | {"good": len(SENT) + 1}
    assert rows(database_url, "SELECT count(*) FROM quarantine WHERE length(detail) < 10") == [(0,)]
    device_counts = rows(database_url, "SELECT sum(duplicate)::int, sum(out_of_range)::int FROM device_count")
    assert device_counts == [(sum(case.duplicate for case in SENT), sum(case.out_of_range for case in SENT))]
    for case in SENT:
        check_row(database_url, terminal, case)


def closed(url: str) -> bool:
    """Whether all was written that is to be written, and received = stored + duplicate + quarantined everywhere."""
    open_accounts = rows(
        url, "SELECT device_id FROM device_count WHERE samples_received <> stored + duplicate + quarantined"
    )
    assert open_accounts == []
    unlike = rows(
        url,
        """
        SELECT device_id FROM device_count n, LATERAL (
            SELECT coalesce(sum(count) FILTER (WHERE fate = 'quarantined'), 0) AS quarantined,
                   coalesce(sum(count) FILTER (WHERE fate = 'out_of_range'), 0) AS out_of_range
            FROM device_cause_count c WHERE c.device_id = n.device_id
        ) c
        WHERE n.quarantined <> c.quarantined OR n.out_of_range <> c.out_of_range
        """,
    )
    assert unlike == []
    wanted = sum(case.reasons().total() for case in SENT)
    return rows(url, "SELECT count(*) FROM quarantine") == [(wanted,)]


def refusals(url: str) -> dict[str, Counter[str]]:
    """By topic, how often each reason was given."""
    found: dict[str, Counter[str]] = {}
    for topic, reason, times in rows(url, "SELECT topic, reason, count(*) FROM v_quarantine GROUP BY 1, 2"):
        found.setdefault(topic, Counter())[reason] = times
    return found


def fates(url: str, terminal: str) -> dict[str, int]:
    """By device, how many samples are in the tables; what was counted must be the same."""
    found: dict[str, int] = {}
    for view in VIEWS:
        query = f"SELECT device, count(*) FROM {view} WHERE terminal = %s GROUP BY 1"  # noqa: S608 - names above
        found.update(rows(url, query, terminal))
    counted = "SELECT device, stored FROM device_count JOIN device USING (device_id) WHERE stored > 0"
    assert dict(rows(url, counted)) == found
    return found


def check_row(url: str, terminal: str, case: Case) -> None:
    """Values of the first sample of a case, as the database gives them back."""
    if not (case.row or case.absent):
        return
    names = [*case.row, *case.absent]
    view = f"v_{case.topic.split('/')[2]}"
    with psycopg.connect(url) as connection:
        query = f"SELECT {', '.join(names)} FROM {view} WHERE terminal = %s AND device = %s ORDER BY time, seq"  # noqa: S608 - names of the corpus
        found = connection.execute(query, (terminal, case.name)).fetchone()
    assert found is not None, case.name
    assert dict(zip(names, found, strict=True)) == case.row | dict.fromkeys(case.absent), case.name
