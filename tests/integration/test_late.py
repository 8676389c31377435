"""Late, repeated and disordered samples: the facts and KPI samples are those of the undisturbed run."""

import json
import random
import time
from pathlib import Path

import psycopg
import pytest

from infra.mqtt.connection import Mqtt
from processing.streams import STREAMS
from tests import story
from tests.conftest import eventually
from tests.disorder import MINUTES, compared, disordered, facts_of, publish, samples_of_a_terminal
from tests.integration.test_ingest import rows
from tests.integration.worker_process import worker


def settled(url: str, stored: int) -> bool:
    """Whether all samples are stored, and nothing waits to be made again."""
    (counts,) = rows(
        url,
        f"SELECT {' + '.join(f'(SELECT count(*) FROM {one.table})' for one in STREAMS.values())}, "  # noqa: S608 - names of the registry
        "(SELECT count(*) FROM recompute_facts) + (SELECT count(*) FROM recompute_kpis)"
        " + (SELECT count(*) FROM recompute_events) + (SELECT count(*) FROM recompute_containers)"
        " + (SELECT count(*) FROM alarm_note)",
    )
    return counts == (stored, 0)


def received(url: str, terminal: str) -> int:
    """Samples of a terminal that were counted, repeated ones too."""
    query = "SELECT coalesce(sum(samples_received), 0)::int FROM v_device_count WHERE terminal = %s"
    ((count,),) = rows(url, query, terminal)
    return int(count)


@pytest.mark.parametrize("seed", [1])
async def test_disorder_and_repetition_change_no_fact(
    database_url: str, mqtt_url: str, state_dir: Path, tmp_path: Path, seed: int
) -> None:
    """One terminal in order, another with the same samples in disorder, the worker killed in the middle of it."""
    environment = {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-late-{seed}-{time.time_ns()}",
        "QUAYSTREAM_STATE_DIR": str(state_dir),
    }
    start_ms = time.time_ns() // 60_000_000_000 * 60_000 - (MINUTES + 120) * 60_000
    samples = samples_of_a_terminal(start_ms)
    plain, odd = f"plain{time.time_ns():x}", f"odd{time.time_ns():x}"
    with worker(environment, tmp_path / "first.log") as running:
        for terminal in (plain, odd):
            await story.announce(mqtt_url, terminal, start_ms)
            await story.import_messages(database_url, terminal, start_ms)
        await publish(mqtt_url, plain, samples)
        await eventually(lambda: settled(database_url, len(samples)))
        shuffled = disordered(samples, random.Random(seed))
        half = shuffled[: len(shuffled) // 2]
        await publish(mqtt_url, odd, half)
        await eventually(lambda: received(database_url, odd) == len(half))
        running.kill()  # most facts around the late samples are still to be recomputed
    with worker(environment, tmp_path / "second.log"):
        await publish(mqtt_url, odd, shuffled[len(shuffled) // 2 :])
        await eventually(lambda: settled(database_url, 2 * len(samples)), 120)
    for terminal in (plain, odd):  # retained, they would come to the workers of other tests
        await story.announce(mqtt_url, terminal, start_ms, withdrawn=True)
    output = compared(environment)
    assert " 0 differences" in output, output
    expected, found = facts_of(database_url, plain), facts_of(database_url, odd)
    for name, facts in expected.items():
        assert facts, f"no {name} to compare"
        assert found[name] == facts, name
    with psycopg.connect(database_url) as connection:
        account = connection.execute(
            "SELECT sum(samples_received), sum(stored), sum(duplicate), sum(quarantined), sum(late), sum(seq_gaps) "
            "FROM device_count JOIN device USING (device_id) WHERE terminal = %s",
            (odd,),
        ).fetchone()
    assert account is not None
    counted, stored, duplicate, quarantined, late, _ = (int(n) for n in account)
    assert counted == stored + duplicate + quarantined
    assert (stored, quarantined) == (len(samples), 0)
    assert late > len(samples) / 4


async def test_a_passage_that_comes_days_late_joins_the_one_that_is_stored(
    database_url: str, mqtt_url: str, state_dir: Path, tmp_path: Path, device: Mqtt
) -> None:
    """After a restart neither of them is in memory; the visit of the outbound passage by itself is removed."""
    environment = {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-days-late-{time.time_ns()}",
        "QUAYSTREAM_STATE_DIR": str(state_dir),
    }
    terminal, now_ms = f"t{time.time_ns():x}", time.time_ns() // 1_000_000
    then_ms = now_ms - 5 * 86_400_000
    query = "SELECT visit, extract(epoch FROM left_at - entered_at)::int, reason FROM v_truck_visit WHERE terminal = %s"

    def passes(lane: str, at_ms: int, visit: str) -> None:
        events = ("lane_enter", 0), ("kiosk", 20), ("barrier_open", 30), ("lane_exit", 40)
        sent = [{"ts": at_ms + 1000 * second, "event": name, "visit_id": visit} for name, second in events]
        device.publish(f"port/{terminal}/gate/{lane}/telemetry", json.dumps(sent))

    with worker(environment, tmp_path / "first.log"):
        passes("out1", then_ms, "V1")
        passes("in1", now_ms - 60_000, "V2")
        await eventually(
            lambda: set(rows(database_url, query, terminal)) == {("V1", None, "entry_unseen"), ("V2", None, None)}
        )
    with worker(environment, tmp_path / "second.log"):
        passes("in1", then_ms - 1_800_000, "V1")
        await eventually(lambda: set(rows(database_url, query, terminal)) == {("V1", 1800, None), ("V2", None, None)})


def test_the_samples_hold_something_to_find() -> None:
    samples = samples_of_a_terminal(1_795_000_000_000)
    assert {s[0].split("/")[0] for s in samples} == set(STREAMS)
    assert any(json.loads(s[2]).get("visit_id") for s in samples)
