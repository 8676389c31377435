"""Events of alarms over MQTT: `alarm/{terminal}/{alarm}/{subject}`, retained while the alarm is active."""

import asyncio
from collections.abc import Iterator, Sequence

import msgspec

from infra.clock import to_us
from infra.connection import Connection, Record
from infra.mqtt.connection import Mqtt
from ingest.alarms import events as made
from ingest.alarms.delivery import SQL, DeliveryError
from processing.alarms.facts import SEVERITIES, Alarm
from processing.model import topics

OVER = frozenset({"cleared", "retracted"})
ANSWER_S = 10.0
"""The broker answers within that, else the events count as not delivered. [s]"""


class Known(msgspec.Struct):
    """What decides whether an event is retained."""

    event: str
    cleared_at: str | None = None


DECODER = msgspec.json.Decoder(Known)


class TopicReceiver:
    """Publishes events over the worker's connection.

    Args:
        mqtt: the connection.
    """

    name = "mqtt"
    terminal: str | None = None
    severities: list[str] = list(SEVERITIES)  # noqa: RUF012 - a Receiver has it, nobody changes it

    def __init__(self, mqtt: Mqtt) -> None:
        self._mqtt = mqtt
        self._connections = -1
        self._on_the_way: tuple[int, list[int]] = -1, []

    async def begin(self, connection: Connection) -> None:
        """Over a new connection publish what is active, and remove what is not: the broker may have forgotten."""
        if not self._mqtt.connected or self._connections == self._mqtt.reconnects:
            return
        for row in await connection.fetch(SQL["topics"]):
            topic = topics.alarm(row["terminal"], row["alarm"], row["subject"])
            self._mqtt.publish(topic, b"" if row["raised_at"] is None else _state(row), retain=True)
        self._connections = self._mqtt.reconnects

    async def take(self, events: Sequence[Record]) -> None:
        """Publish events, and wait until the broker has answered all of them.

        Raises:
            DeliveryError: there is no connection, no answer in time, or the broker refuses one of them.
        """
        if not self._mqtt.connected:
            raise DeliveryError("no connection to the broker")
        if self._on_the_way[0] != events[-1]["id"]:  # else they were published before, and no answer came in time
            self._on_the_way = events[-1]["id"], [number for event in events for number in self._publish(event)]
        try:
            async with asyncio.timeout(ANSWER_S):
                answers = [await self._mqtt.answered(number) for number in self._on_the_way[1]]
        except TimeoutError:
            raise DeliveryError(f"the broker has not answered within {ANSWER_S:.0f} s") from None
        refusals = sorted({answer for answer in answers if answer is not None})
        if refusals:
            self._on_the_way = -1, []  # the next attempt publishes all of them again
            raise DeliveryError(
                f"the broker refuses {len(answers) - answers.count(None)} of {len(answers)} events: "
                f"{', '.join(refusals)}; allow the worker's user to write alarm/#"
            )

    def _publish(self, event: Record) -> Iterator[int]:
        """Publish an event, and where its alarm is over what is retained from then on; numbers of the messages."""
        topic = topics.alarm(event["terminal"], event["alarm"], event["subject"])
        known = DECODER.decode(event["payload"])
        over = known.event in OVER or known.cleared_at is not None
        yield self._mqtt.publish(topic, event["payload"], retain=not over)
        if known.event in OVER:  # of this name and subject a later alarm may be active
            yield self._mqtt.publish(topic, b"" if event["raised_at"] is None else _state(event), retain=True)


def _state(row: Record) -> str:
    """An active alarm as its event would have it."""
    began_us, raised_us = to_us(row["began_at"]), to_us(row["raised_at"])
    alarm = Alarm(
        row["terminal"], row["alarm"], row["subject"], row["severity"], began_us, raised_us, None, tuple(row["members"])
    )
    return made.row(alarm, "raised")[-1]
