"""Samples without seq, from MQTT to facts: in whatever messages, batches and runs of the worker their parts come."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from infra.mqtt.connection import Mqtt
from tests.conftest import eventually
from tests.integration.test_ingest import environment, lift, now_ms, rows, terminal
from tests.integration.test_reprocess import reprocess
from tests.integration.worker_process import worker

__all__ = ["environment", "terminal"]

SPREADER = ("twistlock_locked", "twistlock_unlocked", "spreader_size_ft", "twin")
WEIGHED = ("landed", "load_t")
WAITING = "SELECT (SELECT count(*) FROM recompute_facts) + (SELECT count(*) FROM recompute_kpis)"
Parts = list[dict[str, Any]]
Runs = Sequence[Sequence[Parts]]
"""Runs of the worker, the messages of each, the samples in each."""


def parts(start_ms: int) -> Parts:
    """A discharge, each sample in three parts without seq, and three heights that the first sample cannot have all."""
    found: Parts = []
    for sample in lift(start_ms):
        ts = {"ts": sample["ts"]}
        other = {name: value for name, value in sample.items() if name not in (*SPREADER, *WEIGHED, "seq")}
        found += [ts | {name: sample[name] for name in SPREADER if name in sample}, other]
        found += [ts | {name: sample[name] for name in WEIGHED if name in sample}]
    return [*found, {"ts": start_ms, "hoist_height_m": 16.0}, {"ts": start_ms, "hoist_height_m": 17.0}]


def together(all_parts: Parts) -> Runs:
    return [[all_parts]]


def backwards_one_by_one(all_parts: Parts) -> Runs:
    return [[[part] for part in reversed(all_parts)]]


def in_two_runs(all_parts: Parts) -> Runs:
    """One part of each sample, and after a restart the other two."""
    return [[all_parts[::3]], [[part] for n, part in enumerate(all_parts) if n % 3]]


def twice_over_two_runs(all_parts: Parts) -> Runs:
    """All, and after a restart all once more, and twice in one message."""
    return [[all_parts[: len(all_parts) // 2], all_parts], [all_parts[::-1], all_parts[:30] * 2]]


@pytest.mark.parametrize("arranged", [together, backwards_one_by_one, in_two_runs, twice_over_two_runs])
async def test_parts_of_samples_are_merged_and_conflicts_counted(
    environment: dict[str, str], database_url: str, device: Mqtt, terminal: str, tmp_path: Path, arranged: Any
) -> None:
    """The same rows, counts and facts for each arrangement; the facts are those of the whole samples."""
    start_ms = now_ms() - 60_000
    all_parts = parts(start_ms)
    assert len(all_parts) == 1502
    sent = 0
    for number, messages in enumerate(arranged(all_parts)):
        with worker(environment, tmp_path / f"{number}.log"):
            for message in messages:
                sent += len(message)
                device.publish(f"port/{terminal}/crane/sts1/telemetry", json.dumps(message))
            counted = "SELECT samples_received FROM device_count"
            await eventually(lambda: rows(database_url, counted) == [(sent,)])  # noqa: B023 - waited for here
            await eventually(lambda: rows(database_url, WAITING) == [(0,)])
    counts = rows(database_url, "SELECT stored, duplicate, quarantined FROM device_count")
    assert counts == [(1502, sent - 1502, 0)]
    assert rows(database_url, "SELECT count(DISTINCT (time, seq)), max(seq) < 0 FROM v_crane") == [(1502, True)]
    causes = rows(database_url, "SELECT fate, cause, count FROM device_cause_count")
    assert causes == [("conflict", "hoist_height_m", 2)]
    moves = rows(
        database_url,
        "SELECT kind, boxes, inferred, (extract(epoch FROM locked_at) * 1000)::bigint, "
        "(extract(epoch FROM lifted_at) * 1000)::bigint, (extract(epoch FROM landed_at) * 1000)::bigint, "
        "(extract(epoch FROM unlocked_at) * 1000)::bigint FROM crane_move",
    )
    begun = [start_ms + ms for ms in (3200, 5000, 40_000, 42_200)]
    assert moves == [("discharge", 1, False, *begun)]
    code, *printed = reprocess(environment, "--check")
    assert code == 0, printed
