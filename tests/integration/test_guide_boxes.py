"""docs/guides/follow-a-box.md: its boxes go through worker, database and API, and its commands answer what it shows."""

import re
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from infra.mqtt.connection import Mqtt
from processing.documents import ANNOUNCEMENT
from processing.model import topics
from simulators.announced import TrueExpected
from simulators.devices import Slice
from simulators.terminal import Terminal
from tests.conftest import eventually
from tests.guides import GUIDES, blocks
from tests.integration.test_container_timeline import settled
from tests.integration.test_ingest import rows
from tests.integration.worker_process import worker

SEED, START_MS, MINUTES = 12, 1_795_000_000_000, 80
"""The terminal of the guide: 18 November 2026, from 11:06:40 UTC on."""
GUIDE = (GUIDES / "follow-a-box.md").read_text()
HOSTS = re.compile(r'"http://\$QUAYSTREAM_HTTP([^"]+)"')
ROW = re.compile(r"^\| (\d\d:\d\d:\d\d) \| (.+?) \| (.+?) \| (.+?) \|", re.MULTILINE)
Event = tuple[str, ...]
"""Time of day, event, device, place."""


def shown() -> dict[str, list[Event]]:
    """Events that the guide shows, by the number in the heading above."""
    parts = re.split(r"^## .*`([A-Z]{4}\d{7})`$", GUIDE, flags=re.MULTILINE)
    return {box: ROW.findall(text) for box, text in zip(parts[1::2], parts[2::2], strict=True)}


def samples(made: Slice) -> Iterable[tuple[str, str, list[Any]]]:
    """What the devices that see boxes go send: stream, device, at most 200 rows."""
    for (stream, device), sent in made.rows.items():
        if stream != "reefer":
            yield from ((stream, device, sent[n : n + 200]) for n in range(0, len(sent), 200))


async def test_boxes_are_followed_as_the_guide_shows(
    database_url: str, mqtt_url: str, state_dir: Path, tmp_path: Path, device: Mqtt, ask_api: Any
) -> None:
    name, boxes = f"t{uuid.uuid4().hex[:12]}", shown()
    environment = {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-{name}",
        "QUAYSTREAM_STATE_DIR": str(state_dir),
        "QUAYSTREAM_RETENTION_DAYS": "3650",
    }
    terminal, announced = Terminal("demo", SEED, START_MS, "guide"), list[str]()
    with worker(environment, tmp_path / "worker.log"):
        for minute in range(5, MINUTES + 1, 5):
            made = terminal.advance(START_MS + minute * 60_000)
            for one in made.of(TrueExpected):
                if one.document_id in boxes:
                    device.publish(ANNOUNCEMENT.topic(name, one.document_id), msgspec.json.encode(one.announcement()))
                    announced.append(one.document_id)
            for stream, sender, sent in samples(made):
                device.publish(topics.telemetry(name, stream, sender), msgspec.json.encode(sent))
                await device.drain(20)
        count = "SELECT count(*) FROM container_event WHERE terminal = %s AND container_id = ANY(%s)"
        expected = sum(map(len, boxes.values()))
        await eventually(
            lambda: rows(database_url, count, name, list(boxes)) == [(expected,)] and settled(database_url)
        )
    assert sorted(announced) == sorted(boxes)
    answers = {}
    for path in HOSTS.findall("".join(blocks("follow-a-box", "sh"))):
        one = path.replace("$box", next(iter(boxes)))
        status, answers[path] = await ask_api(one.replace("terminal=demo", f"terminal={name}"))
        assert status == 200, (path, answers[path])
    for box, events in boxes.items():
        found = answers[f"/api/v1/containers/{box}/events?terminal=demo"]["events"]
        assert [(e["time"][11:19], e["event"], e["device"], e["place"]) for e in found] == events, box
    states = {box: answers[f"/api/v1/containers/{box}?terminal=demo"]["state"] for box in boxes}
    assert sorted(states.values()) == ["left", "on_vessel"]
