"""What happened to boxes, from a fact to a message in the form of DCSA: kept, published, retracted, over restarts."""

import json
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from infra.database import connect
from infra.mqtt.connection import Mqtt
from infra.mqtt.packet_reader import Message
from ingest.dcsa.outbox import SQL
from tests.conftest import eventually
from tests.integration.test_container_timeline import MINUTE, discharged, passed
from tests.integration.test_ingest import now_ms, rows
from tests.integration.worker_process import worker

BOX, OTHER = "CSQU3054383", "MSKU9070323"


@pytest.fixture
def environment(database_url: str, mqtt_url: str, state_dir: Path) -> dict[str, str]:
    """Settings of workers with one session."""
    return {
        "QUAYSTREAM_DATABASE_URL": database_url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-{uuid.uuid4().hex}",
        "QUAYSTREAM_STATE_DIR": str(state_dir),
    }


class Receiver:
    """Who listens to events of boxes: of each id the newest version, none of what was retracted."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, Any]] = []

    def take(self, messages: list[Message]) -> None:
        """Take messages in."""
        self.messages += [(one.topic, json.loads(one.payload)) for one in messages]

    @property
    def held(self) -> dict[str, str]:
        """Box and code of each event that holds, by its id."""
        held: dict[str, str] = {}
        for _, document in self.messages:
            payload, metadata = document.get("payload"), document["metadata"]
            if payload is None:
                held.pop(metadata["retractedEventID"], None)
            else:
                code = payload.get("equipmentEventTypeCode") or payload["reeferEventTypeCode"]
                held[metadata["eventID"]] = f"{payload['equipmentReference']} {code}"
        return held


async def test_events_are_published_over_a_killed_worker_and_retracted(
    database_url: str, mqtt_url: str, environment: dict[str, str], tmp_path: Path, device: Mqtt, ask_api: Any
) -> None:
    """A worker is killed with an event kept and not published; another box turns out to have been meant."""
    terminal, start_ms = f"t{uuid.uuid4().hex[:12]}", now_ms() // MINUTE * MINUTE - 180 * MINUTE
    unsent = "SELECT 1 FROM dcsa_event WHERE published_at IS NULL"

    def publish(stream: str, name: str, samples: list[dict[str, object]]) -> None:
        device.publish(f"port/{terminal}/{stream}/{name}/telemetry", json.dumps(samples))

    receiver = Receiver()
    subscription = (f"event/{terminal}/container/+",)
    async with Mqtt(mqtt_url, f"see-{terminal}", on_messages=receiver.take, subscriptions=subscription):
        with worker(environment, tmp_path / "first.log") as running:
            publish("crane", "sts1", discharged(start_ms, BOX))
            publish("gate", "in1", passed(start_ms + 20 * MINUTE, "in", OTHER))
            expected = {f"{BOX} DISC", f"{OTHER} GTIN"}
            await eventually(lambda: set(receiver.held.values()) == expected)
            await eventually(lambda: not rows(database_url, unsent))
            running.kill()
        # As if it had been killed before the broker's answer: the event is kept, and nobody knows whether it was sent.
        seen = len(receiver.messages)
        rows(database_url, "UPDATE dcsa_event SET published_at = NULL WHERE event = 'gate_in' RETURNING 1")
        with worker(environment, tmp_path / "second.log"):
            await eventually(lambda: len(receiver.messages) == seen + 1 and not rows(database_url, unsent))
            assert receiver.messages[-1] in receiver.messages[:seen]  # the very same message: its id is known
            publish("gate", "in1", passed(start_ms + 19 * MINUTE, "in", BOX))  # late, between: read before and after
            publish("gate", "out1", passed(start_ms + 60 * MINUTE, "out", BOX))
            expected |= {f"{BOX} GTIN", f"{BOX} GTOT"}
            await eventually(lambda: set(receiver.held.values()) == expected)
            # The number was misread: the fact that shows it has another one from now on.
            change = "UPDATE container_event SET container_id = 'APZU4812090' WHERE event = 'gate_out' RETURNING 1"
            rows(database_url, change)
            expected = (expected - {f"{BOX} GTOT"}) | {"APZU4812090 GTOT"}
            await eventually(lambda: set(receiver.held.values()) == expected)
            rows(database_url, "DELETE FROM container_event WHERE container_id = 'APZU4812090' RETURNING 1")
            expected -= {"APZU4812090 GTOT"}
            await eventually(lambda: set(receiver.held.values()) == expected)
    await answered(ask_api, terminal, receiver)


STATED = """
WITH message AS (
    INSERT INTO tos_message (terminal, message_id, sender, kind, document, version, function, complete, ordinal, source,
        imported_by)
    SELECT 'demo', x, '', 'csv', '', 0, 'adds', true, 1, 'file', 'anna' FROM unnest('{a,b,c,d}'::text[]) x
), stated AS (
    INSERT INTO tos_event (terminal, message_id, line, container_id, container_raw, check_ok, event, time, size_type,
        empty_indicator, reference_numbers, seals, problems)
    SELECT 'demo', message_id, 1, 'CSQU3054383', 'CSQU3054383', true, 'gate_in', time, size, load, '{}', '{}', '{}'
    FROM (VALUES ('a', timestamptz '2026-11-23 10:00Z', '42G1', 'LADEN'), ('b', '2026-11-23 11:00Z', '22G1', NULL),
        ('c', '2026-11-23 11:00Z', '45R1', NULL), ('d', '2026-11-23 12:00Z', NULL, NULL)) x (message_id, time, size,
        load)
)
INSERT INTO container_event VALUES ('demo', 'gate_transaction', 'in1', 'gate_in', 0, '2026-11-23 12:00Z', 'CSQU3054383',
    '2026-11-23 12:00Z', 'gate', NULL, 1, true, NULL) RETURNING 1"""


async def test_size_and_load_are_of_the_newest_message_that_states_them(database_url: str) -> None:
    """The newest one states neither; of two of one time the one of the lower id counts."""
    rows(database_url, STATED)
    connection = await connect(database_url, "test")
    try:
        key = ["demo"], ["gate_transaction"], ["in1"], ["gate_in"], [0], [datetime(2026, 11, 23, 12, tzinfo=UTC)]
        (known,) = await connection.fetch(SQL["known"], *key)
    finally:
        await connection.close()
    assert (known["iso_code"], known["empty_indicator"]) == ("22G1", "LADEN")


async def answered(ask: Any, terminal: str, receiver: Receiver) -> None:
    """The API has the same events as were published."""
    status, body = await ask(f"/api/v1/containers/csqu305438-3/dcsa?terminal={terminal}")
    topic = f"event/{terminal}/container/{BOX}"
    published = [document for at, document in receiver.messages if at == topic]
    assert (status, body["events"]) == (200, published)
    codes = [one.get("payload", {}).get("equipmentEventTypeCode") for one in body["events"]]
    assert (codes[0], codes[-1], sorted(filter(None, codes))) == ("DISC", None, ["DISC", "GTIN", "GTOT"])
    status, body = await ask(f"/api/v1/dcsa/events?terminal={terminal}&limit=2")
    assert (status, len(body["events"])) == (200, 2)
    rest = await ask(f"/api/v1/dcsa/events?terminal={terminal}&after={body['cursor']}&event_type=EQUIPMENT")
    assert len(rest[1]["events"]) == len({one["metadata"]["eventID"] for _, one in receiver.messages}) - 2
    assert (await ask(f"/api/v1/dcsa/events?terminal={terminal}&event_type=REEFER"))[1]["events"] == []
