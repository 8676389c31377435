"""The gateway's sending: in order, bounded, again from the oldest; lines that would harm it are not accepted."""

import asyncio
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

import pytest

from infra.mqtt.connection import MqttError
from infra.mqtt.packet_reader import Message
from simulators.gateway import gateway
from simulators.gateway.__main__ import _records
from simulators.gateway.gateway import Gateway
from simulators.gateway.outbox import Outbox, Record


class Broker:
    """Stands for the connection: notes what is published, acknowledges when asked to."""

    def __init__(self) -> None:
        self.published: list[int] = []
        self.away = 0
        self.connected = True
        self.unacked = 0

    def __call__(self, *_place: str, on_messages: Callable[[list[Message]], None], **_more: Any) -> Self:
        """A connection is made: it is this one."""
        self.deliver = on_messages
        return self

    async def __aenter__(self) -> Self:
        if self.away:
            self.away -= 1
            raise MqttError("nobody there")
        return self

    async def __aexit__(self, *_details: object) -> None:
        pass

    def publish(self, _topic: str, payload: bytes) -> int:
        """Note a message."""
        self.published.append(int(payload))
        return len(self.published)

    async def drain(self, _limit: int) -> None:
        """All is acknowledged by the broker at once."""
        await asyncio.sleep(0)

    def ack(self, content: object, device: str = "sts1") -> None:
        """An `ack/…` message arrives."""
        self.deliver([Message(f"ack/t/crane/{device}", json.dumps(content).encode(), 0, dup=False, retain=False)])

    async def has(self, *expected: int) -> None:
        """Wait until just these were published, and see that no more follow."""
        async with asyncio.timeout(10):
            while len(self.published) < len(expected):
                await asyncio.sleep(0.001)
        for _ in range(20):
            await asyncio.sleep(0.001)
        assert self.published == list(expected)


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Broker:
    """In place of connections."""
    stand_in = Broker()
    monkeypatch.setattr(gateway, "Mqtt", stand_in)
    monkeypatch.setattr(gateway, "LOOK_S", 0.001)
    monkeypatch.setattr(gateway, "RETRY_S", 0.0)
    return stand_in


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    """With five records."""
    with Outbox(tmp_path / "outbox", most=8) as box:
        box.put([Record("crane", "sts1", "b1", n, "t", str(n).encode()) for n in range(1, 6)])
        yield box


def run(box: Outbox, act: Callable[[], Any], patience_s: float = 1000.0, window: int = 100) -> Gateway:
    """Let a gateway work while `act` goes on."""

    async def both() -> Gateway:
        one = Gateway(box, "mqtt://nowhere", "g", "t", patience_s=patience_s, window=window)
        task = asyncio.create_task(one.run())
        await act()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return one

    return asyncio.run(both())


def test_no_more_than_the_window_are_under_way(broker: Broker, outbox: Outbox) -> None:
    async def act() -> None:
        await broker.has(1, 2)
        broker.ack({"boot": "b1", "from": 1, "seq": 1})
        await broker.has(1, 2, 3)
        broker.ack({"boot": "b1", "from": 3, "seq": 3})  # 2 is in nobody's hands: it stays under way
        await broker.has(1, 2, 3, 4)
        broker.ack({"boot": "b1", "from": 4, "seq": 4})
        await broker.has(1, 2, 3, 4, 5)

    run(outbox, act, window=2)
    assert [number for number, _, _ in outbox.after(0, 9)] == [2, 5]


def test_it_sends_again_from_the_oldest_in_order(broker: Broker, outbox: Outbox) -> None:
    async def act() -> None:
        async with asyncio.timeout(10):
            while len(broker.published) < 5:
                await asyncio.sleep(0.001)
            broker.ack({"boot": "b1", "from": 2, "seq": 3})
            while len(broker.published) < 8:
                await asyncio.sleep(0.001)

    done = run(outbox, act, patience_s=0.2)
    assert broker.published[:8] == [1, 2, 3, 4, 5, 1, 4, 5]
    assert done.resent >= 3


@pytest.mark.parametrize(
    "content",
    [{"boot": "b1", "from": 1}, {"boot": "b1", "from": 1, "seq": 10**30}, {"boot": "b2", "from": 1, "seq": 5}],
)
def test_what_is_no_acknowledgement_drops_nothing(broker: Broker, outbox: Outbox, content: object) -> None:
    async def act() -> None:
        await broker.has(1, 2, 3, 4, 5)
        broker.ack(content)
        broker.ack({"boot": "b1", "from": 5, "seq": 5})

    run(outbox, act)
    assert len(outbox) == 4


def test_a_broker_that_is_away_at_the_start_is_tried_again(broker: Broker, outbox: Outbox) -> None:
    broker.away = 3

    async def act() -> None:
        await broker.has(1, 2, 3, 4, 5)

    run(outbox, act)
    assert broker.away == 0


def test_a_failed_write_leaves_the_outbox_as_it_was(outbox: Outbox) -> None:
    with pytest.raises(OverflowError):
        outbox.put([Record("crane", "a", "b1", seq, "t", b"") for seq in (1, 2**70)])
    assert (len(outbox), outbox.room) == (5, 3)
    outbox.put([Record("crane", "a", "b1", 1, "t", b"")])
    assert (len(outbox), len(outbox.after(0, 9))) == (6, 6)


def test_lines_that_would_harm_it_are_not_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    complaints = io.StringIO()
    monkeypatch.setattr("sys.stderr", complaints)
    lines = [
        b'{"stream":"crane","device":"sts1","sample":{"ts":1,"boot":"b1","seq":7}}',
        b'{"stream":"crane","device":"sts+","sample":{"ts":1,"boot":"b1","seq":7}}',
        b'{"stream":"crane","device":"a/b","sample":{"ts":1,"boot":"b1","seq":7}}',
        b'{"stream":"ship","device":"sts1","sample":{"ts":1,"boot":"b1","seq":7}}',
        b'{"stream":"crane","device":"sts1","sample":{"ts":1,"boot":"b1","seq":1e30}}',
        b'{"stream":"crane","device":"sts1","sample":{"ts":1,"boot":"b1","seq":-1}}',
        b'{"stream":"crane","device":"sts1","sample":{"ts":1,"seq":1}}',
        b"[]",
    ]
    records = _records("t", lines, 10)
    assert [(r.device, r.seq, r.topic) for r in records] == [("sts1", 7, "port/t/crane/sts1/telemetry")]
    assert [line.split(" is ")[0] for line in complaints.getvalue().splitlines()] == [
        f"line {n}" for n in range(12, 19)
    ]
