"""A broker that refuses what is published: the first refusal is logged, then how many there were."""

import logging
from typing import cast

import pytest

from infra.mqtt.outgoing import Outgoing
from infra.mqtt.packet_reader import Wire
from infra.mqtt.publishing import FIRST_MID
from infra.mqtt.session import Paho

NOT_AUTHORIZED = 0x87


class Answers:
    """Answers that came, and who sends packets to nobody."""

    def __init__(self, *answers: tuple[int, int]) -> None:
        self.answers = list(answers)

    def send_packets(self, _packets: bytes) -> None:
        """Send nothing."""


async def test_refusals_are_counted_and_few_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    reported: list[tuple[int, int]] = []
    outgoing = Outgoing(cast("Paho", Answers()), lambda number, reason: reported.append((number, reason)))
    outgoing.connected(2_000)
    numbers = [outgoing.publish("event/t/container/A", b"{}", retain=False) for _ in range(250)]
    outgoing.flush()
    for at in range(250):
        outgoing.take_answers(cast("Wire", Answers((FIRST_MID + at, NOT_AUTHORIZED))))
    assert reported == [(number, NOT_AUTHORIZED) for number in numbers]
    assert [record.message for record in caplog.records] == [
        f"publishes refused by the broker so far: {count}, the last one: Not authorized" for count in (1, 10, 100)
    ]
