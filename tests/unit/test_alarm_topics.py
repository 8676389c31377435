"""What is published and retained of an alarm, and when events count as delivered."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from infra.mqtt.connection import Mqtt
from ingest.alarms.delivery import DeliveryError
from ingest.alarms.topics import TopicReceiver

AT = datetime(2026, 1, 1, tzinfo=UTC)
NAME = "alarm/t/battery_low/agv1"
RETRACTED = b'{"event":"retracted"}'


class _Broker:
    """In the place of the connection: answers at once, or never."""

    connected = True

    def __init__(self, *, answers: bool, refuses: str | None = None) -> None:
        self._answers = answers
        self.refuses = refuses
        self.seen: list[tuple[str, Any, bool]] = []

    def publish(self, topic: str, payload: Any, *, retain: bool) -> int:
        self.seen.append((topic, payload, retain))
        return len(self.seen)

    async def answered(self, _number: int) -> str | None:
        if not self._answers:
            await asyncio.Event().wait()
        return self.refuses


def event(number: int, payload: bytes, active_since: datetime | None) -> Any:
    """A row of `next`."""
    alarm = {"terminal": "t", "alarm": "battery_low", "subject": "agv1", "severity": "medium", "members": ["agv1"]}
    return alarm | {"id": number, "payload": payload, "began_at": active_since, "raised_at": active_since}


def receiver(broker: _Broker) -> TopicReceiver:
    """Over a broker of the test."""
    mqtt: Mqtt = broker  # type: ignore[assignment] # has what a receiver asks of a connection
    return TopicReceiver(mqtt)


async def test_what_was_retained_is_removed_with_the_alarm() -> None:
    broker = _Broker(answers=True)
    await receiver(broker).take([event(1, RETRACTED, None)])
    assert broker.seen == [(NAME, RETRACTED, False), (NAME, b"", True)]


async def test_an_older_alarm_that_is_retracted_leaves_the_active_one() -> None:
    broker = _Broker(answers=True)
    await receiver(broker).take([event(1, RETRACTED, AT)])
    topic, state, retain = broker.seen[1]
    assert (topic, retain, "t.battery_low.agv1.1767225600000000" in state) == (NAME, True, True)


async def test_without_an_answer_events_are_not_delivered_nor_published_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.alarms.topics.ANSWER_S", 0.0)
    broker = _Broker(answers=False)
    to = receiver(broker)
    for _attempt in range(2):
        with pytest.raises(DeliveryError, match="has not answered"):
            await to.take([event(1, RETRACTED, None)])
    assert len(broker.seen) == 2


async def test_what_the_broker_refuses_is_not_delivered_and_comes_again() -> None:
    broker = _Broker(answers=True, refuses="Not authorized")
    to = receiver(broker)
    with pytest.raises(DeliveryError, match="refuses 2 of 2 events: Not authorized; allow"):
        await to.take([event(1, RETRACTED, None)])
    broker.refuses = None
    await to.take([event(1, RETRACTED, None)])
    assert broker.seen == 2 * [(NAME, RETRACTED, False), (NAME, b"", True)]
